"""Plain HTTP/1.1, close to the bytes: requests by http.client, and raw sockets for what no client would send."""

import http.client
import json
import socket
import urllib.parse


class Answer:
    """One whole answer."""

    def __init__(self, status, headers, body):
        self.status = status
        self.headers = headers
        self.body = body

    @property
    def text(self):
        return self.body.decode("utf-8")

    def json(self):
        return json.loads(self.body)

    def __repr__(self):
        return f"<{self.status} {self.body[:300]!r}>"


def request(method, url, body=None, headers=None, timeout=30):
    """One request on a connection of its own. A body that is neither bytes nor text is sent as JSON."""
    parts = urllib.parse.urlsplit(url)
    headers = dict(headers or {})
    if body is not None and not isinstance(body, (bytes, str)):
        body = json.dumps(body)
        headers.setdefault("Content-Type", "application/json")
    if isinstance(body, str):
        body = body.encode()
    connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=timeout)
    try:
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection.request(method, path, body=body, headers=headers)
        answer = connection.getresponse()
        fields = {}
        for name, value in answer.getheaders():
            fields[name.lower()] = f"{fields[name.lower()]}, {value}" if name.lower() in fields else value
        return Answer(answer.status, fields, answer.read())
    finally:
        connection.close()


class RawConnection:
    """A socket that says what it is told to, and reads answers as they come."""

    def __init__(self, port, timeout=10, receive_buffer=None):
        self.socket = socket.socket()
        if receive_buffer:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        self.socket.settimeout(timeout)
        self.socket.connect(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.buffer = b""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def send(self, data):
        self.socket.sendall(data)

    def finish_sending(self):
        self.socket.shutdown(socket.SHUT_WR)

    def close(self):
        self.socket.close()

    def reset(self):
        """Closes with RST, as a process that dies does."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00")
        self.socket.close()

    def read_until(self, mark):
        """Everything up to and with `mark`."""
        while mark not in self.buffer:
            data = self.socket.recv(65536)
            if not data:
                raise ConnectionError(f"closed after {self.buffer[:200]!r}")
            self.buffer += data
        found, _, self.buffer = self.buffer.partition(mark)
        return found + mark

    def read_to_end(self, limit=64 << 20):
        """Everything until the other side closes."""
        while len(self.buffer) < limit:
            data = self.socket.recv(65536)
            if not data:
                break
            self.buffer += data
        data, self.buffer = self.buffer, b""
        return data

    def read_answer(self):
        """One answer framed by Content-Length or chunks, or by the end of the connection."""
        head = self.read_until(b"\r\n\r\n").decode("latin-1")
        lines = head.split("\r\n")
        status = int(lines[0].split(" ")[1])
        headers = {}
        for line in lines[1:]:
            if line:
                name, _, value = line.partition(":")
                headers[name.strip().lower()] = value.strip()
        if status < 200:
            return self.read_answer()
        if headers.get("transfer-encoding", "").lower() == "chunked":
            return Answer(status, headers, self.read_chunks())
        if "content-length" in headers:
            return Answer(status, headers, self._read_exactly(int(headers["content-length"])))
        return Answer(status, headers, self.read_to_end())

    def read_chunks(self):
        """The whole of a chunked body whose head was read."""
        body = []
        while True:
            size = int(self.read_until(b"\r\n").split(b";")[0], 16)
            if size == 0:
                self.read_until(b"\r\n")
                return b"".join(body)
            body.append(self._read_exactly(size))
            self._read_exactly(2)

    def _read_exactly(self, count):
        while len(self.buffer) < count:
            data = self.socket.recv(65536)
            if not data:
                raise ConnectionError("closed in the middle of a body")
            self.buffer += data
        data, self.buffer = self.buffer[:count], self.buffer[count:]
        return data


def post_bytes(path, body, token, headers=(), host="gateway"):
    """The bytes of a POST with a JSON body."""
    if not isinstance(body, bytes):
        body = json.dumps(body).encode()
    lines = [
        f"POST {path} HTTP/1.1", f"Host: {host}", f"Authorization: Bearer {token}",
        "Content-Type: application/json", f"Content-Length: {len(body)}", *headers,
    ]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body
