"""Drives LangChain: an agent of one job on langchain-openai, for either of its APIs, or on langchain-anthropic."""

from langchain.agents import create_agent
from langchain.agents.structured_output import ProviderStrategy, ToolStrategy
from langchain.tools import tool
from langchain_anthropic import ChatAnthropic
from langchain_core.messages import AIMessage, AIMessageChunk, HumanMessage, ToolMessage
from langchain_openai import ChatOpenAI
from pydantic import BaseModel

# What an output is asked by: the provider's own way, or a tool that has to be called.
STRATEGIES = {"native": ProviderStrategy, "tool": ToolStrategy}


class Person(BaseModel):
    """A person."""

    name: str
    age: int


def model(job):
    common = {"model": job.group, "api_key": job.token, "max_retries": 0, "timeout": 30}
    if job.api == "messages":
        thinking = {"thinking": {"type": "enabled", "budget_tokens": 2048}, "max_tokens": 8192} if job.think else {}
        return ChatAnthropic(base_url=job.url, **common, **thinking)
    if job.api == "responses":
        thinking = {"reasoning": {"effort": "low", "summary": "auto"}} if job.think else {}
        return ChatOpenAI(
            base_url=f"{job.url}/v1", use_responses_api=True, store=False,
            include=["reasoning.encrypted_content"] if job.think else None, **common, **thinking,
        )
    thinking = {"reasoning_effort": "low"} if job.think else {}
    # With a base URL of one's own it does not ask a stream for usage, unless it is told to.
    return ChatOpenAI(base_url=f"{job.url}/v1", stream_usage=True, **common, **thinking)


def tools(job):
    picture = {"type": "image", "base64": job.picture, "mime_type": "image/png"}

    @tool
    def weather(city: str) -> str:
        """The weather of a city."""
        return f"sunny in {city}"

    @tool
    def clock(city: str) -> str:
        """The time of a city."""
        return f"noon in {city}"

    @tool
    def look() -> list:
        """A picture of what is in front of the camera."""
        return [{"type": "text", "text": "here it is"}, picture]

    return [each for each in (weather, clock, look) if each.name in job.tools]


def user_turn(job, prompt, is_last):
    if not (job.show_picture and is_last):
        return HumanMessage(prompt)
    picture = {"type": "image", "base64": job.picture, "mime_type": "image/png"}
    return HumanMessage(content=[{"type": "text", "text": prompt}, picture])


def run(job, agent, turns):
    """The state after a run, and how many pieces of text came before its end."""
    if not job.stream:
        return agent.invoke({"messages": turns}), 0
    state, pieces = None, 0
    for mode, event in agent.stream({"messages": turns}, stream_mode=["messages", "values"]):
        if mode == "values":
            state = event
        elif isinstance(event[0], AIMessageChunk) and event[0].text:
            pieces += 1
    return state, pieces


def converse(job):
    strategy = STRATEGIES[job.output](Person) if job.output else None
    agent = create_agent(model(job), tools(job), system_prompt="Be brief.", response_format=strategy)
    turns, texts, pieces = [], [], 0
    for number, prompt in enumerate(job.prompts, 1):
        turns = [*turns, user_turn(job, prompt, number == len(job.prompts))]
        state, more = run(job, agent, turns)
        turns = state["messages"]
        pieces += more
        texts.append(state["structured_response"].model_dump() if job.output else turns[-1].text)
    answers = [turn for turn in turns if isinstance(turn, AIMessage)]
    blocks = [block for answer in answers for block in answer.content_blocks]
    usage = [answer.usage_metadata for answer in answers]
    return {
        "texts": texts,
        "results": [turn.text for turn in turns if isinstance(turn, ToolMessage)],
        "pieces": pieces,
        "thoughts": sum(block["type"] == "reasoning" for block in blocks),
        "tokens": [sum(each["input_tokens"] for each in usage), sum(each["output_tokens"] for each in usage)],
    }
