"""A control plane of our own that a node trusts, and that then sends whatever a test wants."""

import base64
import hashlib
import http.server
import json
import os
import threading
import time

from .frames import HEARTBEAT, SigningKey, compact, sealed_secrets, signed, snapshot, token_code, trust_document


class HostileControlPlane:
    """`offer` puts forward the bytes of a snapshot; the verdicts of the node arrive in `verdicts`."""

    def __init__(self, provider):
        self.cluster = "11111111-2222-4333-8444-555555555555"
        self.key = SigningKey()
        self.pepper = os.urandom(32)
        self.provider = provider
        self.trust = trust_document(self.cluster, 1, self.key)
        self.fingerprint = hashlib.sha256(self.trust).hexdigest()
        self.join_token = f"rtj_AAAAAAAA_{'B' * 43}_{self.fingerprint}"
        self.node_id = "node-of-tests"
        self.sealing_key = None
        self.current = None  # (epoch, version, sha256)
        self.offered = {}  # sha256 → bytes
        self.secrets = {}  # sha256 → bytes
        self.verdicts = []
        self.polls = 0
        self._offered_at = 0
        self.running = None
        self.mangle_heartbeat = lambda data: data
        self.secrets_for = self.good_secrets
        self._changed = threading.Condition()
        handler = type("Handler", (_Handler,), {"plane": self})
        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self._server.daemon_threads = True
        self.plane_url = f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self):
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self._server.shutdown()
        self._server.server_close()

    # ---- content ------------------------------------------------------------------------------------------

    def body(self, token, groups=("default",), **more):
        """A small configuration that serves `token` from the demo provider."""
        dialects = ("openai-chat", "openai-responses", "anthropic-messages")
        return {
            "deployment": "metrum",
            "providers": [{
                "id": "demo", "base_url": self.provider.url, "dialects": {name: {} for name in dialects},
                "auth": "bearer", "secret_revision": 1, "headers": {}, "timeouts": {}, "enabled": True,
                "allow_private_network": True,
            }],
            "models": [{"provider": "demo", "id": "demo-1", "upstream_model": "demo-1", "declared": {}, "quirks": {}}],
            "groups": [
                {
                    "id": group, "strategy": "weighted", "timeouts": {},
                    "targets": [{"id": "t", "provider": "demo", "model": "demo-1", "weight": 1}],
                }
                for group in groups
            ],
            "tokens": [{
                "id": token.rsplit("_", 1)[0], "code": token_code(token, self.pepper), "pepper": "p1",
                "state": "active", "allow": sorted(groups),
            }],
            **more,
        }

    def sealed(self, body, version, **more):
        more.setdefault("cluster", self.cluster)
        more.setdefault("key", self.key)
        return snapshot(body, more.pop("cluster"), version, more.pop("key"), **more)

    def good_secrets(self, sha256, epoch):
        return sealed_secrets(
            self.sealing_key, self.cluster, self.node_id, epoch, sha256, {"p1": self.pepper},
            {"demo": self.provider.key},
        )

    def offer(self, data, version, epoch=1, announced=None):
        """Puts forward `data` under a reference of our choosing; returns the hash it is announced under."""
        sha256 = announced or hashlib.sha256(data).hexdigest()
        with self._changed:
            self.offered[sha256] = data
            self.current = (epoch, version, sha256)
            self._offered_at = len(self.verdicts)
            self._changed.notify_all()
        return sha256

    def verdict_on(self, sha256, within=15):
        """What the node made of the snapshot that was offered last, announced under `sha256`."""
        deadline = time.monotonic() + within
        with self._changed:
            while True:
                for verdict in self.verdicts[self._offered_at :]:
                    if verdict["snapshot"]["sha256"] == sha256:
                        return verdict
                left = deadline - time.monotonic()
                assert left > 0, f"no verdict on {sha256}; polls: {self.polls}, verdicts: {self.verdicts[-2:]}"
                self._changed.wait(left)

    # ---- protocol -----------------------------------------------------------------------------------------

    def _is_judged(self):
        return any(
            (verdict["snapshot"]["epoch"], verdict["snapshot"]["version"], verdict["snapshot"]["sha256"]) == self.current
            for verdict in self.verdicts[self._offered_at :]
        )

    def join(self, request):
        self.sealing_key = base64.b64decode(request["sealing_key"])
        return {"node_id": self.node_id, "trust": base64.b64encode(self.trust).decode()}

    def poll(self, request):
        with self._changed:
            self.polls += 1
            self.running = request.get("running")
            if request.get("verdict"):
                self.verdicts.append(request["verdict"])
                self._changed.notify_all()
            running = self.running or {}
            deadline = time.monotonic() + min(request["wait_ms"], 2000) / 1000
            while self.current and (self.current[2] == running.get("sha256") or self._is_judged()):
                left = deadline - time.monotonic()
                if left <= 0:
                    break
                self._changed.wait(left)
            current = self.current
        heartbeat = {
            "node": self.node_id, "nonce": request["nonce"], "cluster_id": self.cluster, "revoked_tokens": [],
            "revocation_sequence": 0, "issued_at": int(time.time() * 1000),
        }
        if current:
            epoch, version, sha256 = current
            heartbeat["current"] = {"epoch": epoch, "version": version, "sha256": sha256}
            self.secrets.setdefault(sha256, self.secrets_for(sha256, epoch))
            heartbeat["secrets_sha256"] = hashlib.sha256(self.secrets[sha256]).hexdigest()
        return self.mangle_heartbeat(signed(HEARTBEAT, compact(heartbeat), b"", self.key))


class _Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    plane = None

    def log_message(self, *_):
        pass

    def _answer(self, status, data, kind="application/octet-stream"):
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        if self.path == "/plane/v1/join":
            self._answer(200, compact(self.plane.join(body)), "application/json")
        elif self.path == "/plane/v1/poll":
            self._answer(200, self.plane.poll(body))
        else:
            self._answer(404, b"")

    def do_GET(self):
        sha256 = self.path.rsplit("/", 1)[-1]
        kept = self.plane.offered if "/snapshots/" in self.path else self.plane.secrets
        if sha256 in kept:
            self._answer(200, kept[sha256])
        else:
            self._answer(404, b"")
