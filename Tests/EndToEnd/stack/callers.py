"""The vendors' SDKs behind one face: what a conversation says, in the words of each dialect.

Responses are validated strictly by the SDKs; every method works streamed and not.
"""

import base64
import dataclasses
import json
import struct
import zlib

import anthropic
import openai

WEATHER = {
    "type": "object",
    "properties": {"city": {"type": "string"}},
    "required": ["city"],
    "additionalProperties": False,
}
PERSON = {
    "type": "object",
    "properties": {"name": {"type": "string"}, "age": {"type": "integer"}},
    "required": ["name", "age"],
    "additionalProperties": False,
}


def png(width=8, height=8):
    """A small picture of one colour."""

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = b"".join(b"\0" + b"\xff\0\0" * width for _ in range(height))
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


PICTURE = base64.b64encode(png()).decode()


@dataclasses.dataclass
class Said:
    """What an answer says, in no dialect."""

    text: str
    calls: list  # of (id, name, arguments)
    stop: str  # end, tools, length
    input_tokens: int
    output_tokens: int
    reasoning: bool
    turn: object  # to be sent back


class Caller:
    """A conversation in one dialect: turns are gathered, then asked."""

    def __init__(self, url, token, group, stream):
        self.url, self.token, self.group, self.stream = url, token, group, stream
        self.turns = []
        self.options = {}

    def user(self, text, images=0):
        self.turns += self.user_turn(text, images)
        return self

    def say(self):
        said = self.ask()
        self.turns += said.turn
        return said

    def results(self, results):
        """Results of calls as (id, text, with a picture)."""
        self.turns += self.result_turns(results)
        return self


class ChatCaller(Caller):
    error = openai.APIError

    def user_turn(self, text, images):
        if not images:
            return [{"role": "user", "content": text}]
        url = f"data:image/png;base64,{PICTURE}"
        parts = [{"type": "image_url", "image_url": {"url": url}} for _ in range(images)]
        return [{"role": "user", "content": [{"type": "text", "text": text}, *parts]}]

    def result_turns(self, results):
        return [{"role": "tool", "tool_call_id": id, "content": text} for id, text, _ in results]

    def tools(self, *names):
        self.options["tools"] = [
            {"type": "function", "function": {"name": name, "parameters": WEATHER}} for name in names
        ]
        return self

    def schema(self):
        self.options["response_format"] = {
            "type": "json_schema", "json_schema": {"name": "person", "schema": PERSON, "strict": True},
        }
        return self

    def think(self):
        self.options["reasoning_effort"] = "low"
        return self

    def ask(self):
        with openai.OpenAI(
            base_url=f"{self.url}/v1", api_key=self.token, max_retries=0, timeout=20, _strict_response_validation=True
        ) as client:
            request = dict(model=self.group, messages=self.turns, **self.options)
            if self.stream:
                with client.chat.completions.stream(**request, stream_options={"include_usage": True}) as stream:
                    for _ in stream:
                        pass
                    answer = stream.get_final_completion()
            else:
                answer = client.chat.completions.create(**request)
        choice = answer.choices[0]
        turn = choice.message.model_dump(exclude_none=True)
        turn.pop("parsed", None)
        for call in turn.get("tool_calls", []):
            call["function"].pop("parsed_arguments", None)
        return Said(
            text=choice.message.content or "",
            calls=[(c.id, c.function.name, json.loads(c.function.arguments)) for c in choice.message.tool_calls or []],
            stop={"stop": "end", "tool_calls": "tools", "length": "length"}[choice.finish_reason],
            input_tokens=answer.usage.prompt_tokens,
            output_tokens=answer.usage.completion_tokens,
            reasoning=bool(turn.get("reasoning_content")),
            turn=[turn],
        )


class ResponsesCaller(Caller):
    error = openai.APIError

    def user_turn(self, text, images):
        url = f"data:image/png;base64,{PICTURE}"
        parts = [{"type": "input_image", "detail": "auto", "image_url": url} for _ in range(images)]
        return [{"type": "message", "role": "user", "content": [{"type": "input_text", "text": text}, *parts]}]

    def result_turns(self, results):
        url = f"data:image/png;base64,{PICTURE}"
        picture = [{"type": "input_image", "detail": "auto", "image_url": url}]
        return [
            {
                "type": "function_call_output", "call_id": id,
                "output": [{"type": "input_text", "text": text}, *picture] if with_picture else text,
            }
            for id, text, with_picture in results
        ]

    def tools(self, *names):
        self.options["tools"] = [
            {"type": "function", "name": name, "parameters": WEATHER, "strict": True} for name in names
        ]
        return self

    def schema(self):
        self.options["text"] = {
            "format": {"type": "json_schema", "name": "person", "schema": PERSON, "strict": True}
        }
        return self

    def think(self):
        self.options["reasoning"] = {"effort": "low", "summary": "auto"}
        self.options["include"] = ["reasoning.encrypted_content"]
        return self

    def ask(self):
        with openai.OpenAI(
            base_url=f"{self.url}/v1", api_key=self.token, max_retries=0, timeout=20, _strict_response_validation=True
        ) as client:
            request = dict(model=self.group, input=self.turns, store=False, **self.options)
            if self.stream:
                with client.responses.stream(**request) as stream:
                    events = list(stream)
                    answer = stream.get_final_response()
                numbers = [event.sequence_number for event in events if hasattr(event, "sequence_number")]
                assert numbers == sorted(set(numbers))
            else:
                answer = client.responses.create(**request)
        items = [item.model_dump(exclude_none=True) for item in answer.output]
        calls = [item for item in items if item["type"] == "function_call"]
        reasons = {"max_output_tokens": "length"}
        return Said(
            text=answer.output_text,
            calls=[(item["call_id"], item["name"], json.loads(item["arguments"])) for item in calls],
            stop=reasons[answer.incomplete_details.reason] if answer.status == "incomplete" else
            "tools" if calls else "end",
            input_tokens=answer.usage.input_tokens,
            output_tokens=answer.usage.output_tokens,
            reasoning=any(item["type"] == "reasoning" for item in items),
            turn=items,
        )


class MessagesCaller(Caller):
    error = anthropic.APIError

    def user_turn(self, text, images):
        source = {"type": "base64", "media_type": "image/png", "data": PICTURE}
        parts = [{"type": "image", "source": source} for _ in range(images)]
        return [{"role": "user", "content": [*parts, {"type": "text", "text": text}]}]

    def result_turns(self, results):
        source = {"type": "base64", "media_type": "image/png", "data": PICTURE}
        return [
            {
                "role": "user",
                "content": [
                    {
                        "type": "tool_result", "tool_use_id": id,
                        "content": [{"type": "text", "text": text}, *([{"type": "image", "source": source}] * picture)],
                    }
                    for id, text, picture in results
                ],
            }
        ]

    def tools(self, *names):
        self.options["tools"] = [{"name": name, "input_schema": WEATHER} for name in names]
        return self

    def schema(self):
        self.options["output_config"] = {"format": {"type": "json_schema", "schema": PERSON}}
        return self

    def think(self):
        self.options["thinking"] = {"type": "enabled", "budget_tokens": 2048}
        self.options["max_tokens"] = 8192
        return self

    def ask(self):
        with anthropic.Anthropic(
            base_url=self.url, api_key=self.token, max_retries=0, timeout=20, _strict_response_validation=True
        ) as client:
            request = dict(model=self.group, messages=self.turns, **{"max_tokens": 1024, **self.options})
            if self.stream:
                with client.messages.stream(**request) as stream:
                    for _ in stream:
                        pass
                    answer = stream.get_final_message()
            else:
                answer = client.messages.create(**request)
        blocks = [block.model_dump(exclude_none=True) for block in answer.content]
        for block in blocks:
            for junk in ("parsed_output", "parsed"):
                block.pop(junk, None)
        return Said(
            text="".join(block["text"] for block in blocks if block["type"] == "text"),
            calls=[(block["id"], block["name"], block["input"]) for block in blocks if block["type"] == "tool_use"],
            stop={"end_turn": "end", "tool_use": "tools", "max_tokens": "length"}[answer.stop_reason],
            input_tokens=answer.usage.input_tokens,
            output_tokens=answer.usage.output_tokens,
            reasoning=any(block["type"] in ("thinking", "redacted_thinking") for block in blocks),
            turn=[{"role": "assistant", "content": blocks}],
        )


CALLERS = {"chat": ChatCaller, "responses": ResponsesCaller, "messages": MessagesCaller}
