"""The demo provider, and what it remembers of the requests that it served."""

from .eventually import eventually
from .http import request
from .ports import free_port
from .program import BIN, Program


class DemoProvider(Program):
    def __init__(self, directory, key="demo-key", port=None, name="demo-provider"):
        self.port = port or free_port()
        self.key = key
        self.url = f"http://127.0.0.1:{self.port}"
        super().__init__(
            name,
            [BIN / "DemoProvider", "--host", "127.0.0.1", "--port", self.port, "--key", key],
            {},
            directory / f"{name}.log",
        )

    def start(self):
        super().start()
        eventually(lambda: request("GET", self.url + "/healthz").status == 200, 15, saying="the provider is ready")
        return self

    def rows(self, request_id=None, limit=1000):
        query = f"?limit={limit}" + (f"&request_id={request_id}" if request_id else "")
        ledger = request("GET", self.url + "/ledger" + query).json()
        return ledger["rows"] if isinstance(ledger, dict) else ledger

    def row(self, request_id, within=5):
        """The one row of a request, once its answer has ended."""
        rows = eventually(lambda: self.rows(request_id), within, saying=f"the provider served {request_id}")
        assert len(rows) == 1, rows
        return rows[0]

    def counters(self):
        return request("GET", self.url + "/ledger/counters").json()

    def clear(self):
        request("DELETE", self.url + "/ledger")

    def directly(self, path, body, headers=None):
        """What the provider answers when nothing stands in between."""
        return request("POST", self.url + path, body, {"Authorization": f"Bearer {self.key}", **(headers or {})})
