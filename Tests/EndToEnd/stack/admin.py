"""The admin API, as an administrator's script would use it."""

from .http import request


class Admin:
    """Calls that must succeed; `call` is for those that need not."""

    def __init__(self, url, token):
        self.url = url
        self.token = token

    def call(self, method, path, body=None, headers=None, timeout=15):
        return request(
            method, f"{self.url}/admin/v1{path}", body,
            {"Authorization": f"Bearer {self.token}", **(headers or {})}, timeout,
        )

    def _expect(self, answer, *statuses):
        assert answer.status in statuses, answer
        return answer.json() if answer.body else None

    def get(self, path):
        return self._expect(self.call("GET", path), 200)

    def put(self, path, body, **headers):
        return self._expect(self.call("PUT", path, body, headers), 200, 201)

    def patch(self, path, body, **headers):
        return self._expect(self.call("PATCH", path, body, headers), 200)

    def post(self, path, body):
        return self._expect(self.call("POST", path, body), 200, 201)

    def delete(self, path):
        return self._expect(self.call("DELETE", path), 200, 204)

    def apply(self, document):
        return self.post("/apply", document)

    def create_token(self, user="alice", project="p1", environment="test", allow=("default",), **more):
        """The id and the whole token."""
        answer = self.post(
            "/tokens",
            {"user": user, "project": project, "environment": environment, "allow": list(allow), **more},
        )
        return answer["id"], answer["token"]

    def revoke(self, token_id):
        return self.delete(f"/tokens/{token_id}")

    def join_token(self):
        return self.post("/join-tokens", {})["token"]

    def nodes(self):
        return self.get("/nodes")["data"]

    def snapshots(self):
        return self.get("/snapshots")["data"]
