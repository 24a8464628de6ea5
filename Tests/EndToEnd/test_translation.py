"""Every caller dialect on every target dialect: nine pairs, streamed and not, two full turns each."""

import pytest

from stack.bodies import PATHS, assert_envelope, body
from stack.callers import CALLERS, PERSON

TARGETS = ("chat", "responses", "messages")
PAIRS = [(caller, target) for caller in CALLERS for target in TARGETS]
pairs = pytest.mark.parametrize("caller, target", PAIRS, ids=[f"{c}-on-{t}" for c, t in PAIRS])
streamed = pytest.mark.parametrize("stream", [False, True], ids=["whole", "streamed"])


def talk(gateway, caller, target, stream):
    return CALLERS[caller](gateway.data_plane.url, gateway.token, f"{target}-only", stream)


@pairs
@streamed
def test_text_over_two_turns(gateway, caller, target, stream):
    conversation = talk(gateway, caller, target, stream).user("Reply with exactly: router ok")
    first = conversation.say()
    assert first.text == "router ok"
    assert first.stop == "end"
    assert first.input_tokens > 0 and first.output_tokens > 0
    second = conversation.user("How many messages?").say()
    assert "You sent 3 messages" in second.text
    assert "How many messages?" in second.text


@pytest.mark.parametrize("caller, target", [pair for pair in PAIRS if pair[0] != pair[1]])
@streamed
def test_usage_that_a_provider_does_not_tell_is_estimated(gateway, caller, target, stream):
    text = "The quick brown fox jumps over the lazy dog. " * 200
    first = talk(gateway, caller, target, stream).user(f"[[demo no_usage]] {text}").say()
    # Ten tokens a sentence.
    assert 1500 < first.input_tokens < 2700
    assert 20 < first.output_tokens < 200


@pairs
@streamed
def test_a_tool_loop(gateway, caller, target, stream):
    conversation = talk(gateway, caller, target, stream).tools("weather", "time")
    first = conversation.user("What is the weather? [[demo tool=weather]]").say()
    assert [name for _, name, _ in first.calls] == ["weather"]
    assert set(first.calls[0][2]) == {"city"}
    assert first.stop == "tools"
    second = conversation.results([(first.calls[0][0], "sunny, 21 degrees", False)]).say()
    assert second.text.startswith("Tool results received: sunny, 21 degrees")
    assert second.stop == "end"


@pairs
@streamed
def test_parallel_tools_and_results_out_of_order(gateway, caller, target, stream):
    conversation = talk(gateway, caller, target, stream).tools("weather", "time")
    first = conversation.user("Both, please. [[demo tools=3]]").say()
    assert [name for _, name, _ in first.calls] == ["weather", "time", "weather"]
    assert len({id for id, _, _ in first.calls}) == 3
    ids = [id for id, _, _ in first.calls]
    second = conversation.results([(ids[2], "third", False), (ids[0], "first", False), (ids[1], "second", False)]).say()
    for word in ("first", "second", "third"):
        assert word in second.text


@pairs
@streamed
def test_pictures_of_the_user(gateway, caller, target, stream):
    conversation = talk(gateway, caller, target, stream)
    first = conversation.user("What do you see?", images=2).say()
    assert "2 images: image/png, image/png" in first.text
    second = conversation.user("And now?").say()
    assert "You sent 3 messages" in second.text


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("caller", ["responses", "messages"])
@streamed
def test_pictures_in_tool_results(gateway, caller, target, stream):
    conversation = talk(gateway, caller, target, stream).tools("screenshot")
    first = conversation.user("Look. [[demo tool=screenshot]]").say()
    second = conversation.results([(first.calls[0][0], "done", True)]).say()
    assert "1 image: image/png" in second.text


@pairs
@streamed
def test_structured_output(gateway, caller, target, stream):
    import json

    conversation = talk(gateway, caller, target, stream).schema()
    first = conversation.user("Who is it?").say()
    assert set(json.loads(first.text)) == set(PERSON["properties"])
    assert first.stop == "end"
    second = conversation.user("Another one.").say()
    assert set(json.loads(second.text)) == set(PERSON["properties"])


@pairs
@streamed
def test_reasoning_survives_a_tool_loop(gateway, caller, target, stream):
    conversation = talk(gateway, caller, target, stream).tools("weather").think()
    first = conversation.user("Weather? [[demo tool=weather reasoning=1]]").say()
    # Chat has no way to ask for a summary: what it gets depends on what the target shows unasked.
    if caller != "chat":
        assert first.reasoning
    assert [name for _, name, _ in first.calls] == ["weather"]
    second = conversation.results([(first.calls[0][0], "sunny", False)]).say()
    assert "sunny" in second.text


@pairs
@streamed
def test_a_failing_provider_is_told_in_the_callers_words(gateway, caller, target, stream):
    conversation = talk(gateway, caller, target, stream)
    with pytest.raises(conversation.error) as told:
        conversation.user("Fail. [[demo status=500]]").say()
    assert told.value.body["code" if caller != "messages" else "error"]
    with pytest.raises(conversation.error):
        talk(gateway, caller, target, stream).user("Fail. [[demo status=400]]").say()


@pairs
def test_a_stream_that_is_cut_never_looks_whole(gateway, caller, target):
    conversation = talk(gateway, caller, target, stream=True)
    # The OpenAI SDK's helper for Responses says in its own words that no whole answer came.
    with pytest.raises((conversation.error, RuntimeError)):
        conversation.user("Fail. [[demo bytes=400 chunks=8 chunk_ms=5 cut=mid]]").say()


@pairs
def test_a_limit_on_the_answer_is_kept_and_told(gateway, caller, target):
    name = {"chat": "max_completion_tokens", "responses": "max_output_tokens", "messages": "max_tokens"}[caller]
    conversation = talk(gateway, caller, target, stream=False)
    conversation.options[name] = 16
    assert conversation.user("Long. [[demo bytes=4000]]").say().stop == "length"


@pytest.mark.parametrize("target", ["responses", "messages"])
def test_what_no_other_dialect_can_be_told_is_refused_before_the_provider_is_asked(gateway, target):
    gateway.provider.clear()
    answer = gateway.call(PATHS["chat"], body("chat", model=f"{target}-only", n=2))
    error = assert_envelope("chat", answer, 400, "unsupported-parameter")
    assert error["param"] == "n"
    assert gateway.provider.rows() == []


def test_losses_are_listed_and_can_be_refused(gateway):
    request = body("chat", model="messages-only", seed=7, verbosity="low")
    answer = gateway.call(PATHS["chat"], request)
    assert answer.status == 200, answer
    assert set(answer.headers["x-router-dropped"].split(",")) == {"seed", "verbosity"}
    answer = gateway.call(PATHS["chat"], request, headers={"x-router-strict": "true"})
    error = assert_envelope("chat", answer, 400, "unsupported-parameter")
    assert error["param"] in ("seed", "verbosity")


def test_codex_web_search_does_not_break_a_target_without_it(gateway):
    request = body(
        "responses", model="chat-only", tools=[{"type": "web_search", "external_web_access": False}], tool_choice="auto"
    )
    request["tools"].append({"type": "function", "name": "exec", "parameters": {"type": "object", "properties": {}}})
    answer = gateway.call(PATHS["responses"], request)
    assert answer.status == 200, answer
    assert "web_search" in answer.headers["x-router-dropped"]


@pytest.mark.parametrize("target", TARGETS)
def test_tokens_are_counted_for_every_target(gateway, target):
    text = "The quick brown fox jumps over the lazy dog. " * 40
    request = {"model": f"{target}-only", "messages": [{"role": "user", "content": text}]}
    answer = gateway.call("/v1/messages/count_tokens", request)
    assert answer.status == 200, answer
    assert 300 < answer.json()["input_tokens"] < 600
