"""A whole gateway for tests: PostgreSQL, control planes, data planes, demo provider and a configuration."""

import itertools
import os
import pathlib
import shutil
import tempfile

from .admin import Admin
from .eventually import eventually
from .http import request
from .planes import ControlPlane, DataPlane
from .ports import free_port
from .postgres import PostgresCluster
from .provider import DemoProvider

DIALECTS = {
    name: {
        "input_modalities": ["text", "image"], "tools": True, "parallel_tools": True, "structured_output": True,
        "reasoning": True,
    }
    for name in ("openai-chat", "openai-responses", "anthropic-messages")
}


IMAGE_CASES = ("image_inline", "image_url", "image_in_tool_result")


def attested(dialects=DIALECTS, cases=IMAGE_CASES, reason="the demo provider answers from a script"):
    """What makes a model of the demo provider, which sees nothing, one that images may go to."""
    return [{"dialect": dialect, "case": case, "reason": reason} for dialect in dialects for case in cases]


def model(upstream, dialects=DIALECTS, sees=False):
    declared = {name: DIALECTS[name] for name in dialects}
    return {
        "upstream_model": upstream, "context_tokens": 1_000_000_000, "max_output_tokens": 16384, "declared": declared,
        **({"attestations": attested(dialects)} if sees else {}),
    }


def target(model_name, provider="demo", **more):
    return {"id": model_name, "provider": provider, "model": model_name, **more}


def provider(base_url, models, secret, dialects=DIALECTS, sees=("demo-1",), **more):
    """`sees` names the models that images may go to."""
    return {
        "base_url": base_url,
        "dialects": {name: {} for name in dialects},
        "auth": {"scheme": "bearer", "secret": secret},
        "allow_private_network": True,
        "models": {name: model(name, dialects, name in sees) for name in models},
        **more,
    }


class Gateway:
    """Made once per run; tests may add planes, groups and tokens, and put back what they break."""

    def __init__(self):
        self.directory = pathlib.Path(tempfile.mkdtemp(prefix="router-e2e.", dir="/tmp"))
        os.chmod(self.directory, 0o711)  # PostgreSQL's user passes through
        self.programs = []
        self._numbers = itertools.count(1)

    def start(self):
        self.postgres = PostgresCluster(self.directory / "pg").create()
        self.provider = self._own(DemoProvider(self.directory, key="provider-secret-key-0123456789")).start()
        self.key_file = self.directory / "master.key"
        self.control_plane = self.new_control_plane("control-plane")
        self.control_plane.verb("init-key")
        self.control_plane.verb("migrate")
        token = self.control_plane.verb("create-admin", "root", "--role", "admin").stdout.strip()
        self.control_plane.start()
        self.admin = Admin(self.control_plane.admin_url, token)
        self.admin.apply(self.configuration())
        self.token_id, self.token = self.admin.create_token(user="e2e", allow=self.groups())
        self.data_plane = self.new_data_plane("node-1").start()
        self.wait_for_token(self.data_plane, self.token)
        return self

    def configuration(self):
        """What every test may count on."""
        demo = ["demo-1", "demo-a", "demo-b", "demo-canned", "demo-paced-20-50", "demo-paced-100-50"]
        hurried = {"connect_ms": 500, "first_byte_ms": 800, "idle_ms": 800, "total_ms": 2500}
        secret = self.provider.key
        return {
            "providers": {
                "demo": provider(self.provider.url, demo, secret),
                "hurried": provider(self.provider.url, ["demo-1"], secret, timeouts=hurried),
                "nowhere": provider(f"http://127.0.0.1:{free_port()}", ["demo-1"], secret),
                "wrong-key": provider(self.provider.url, ["demo-1"], "not-the-key-of-the-provider"),
                "chat-only": provider(self.provider.url, ["demo-1"], secret, dialects=["openai-chat"]),
                "responses-only": provider(self.provider.url, ["demo-1"], secret, dialects=["openai-responses"]),
                "messages-only": provider(self.provider.url, ["demo-1"], secret, dialects=["anthropic-messages"]),
            },
            "groups": {
                "default": {"targets": [target("demo-1")]},
                "fast": {"targets": [target("demo-1")]},
                "canned": {"targets": [target("demo-canned")]},
                "paced": {"targets": [target("demo-paced-20-50")]},
                "slow-paced": {"targets": [target("demo-paced-100-50")]},
                "weighted": {"targets": [target("demo-a", weight=3), target("demo-b", weight=1)]},
                "half-disabled": {"targets": [target("demo-a", enabled=False), target("demo-b")]},
                "disabled": {"targets": [target("demo-1", enabled=False)]},
                "hurried": {"targets": [target("demo-1", provider="hurried")]},
                "nowhere": {"targets": [target("demo-1", provider="nowhere")]},
                "wrong-key": {"targets": [target("demo-1", provider="wrong-key")]},
                "chat-only": {"targets": [target("demo-1", provider="chat-only")]},
                "responses-only": {"targets": [target("demo-1", provider="responses-only")]},
                "messages-only": {"targets": [target("demo-1", provider="messages-only")]},
                "private": {"targets": [target("demo-1")]},
            },
        }

    def groups(self):
        """All but `private`, which no token of the tests may use."""
        return sorted(set(self.configuration()["groups"]) - {"private"})

    def attest(self, provider_name, model_name, dialects=DIALECTS, cases=IMAGE_CASES, **more):
        """Vouches for a model that a test has made; whatever changes its endpoint voids that."""
        for item in attested(dialects, cases):
            path = f"/providers/{provider_name}/models/{model_name}/attestations/{item['dialect']}/{item['case']}"
            self.admin.put(path, {"reason": item["reason"], **more})

    def new_control_plane(self, name=None, **settings):
        name = name or f"control-plane-{next(self._numbers)}"
        return self._own(
            ControlPlane(self.directory, self.postgres.url(), self.key_file, name=name, settings=settings)
        )

    def new_data_plane(self, name=None, control_planes=None, join=True, **settings):
        name = name or f"node-x{next(self._numbers)}"
        urls = [plane.plane_url for plane in control_planes or [self.control_plane]]
        token = self.admin.join_token() if join else None
        return self._own(DataPlane(self.directory, urls, token, name=name, settings=settings))

    def retire(self, node):
        """Stops a node and removes it from the cluster, so that nobody waits for it."""
        status = node.stop()
        for known in self.admin.nodes():
            if known["name"] == node.name:
                self.admin.delete(f"/nodes/{known['id']}")
        return status

    def _own(self, program):
        self.programs.append(program)
        return program

    def wait_for_token(self, data_plane, token, within=10):
        eventually(
            lambda: request(
                "GET", data_plane.url + "/v1/models", headers={"Authorization": f"Bearer {token}"}
            ).status == 200,
            within,
            saying=f"{data_plane.name} knows the token",
        )

    def new_token(self, **more):
        """The id and text of a token that the first data plane knows already."""
        more.setdefault("user", f"user{next(self._numbers)}")
        token_id, token = self.admin.create_token(**more)
        self.wait_for_token(self.data_plane, token)
        return token_id, token

    def call(self, path, body, token=None, headers=None, timeout=30, data_plane=None):
        """A POST to the gateway, as a caller."""
        plane = data_plane or self.data_plane
        return request(
            "POST", plane.url + path, body,
            {"Authorization": f"Bearer {token or self.token}", **(headers or {})}, timeout,
        )

    def assert_served_whole(self, dialects):
        """All that the provider was asked, and something, came in `dialects` and was answered whole; the log lines."""
        rows = self.provider.rows()
        assert rows
        lines = []
        for row in rows:
            assert row["dialect"] in dialects and (row["status"], row["outcome"]) == (200, "completed"), row
            lines.append(self.data_plane.logged(row["request_id"]))
            assert lines[-1]["complete"] and lines[-1]["error"] is None, lines[-1]
        return lines

    def stop(self):
        for program in reversed(self.programs):
            if program.running:
                program.resume()
                program.kill()
        self.postgres.thaw()
        self.postgres.stop("immediate")
        shutil.rmtree(self.directory, ignore_errors=True)
