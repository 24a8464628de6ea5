"""Libraries that build on the vendors' APIs, each over every API that it speaks, on every dialect of target."""

import pytest

from stack.clients import ClientError, Driver
from stack.directives import answer, call, calls_one_by_one

pytestmark = [pytest.mark.long, pytest.mark.timeout(400)]

APIS = {
    "openai-agents": ["chat", "responses"],
    "langchain": ["chat", "responses", "messages"],
    "pydantic-ai": ["chat", "responses", "messages"],
}
TARGETS = {"chat": "openai-chat", "responses": "openai-responses", "messages": "anthropic-messages"}
WAYS = [(client, api, target) for client, apis in APIS.items() for api in apis for target in TARGETS]
ways = pytest.mark.parametrize("way", WAYS, ids=["{}-{}-on-{}".format(*way) for way in WAYS])
streamed = pytest.mark.parametrize("stream", [False, True], ids=["whole", "streamed"])

# All that may get lost on the way. Thoughts that are nobody's go back to no model, JSON without a schema is asked for in
# words where that is the only way, and Responses takes tools for strict whose schemas do not say it.
LOSSES = {
    ("langchain", "messages", "chat"): ["messages.content.thinking"],
    ("langchain", "responses", "chat"): ["tools.strict", "input.reasoning"],
    ("langchain", "responses", "messages"): ["tools.strict"],
    ("openai-agents", "responses", "chat"): ["input.reasoning"],
    ("pydantic-ai", "chat", "messages"): ["messages.reasoning_content", "response_format"],
    ("pydantic-ai", "messages", "chat"): ["messages.content.thinking"],
    ("pydantic-ai", "responses", "chat"): ["input.reasoning"],
    ("pydantic-ai", "responses", "messages"): ["text.format"],
}

# A tool's picture is left out by openai-agents where the API has no place of its own for it.
BRINGING = [way for way in WAYS if way[:2] != ("openai-agents", "chat")]

# How each client can ask for a value: in the API's own way, by a tool that has to be called, or in words.
OUTPUTS = {"openai-agents": ["native"], "langchain": ["native", "tool"], "pydantic-ai": ["native", "tool", "prompted"]}
OUTPUT_TOOLS = {"langchain": "Person", "pydantic-ai": "final_result"}
ASKED = [(way, output) for way in WAYS for output in OUTPUTS[way[0]]]
asked = pytest.mark.parametrize("way, output", ASKED, ids=["{}-{}-on-{}-{}".format(*w, o) for w, o in ASKED])

# What the demo provider makes up for a person, and what it is told to answer.
MADE = {"name": "demo name", "age": 1}
ADA = {"name": "Ada", "age": 36}


@pytest.fixture(scope="session")
def drivers(tmp_path_factory):
    drivers = {name: Driver(name, tmp_path_factory.mktemp(name)) for name in APIS}
    yield drivers
    for driver in drivers.values():
        driver.stop()


@pytest.fixture
def converse(drivers, gateway):
    """Has a conversation; all that the client sent for it must have been answered whole by the target's own dialect."""
    dialects, known = set(), set()

    def converse(way, *prompts, **more):
        client, api, target = way
        dialects.add(TARGETS[target])
        known.update(LOSSES.get(way, ()))
        said = drivers[client].converse(gateway, f"{target}-only", api, prompts, **more)
        assert said["tokens"][0] > 0 and said["tokens"][1] > 0
        return said

    gateway.provider.clear()
    yield converse
    for line in gateway.assert_served_whole(dialects):
        assert set((line["dropped"] or "").split(",")) - {""} <= known, line


@ways
@streamed
def test_a_conversation(converse, way, stream):
    said = converse(way, "Reply with exactly: router ok", "How many messages?", stream=stream)
    assert said["texts"][0] == "router ok"
    assert "The last user text is: How many messages?" in said["texts"][1]
    assert said["pieces"] > 2 if stream else said["pieces"] == 0


@ways
@streamed
def test_a_loop_of_two_tools(converse, way, stream):
    steps = calls_one_by_one("weather,clock", {"city": "Oslo"}, {"city": "Rome"})
    said = converse(way, f"Look both up. {steps}", "Thanks.", stream=stream, tools=["weather", "clock"])
    assert said["results"] == ["sunny in Oslo", "noon in Rome"]
    assert said["texts"][0].startswith("Tool results received: ") and said["texts"][0].endswith("noon in Rome")
    assert "The last user text is: Thanks." in said["texts"][1]


@ways
@streamed
def test_parallel_tools(converse, gateway, way, stream):
    calls = call("weather,clock", {"city": "Oslo"}, {"city": "Rome"}, {"city": "Bonn"})
    said = converse(way, f"All of them. {calls}", stream=stream, tools=["weather", "clock"])
    assert sorted(said["results"]) == ["noon in Rome", "sunny in Bonn", "sunny in Oslo"]
    assert said["texts"] == ["Tool results received: sunny in Oslo | noon in Rome | sunny in Bonn"]
    assert len(gateway.provider.rows()) == 2


@ways
@streamed
def test_a_picture_of_the_user(converse, way, stream):
    said = converse(way, "Good morning.", "What do you see?", stream=stream, picture=True)
    assert "1 image: image/png" in said["texts"][1]


@pytest.mark.parametrize("way", BRINGING, ids=["{}-{}-on-{}".format(*way) for way in BRINGING])
@streamed
def test_a_picture_that_a_tool_brings(converse, way, stream):
    said = converse(way, f"Look. {call('look', {})}", stream=stream, tools=["look"])
    assert "1 image: image/png" in said["texts"][0]


@asked
@streamed
def test_structured_output(converse, way, output, stream):
    said = converse(way, f"Who is it? {answer(ADA) if output == 'prompted' else ''}", stream=stream, output=output)
    assert said["texts"] == [ADA if output == "prompted" else MADE]


@asked
@streamed
def test_structured_output_after_a_tool(converse, way, output, stream):
    city = {"city": "Oslo"}
    directives = {
        "native": call("weather", city),
        "prompted": call("weather", city) + answer(ADA),
        "tool": calls_one_by_one(f"weather,{OUTPUT_TOOLS.get(way[0])}", city, ADA),
    }
    said = converse(way, f"Who is it? {directives[output]}", stream=stream, output=output, tools=["weather"])
    assert said["results"][0] == "sunny in Oslo"
    assert said["texts"] == [MADE if output == "native" else ADA]


@ways
@streamed
def test_reasoning_survives_a_tool_loop(converse, way, stream):
    prompt = f"Think. {call('weather', {'city': 'Oslo'})}"
    said = converse(way, prompt, "Thanks.", stream=stream, tools=["weather"], think=True)
    assert said["results"] == ["sunny in Oslo"]
    assert said["texts"][0] == "Tool results received: sunny in Oslo"
    # Chat has no way to ask for a summary.
    if way[1] != "chat":
        assert said["thoughts"] > 0


@ways
@streamed
def test_a_failing_provider_is_raised_with_its_status(drivers, gateway, way, stream):
    client, api, target = way
    with pytest.raises(ClientError) as raised:
        drivers[client].converse(gateway, f"{target}-only", api, ["Fail. [[demo status=500]]"], stream=stream)
    assert raised.value.status == 502
