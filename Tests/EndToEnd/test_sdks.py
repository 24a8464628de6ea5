"""The vendors' own Python SDKs, in strict response validation, on all three endpoints, streaming and not."""

import anthropic
import openai
import pytest

SAY = "Reply with exactly: router ok"


@pytest.fixture
def openai_client(gateway):
    with openai.OpenAI(
        base_url=f"{gateway.data_plane.url}/v1", api_key=gateway.token, max_retries=0, timeout=20,
        _strict_response_validation=True,
    ) as client:
        yield client


@pytest.fixture
def anthropic_client(gateway):
    with anthropic.Anthropic(
        base_url=gateway.data_plane.url, api_key=gateway.token, max_retries=0, timeout=20,
        _strict_response_validation=True,
    ) as client:
        yield client


WEATHER = {
    "type": "object",
    "properties": {"city": {"type": "string"}},
    "required": ["city"],
}


def test_chat_answers_the_openai_sdk(openai_client):
    answer = openai_client.chat.completions.create(
        model="default", messages=[{"role": "user", "content": SAY}], max_tokens=32
    )
    assert answer.choices[0].message.content == "router ok"
    assert answer.choices[0].finish_reason == "stop"
    assert answer.usage.total_tokens > 0


def test_chat_streams_to_the_openai_sdk(openai_client):
    chunks = list(
        openai_client.chat.completions.create(
            model="default", messages=[{"role": "user", "content": SAY}], stream=True,
            stream_options={"include_usage": True},
        )
    )
    assert "".join(choice.delta.content or "" for chunk in chunks for choice in chunk.choices) == "router ok"
    assert chunks[-1].usage.total_tokens > 0 and chunks[-1].choices == []
    assert [choice.finish_reason for chunk in chunks for choice in chunk.choices if choice.finish_reason] == ["stop"]


def test_chat_streams_no_usage_that_was_not_asked_for(openai_client):
    chunks = list(
        openai_client.chat.completions.create(
            model="default", messages=[{"role": "user", "content": SAY}], stream=True
        )
    )
    assert all(chunk.usage is None and chunk.choices for chunk in chunks)


def test_chat_tools_reach_the_openai_sdk(openai_client):
    tools = [{"type": "function", "function": {"name": "weather", "parameters": WEATHER}}]
    answer = openai_client.chat.completions.create(
        model="default", tools=tools,
        messages=[{"role": "user", "content": "What is the weather? [[demo tool=weather]]"}],
    )
    call = answer.choices[0].message.tool_calls[0]
    assert call.function.name == "weather"
    assert answer.choices[0].finish_reason == "tool_calls"
    again = openai_client.chat.completions.create(
        model="default", tools=tools,
        messages=[
            {"role": "user", "content": "What is the weather?"},
            answer.choices[0].message.model_dump(exclude_none=True),
            {"role": "tool", "tool_call_id": call.id, "content": "sunny"},
        ],
    )
    assert again.choices[0].message.content


def test_chat_tools_stream_to_the_openai_sdk(openai_client):
    tools = [{"type": "function", "function": {"name": "weather", "parameters": WEATHER}}]
    with openai_client.chat.completions.stream(
        model="default", tools=tools, messages=[{"role": "user", "content": "Weather? [[demo tool=weather]]"}]
    ) as stream:
        final = stream.get_final_completion()
    assert final.choices[0].message.tool_calls[0].function.name == "weather"


def test_responses_answer_the_openai_sdk(openai_client):
    answer = openai_client.responses.create(model="default", input=SAY, max_output_tokens=32)
    assert answer.output_text == "router ok"
    assert answer.status == "completed"
    assert answer.usage.total_tokens > 0


def test_responses_stream_to_the_openai_sdk(openai_client):
    with openai_client.responses.stream(model="default", input=SAY) as stream:
        events = list(stream)
        final = stream.get_final_response()
    assert final.output_text == "router ok"
    numbers = [event.sequence_number for event in events if hasattr(event, "sequence_number")]
    assert numbers == sorted(numbers)


def test_responses_tools_stream_to_the_openai_sdk(openai_client):
    tools = [{"type": "function", "name": "weather", "parameters": WEATHER, "strict": False}]
    with openai_client.responses.stream(
        model="default", tools=tools, input="Weather? [[demo tool=weather]]"
    ) as stream:
        for _ in stream:
            pass
        final = stream.get_final_response()
    assert [item.name for item in final.output if item.type == "function_call"] == ["weather"]


def test_messages_answer_the_anthropic_sdk(anthropic_client):
    answer = anthropic_client.messages.create(
        model="default", max_tokens=32, messages=[{"role": "user", "content": SAY}]
    )
    assert answer.content[0].text == "router ok"
    assert answer.stop_reason == "end_turn"
    assert answer.usage.output_tokens > 0


def test_messages_stream_to_the_anthropic_sdk(anthropic_client):
    with anthropic_client.messages.stream(
        model="default", max_tokens=32, messages=[{"role": "user", "content": SAY}]
    ) as stream:
        assert "".join(stream.text_stream) == "router ok"
        final = stream.get_final_message()
    assert final.stop_reason == "end_turn"


def test_messages_tools_stream_to_the_anthropic_sdk(anthropic_client):
    with anthropic_client.messages.stream(
        model="default", max_tokens=256, tools=[{"name": "weather", "input_schema": WEATHER}],
        messages=[{"role": "user", "content": "Weather? [[demo tool=weather]]"}],
    ) as stream:
        final = stream.get_final_message()
    assert [block.name for block in final.content if block.type == "tool_use"] == ["weather"]
    assert final.stop_reason == "tool_use"


def test_both_sdks_list_the_models_that_the_token_may_use(gateway, openai_client, anthropic_client):
    expected = set(gateway.groups())
    assert {model.id for model in openai_client.models.list()} == expected
    assert {model.id for model in anthropic_client.models.list()} == expected


def test_the_openai_sdk_retrieves_one_model(openai_client):
    assert openai_client.models.retrieve("default").id == "default"


def test_the_sdks_raise_their_own_errors(gateway, openai_client, anthropic_client):
    with pytest.raises(openai.PermissionDeniedError) as refused:
        openai_client.chat.completions.create(model="private", messages=[{"role": "user", "content": SAY}])
    assert refused.value.code == "model-not-allowed"
    with pytest.raises(anthropic.PermissionDeniedError) as refused:
        anthropic_client.messages.create(model="private", max_tokens=8, messages=[{"role": "user", "content": SAY}])
    assert refused.value.body["error"]["type"] == "model-not-allowed"
    with openai.OpenAI(base_url=f"{gateway.data_plane.url}/v1", api_key="rtr_wrong", max_retries=0) as stranger:
        with pytest.raises(openai.AuthenticationError):
            stranger.models.list()


def test_an_error_inside_a_stream_is_raised_by_the_sdks(openai_client, anthropic_client):
    prompt = "Fail. [[demo bytes=400 chunks=8 chunk_ms=5 cut=mid]]"
    with pytest.raises(openai.APIError):
        for _ in openai_client.chat.completions.create(
            model="default", messages=[{"role": "user", "content": prompt}], stream=True
        ):
            pass
    with pytest.raises(anthropic.APIError):
        with anthropic_client.messages.stream(
            model="default", max_tokens=512, messages=[{"role": "user", "content": prompt}]
        ) as stream:
            for _ in stream:
                pass
