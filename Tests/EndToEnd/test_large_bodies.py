"""Large requests and answers between dialects: what they cost, and what is too large."""

import json
import pathlib

import pytest

from stack.bodies import PATHS, answer_text, assert_envelope, body, stream_text
from stack.events import parse_events
from stack.eventually import eventually
from stack.gateway import model, target
from stack.http import RawConnection, post_bytes

MEBIBYTE = 1 << 20
LIMIT = 64 * MEBIBYTE
CAPS = {"chat": "max_completion_tokens", "responses": "max_output_tokens", "messages": "max_tokens"}
DIALECTS = {"chat": "openai-chat", "responses": "openai-responses", "messages": "anthropic-messages"}


@pytest.fixture(scope="module")
def node(gateway):
    """A node of its own, as others have grown before, and groups whose models answer at any length."""
    for name, dialect in DIALECTS.items():
        gateway.admin.put(
            f"/providers/{name}-only/models/long", {**model("demo-1", [dialect]), "max_output_tokens": 100_000_000}
        )
        gateway.admin.put(f"/groups/long-{name}", {"targets": [target("long", provider=f"{name}-only")]})
    _, token = gateway.new_token(user="large", allow=[f"long-{name}" for name in DIALECTS])
    node = gateway.new_data_plane().start()
    node.token = token
    gateway.wait_for_token(node, token)
    yield node
    gateway.retire(node)


def memory(node, what):
    for line in pathlib.Path(f"/proc/{node.pid}/status").read_text().splitlines():
        if line.startswith(f"{what}:"):
            return int(line.split()[1]) * 1024
    raise AssertionError(f"no {what}")


def forget_the_peak(node):
    """From now on VmHWM is what was the most since."""
    pathlib.Path(f"/proc/{node.pid}/clear_refs").write_text("5")


def ask(gateway, node, caller, group, text="", **more):
    more = {CAPS[caller]: 100_000_000, **more}
    request = more.pop("request", None) or body(caller, text, model=f"long-{group}", **more)
    data = request if isinstance(request, bytes) else json.dumps(request).encode()
    return gateway.call(
        PATHS[caller], data, node.token, {"Content-Type": "application/json"}, timeout=170, data_plane=node
    )


# The sum of what is held at one time: the body, the text read of it, the request written, and its way out.
@pytest.mark.timeout(300)
def test_a_request_at_the_limit_costs_at_most_five_times_its_size_to_translate(gateway, node):
    ask(gateway, node, "chat", "messages", "hi")
    before = memory(node, "VmRSS")
    forget_the_peak(node)
    size = LIMIT - 4096
    answer = ask(gateway, node, "chat", "messages", "x" * size)
    assert answer.status == 200, answer
    assert gateway.provider.row(answer.headers["x-request-id"], within=60)["bytes_in"] > size
    factor = (memory(node, "VmHWM") - before) / size
    assert factor < 5, f"{factor:.1f} times"
    # The sum is given back.
    ask(gateway, node, "chat", "messages", "hi")
    eventually(lambda: memory(node, "VmRSS") - before < 32 * MEBIBYTE, 10)


def test_a_request_beyond_the_limit_is_refused_alike_for_every_target(gateway, node):
    for group in DIALECTS:
        with RawConnection(node.port, timeout=60) as connection:
            head = post_bytes(PATHS["chat"], b"", node.token)
            connection.send(head.replace(b"Content-Length: 0", f"Content-Length: {LIMIT + 1}".encode()))
            answer = connection.read_answer()
            assert_envelope("chat", answer, 413, "request-too-large")


def many_turns(count, group):
    turns = b",".join([b'{"role":"user","content":"hi"},{"role":"assistant","content":"yo"}'] * (count // 2))
    start = f'{{"model":"long-{group}","messages":['.encode()
    return start + turns + b',{"role":"user","content":"hi"}]}'


@pytest.mark.timeout(300)
def test_very_many_small_values_are_not_translated_but_forwarded(gateway, node):
    """A small value costs a hundred times its text while it is translated."""
    ask(gateway, node, "chat", "messages", request=many_turns(100, "messages"))
    before = memory(node, "VmRSS")
    forget_the_peak(node)
    most = many_turns(98_000, "messages")
    answer = ask(gateway, node, "chat", "messages", request=most)
    assert answer.status == 200, answer
    grown = memory(node, "VmHWM") - before
    assert grown < 5 * len(most) + 110 * MEBIBYTE, f"{grown / MEBIBYTE:.0f} MiB"
    gateway.provider.clear()
    answer = ask(gateway, node, "chat", "messages", request=many_turns(120_000, "messages"))
    error = assert_envelope("chat", answer, 400, "invalid-request")
    assert error["param"] == "body" and "300000 values" in error["message"]
    assert gateway.provider.rows() == []
    answer = ask(gateway, node, "chat", "chat", request=many_turns(120_000, "chat"))
    assert answer.status == 200, answer


@pytest.mark.timeout(300)
def test_an_answer_near_the_limit_is_translated_whole_and_one_beyond_it_is_a_failure(gateway, node):
    size = 60 * MEBIBYTE
    answer = ask(gateway, node, "messages", "chat", f"[[demo bytes={size}]]")
    assert answer.status == 200, answer
    assert len(answer_text("messages", answer.json())) == size
    answer = ask(gateway, node, "messages", "chat", f"[[demo bytes={66 * MEBIBYTE}]]")
    assert_envelope("messages", answer, 502, "upstream-failed")
    logged = node.logged(answer.headers["x-request-id"], within=30)
    assert logged["attempt_failure"] == "too-large", logged


@pytest.mark.timeout(300)
def test_a_stream_that_its_last_event_would_repeat_ends_where_it_grows_too_large(gateway, node):
    """Callers of Responses are told the whole text again at the end; nobody else is."""
    directive = f"[[demo bytes={17 * MEBIBYTE} chunks=400]]"
    answer = ask(gateway, node, "responses", "chat", directive, stream=True)
    assert answer.status == 200
    last = parse_events(answer.body)[-1]
    assert last.name == "response.failed", last
    assert node.logged(answer.headers["x-request-id"])["attempt_failure"] == "too-large"
    answer = ask(gateway, node, "messages", "chat", directive, stream=True)
    assert len(stream_text("messages", parse_events(answer.body))) == 17 * MEBIBYTE


# Slow readers

READERS = 8
# More than what the kernel takes on both sides of the gateway, some 8 MiB, and less than one event may have: the last
# one of a Responses stream repeats all of it.
STREAM = 15 * MEBIBYTE
PER_STREAM = 256 * 1024


def anonymous_bytes(node):
    for line in pathlib.Path(f"/proc/{node.pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Anonymous:"):
            return int(line.split()[1]) * 1024
    raise AssertionError("no Anonymous")


@pytest.mark.timeout(300)
@pytest.mark.parametrize(
    "caller, group",
    [
        ("messages", "messages"), ("chat", "messages"),
        *[
            pytest.param(caller, group, marks=pytest.mark.long)
            for caller, group in [
                ("chat", "chat"), ("responses", "responses"), ("messages", "chat"), ("chat", "responses"),
                ("messages", "responses"),
            ]
        ],
    ],
)
def test_a_stream_whose_caller_does_not_read_costs_at_most_256_kib(gateway, node, caller, group):
    hold_streams(gateway, node, caller, group)


@pytest.mark.timeout(300)
@pytest.mark.parametrize(
    "caller, group",
    [
        ("chat", "messages"),
        *[pytest.param(*pair, marks=pytest.mark.long) for pair in [("messages", "responses"), ("chat", "chat")]],
    ],
)
def test_a_long_request_is_not_kept_while_its_answer_lasts(gateway, node, caller, group):
    """Neither as it came, nor as it was understood, nor as the target was told it: 1 MB each."""
    # The stream itself may have two thirds of it.
    hold_streams(gateway, node, caller, group, "The words of a long conversation. " * 30_000, at_most=384 * 1024)


def hold_streams(gateway, node, caller, group, prompt="", at_most=PER_STREAM):
    """Streams that nobody reads, each at no more than it may cost; then one of them is read."""
    # None of them is closed for not reading while others come.
    fresh = gateway.new_data_plane(DATA_PLANE_SLOW_READER="300s").start()
    connections = []
    try:
        gateway.wait_for_token(fresh, node.token)
        fresh.token = node.token
        for _ in range(3 * READERS):
            ask(gateway, fresh, caller, group, f"[[demo bytes=50000 chunks=10]]{prompt}", stream=True)
        eventually(lambda: gateway.provider.counters()["in_flight"] <= 1, 10)
        # The first wave also touches what the allocator keeps for each size, once, however many streams there are.
        used = []
        for _ in range(3):
            wave = [RawConnection(fresh.port, timeout=120, receive_buffer=65536) for _ in range(READERS)]
            connections.extend(wave)
            question = body(
                caller, f"[[demo bytes={STREAM} chunks=4000]]{prompt}", model=f"long-{group}", stream=True,
                **{CAPS[caller]: 100_000_000},
            )
            for connection in wave:
                # One after the other: the allocator keeps what several at a time took at hand for a while.
                connection.send(post_bytes(PATHS[caller], question, fresh.token))
                assert b" 200 OK" in connection.read_until(b"\r\n\r\n")
            wait_until_nothing_moves(gateway, len(connections))
            used.append(anonymous_bytes(fresh))
        grown = (used[-1] - used[0]) / (2 * READERS)
        assert grown <= at_most, f"{grown / 1024:.0f} KiB for a stream"
        # One of them reads on and gets all of it.
        assert_all_of_it_comes(connections[0], caller)
    finally:
        # Also when it fails: a node does not stop before its streams have ended.
        for connection in connections:
            connection.reset()
        eventually(lambda: gateway.provider.counters()["in_flight"] <= 1, 30)
        gateway.retire(fresh)


def wait_until_nothing_moves(gateway, streams):
    """Until the provider waits for room on all of `streams` streams, and has been for ten looks."""
    seen = {"sent": -1, "looks": 0}

    def is_still():
        counters = gateway.provider.counters()
        is_same = counters["blocked"] == streams and counters["bytes_out"] == seen["sent"]
        seen.update(sent=counters["bytes_out"], looks=seen["looks"] + 1 if is_same else 0)
        return seen["looks"] >= 10

    eventually(is_still, 60, every=0.05, saying="the provider is held back on every stream")


def assert_all_of_it_comes(connection, caller):
    events = parse_events(connection.read_chunks())
    assert len(stream_text(caller, events)) == STREAM
    if caller == "chat":
        assert events[-1].data == "[DONE]"
    else:
        assert events[-1].json()["type"] in ("message_stop", "response.completed")
