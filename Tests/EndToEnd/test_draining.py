"""SIGTERM: what runs is finished, nothing new is taken, the exit is clean."""

import signal
import threading

from stack.bodies import DIALECTS, PATHS, body, stream_text
from stack.eventually import Stopwatch, eventually
from stack.events import parse_events
from stack.http import RawConnection, post_bytes, request


def test_open_streams_are_finished_before_the_process_ends(gateway):
    node = gateway.new_data_plane().start()
    gateway.wait_for_token(node, gateway.token)
    answers = {}

    def ask(dialect, index):
        question = body(dialect, "[[demo bytes=600 chunks=30 chunk_ms=100]] Go on.", stream=True)
        answers[dialect, index] = gateway.call(PATHS[dialect], question, data_plane=node, timeout=30)

    threads = [threading.Thread(target=ask, args=(dialect, index)) for dialect in DIALECTS for index in range(4)]
    for thread in threads:
        thread.start()
    eventually(lambda: node.metric("smart_router_requests_in_flight") == len(threads), 10)
    idle = RawConnection(node.port)
    node.process.send_signal(signal.SIGTERM)
    # Balancers are told at once, and nobody new gets in.
    eventually(lambda: not accepts(node), 5, saying="no new connections")
    for thread in threads:
        thread.join(30)
    assert len(answers) == len(threads)
    for (dialect, _), answer in answers.items():
        events = parse_events(answer.body)
        assert stream_text(dialect, events), events
        terminal = {"chat": "[DONE]", "responses": "response.completed", "messages": "message_stop"}[dialect]
        assert terminal in (events[-1].data, events[-1].name)
    assert node.process.wait(15) == 0, node.tail()
    idle.close()
    gateway.retire(node)


def accepts(node):
    try:
        return request("GET", node.url + "/v1/models", timeout=2).status not in (503,)
    except OSError:
        return False


def test_an_idle_node_ends_at_once(gateway):
    node = gateway.new_data_plane().start()
    kept_alive = RawConnection(node.port)
    kept_alive.send(post_bytes(PATHS["chat"], body("chat"), gateway.token))
    kept_alive.read_answer()
    watch = Stopwatch()
    assert gateway.retire(node) == 0
    assert watch.due < 5, watch.seconds


def test_a_control_plane_ends_cleanly_while_nodes_wait_for_news(gateway):
    plane = gateway.new_control_plane().start()
    node = gateway.new_data_plane(control_planes=[plane]).start()
    watch = Stopwatch()
    assert plane.stop() == 0
    assert watch.due < 10, watch.seconds
    assert gateway.call(PATHS["chat"], body("chat"), data_plane=node).status == 200
    gateway.retire(node)
