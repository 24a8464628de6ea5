"""Drives pydantic-ai: an agent of one job on its models for Chat Completions, Responses or Messages."""

import base64

from anthropic import AsyncAnthropic
from openai import AsyncOpenAI
from pydantic import BaseModel
from pydantic_ai import Agent, BinaryContent, NativeOutput, PromptedOutput, ToolOutput
from pydantic_ai.messages import ModelResponse, ThinkingPart, ToolReturnPart
from pydantic_ai.models.anthropic import AnthropicModel
from pydantic_ai.models.openai import OpenAIChatModel, OpenAIResponsesModel
from pydantic_ai.providers.anthropic import AnthropicProvider
from pydantic_ai.providers.openai import OpenAIProvider

# What an output is asked by: the provider's own way, a tool that has to be called, or words.
OUTPUTS = {"native": NativeOutput, "tool": ToolOutput, "prompted": PromptedOutput}


class Person(BaseModel):
    """A person."""

    name: str
    age: int


def model(job):
    if job.api == "messages":
        client = AsyncAnthropic(base_url=job.url, api_key=job.token, max_retries=0, timeout=30)
        return AnthropicModel(
            job.group, provider=AnthropicProvider(anthropic_client=client),
            # It knows what Anthropic's models can do by their names; a group has another.
            profile={"supports_json_schema_output": True},
        )
    client = AsyncOpenAI(base_url=f"{job.url}/v1", api_key=job.token, max_retries=0, timeout=30)
    kind = {"chat": OpenAIChatModel, "responses": OpenAIResponsesModel}[job.api]
    return kind(job.group, provider=OpenAIProvider(openai_client=client))


def settings(job):
    if not job.think:
        return {}
    return {
        "chat": {"openai_reasoning_effort": "low"},
        "responses": {"openai_reasoning_effort": "low", "openai_reasoning_summary": "auto", "openai_store": False},
        "messages": {"anthropic_thinking": {"type": "enabled", "budget_tokens": 2048}, "max_tokens": 8192},
    }[job.api]


def tools(job):
    def weather(city: str) -> str:
        """The weather of a city."""
        return f"sunny in {city}"

    def clock(city: str) -> str:
        """The time of a city."""
        return f"noon in {city}"

    def look() -> BinaryContent:
        """A picture of what is in front of the camera."""
        return picture(job)

    return [tool for tool in (weather, clock, look) if tool.__name__ in job.tools]


def picture(job):
    return BinaryContent(base64.b64decode(job.picture), media_type="image/png")


def user_turn(job, prompt, is_last):
    return [prompt, picture(job)] if job.show_picture and is_last else prompt


async def run(job, agent, turn, history):
    """The output, the messages after a run, and how many pieces of text came before its end."""
    if not job.stream:
        result = await agent.run(turn, message_history=history)
        return result.output, result.all_messages(), 0
    async with agent.run_stream(turn, message_history=history) as result:
        if job.output:
            pieces = [piece async for piece in result.stream_output(debounce_by=None)]
        else:
            pieces = [piece async for piece in result.stream_text(delta=True, debounce_by=None)]
        return await result.get_output(), result.all_messages(), len(pieces)


async def converse(job):
    agent = Agent(
        model(job), instructions="Be brief.", tools=tools(job), model_settings=settings(job), retries=0,
        output_type=OUTPUTS[job.output](Person) if job.output else str,
    )
    history, texts, pieces = [], [], 0
    for number, prompt in enumerate(job.prompts, 1):
        output, history, more = await run(job, agent, user_turn(job, prompt, number == len(job.prompts)), history)
        pieces += more
        texts.append(output.model_dump() if isinstance(output, Person) else output)
    parts = [part for message in history for part in message.parts]
    answers = [message for message in history if isinstance(message, ModelResponse)]
    return {
        "texts": texts,
        "results": [
            part.model_response_str() for part in parts
            if isinstance(part, ToolReturnPart) and part.tool_name in job.tools
        ],
        "pieces": pieces,
        "thoughts": sum(isinstance(part, ThinkingPart) for part in parts),
        "tokens": [
            sum(answer.usage.input_tokens for answer in answers), sum(answer.usage.output_tokens for answer in answers),
        ],
    }
