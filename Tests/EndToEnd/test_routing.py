"""Which target serves, and what callers are told when none can."""

import re

import pytest

from stack.bodies import DIALECTS, PATHS, answer_text, assert_envelope, body

UUID7 = re.compile(r"^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$")


def test_targets_are_drawn_by_weight(gateway):
    """240 requests at 3 : 1. Outside of 150…210 for the first is less likely than 1 in 100 000."""
    ids = []
    for _ in range(240):
        answer = gateway.call(PATHS["chat"], body("chat", model="weighted"))
        assert answer.status == 200, answer
        ids.append(answer.headers["x-request-id"])
    served = {row["request_id"]: row["model"] for row in gateway.provider.rows(limit=5000)}
    first = sum(served[request_id] == "demo-a" for request_id in ids)
    assert 150 <= first <= 210, first
    assert {served[request_id] for request_id in ids} == {"demo-a", "demo-b"}


def test_a_disabled_target_serves_nothing(gateway):
    for _ in range(20):
        answer = gateway.call(PATHS["chat"], body("chat", model="half-disabled"))
        assert answer.status == 200
        assert gateway.provider.row(answer.headers["x-request-id"])["model"] == "demo-b"


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_group_without_an_enabled_target_says_why(gateway, dialect):
    answer = gateway.call(PATHS[dialect], body(dialect, model="disabled"))
    error = assert_envelope(dialect, answer, 502, "no-eligible-target")
    assert [entry["reason"] for entry in error["details"]["targets"]] == ["disabled"]
    assert answer.headers["x-should-retry"] == "false"


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_request_id_is_ours_and_reaches_the_provider(gateway, dialect):
    answer = gateway.call(PATHS[dialect], body(dialect), headers={"x-request-id": "chosen-by-the-caller"})
    request_id = answer.headers["x-request-id"]
    assert UUID7.match(request_id)
    assert gateway.provider.row(request_id)["status"] == 200


def test_ids_never_repeat_and_rise(gateway):
    ids = [gateway.call(PATHS["chat"], body("chat")).headers["x-request-id"] for _ in range(20)]
    assert ids == sorted(set(ids), key=lambda text: text[:13])
    assert len(set(ids)) == 20


@pytest.mark.parametrize("path", ["/chat/completions", "/responses", "/messages", "/anthropic/v1/messages"])
def test_the_other_paths_of_real_clients_work(gateway, path):
    dialect = "chat" if "chat" in path else "responses" if "responses" in path else "messages"
    answer = gateway.call(path, body(dialect))
    assert answer.status == 200, answer
    assert answer_text(dialect, answer.json()) == "router ok"


def test_a_query_does_not_change_the_path(gateway):
    assert gateway.call("/v1/messages?beta=true", body("messages")).status == 200


@pytest.mark.parametrize("dialect", DIALECTS)
def test_nothing_of_the_caller_but_the_dialect_headers_reaches_the_provider(gateway, dialect):
    """The provider answers 401 to the caller's own token, so it cannot have been passed on."""
    answer = gateway.call(
        PATHS[dialect], body(dialect),
        headers={"x-forwarded-host": "evil", "cookie": "a=b", "x-api-version": "1", "anthropic-beta": "some-feature"},
    )
    assert answer.status == 200
    assert gateway.provider.row(answer.headers["x-request-id"])["key_index"] == 0
    for name in answer.headers:
        assert not name.startswith(("x-demo", "server")), answer.headers


UPSTREAM = {
    # what the provider does: what the caller is told
    "status=401": (503, "upstream-access-denied"),
    "status=403": (503, "upstream-access-denied"),
    "status=402": (503, "upstream-quota-exhausted"),
    # Without a wait: one that the provider asks for would be kept for the tests that follow.
    "status=429": (503, "upstream-rate-limited"),
    "status=429 error_code=insufficient_quota": (503, "upstream-quota-exhausted"),
    "status=500": (502, "upstream-failed"),
    "status=503": (502, "upstream-failed"),
    "cut=before_head": (502, "upstream-failed"),
    "cut=before_head reset=1": (502, "upstream-failed"),
    "garbage=html": (502, "upstream-failed"),
    "garbage=status": (502, "upstream-failed"),
    "garbage=headers": (502, "upstream-failed"),
    "redirect=http://127.0.0.1:1/": (502, "upstream-failed"),
}


@pytest.mark.parametrize("fault", UPSTREAM)
@pytest.mark.parametrize("dialect", DIALECTS)
def test_each_failure_of_the_provider_has_its_status_and_code(gateway, dialect, fault):
    status, code = UPSTREAM[fault]
    for stream in (False, True):
        answer = gateway.call(PATHS[dialect], body(dialect, f"[[demo {fault}]] Hello.", stream=stream))
        error = assert_envelope(dialect, answer, status, code)
        text = answer.text
        assert gateway.provider.key not in text and str(gateway.provider.port) not in text, error


def test_what_the_caller_did_wrong_keeps_the_words_of_the_provider(gateway):
    for dialect in DIALECTS:
        answer = gateway.call(PATHS[dialect], body(dialect, "[[demo status=400]] Hello."))
        assert_envelope(dialect, answer, 400)


def test_a_provider_that_cannot_be_reached_is_told_from_one_that_fails(gateway):
    for dialect in DIALECTS:
        answer = gateway.call(PATHS[dialect], body(dialect, model="nowhere"))
        assert_envelope(dialect, answer, 502, "upstream-failed")


def test_a_wrong_provider_key_is_our_problem_not_the_callers(gateway):
    for dialect in DIALECTS:
        answer = gateway.call(PATHS[dialect], body(dialect, model="wrong-key"))
        assert_envelope(dialect, answer, 503, "upstream-access-denied")


def test_a_group_whose_provider_does_not_speak_the_dialect_serves_all_the_same(gateway):
    for dialect in DIALECTS:
        answer = gateway.call(PATHS[dialect], body(dialect, model="chat-only"))
        assert answer.status == 200, answer
        assert answer_text(dialect, answer.json()) == "router ok"
