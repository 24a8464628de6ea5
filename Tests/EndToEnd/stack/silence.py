"""Servers that are reachable and of no use."""

import socket
import threading


class SilentServer:
    """Accepts, reads, and says nothing; counts the connections that the other side closed."""

    def __init__(self):
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.listener.getsockname()[1]}"
        self.accepted = 0
        self.closed = 0

    def __enter__(self):
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.listener.close()

    def _accept(self):
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            self.accepted += 1
            threading.Thread(target=self._read, args=(connection,), daemon=True).start()

    def _read(self, connection):
        try:
            while connection.recv(65536):
                pass
        except OSError:
            pass
        self.closed += 1
        connection.close()


class FullBacklog:
    """Listens and never accepts, its queue full: a connection to it hangs as one to a dead host does."""

    def __init__(self):
        self.listener = socket.socket()
        self.listener.bind(("127.0.0.1", 0))
        self.listener.listen(0)
        self.url = f"http://127.0.0.1:{self.listener.getsockname()[1]}"
        self.fillers = []

    def __enter__(self):
        # The kernel takes one or two more than asked for; a connection that hangs tells that it is full.
        for _ in range(4):
            filler = socket.socket()
            filler.settimeout(0.2)
            try:
                filler.connect(self.listener.getsockname())
            except TimeoutError:
                pass
            self.fillers.append(filler)
        return self

    def __exit__(self, *_):
        for filler in self.fillers:
            filler.close()
        self.listener.close()
