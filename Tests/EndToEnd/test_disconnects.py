"""A caller who leaves cancels the provider within a second, whatever was going on."""

import pytest

from stack.bodies import DIALECTS, PATHS, body
from stack.eventually import eventually
from stack.http import RawConnection, post_bytes

# What the provider is doing when the caller leaves, whether the answer streams, and what the caller waits for.
PHASES = {
    "before the head of a whole answer": ("[[demo delay_ms=8000]]", False, None),
    "before the head of a stream": ("[[demo delay_ms=8000]]", True, None),
    "behind the head, before the first event": ("[[demo first_ms=8000]]", True, None),
    "in the middle of a stream": ("[[demo bytes=4000 chunks=80 chunk_ms=100]]", True, b"data: "),
    "in the middle of a stalled stream": ("[[demo bytes=400 chunks=8 hang=mid]]", True, b"data: "),
}


@pytest.mark.parametrize("leaves", ["closes", "resets"])
@pytest.mark.parametrize("phase", PHASES)
@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_caller_who_leaves_cancels_the_provider(gateway, dialect, phase, leaves):
    directive, stream, wait_for = PHASES[phase]
    before = {row["sequence"] for row in gateway.provider.rows()}
    in_flight = gateway.provider.counters()["in_flight"]
    connection = RawConnection(gateway.data_plane.port)
    question = body(dialect, f"{directive} {phase} {leaves}", stream=stream)
    connection.send(post_bytes(PATHS[dialect], question, gateway.token))
    if wait_for:
        connection.read_until(wait_for)
    else:
        eventually(
            lambda: gateway.provider.counters()["in_flight"] > in_flight, 5, saying="the provider is at work"
        )
    from stack.eventually import Stopwatch

    watch = Stopwatch()
    connection.close() if leaves == "closes" else connection.reset()
    rows = eventually(
        lambda: [row for row in gateway.provider.rows() if row["sequence"] not in before],
        3, every=0.01, saying="the provider noticed",
    )
    assert watch.due <= 1.0, f"noticed after {watch.seconds:.2f} s"
    assert [row["outcome"] for row in rows] == ["aborted"], rows


def test_a_caller_who_leaves_while_sending_its_body_reaches_no_provider(gateway):
    before = gateway.provider.counters()["rows"]
    connection = RawConnection(gateway.data_plane.port)
    data = post_bytes(PATHS["chat"], body("chat"), gateway.token)
    connection.send(data[:-10])
    connection.reset()
    answer = gateway.call(PATHS["chat"], body("chat"))
    assert answer.status == 200
    eventually(lambda: gateway.provider.counters()["rows"] == before + 1, 3)


def test_a_caller_who_left_is_logged_as_such(gateway):
    # A token of its own: what the tests before asked is written when it comes to it.
    token_id, token = gateway.new_token(user="leaver")
    eventually(lambda: gateway.provider.counters()["in_flight"] == 0, 10, saying="the provider is idle")
    connection = RawConnection(gateway.data_plane.port)
    connection.send(post_bytes(PATHS["chat"], body("chat", "[[demo delay_ms=8000]] leaving"), token))
    eventually(lambda: gateway.provider.counters()["in_flight"] > 0, 5)
    connection.close()
    records = eventually(
        lambda: [
            record for record in gateway.data_plane.request_log()
            if record.get("token_id") == token_id and record["endpoint"] == "openai-chat"
        ],
        5, saying="the request is logged",
    )
    assert [record["status"] for record in records] == [499], records


def test_nothing_is_left_of_five_hundred_callers_who_left(gateway):
    descriptors = gateway.data_plane.open_descriptors
    connections = []
    for index in range(500):
        connection = RawConnection(gateway.data_plane.port)
        connection.send(
            post_bytes(PATHS["chat"], body("chat", f"[[demo delay_ms=20000]] {index}"), gateway.token)
        )
        connections.append(connection)
    eventually(lambda: gateway.provider.counters()["in_flight"] >= 500, 15, saying="all are at the provider")
    for connection in connections:
        connection.reset()
    eventually(lambda: gateway.provider.counters()["in_flight"] == 0, 10, saying="all are cancelled")
    eventually(lambda: gateway.data_plane.open_descriptors <= descriptors + 20, 15, saying="descriptors are given back")
    assert gateway.data_plane.metric("smart_router_requests_in_flight") == 0
