"""The table of errors that callers are promised: status, code, and whether and when to try again."""

import re

import pytest

from stack.bodies import DIALECTS, PATHS, assert_envelope, body
from stack.eventually import Stopwatch, eventually
from stack.gateway import model, provider, target
from stack.http import request
from stack.moments import rfc3339

NEVER = "never"
# What the client of a vendor decides by itself: the answer says nothing of it.
PERHAPS = "perhaps"

# The one target of the group does this: status, code, whether to try again.
UPSTREAM = {
    "status=401": (503, "upstream-access-denied", NEVER),
    "status=403": (503, "upstream-access-denied", NEVER),
    "status=404": (503, "upstream-access-denied", NEVER),
    "status=402": (503, "upstream-quota-exhausted", NEVER),
    "status=429 error_code=insufficient_quota": (503, "upstream-quota-exhausted", NEVER),
    "status=429": (503, "upstream-rate-limited", PERHAPS),
    "status=429 retry_after=7": (503, "upstream-rate-limited", 7),
    "status=500": (502, "upstream-failed", PERHAPS),
    "status=503 retry_after=3": (502, "upstream-failed", 3),
    "cut=before_head": (502, "upstream-failed", PERHAPS),
    "garbage=html": (502, "upstream-failed", PERHAPS),
    "hang=before_head": (504, "upstream-timeout", PERHAPS),
    "status=400": (400, "invalid-request", NEVER),
    "status=422": (422, "invalid-request", NEVER),
    "status=413": (413, "request-too-large", NEVER),
}
CASES = [(fault, stream, dialect) for fault in UPSTREAM for stream in (False, True) for dialect in DIALECTS]


@pytest.fixture(scope="module")
def node(gateway):
    """A node of its own, whose targets may be set aside, with a provider for each case: waits are kept by account."""
    times = {"connect_ms": 500, "first_byte_ms": 1500, "idle_ms": 1500, "total_ms": 5000}
    names = {case: f"demo-e{index}" for index, case in enumerate(CASES)}
    small = model("demo-small")
    small["context_tokens"] = small["max_output_tokens"] = 1000
    gateway.admin.apply(
        {
            "providers": {
                **{name: provider(gateway.provider.url, [name], gateway.provider.key, timeouts=times) for name in names.values()},
                "small": {**provider(gateway.provider.url, [], gateway.provider.key), "models": {"demo-small": small}},
            },
            "groups": {
                **{name: {"targets": [target(name, provider=name)]} for name in names.values()},
                "small": {"targets": [target("demo-small", provider="small")]},
                "off": {"targets": [target(names[CASES[0]], provider=names[CASES[0]], enabled=False)]},
            },
        }
    )
    allow = [*names.values(), "off", "small"]
    tokens = {"good": gateway.admin.create_token(user="table", allow=allow)}
    tokens["expired"] = gateway.admin.create_token(user="gone", allow=allow, expires_at=rfc3339(5))
    tokens["early"] = gateway.admin.create_token(user="early2", allow=allow, not_before=rfc3339(3600))
    tokens["revoked"] = gateway.admin.create_token(user="out", allow=allow)
    tokens["elsewhere"] = gateway.admin.create_token(user="one", allow=allow, endpoints=["openai-chat"])
    node = gateway.new_data_plane().start()
    node.names, node.tokens, node.good = names, {name: token for name, (_, token) in tokens.items()}, names[CASES[0]]
    gateway.wait_for_token(node, node.tokens["good"])
    gateway.admin.revoke(tokens["revoked"][0])
    for state in ("expired", "revoked"):
        eventually(
            lambda: request(
                "GET", f"{node.url}/v1/models", headers={"Authorization": f"Bearer {node.tokens[state]}"}
            ).status == 403,
            20, saying=f"the token is {state}",
        )
    yield node
    gateway.retire(node)


def check(dialect, answer, status, code, retry):
    assert_envelope(dialect, answer, status, code)
    if retry == NEVER:
        assert answer.headers.get("x-should-retry") == "false", answer.headers
        assert "retry-after" not in answer.headers
    else:
        assert answer.headers.get("x-should-retry") != "false", answer.headers
        assert answer.headers.get("retry-after") == (None if retry == PERHAPS else str(retry)), answer.headers


@pytest.mark.parametrize("fault, stream, dialect", CASES)
def test_what_a_provider_does_has_its_row(gateway, node, fault, stream, dialect):
    status, code, retry = UPSTREAM[fault]
    name = node.names[fault, stream, dialect]
    answer = gateway.call(
        PATHS[dialect], body(dialect, f"[[demo {fault}]] Hello.", model=name, stream=stream),
        token=node.tokens["good"], data_plane=node,
    )
    check(dialect, answer, status, code, retry)
    assert gateway.provider.key not in answer.text and "demo-e" not in answer.text.replace(f'"{name}"', "")


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_pause_that_a_provider_asked_for_is_told_with_its_length(gateway, node, dialect, stream):
    """The test above has left a pause of seven seconds behind."""
    name = node.names["status=429 retry_after=7", stream, dialect]
    call = lambda text: gateway.call(
        PATHS[dialect], body(dialect, text, model=name, stream=stream), token=node.tokens["good"], data_plane=node
    )
    assert call("[[demo status=429 retry_after=7]]").status == 503
    watch = Stopwatch()
    answer = call("Hello.")
    assert_envelope(dialect, answer, 503, "upstream-capacity-throttled")
    wait = int(answer.headers["retry-after"])
    assert 1 <= wait <= 8 and answer.headers.get("x-should-retry") != "false"
    if stream and dialect == "chat":
        # It is the truth: after that time it works.
        eventually(lambda: call("Hello.").status == 200, wait + 1, saying="the pause ends when it was said to")
        assert watch.due <= wait + 1


ACCESS = {
    "none": (401, "unauthorized"), "malformed": (401, "unauthorized"), "unknown": (401, "unauthorized"),
    "expired": (403, "key-expired"), "early": (403, "key-not-yet-valid"), "revoked": (403, "key-revoked"),
}


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("who", ACCESS)
def test_who_may_not_come_in_has_its_row(gateway, node, who, dialect, stream):
    good = node.tokens["good"]
    unknown = good[:-1] + ("0" if good[-1] != "0" else "1")
    headers = {
        "none": {}, "malformed": {"Authorization": "Bearer sk-abc"}, "unknown": {"Authorization": f"Bearer {unknown}"},
    }.get(who) or ({} if who == "none" else {"Authorization": f"Bearer {node.tokens.get(who, unknown)}"})
    answer = request("POST", node.url + PATHS[dialect], body(dialect, model=node.good, stream=stream), headers)
    check(dialect, answer, *ACCESS[who], NEVER)


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize("dialect", DIALECTS)
def test_what_a_request_gets_wrong_has_its_row(gateway, node, dialect, stream):
    def call(sent, token="good", headers=None):
        return gateway.call(PATHS[dialect], sent, token=node.tokens[token], headers=headers, data_plane=node)

    good = body(dialect, model=node.good, stream=stream)
    check(dialect, call({**good, "model": "not-there"}), 403, "model-not-allowed", NEVER)
    check(dialect, call({**good, "model": "default"}), 403, "model-not-allowed", NEVER)
    check(dialect, call({key: value for key, value in good.items() if key != "model"}), 400, "missing-model", NEVER)
    check(dialect, call({**good, "stream": "yes"}), 400, "invalid-request", NEVER)
    check(dialect, call({**good, "model": "off"}), 502, "no-eligible-target", NEVER)
    long = call(body(dialect, "far too long " * 2000, model="small", stream=stream))
    check(dialect, long, 400, "context_length_exceeded", NEVER)
    if dialect == "messages":
        assert re.fullmatch(r"prompt is too long: \d+ tokens > 1000 maximum", long.json()["error"]["message"])
        assert long.headers["request-id"] == long.headers["x-request-id"]
    check(dialect, call(good, headers={"content-type": "text/html"}), 415, "unsupported-media-type", NEVER)
    check(dialect, call(good, headers={"content-encoding": "gzip"}), 415, "unsupported-media-type", NEVER)
    if dialect != "chat":
        check(dialect, call(good, token="elsewhere"), 403, "endpoint-not-allowed", NEVER)


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_node_without_a_snapshot_says_when_to_come_back(gateway, dialect):
    node = gateway.new_data_plane(control_planes=[type("Nobody", (), {"plane_url": "http://127.0.0.1:1"})])
    node.start(ready=False)
    try:
        answer = eventually(lambda: asked(node, dialect, gateway.token), 15, saying="the node listens")
        assert_envelope(dialect, answer, 503, "not-ready")
        assert int(answer.headers["retry-after"]) >= 1 and answer.headers.get("x-should-retry") != "false"
    finally:
        node.stop()


def asked(node, dialect, token):
    """The answer to a request; None while nobody listens."""
    try:
        return request("POST", node.url + PATHS[dialect], body(dialect), {"Authorization": f"Bearer {token}"})
    except OSError:
        return None
