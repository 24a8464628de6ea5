"""The two real command-line agents through the gateway, on every dialect of target: answers, tools, pictures."""

import re
import subprocess
import textwrap

import pytest

from stack.agents import CLAUDE_CODE, CODEX, ClaudeCode, Codex, install
from stack.callers import png
from stack.directives import call, calls_one_by_one
from stack.http import request
from stack.program import ROOT

pytestmark = [pytest.mark.long, pytest.mark.timeout(400)]

AGENTS = {"claude-code": ClaudeCode, "codex": Codex}
TARGETS = {"chat": "openai-chat", "responses": "openai-responses", "messages": "anthropic-messages"}
targets = pytest.mark.parametrize("target", TARGETS)
agents = pytest.mark.parametrize("agent", AGENTS)

# An MCP server of one tool, which tells what it was asked.
LOOKUP = """\
    import json
    import sys

    SCHEMA = {"type": "object", "properties": {"word": {"type": "string"}}, "required": ["word"]}
    TOOL = {"name": "lookup", "description": "Looks a word up", "inputSchema": SCHEMA}

    for line in sys.stdin:
        message = json.loads(line)
        method, parameters = message.get("method"), message.get("params") or {}
        if "id" not in message:
            continue
        if method == "initialize":
            result = {
                "protocolVersion": parameters["protocolVersion"], "capabilities": {"tools": {}},
                "serverInfo": {"name": "dictionary", "version": "1"},
            }
        elif method == "tools/list":
            result = {"tools": [TOOL]}
        elif method == "tools/call":
            text = "looked up " + parameters["arguments"]["word"]
            result = {"content": [{"type": "text", "text": text}]}
        else:
            result = {}
        print(json.dumps({"jsonrpc": "2.0", "id": message["id"], "result": result}), flush=True)
    """


@pytest.fixture(scope="session")
def installed():
    install()


@pytest.fixture
def start(installed, gateway, tmp_path):
    """Makes a session of an agent; whatever it asked for must have come whole from the target's own dialect."""
    dialects = set()

    def make(agent, target, **more):
        dialects.add(TARGETS[target])
        return AGENTS[agent](gateway, tmp_path, f"{target}-only", **more)

    gateway.provider.clear()
    yield make
    gateway.assert_served_whole(dialects)


@agents
@targets
def test_a_plain_answer(start, agent, target):
    assert start(agent, target).say("Reply with exactly: router ok").text == "router ok"


@agents
@targets
def test_a_tool_loop_over_two_turns(start, agent, target):
    session = start(agent, target)
    for word in ("first", "second"):
        command = f"echo router-$((40 + 2))-{word}" if agent == "codex" else f"echo router-42-{word}"
        said = session.say(f"Say it. {call(session.shell, session.arguments(command))}")
        assert [f"router-42-{word}" in result for result in said.results] == [True]
        assert said.text.startswith("Tool results received: ")
        assert f"router-42-{word}" in said.text
    assert "You sent" in session.say("How many messages?").text


@agents
@targets
def test_a_loop_of_several_steps(start, gateway, agent, target):
    session = start(agent, target)
    words = ("one", "two", "three")
    said = session.say(calls_one_by_one(session.shell, *[session.arguments(f"echo router-{word}") for word in words]))
    for word, result in zip(words, said.results, strict=True):
        assert f"router-{word}" in result
    assert "router-three" in said.text
    assert len(gateway.provider.rows()) == len(words) + 1


@agents
@targets
def test_parallel_tools(start, agent, target):
    session = start(agent, target)
    words = ("one", "two", "three")
    said = session.say(call(session.shell, *[session.arguments(f"echo router-{word}") for word in words]))
    assert len(said.results) == 3
    for word in words:
        assert any(f"router-{word}" in result for result in said.results)
        assert f"router-{word}" in said.text


@agents
@targets
def test_a_picture_that_a_tool_brings(start, agent, target):
    session = start(agent, target)
    picture = session.work / "picture.png"
    picture.write_bytes(png())
    said = session.say(f"What is it? {call(*session.picture(picture))}")
    assert "1 image: image/png" in said.text


@agents
@targets
def test_tools_of_an_mcp_server(start, agent, target, tmp_path):
    script = tmp_path / "lookup.py"
    script.write_text(textwrap.dedent(LOOKUP))
    session = start(agent, target)
    session.serve("words", script)
    if agent == "claude-code":
        # It tells of tools like these by name only, until the model has asked for them.
        session.say(call("ToolSearch", {"query": "select:mcp__words__lookup", "max_results": 1}))
    said = session.say(call(session.mcp_tool("words", "lookup", target), {"word": "router"}, {"word": "gateway"}))
    assert sorted(said.results) == ["looked up gateway", "looked up router"]
    assert "looked up gateway" in said.text and "looked up router" in said.text


@targets
def test_codex_is_given_a_picture(start, target):
    session = start("codex", target)
    picture = session.work / "picture.png"
    picture.write_bytes(png())
    assert "1 image: image/png" in session.say("What do you see?", f"--image={picture}").text


@targets
def test_codex_applies_a_patch(start, target):
    session = start("codex", target)
    patch = "*** Begin Patch\n*** Add File: made.txt\n+made by a patch, \"quoted\" \\ and …\n*** End Patch\n"
    # Only Responses has tools of free text; elsewhere it is the one argument of a function.
    asked = patch if target == "responses" else {"input": patch}
    session.say(call("apply_patch", asked))
    assert (session.work / "made.txt").read_text() == 'made by a patch, "quoted" \\ and …\n'
    assert "You sent" in session.say("How many messages?").text


@targets
def test_codex_knows_the_models_of_the_catalogue(start, target):
    said = start("codex", target).say("Reply with exactly: router ok")
    assert "metadata" not in said.printed.lower()
    assert "failed to decode" not in said.printed.lower()


def test_codex_would_warn_without_the_catalogue(start):
    """Else the test before proves nothing."""
    said = start("codex", "chat", catalogue=False).say("Reply with exactly: router ok")
    assert said.text == "router ok"
    assert "metadata" in said.printed.lower()


@targets
def test_claude_code_asks_a_sub_agent(start, target):
    session = start("claude-code", target)
    task = {
        "description": "Say something", "subagent_type": "general-purpose", "prompt": "Reply with exactly: sub ok",
        "run_in_background": False,
    }
    said = session.say(call("Agent", task))
    assert [result for result in said.results if "sub ok" in result]
    assert said.text.startswith("Tool results received: [Subagent")


@targets
def test_claude_code_gets_structured_output(start, target):
    session = start("claude-code", target)
    schema = '{"type":"object","properties":{"word":{"type":"string"}},"required":["word"]}'
    said = session.say(call("StructuredOutput", {"word": "router"}), "--json-schema", schema)
    ends = [event for event in said.events if event["type"] == "result"]
    assert ends[0]["structured_output"] == {"word": "router"}


@targets
def test_claude_code_counts_the_tokens_of_its_context(installed, gateway, tmp_path, target):
    before = len(counts(gateway))
    said = ClaudeCode(gateway, tmp_path, f"{target}-only").say("/context")
    assert "System tools" in said.text
    answered = counts(gateway)[before:]
    assert answered
    assert {line["status"] for line in answered} == {200}


def counts(gateway):
    return [line for line in gateway.data_plane.request_log() if line["endpoint"] == "count-tokens"]


@agents
def test_the_page_of_clients_as_a_reader_follows_it(installed, gateway, tmp_path, agent):
    page = (ROOT / "Docs" / "Clients.md").read_text().replace("http://127.0.0.1:8080", gateway.data_plane.url)
    section = page.split({"codex": "## Codex CLI\n", "claude-code": "## Claude Code CLI\n"}[agent])[1].split("\n## ")[0]
    for settings in re.findall(r"```toml\n(.*?)```", section, re.DOTALL):
        (tmp_path / ".codex").mkdir()
        (tmp_path / ".codex" / "config.toml").write_text(settings)
    for name, binary in {"codex": CODEX, "claude": CLAUDE_CODE}.items():
        (tmp_path / name).symlink_to(binary)
    commands = "".join(re.findall(r"```sh\n(.*?)```", section, re.DOTALL))
    result = subprocess.run(
        ["bash", "-euc", commands], cwd=tmp_path, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=150,
        env={
            "HOME": str(tmp_path), "PATH": f"{tmp_path}:/usr/bin:/bin", "ROUTER_BASE_URL": gateway.data_plane.url,
            "ROUTER_TOKEN": gateway.token, "ROUTER_MODEL": "default",
        },
    )
    assert result.returncode == 0, result.stderr
    assert result.stdout.strip() == "router ok"


def test_claude_code_discovers_models(gateway):
    headers = {"Authorization": f"Bearer {gateway.token}", "anthropic-version": "2023-06-01"}
    answer = request("GET", gateway.data_plane.url + "/v1/models?limit=1000", headers=headers)
    assert answer.status == 200, answer
    listing = answer.json()
    assert listing["has_more"] is False
    assert [entry["id"] for entry in listing["data"]] == gateway.groups()
    for entry in listing["data"]:
        assert entry["type"] == "model" and entry["display_name"] and entry["created_at"].endswith("Z")
