"""Models are asked what they can do, and those that lie are kept out of what they would spoil."""

import base64
import struct
import zlib

import pytest

from stack.admin import Admin
from stack.bodies import PATHS
from stack.eventually import eventually
from stack.gateway import DIALECTS, provider, target
from stack.http import request
from stack.planes import ControlPlane, DataPlane
from stack.ports import free_port
from stack.silence import SilentServer

CHAT, RESPONSES, MESSAGES = "openai-chat", "openai-responses", "anthropic-messages"
SIGHT = ("image_inline", "image_url", "image_in_tool_result")
TALK = {"input_modalities": ["text"], "tools": True, "parallel_tools": True, "structured_output": True, "reasoning": True}


def each(dialects, cases):
    return {(dialect, case) for dialect in dialects for case in cases}


# Name: what its upstream is like, what is declared of it, and the cases that it must fail. It must pass all others.
MODELS = {
    "honest": ("demo-1+eyes", DIALECTS, set()),
    "blind": ("demo-1", DIALECTS, each(DIALECTS, SIGHT)),
    "guesses": ("demo-1+guesses", DIALECTS, each(DIALECTS, SIGHT)),
    "refuses": ("demo-1+no-images", DIALECTS, each(DIALECTS, SIGHT)),
    "sees-in-chat": ("demo-1+eyes=openai-chat", DIALECTS, each((RESPONSES, MESSAGES), SIGHT)),
    "sees-inline": ("demo-1+eyes=inline", DIALECTS, each(DIALECTS, ("image_url",))),
    "sees-outside-results": ("demo-1+eyes=outside-results", DIALECTS, each((CHAT,), ("image_in_tool_result",))),
    "for-now": ("demo-1+eyes+for-now", DIALECTS, set()),
    "uncapped": ("demo-1+ignores-cap", dict.fromkeys(DIALECTS, TALK), each(DIALECTS, ("max_tokens_honored",))),
    "one-call": ("demo-1+one-call", dict.fromkeys(DIALECTS, TALK), each(DIALECTS, ("parallel_tools",))),
}


class Cluster:
    """A control plane that validates, with a database and a node of its own, beside the gateway that all tests share."""

    def __init__(self, gateway):
        self.provider = gateway.provider
        directory = gateway.directory / "validation"
        directory.mkdir()
        gateway.postgres.sql("CREATE DATABASE validation OWNER router", database="postgres")
        port = free_port()
        self.plane = gateway._own(
            ControlPlane(
                directory, gateway.postgres.url(database="validation"), directory / "master.key", name="validating",
                # Three asks, two of which must be right: the demo provider really reads, and now and then misreads.
                settings={
                    "CONTROL_PLANE_VALIDATION": "on", "CONTROL_PLANE_VALIDATION_ASKS": "3",
                    "CONTROL_PLANE_VALIDATION_CONCURRENCY": "3",
                    "CONTROL_PLANE_PICTURE_LISTEN": f"127.0.0.1:{port}",
                    "CONTROL_PLANE_PICTURE_URL": f"http://127.0.0.1:{port}",
                },
            )
        )
        self.plane.verb("init-key")
        token = self.plane.verb("create-admin", "root", "--role", "admin").stdout.strip()
        self.plane.start()
        self.pictures = f"http://127.0.0.1:{port}"
        self.admin = Admin(self.plane.admin_url, token)
        document = provider(self.provider.url, [], self.provider.key)
        document["models"] = {
            name: {"upstream_model": upstream, "context_tokens": 128000, "declared": declared}
            for name, (upstream, declared, _) in MODELS.items()
        }
        # The honest one is the last to be chosen.
        targets = [target(name, priority=2 if name == "honest" else 1) for name in MODELS]
        group = {"targets": targets, "attempts": {"max": 2}}
        self.admin.apply({"providers": {"demo": document}, "groups": {"all": group}})
        self.done()
        self.node = gateway._own(DataPlane(directory, [self.plane.plane_url], self.admin.join_token(), name="sees"))
        self.node.start()
        _, self.token = self.admin.create_token(allow=["all"])
        gateway.wait_for_token(self.node, self.token)

    def done(self, within=240):
        def check():
            runs = self.admin.get("/validations?limit=100")["data"]
            return runs and all(run["state"] in ("done", "failed") for run in runs)

        eventually(check, within, every=0.5, saying="everything is validated")

    def found(self, model):
        """What the last validation of a model found, by dialect and case."""
        runs = [run for run in self.admin.get("/validations?limit=100")["data"] if run["model"] == model]
        rows = self.admin.get(f"/validations/{runs[0]['id']}")["evidence"]
        return {(row["dialect"], row["case"]): row for row in rows}

    def stop(self):
        self.node.stop()
        self.plane.stop()


@pytest.fixture(scope="module")
def cluster(gateway):
    cluster = Cluster(gateway)
    yield cluster
    cluster.stop()


@pytest.mark.parametrize("name", MODELS)
def test_evidence_tells_what_a_model_can_do_and_what_it_cannot(cluster, name):
    found = cluster.found(name)
    failed = {key for key, row in found.items() if row["verdict"] != "passed"}
    assert failed == MODELS[name][2], {str(key): found[key] for key in failed ^ MODELS[name][2] if key in found}
    assert all(found[key]["verdict"] == "failed" and found[key]["attempts"] in (2, 3) for key in failed), found
    assert all(row["latency_ms"] is not None and row["probe_version"] == 2 for row in found.values())


def test_to_take_a_picture_and_to_read_it_are_told_apart(cluster):
    classes = {
        name: {cluster.found(name)[CHAT, case]["error_class"] for case in SIGHT} for name in ("guesses", "refuses")
    }
    assert classes == {"guesses": {"misread"}, "refuses": {"rejected"}}
    assert cluster.found("guesses")[CHAT, "image_inline"]["answer"].startswith("RIVER STONE")


def png():
    """A small white picture."""
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = zlib.compress(b"".join(b"\0" + b"\xff" * 32 for _ in range(32)))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 32, 32, 8, 0, 0, 0, 0)) + chunk(
        b"IDAT", rows
    ) + chunk(b"IEND", b"")


def with_picture(dialect):
    data = base64.b64encode(png()).decode()
    question, url = "What is this?", f"data:image/png;base64,{data}"
    if dialect == "chat":
        content = [{"type": "text", "text": question}, {"type": "image_url", "image_url": {"url": url}}]
    elif dialect == "responses":
        content = [{"type": "input_text", "text": question}, {"type": "input_image", "image_url": url}]
        return {"model": "all", "input": [{"role": "user", "content": content}]}
    else:
        source = {"type": "base64", "media_type": "image/png", "data": data}
        content = [{"type": "text", "text": question}, {"type": "image", "source": source}]
    return {"model": "all", "max_tokens": 100, "messages": [{"role": "user", "content": content}]}


def test_pictures_reach_only_who_sees_them(cluster):
    allowed = {
        (dialect, upstream)
        for upstream, declared, failed in MODELS.values()
        for dialect in declared
        if "image" in declared[dialect]["input_modalities"] and (dialect, "image_inline") not in failed
    }
    cluster.provider.clear()
    for dialect in PATHS:
        for _ in range(20):
            answer = request(
                "POST", cluster.node.url + PATHS[dialect], with_picture(dialect),
                {"Authorization": f"Bearer {cluster.token}"},
            )
            assert answer.status == 200, answer
    rows = [row for row in cluster.provider.rows() if row["images"]]
    assert len(rows) == 20 * len(PATHS)
    assert {(row["dialect"], row["model"]) for row in rows} <= allowed


TOOL = {"type": "object", "properties": {"code": {"type": "string"}}, "required": ["code"]}
# What a request may need, and the case that a target has to be good at for it.
NEEDS = {
    "text": None, "capped": "max_tokens_honored", "parallel": "parallel_tools", "inline": "image_inline",
    "url": "image_url", "result": "image_in_tool_result",
}


def needing(need, dialect, stream, address):
    """A request in the dialect that needs something."""
    data = base64.b64encode(png()).decode()
    link = address if need == "url" else f"data:image/png;base64,{data}"
    tool = {"name": "look", "description": "Looks.", "parameters": TOOL}
    request = {"model": "all", "stream": stream}
    text = {"parallel": "Use two tools in parallel."}.get(need, "Say something.")
    if dialect == "chat":
        content = [{"type": "text", "text": text}]
        if need in ("inline", "url"):
            content.append({"type": "image_url", "image_url": {"url": link}})
        request["messages"] = [{"role": "user", "content": content}]
        if need == "result":
            call = {"id": "c1", "type": "function", "function": {"name": "look", "arguments": '{"code":"a"}'}}
            request["messages"] += [
                {"role": "assistant", "content": None, "tool_calls": [call]},
                {"role": "tool", "tool_call_id": "c1", "content": [{"type": "image_url", "image_url": {"url": link}}]},
            ]
        if need in ("parallel", "result"):
            request["tools"] = [{"type": "function", "function": tool}]
        if need == "parallel":
            request["parallel_tool_calls"] = True
        if need == "capped":
            request["max_completion_tokens"] = 20
    elif dialect == "responses":
        content = [{"type": "input_text", "text": text}]
        if need in ("inline", "url"):
            content.append({"type": "input_image", "image_url": link})
        request["input"] = [{"role": "user", "content": content}]
        if need == "result":
            request["input"] += [
                {"type": "function_call", "call_id": "c1", "name": "look", "arguments": '{"code":"a"}'},
                {"type": "function_call_output", "call_id": "c1", "output": [{"type": "input_image", "image_url": link}]},
            ]
        if need in ("parallel", "result"):
            request["tools"] = [{"type": "function", **tool}]
        if need == "parallel":
            request["parallel_tool_calls"] = True
        if need == "capped":
            request["max_output_tokens"] = 20
    else:
        content = [{"type": "text", "text": text}]
        source = (
            {"type": "url", "url": link} if need == "url"
            else {"type": "base64", "media_type": "image/png", "data": data}
        )
        picture = {"type": "image", "source": source}
        if need in ("inline", "url"):
            content.append(picture)
        request["messages"] = [{"role": "user", "content": content}]
        if need == "result":
            request["messages"] += [
                {"role": "assistant", "content": [{"type": "tool_use", "id": "c1", "name": "look", "input": {"code": "a"}}]},
                {"role": "user", "content": [{"type": "tool_result", "tool_use_id": "c1", "content": [picture]}]},
            ]
        if need in ("parallel", "result"):
            request["tools"] = [{"name": "look", "description": "Looks.", "input_schema": TOOL}]
        if need == "parallel":
            request["tool_choice"] = {"type": "auto", "disable_parallel_tool_use": False}
        request["max_tokens"] = 20 if need == "capped" else 500
    return request


@pytest.mark.parametrize("total", [108, pytest.param(1000, marks=[pytest.mark.long, pytest.mark.timeout(600)])])
def test_of_mixed_requests_none_is_spoilt_and_none_refused(cluster, total):
    """Every honest target is the last choice, so whatever may go to a liar does."""
    spoilt = {(upstream, dialect, case) for upstream, _, failed in MODELS.values() for dialect, case in failed}
    blind = {upstream for upstream, declared, _ in MODELS.values() if declared[CHAT] is TALK}
    address = f"{cluster.provider.url}/no-picture.png"
    asked = {}
    kinds = [(need, dialect, stream) for need in NEEDS for dialect in PATHS for stream in (False, True)]
    for number in range(total):
        need, dialect, stream = kinds[number % len(kinds)]
        answer = request(
            "POST", cluster.node.url + PATHS[dialect], needing(need, dialect, stream, address),
            {"Authorization": f"Bearer {cluster.token}"},
        )
        assert answer.status == 200, (need, dialect, stream, answer)
        asked[answer.headers["x-request-id"]] = (need, dialect)
    rows = {row["request_id"]: row for row in cluster.provider.rows(limit=5000) if row["request_id"] in asked}
    assert len(rows) == total
    for request_id, (need, dialect) in asked.items():
        row = rows[request_id]
        # A Messages request has a cap in any case.
        cases = {NEEDS[need]} - {None} | ({"max_tokens_honored"} if dialect == "messages" else set())
        assert not {(row["model"], row["dialect"], case) for case in cases} & spoilt, (need, dialect, row)
        assert need not in ("inline", "url", "result") or row["model"] not in blind, (need, dialect, row)
    assert len({row["model"] for row in rows.values()}) >= 5


def test_a_model_that_goes_blind_is_found_out(cluster):
    upstream = MODELS["for-now"][0]
    request("DELETE", f"{cluster.provider.url}/eyes?model={upstream}")
    try:
        cluster.admin.call(
            "POST", "/validations",
            {"provider": "demo", "model": "for-now", "dialects": [CHAT], "cases": ["image_inline", "text"]},
        )
        cluster.done()
        found = cluster.found("for-now")
        assert found[CHAT, "image_inline"]["verdict"] == "failed"
        assert found[CHAT, "text"]["verdict"] == "passed"
        standing = cluster.admin.get("/evidence?provider=demo&model=for-now&limit=100")["data"]
        verdicts = {(row["dialect"], row["case"]): row["verdict"] for row in standing}
        assert verdicts[CHAT, "image_inline"] == "failed" and verdicts[RESPONSES, "image_inline"] == "passed"
    finally:
        request("PUT", f"{cluster.provider.url}/eyes?model={upstream}")


def test_providers_that_do_not_answer_keep_no_other_waiting(cluster):
    with SilentServer() as silent:
        hanging = [f"hangs-{number}" for number in range(6)]
        document = provider(silent.url, ["demo-1"], cluster.provider.key, sees=())
        try:
            cluster.admin.apply({"providers": {name: document for name in hanging}})
            # Each of them has as many places as it may.
            eventually(lambda: silent.accepted >= 3 * len(hanging), 30, saying="all of them are asked")
            run = cluster.admin.call(
                "POST", "/validations",
                {"provider": "demo", "model": "honest", "dialects": [CHAT], "cases": ["text", "stream"]},
            ).json()
            eventually(
                lambda: cluster.admin.get(f"/validations/{run['id']}")["state"] == "done",
                30,
                saying="the one that answers is validated",
            )
        finally:
            for name in hanging:
                cluster.admin.delete(f"/providers/{name}/models/demo-1")
                cluster.admin.delete(f"/providers/{name}")


def test_the_picture_listener_serves_nothing_else(cluster):
    for path in ("/", "/pictures/", "/pictures/" + "0" * 64 + ".png", "/admin/v1/providers", "/pictures/../livez"):
        assert request("GET", cluster.pictures + path).status == 404
    assert request("POST", cluster.pictures + "/pictures/x.png", {}).status == 404
