"""Drives openai-agents: an agent of one job on its model for Responses or for Chat Completions."""

from agents import (
    Agent, ModelSettings, OpenAIChatCompletionsModel, OpenAIResponsesModel, Runner, ToolOutputImage, function_tool,
)
from openai import AsyncOpenAI
from openai.types.shared import Reasoning
from pydantic import BaseModel

MODELS = {"chat": OpenAIChatCompletionsModel, "responses": OpenAIResponsesModel}
PIECES = ("response.output_text.delta",)


class Person(BaseModel):
    name: str
    age: int


def tools(job):
    @function_tool
    def weather(city: str) -> str:
        """The weather of a city."""
        return f"sunny in {city}"

    @function_tool
    def clock(city: str) -> str:
        """The time of a city."""
        return f"noon in {city}"

    @function_tool
    def look() -> ToolOutputImage:
        """A picture of what is in front of the camera."""
        return ToolOutputImage(image_url=f"data:image/png;base64,{job.picture}")

    return [tool for tool in (weather, clock, look) if tool.name in job.tools]


def user_turn(job, prompt, is_last):
    if not (job.show_picture and is_last):
        return [{"role": "user", "content": prompt}]
    picture = {"type": "input_image", "image_url": f"data:image/png;base64,{job.picture}", "detail": "auto"}
    return [{"role": "user", "content": [{"type": "input_text", "text": prompt}, picture]}]


async def run(job, agent, turns):
    """The result of a run, and how many pieces of text came before its end."""
    if not job.stream:
        return await Runner.run(agent, turns), 0
    pieces = 0
    result = Runner.run_streamed(agent, turns)
    async for event in result.stream_events():
        if event.type == "raw_response_event" and event.data.type in PIECES:
            pieces += 1
    return result, pieces


async def converse(job):
    client = AsyncOpenAI(base_url=f"{job.url}/v1", api_key=job.token, max_retries=0, timeout=30)
    thinking = Reasoning(effort="low", summary="auto") if job.think else None
    agent = Agent(
        name="Assistant",
        instructions="Be brief.",
        model=MODELS[job.api](model=job.group, openai_client=client),
        model_settings=ModelSettings(
            reasoning=thinking, include_usage=True, store=False,
            response_include=["reasoning.encrypted_content"] if job.think and job.api == "responses" else None,
        ),
        tools=tools(job),
        output_type=Person if job.output else None,
    )
    turns, texts, pieces, results, thoughts, tokens = [], [], 0, [], 0, [0, 0]
    for number, prompt in enumerate(job.prompts, 1):
        turns += user_turn(job, prompt, number == len(job.prompts))
        result, more = await run(job, agent, turns)
        turns = result.to_input_list()
        pieces += more
        value = result.final_output
        texts.append(value.model_dump() if isinstance(value, Person) else value)
        results += [str(item.output) for item in result.new_items if item.type == "tool_call_output_item"]
        thoughts += sum(item.type == "reasoning_item" for item in result.new_items)
        usage = result.context_wrapper.usage
        tokens = [tokens[0] + usage.input_tokens, tokens[1] + usage.output_tokens]
    return {"texts": texts, "results": results, "pieces": pieces, "thoughts": thoughts, "tokens": tokens}
