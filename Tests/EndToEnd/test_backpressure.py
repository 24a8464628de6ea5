"""A caller who reads slowly slows the provider down instead of filling the gateway's memory."""

import pytest

from stack.bodies import PATHS, body
from stack.eventually import eventually
from stack.events import parse_events
from stack.http import RawConnection, post_bytes

MEBIBYTE = 1 << 20


def test_a_slow_reader_of_a_large_stream_costs_little_memory_and_loses_nothing(gateway):
    """10 callers ask for 10 MiB each and read nothing for a while."""
    size = 10 * MEBIBYTE
    baseline = gateway.data_plane.resident_bytes
    connections = []
    for _ in range(10):
        connection = RawConnection(gateway.data_plane.port, timeout=60, receive_buffer=65536)
        question = body("chat", f"[[demo bytes={size} chunks=2000]] Go.", stream=True)
        connection.send(post_bytes(PATHS["chat"], question, gateway.token))
        connections.append(connection)
    for connection in connections:
        connection.read_until(b"data: ")
    # All that fits into the buffers of the kernel and the gateway arrives; then nothing moves any more.
    still = {"bytes": -1, "rounds": 0}

    def settled():
        grown = gateway.data_plane.resident_bytes
        still["rounds"] = still["rounds"] + 1 if abs(grown - still["bytes"]) < MEBIBYTE else 0
        still["bytes"] = grown
        return still["rounds"] >= 10

    eventually(settled, 20, every=0.1, saying="the gateway stopped growing")
    grown = gateway.data_plane.resident_bytes - baseline
    assert grown < 10 * 2 * MEBIBYTE, f"{grown / MEBIBYTE:.0f} MiB for 10 slow readers"
    # The first one reads on and gets all of it.
    rest = connections[0].read_until(b"data: [DONE]\n\n")
    assert len(rest) > size
    for connection in connections:
        connection.reset()
    eventually(lambda: gateway.provider.counters()["in_flight"] == 0, 20)


def test_a_slow_reader_does_not_hold_up_others(gateway):
    slow = RawConnection(gateway.data_plane.port, receive_buffer=4096)
    question = body("chat", f"[[demo bytes={20 * MEBIBYTE} chunks=2000]] Go.", stream=True)
    slow.send(post_bytes(PATHS["chat"], question, gateway.token))
    slow.read_until(b"data: ")
    for _ in range(50):
        answer = gateway.call(PATHS["chat"], body("chat", stream=True), timeout=5)
        assert parse_events(answer.body)[-1].data == "[DONE]"
    slow.reset()


@pytest.mark.long
def test_a_caller_who_takes_nothing_is_let_go(gateway):
    slow = RawConnection(gateway.data_plane.port, receive_buffer=4096)
    question = body("chat", f"[[demo bytes={20 * MEBIBYTE} chunks=2000]] Go.", stream=True)
    slow.send(post_bytes(PATHS["chat"], question, gateway.token))
    slow.read_until(b"data: ")
    eventually(lambda: gateway.provider.counters()["in_flight"] == 0, 60, saying="the slow caller is let go")
