"""Same-dialect answers reach the caller as the provider said them."""

import json
import re

import pytest

from stack.bodies import DIALECTS, PATHS, body, stream_text
from stack.events import parse_events
from stack.eventually import eventually
from stack.http import request

# What differs from one answer of the provider to the next, whoever asks: ids and times.
VOLATILE = re.compile(
    rb'"(id|item_id|response_id|call_id|system_fingerprint)":"[^"]*"|"(created|created_at|completed_at)":[0-9.]+'
)


def stable(data):
    return VOLATILE.sub(b'"volatile":0', data)


PROMPTS = {
    "plain": "Reply with exactly: router ok",
    "long": "[[demo bytes=5000 chunks=40]] Tell me something.",
    "in single bytes": "[[demo drip=1]] Reply with exactly: drop by drop",
    "split across packets": "[[demo split=7 bytes=600 chunks=6]] Tell me something.",
    "unicode": "Reply with exactly: grüße 你好 🚀 \\ \" \u2028",
    "reasoning": "[[demo reasoning=1]] Think.",
}


@pytest.mark.parametrize("prompt", PROMPTS)
@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_stream_is_what_the_provider_sent_byte_for_byte(gateway, dialect, prompt):
    question = body(dialect, PROMPTS[prompt], model="default", stream=True)
    if dialect == "chat":
        question["stream_options"] = {"include_usage": True}
    through = gateway.call(PATHS[dialect], question)
    direct = gateway.provider.directly(PATHS[dialect], {**question, "model": "demo-1"})
    assert through.status == direct.status == 200, (through, direct)
    assert through.headers["content-type"].startswith("text/event-stream")
    # The one member that may be rewritten is the model's name.
    ours, theirs = stable(through.body), stable(direct.body)
    named = ours.replace(b'"model":"default"', b'"model":"demo-1"')
    assert named == theirs
    parse_events(through.body)


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_whole_answer_is_what_the_provider_sent(gateway, dialect):
    question = body(dialect, PROMPTS["unicode"])
    through = gateway.call(PATHS[dialect], question)
    direct = gateway.provider.directly(PATHS[dialect], {**question, "model": "demo-1"})
    assert through.status == direct.status == 200
    ours, theirs = stable(through.body), stable(direct.body)
    assert ours.replace(b'"model":"default"', b'"model":"demo-1"') == theirs


def test_usage_that_was_not_asked_for_is_hidden_but_recorded(gateway):
    answer = gateway.call(PATHS["chat"], body("chat", stream=True))
    events = parse_events(answer.body)
    assert events[-1].data == "[DONE]"
    for event in events[:-1]:
        chunk = event.json()
        assert chunk["choices"], "a chunk with usage only was not asked for"
        assert chunk.get("usage") is None
    record = gateway.data_plane.logged(answer.headers["x-request-id"])
    row = gateway.provider.row(answer.headers["x-request-id"])
    assert (record["input_tokens"], record["output_tokens"]) == (row["input_tokens"], row["output_tokens"])


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_stream_has_exactly_one_terminal_event(gateway, dialect):
    answer = gateway.call(PATHS[dialect], body(dialect, stream=True))
    events = parse_events(answer.body)
    assert stream_text(dialect, events) == "router ok"
    terminal = {
        "chat": lambda event: event.data == "[DONE]",
        "responses": lambda event: event.name in ("response.completed", "response.failed", "response.incomplete"),
        "messages": lambda event: event.name in ("message_stop", "error"),
    }[dialect]
    assert [index for index, event in enumerate(events) if terminal(event)] == [len(events) - 1]
    if dialect == "chat":
        assert all(event.name is None for event in events)
    else:
        assert all(event.name == event.json()["type"] for event in events)


BREAKS = {
    "the provider closes in the middle": "[[demo bytes=400 chunks=8 chunk_ms=5 cut=mid]]",
    "the provider resets in the middle": "[[demo bytes=400 chunks=8 chunk_ms=5 cut=mid reset=1]]",
    "the provider closes before the end": "[[demo bytes=400 chunks=8 chunk_ms=5 cut=before_end]]",
    "the provider says so itself": "[[demo bytes=400 chunks=8 error_event=1]]",
}


@pytest.mark.parametrize("break_", BREAKS)
@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_broken_stream_ends_with_the_error_of_the_dialect(gateway, dialect, break_):
    answer = gateway.call(PATHS[dialect], body(dialect, BREAKS[break_] + " Go on.", stream=True))
    assert answer.status == 200
    assert_broken_off(dialect, parse_events(answer.body), answer.headers["x-request-id"])


@pytest.mark.parametrize("target", ["default", "chat-only", "responses-only", "messages-only"])
@pytest.mark.parametrize("dialect", DIALECTS)
def test_an_event_that_is_no_json_ends_the_stream_and_is_not_told(gateway, dialect, target):
    """In the caller's own dialect and in every other, although the provider goes on to a clean end behind it."""
    prompt = "[[demo bytes=400 chunks=8 garbage=event]] Go on."
    answer = gateway.call(PATHS[dialect], body(dialect, prompt, model=target, stream=True))
    assert answer.status == 200
    request_id = answer.headers["x-request-id"]
    assert b"broken" not in answer.body
    events = parse_events(answer.body)
    assert_broken_off(dialect, events, request_id, code="upstream-failed")
    assert 0 < len(stream_text(dialect, [event for event in events if not is_chat_error(event)])) < 400
    decision = decided(gateway, request_id)
    assert decision["complete"] is False
    assert [attempt["outcome"] for attempt in decision["attempts"]] == ["garbage"]


def is_chat_error(event):
    return event.name is None and event.data != "[DONE]" and "error" in event.json()


def decided(gateway, request_id):
    """What the node tells of a request a moment after it has ended."""
    address = f"{gateway.data_plane.url}/v1/requests/{request_id}"
    headers = {"Authorization": f"Bearer {gateway.token}"}
    told = eventually(
        lambda: (found := request("GET", address, headers=headers)).status == 200 and found,
        5, saying="the decision is told",
    )
    return told.json()


def assert_broken_off(dialect, events, request_id, code=None):
    """The stream ends with the dialect's error event, and nothing in it pretends that all went well."""
    if dialect == "chat":
        errors = [event.json()["error"] for event in events if event.data != "[DONE]" and "error" in event.json()]
        assert len(errors) == 1, events[-3:]
        assert not any(
            choice.get("finish_reason")
            for event in events if event.data != "[DONE]"
            for choice in event.json().get("choices", [])
        )
        error = errors[0]
    elif dialect == "responses":
        assert events[-1].name == "response.failed", events[-3:]
        response = events[-1].json()["response"]
        assert response["status"] == "failed"
        error = response["error"]
        assert not [event for event in events if event.name == "response.completed"]
        numbers = [event.json()["sequence_number"] for event in events]
        assert numbers == list(range(len(numbers))), numbers
    else:
        assert events[-1].name == "error", events[-3:]
        error = events[-1].json()["error"]
        assert not [event for event in events if event.name == "message_stop"]
    assert error["message"]
    if code and dialect == "responses":
        # The codes of this dialect are a closed list, so ours stands in the message.
        assert error["code"] == "server_error" and code in error["message"], error
    elif code:
        assert code in (error.get("code"), error.get("type")), error


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_stream_that_breaks_before_its_first_event_fails_with_a_status(gateway, dialect):
    answer = gateway.call(PATHS[dialect], body(dialect, "[[demo cut=after_head]] Go on.", stream=True))
    assert answer.status == 502, answer
    assert answer.json()["error"]["type"] == "upstream-failed"


def test_a_large_body_arrives_unchanged(gateway):
    """A 5 MB request: only the model's name may differ."""
    question = body("chat", "Reply with exactly: router ok")
    question["messages"].insert(0, {"role": "system", "content": "x" * 5_000_000})
    answer = gateway.call(PATHS["chat"], question)
    assert answer.status == 200
    row = gateway.provider.row(answer.headers["x-request-id"])
    assert row["bytes_in"] == len(json.dumps(question)) + len("demo-1") - len("default")
