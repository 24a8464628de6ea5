"""Steady traffic in the background, every answer of which is judged."""

import http.client
import json
import threading
import time

from .bodies import PATHS, answer_text, body


class Load:
    """`clients` callers on keep-alive connections, each asking again as soon as it is answered."""

    def __init__(self, gateway, clients=4, data_plane=None, token=None, pause=0.005):
        self.port = (data_plane or gateway.data_plane).port
        self.token = token or gateway.token
        self.pause = pause
        self.answered = 0
        self.failures = []
        self._lock = threading.Lock()
        self._ending = threading.Event()
        self._threads = [threading.Thread(target=self._run, args=(index,), daemon=True) for index in range(clients)]

    def __enter__(self):
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self._ending.set()
        for thread in self._threads:
            thread.join(30)

    def _run(self, index):
        dialect = list(PATHS)[index % 3]
        stream = index % 2 == 1
        data = json.dumps(body(dialect, stream=stream))
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        connection = None
        while not self._ending.is_set():
            try:
                if connection is None:
                    connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
                connection.request("POST", PATHS[dialect], data, headers)
                answer = connection.getresponse()
                text = answer.read()
                if answer.will_close:
                    connection.close()
                    connection = None
                if answer.status != 200:
                    raise AssertionError(f"{answer.status} {text[:200]!r}")
                if stream:
                    terminal = {"chat": b"[DONE]", "responses": b"response.completed", "messages": b"message_stop"}
                    assert terminal[dialect] in text, text[-200:]
                else:
                    assert answer_text(dialect, json.loads(text)) == "router ok"
                with self._lock:
                    self.answered += 1
            except (AssertionError, OSError, http.client.HTTPException) as error:
                with self._lock:
                    self.failures.append(f"{dialect}: {error!r}")
                if connection:
                    connection.close()
                    connection = None
            time.sleep(self.pause)

    def assert_spotless(self, at_least=20):
        assert not self.failures, f"{len(self.failures)} of {self.answered} failed: {self.failures[:5]}"
        assert self.answered >= at_least, self.answered
