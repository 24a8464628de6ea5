"""Upstream time limits: each ends the attempt, tells the caller so, and leaves nothing behind."""

import pytest

from stack.bodies import DIALECTS, PATHS, assert_envelope, body
from stack.eventually import Stopwatch, eventually
from stack.events import parse_events
from stack.gateway import model, target
from stack.silence import FullBacklog, SilentServer
from test_streams import assert_broken_off

# The group `hurried` has connect 500 ms, first byte 800 ms, idle 800 ms, total 2 500 ms.


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_provider_that_never_answers_times_out(gateway, dialect, stream):
    watch = Stopwatch()
    answer = gateway.call(
        PATHS[dialect], body(dialect, "[[demo hang=before_head]] Hello.", model="hurried", stream=stream)
    )
    assert_envelope(dialect, answer, 504, "upstream-timeout")
    assert 0.7 <= watch.seconds and watch.due < 4, watch.seconds
    row = gateway.provider.row(answer.headers["x-request-id"])
    assert row["outcome"] == "aborted"


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_provider_that_stalls_behind_its_head_times_out_with_a_status(gateway, dialect):
    answer = gateway.call(
        PATHS[dialect], body(dialect, "[[demo hang=after_head]] Hello.", model="hurried", stream=True)
    )
    assert_envelope(dialect, answer, 504, "upstream-timeout")


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_stream_that_stalls_ends_with_the_error_of_the_dialect(gateway, dialect):
    watch = Stopwatch()
    answer = gateway.call(
        PATHS[dialect],
        body(dialect, "[[demo bytes=400 chunks=8 chunk_ms=5 hang=mid]] Hello.", model="hurried", stream=True),
    )
    assert answer.status == 200
    assert watch.due < 4
    assert_broken_off(dialect, parse_events(answer.body), answer.headers["x-request-id"], "upstream-timeout")


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_stream_that_goes_on_for_too_long_is_ended(gateway, dialect):
    watch = Stopwatch()
    answer = gateway.call(
        PATHS[dialect],
        body(dialect, "[[demo bytes=4000 chunks=40 chunk_ms=200]] Hello.", model="hurried", stream=True),
    )
    assert answer.status == 200
    assert 2.3 <= watch.seconds and watch.due < 5, watch.seconds
    assert_broken_off(dialect, parse_events(answer.body), answer.headers["x-request-id"], "upstream-timeout")


def test_a_whole_answer_that_takes_too_long_times_out(gateway):
    answer = gateway.call(
        PATHS["chat"], body("chat", "[[demo hang=mid bytes=4000]] Hello.", model="hurried")
    )
    assert_envelope("chat", answer, 504, "upstream-timeout")


def test_slow_is_not_silent(gateway):
    """A stream with an event every 250 ms, longer than 800 ms in all, passes an idle limit of 800 ms."""
    answer = gateway.call(
        PATHS["chat"],
        body("chat", "[[demo bytes=40 chunks=6 chunk_ms=250]] Hello.", model="hurried", stream=True),
    )
    assert parse_events(answer.body)[-1].data == "[DONE]"


def add_group(gateway, name, url, **timeouts):
    gateway.admin.apply({
        "providers": {
            name: {
                "base_url": url, "dialects": {"openai-chat": {}}, "auth": {"scheme": "none"},
                "allow_private_network": True, "timeouts": timeouts, "models": {"m": model("m", ["openai-chat"])},
            }
        },
        "groups": {name: {"targets": [target("m", provider=name)]}},
    })
    return gateway.new_token(allow=[name])[1]


def test_a_provider_that_does_not_accept_connections_times_out(gateway):
    with FullBacklog() as server:
        token = add_group(gateway, "no-accept", server.url, connect_ms=400, first_byte_ms=5000)
        watch = Stopwatch()
        answer = gateway.call(PATHS["chat"], body("chat", model="no-accept"), token=token)
        assert_envelope("chat", answer, 504, "upstream-timeout")
        assert watch.due < 4


def test_a_provider_that_accepts_and_says_nothing_times_out(gateway):
    with SilentServer() as server:
        token = add_group(gateway, "silent", server.url, connect_ms=400, first_byte_ms=700)
        answer = gateway.call(PATHS["chat"], body("chat", model="silent"), token=token)
        assert_envelope("chat", answer, 504, "upstream-timeout")
        eventually(lambda: server.closed >= 1, 2, saying="the connection is closed")


def test_a_timeout_is_logged_with_its_kind(gateway):
    answer = gateway.call(PATHS["chat"], body("chat", "[[demo hang=before_head]] Hello.", model="hurried"))
    record = gateway.data_plane.logged(answer.headers["x-request-id"])
    assert record["status"] == 504
    assert record["error"] == "upstream-timeout"
