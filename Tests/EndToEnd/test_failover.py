"""A target that fails is a matter between the gateway and its administrators: callers do not see it."""

import threading
import time

import pytest

from stack.bodies import DIALECTS, PATHS, answer_text, body, stream_text
from stack.events import parse_events
from stack.eventually import Stopwatch, eventually
from stack.gateway import model, provider, target
from stack.http import request

# What the first target does before anything of an answer has left. `whole` and `stream`: only there it is a failure.
UNSEEN = {
    "status=401": "both", "status=402": "both", "status=403": "both", "status=404": "both", "status=408": "both",
    "status=429": "both", "status=500": "both", "status=503": "both", "status=529": "both",
    "cut=before_head": "both", "cut=before_head reset=1": "both", "hang=before_head": "both", "cut=after_head": "both",
    "garbage=html": "both", "garbage=status": "both", "garbage=headers": "both", "redirect=http://127.0.0.1:1/": "both",
    "cut=mid": "whole", "hang=mid": "whole", "error_event=first": "stream", "hang=after_head": "both",
}
# What it does when the answer has begun.
BEGUN = ["cut=mid", "cut=mid reset=1", "hang=mid", "error_event=mid", "cut=clean_end", "cut=before_end"]

TIMES = {"connect_ms": 1200, "first_byte_ms": 1200, "idle_ms": 1200, "total_ms": 8000}


@pytest.fixture(scope="module")
def pairs(gateway):
    """A node of its own, and for each fault and shape a group: a model that fails on request, and a spare one."""
    cases = [(fault, stream) for fault in UNSEEN for stream in (False, True)] + [(fault, "begun") for fault in BEGUN]
    names = {
        (*case, dialect): f"demo-f{index}-{dialect}" for index, case in enumerate(cases) for dialect in DIALECTS
    }
    gateway.admin.apply(
        {
            "providers": {
                # One each: a refused key sets the whole account aside.
                **{
                    name: provider(gateway.provider.url, [name], gateway.provider.key, timeouts=TIMES)
                    for name in names.values()
                },
                "spare": provider(gateway.provider.url, ["demo-spare"], gateway.provider.key),
            },
            "groups": {
                f"pair-{name}": {
                    "targets": [
                        target(name, provider=name), target("demo-spare", provider="spare", priority=1),
                    ],
                    "strategy": "priority",
                }
                for name in names.values()
            },
        }
    )
    _, token = gateway.admin.create_token(user="failover", allow=[f"pair-{name}" for name in names.values()])
    node = gateway.new_data_plane().start()
    gateway.wait_for_token(node, token)
    node.token = token
    node.names = names
    yield node
    gateway.retire(node)


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize("fault", UNSEEN)
def test_a_failure_before_the_answer_is_not_seen(gateway, pairs, fault, stream, dialect):
    if UNSEEN[fault] not in ("both", "stream" if stream else "whole"):
        pytest.skip("no failure of this shape")
    name = pairs.names[fault, stream, dialect]
    text = f"[[demo on={name} {fault}]] Reply with exactly: router ok"
    watch = Stopwatch()
    answer = gateway.call(
        PATHS[dialect], body(dialect, text, model=f"pair-{name}", stream=stream), token=pairs.token, data_plane=pairs
    )
    assert answer.status == 200, answer
    assert watch.due < 8
    if stream:
        assert stream_text(dialect, parse_events(answer.body)) == "router ok"
    else:
        assert answer_text(dialect, answer.json()) == "router ok"
    address = f"{pairs.url}/v1/requests/{answer.headers['x-request-id']}"
    told = eventually(
        lambda: (found := request("GET", address, headers={"Authorization": f"Bearer {pairs.token}"})).status == 200
        and found,
        5, saying="the decision is told",
    )
    decision = told.json()
    assert [attempt["target"] for attempt in decision["attempts"]] == [0, 1], decision
    assert decision["attempts"][0]["outcome"] != "answered" and decision["attempts"][1]["outcome"] == "answered"


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("fault", BEGUN)
def test_an_answer_that_breaks_off_says_so(gateway, pairs, fault, dialect):
    name = pairs.names[fault, "begun", dialect]
    text = f"[[demo on={name} bytes=400 chunks=8 {fault}]] Hello."
    watch = Stopwatch()
    answer = gateway.call(
        PATHS[dialect], body(dialect, text, model=f"pair-{name}", stream=True), token=pairs.token, data_plane=pairs
    )
    assert watch.due < 8
    assert answer.status == 200
    events = parse_events(answer.body)
    ends = [event for event in events if is_whole_end(dialect, event)]
    assert not ends, events
    assert is_error(dialect, events[-1]), events[-1]


def is_whole_end(dialect, event):
    if dialect == "chat":
        return event.data == "[DONE]" or '"finish_reason":"' in event.data.replace(" ", "")
    return event.json()["type"] in ("response.completed", "response.incomplete", "message_stop", "message_delta")


def is_error(dialect, event):
    if dialect == "chat":
        return "error" in event.json()
    return event.json()["type"] in ("error", "response.failed")


DEAD = ["refuses", "hangs", "status=500", "cut=before_head", "hang=after_head"]


@pytest.mark.parametrize("long", [False, pytest.param(True, marks=[pytest.mark.long, pytest.mark.timeout(300)])])
@pytest.mark.parametrize("how", DEAD)
def test_a_dead_first_target_costs_no_caller_its_answer(gateway, how, long):
    """10 000 requests in the long form: after the first 10 s at most one of a hundred pays for an attempt on it."""
    number = f"{DEAD.index(how)}{'l' if long else 's'}"
    dead = f"demo-dead{number}"
    times = {**TIMES, "first_byte_ms": 300}
    url = gateway.provider.url if how != "refuses" else "http://127.0.0.1:1"
    gateway.admin.apply(
        {
            "providers": {
                f"dead-{number}": provider(url, [dead], gateway.provider.key, timeouts=times),
                "living": provider(gateway.provider.url, ["demo-living"], gateway.provider.key),
            },
            "groups": {
                f"dead-{number}": {
                    "strategy": "priority",
                    "targets": [
                        target(dead, provider=f"dead-{number}"), target("demo-living", provider="living", priority=1),
                    ],
                }
            },
        }
    )
    _, token = gateway.admin.create_token(user=f"dead{number}", allow=[f"dead-{number}"])
    node = gateway.new_data_plane().start()
    try:
        gateway.wait_for_token(node, token)
        fault = {"refuses": "", "hangs": f"[[demo on={dead} hang=before_head]]"}.get(how, f"[[demo on={dead} {how}]]")
        clients = 8
        total = 10_000 if long else 400
        outcomes, began = [], time.monotonic()
        lock = threading.Lock()

        def ask(index):
            for request_number in range(index, total, clients):
                dialect = DIALECTS[request_number % 3]
                answer = gateway.call(
                    PATHS[dialect], body(dialect, f"{fault} Hello.", model=f"dead-{number}"), token=token,
                    data_plane=node,
                )
                with lock:
                    outcomes.append((time.monotonic() - began, answer.status, answer.headers["x-request-id"]))

        threads = [threading.Thread(target=ask, args=(index,)) for index in range(clients)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(240)
        assert len(outcomes) == total
        assert {status for _, status, _ in outcomes} == {200}
        records = eventually(
            lambda: (lambda rows: rows if len(rows) >= total else None)(
                {row["request_id"]: row for row in node.request_log() if row.get("group") == f"dead-{number}"}
            ),
            20, saying="all are logged",
        )
        paid = [at for at, _, request_id in outcomes if records[request_id]["attempts"] > 1]
        late = [at for at, _, _ in outcomes if at > 10]
        # Three faults in a row set it aside, with up to eight requests on their way in each of three dialects.
        assert len(paid) <= max(40, total // 100), len(paid)
        if late:
            # A short run that takes so long sees two trials in each dialect.
            assert sum(at > 10 for at in paid) <= max(6, len(late) / 100)
    finally:
        gateway.retire(node)


def test_when_all_targets_fail_the_load_grows_by_a_fifth_at_most(gateway):
    names = ["demo-x1", "demo-x2", "demo-x3"]
    gateway.admin.apply(
        {
            "providers": {"all-fail": provider(gateway.provider.url, names, gateway.provider.key)},
            "groups": {"all-fail": {"targets": [target(name, provider="all-fail") for name in names]}},
        }
    )
    _, token = gateway.admin.create_token(user="allfail", allow=["all-fail"])
    node = gateway.new_data_plane().start()
    try:
        gateway.wait_for_token(node, token)
        before = gateway.provider.counters()["rows"]
        total = 300
        watch = Stopwatch()
        for number in range(total):
            dialect = DIALECTS[number % 3]
            answer = gateway.call(
                PATHS[dialect], body(dialect, "[[demo status=500]] Hello.", model="all-fail"), token=token,
                data_plane=node,
            )
            assert answer.status == 502 and "upstream-failed" in answer.text
        asked = gateway.provider.counters()["rows"] - before
        # Ten more than a fifth, and one in a second: what a quiet node may ask in any case.
        assert total <= asked <= total * 1.2 + 10 + watch.seconds + 1, asked
    finally:
        gateway.retire(node)


def at_once(count, ask):
    """The statuses of so many calls that run together."""
    statuses = []
    threads = [threading.Thread(target=lambda: statuses.append(ask().status)) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return statuses


def test_a_healthy_third_target_answers_all_that_two_before_it_cut(gateway):
    dead = "demo-third-dead"
    gateway.admin.apply(
        {
            "providers": {
                "third-a": provider(gateway.provider.url, [dead], gateway.provider.key),
                "third-b": provider(gateway.provider.url, [dead], gateway.provider.key),
                "third-c": provider(gateway.provider.url, ["demo-third"], gateway.provider.key),
            },
            "groups": {
                "third": {
                    "strategy": "priority",
                    "targets": [
                        target(dead, provider="third-a", id="a"), target(dead, provider="third-b", id="b", priority=1),
                        target("demo-third", provider="third-c", priority=2),
                    ],
                }
            },
        }
    )
    _, token = gateway.admin.create_token(user="third", allow=["third"])
    node = gateway.new_data_plane().start()
    try:
        gateway.wait_for_token(node, token)
        text = f"[[demo on={dead} delay_ms=1000 cut=before_head]] Hello."
        statuses = at_once(
            40, lambda: gateway.call(PATHS["chat"], body("chat", text, model="third"), token=token, data_plane=node)
        )
        assert statuses == [200] * 40
    finally:
        gateway.retire(node)


def test_a_target_that_is_switched_off_meanwhile_is_not_asked(gateway):
    def apply(enabled):
        gateway.admin.apply(
            {
                "providers": {
                    "off-a": provider(gateway.provider.url, ["demo-off-a"], gateway.provider.key),
                    "off-b": provider(gateway.provider.url, ["demo-off-b"], gateway.provider.key),
                },
                "groups": {
                    "off": {
                        "strategy": "priority",
                        "targets": [
                            target("demo-off-a", provider="off-a"),
                            target("demo-off-b", provider="off-b", priority=1, enabled=enabled),
                        ],
                    }
                },
            }
        )
        return gateway.admin.create_token(user="off", allow=["off"])[1]

    token = apply(True)
    gateway.wait_for_token(gateway.data_plane, token)
    text = "[[demo on=demo-off-a delay_ms=6000 cut=before_head]] Hello."
    answers = []
    caller = threading.Thread(
        target=lambda: answers.append(gateway.call(PATHS["chat"], body("chat", text, model="off"), token=token))
    )
    caller.start()
    eventually(
        lambda: any(
            sample.startswith("smart_router_target_in_flight") and "demo-off-a" in sample and value == 1
            for sample, value in gateway.data_plane.metrics().items()
        ),
        3, saying="the first target is asked",
    )
    gateway.wait_for_token(gateway.data_plane, apply(False), within=5)
    caller.join(30)
    assert [answer.status for answer in answers] == [502], answers
    assert answers[0].json()["error"]["details"]["attempts"] == 1
