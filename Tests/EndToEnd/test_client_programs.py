"""The programs llm and aider over every API that they speak, on every dialect of target."""

import re
import subprocess

import pytest

from stack.callers import png
from stack.client_programs import FUNCTIONS, Aider, Llm
from stack.clients import install, quiet_environment
from stack.directives import answer, call, calls_one_by_one
from stack.program import ROOT

pytestmark = [pytest.mark.long, pytest.mark.timeout(400)]

TARGETS = {"chat": "openai-chat", "responses": "openai-responses", "messages": "anthropic-messages"}
targets = pytest.mark.parametrize("target", TARGETS)
streamed = pytest.mark.parametrize("stream", [False, True], ids=["whole", "streamed"])
# What llm and aider call a model of each API.
llm_apis = pytest.mark.parametrize("api", ["chat", "responses", "anthropic"])
aider_apis = pytest.mark.parametrize("api", ["openai", "anthropic"])


@pytest.fixture(scope="session")
def one_llm(gateway, tmp_path_factory):
    return Llm(gateway, tmp_path_factory.mktemp("llm"), [f"{target}-only" for target in TARGETS])


@pytest.fixture
def served_whole(gateway, target):
    """All that a client sends must be answered whole by the target's own dialect."""
    gateway.provider.clear()
    yield
    gateway.assert_served_whole({TARGETS[target]})


@llm_apis
@targets
@streamed
def test_llm_holds_a_conversation(one_llm, served_whole, api, target, stream):
    model = f"{api}/{target}-only"
    assert one_llm.say(model, "Reply with exactly: router ok", stream=stream)[0] == "router ok"
    assert "The last user text is: And now?" in one_llm.say(model, "And now?", "-c", stream=stream)[0]


@llm_apis
@targets
@streamed
def test_llm_runs_tools(one_llm, served_whole, api, target, stream):
    steps = calls_one_by_one("weather,clock", {"city": "Oslo"}, {"city": "Rome"})
    options = ["--functions", FUNCTIONS, "--td"]
    text, told = one_llm.say(f"{api}/{target}-only", f"Look it up. {steps}", *options, stream=stream)
    assert "sunny in Oslo" in told and "noon in Rome" in told
    assert text.endswith("noon in Rome") and "Tool results received: " in text


@llm_apis
@targets
def test_llm_runs_tools_in_parallel(one_llm, served_whole, api, target):
    calls = call("weather,clock", {"city": "Oslo"}, {"city": "Rome"})
    text, _ = one_llm.say(f"{api}/{target}-only", f"Look it up. {calls}", "--functions", FUNCTIONS)
    assert text.endswith("Tool results received: sunny in Oslo | noon in Rome")


@llm_apis
@targets
@streamed
def test_llm_fits_a_schema(one_llm, served_whole, api, target, stream):
    text, _ = one_llm.say(f"{api}/{target}-only", "Who is it?", "--schema", "name, age int", stream=stream)
    assert text == '{"name":"demo name","age":1}'


@llm_apis
@targets
def test_llm_attaches_a_picture(one_llm, served_whole, api, target):
    picture = one_llm.home / "picture.png"
    picture.write_bytes(png())
    assert "1 image: image/png" in one_llm.say(f"{api}/{target}-only", "What do you see?", "-a", picture)[0]


@targets
def test_llm_counts_tokens(one_llm, target):
    text, _ = one_llm.run("anthropic", "count", "-m", f"anthropic/{target}-only", "A few words.")
    assert 1 <= int(text) <= 60


FILE = 'def greeting(name):\n    print(f"Hello {name}")\n'
EDITED = FILE.replace("Hello", "Hey")
EDITS = {
    "whole": f"I make it casual.\n\ngreeting.py\n```\n{EDITED}```\n",
    "diff": 'greeting.py\n```python\n<<<<<<< SEARCH\n    print(f"Hello {name}")\n=======\n'
            '    print(f"Hey {name}")\n>>>>>>> REPLACE\n```\n',
}


@aider_apis
@targets
@pytest.mark.parametrize("form", EDITS)
@streamed
def test_aider_edits_a_file(gateway, served_whole, tmp_path, api, target, form, stream):
    file = tmp_path / "greeting.py"
    file.write_text(FILE)
    said = Aider(gateway, tmp_path, f"{target}-only").say(
        f"{api}/{target}-only", f"Make it casual. {answer(EDITS[form])}", "--edit-format", form, file, stream=stream
    )
    assert "Applied edit to greeting.py" in said
    assert file.read_text() == EDITED


@aider_apis
@targets
def test_aider_shows_a_picture(gateway, served_whole, tmp_path, api, target):
    picture = tmp_path / "picture.png"
    picture.write_bytes(png())
    said = Aider(gateway, tmp_path, f"{target}-only").say(f"{api}/{target}-only", "What do you see?", picture)
    assert "1 image: image/png" in said


# What aider knows of a model it knows by the name: these think and have their prompts cached.
CLAUDES = {
    "chat": "claude-sonnet-4-20250514", "responses": "claude-opus-4-20250514", "messages": "claude-3-7-sonnet-20250219",
}


@pytest.fixture(scope="session")
def token_for_claudes(gateway):
    for target, name in CLAUDES.items():
        only = {"id": "only", "provider": f"{target}-only", "model": "demo-1"}
        gateway.admin.put(f"/groups/{name}", {"targets": [only]})
    return gateway.new_token(allow=list(CLAUDES.values()))[1]


@targets
@streamed
def test_aider_thinks_and_caches_with_groups_that_are_called_like_models(
    gateway, token_for_claudes, served_whole, tmp_path, target, stream
):
    said = Aider(gateway, tmp_path, CLAUDES[target], token_for_claudes).say(
        f"anthropic/{CLAUDES[target]}", "Reply with exactly: router ok", "--thinking-tokens", "2048", "--cache-prompts",
        stream=stream,
    )
    assert "I answer by rule." in said
    assert "router ok" in said


# The title of a client's section, and how many answers its lines ask for.
SECTIONS = {
    "openai-agents": ("OpenAI Agents SDK", 1), "langchain": ("LangChain", 3), "pydantic-ai": ("Pydantic AI", 3),
    "llm": ("llm", 3), "aider": ("aider", 2),
}


@pytest.mark.parametrize("client", SECTIONS)
def test_the_page_of_clients_as_a_reader_follows_it(gateway, tmp_path, client):
    title, asked = SECTIONS[client]
    section = (ROOT / "Docs" / "Clients.md").read_text().split(f"\n## {title}\n")[1].split("\n## ")[0]
    blocks = re.findall(r"^```(sh|python)\n(.*?)^```", section, re.DOTALL | re.MULTILINE)
    programs = install(client)
    environment = {
        **quiet_environment(tmp_path), "PATH": f"{programs}:/usr/bin:/bin", "ROUTER_MODEL": "default",
        "ROUTER_BASE_URL": gateway.data_plane.url, "ROUTER_TOKEN": gateway.token,
    }
    answers = 0
    for language, text in blocks:
        command = {"sh": ["bash", "-euc", text], "python": [str(programs / "python"), "-c", text]}[language]
        result = subprocess.run(
            command, cwd=tmp_path, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True,
            timeout=150,
        )
        assert result.returncode == 0, result.stderr
        answers += result.stdout.count("router ok")
    assert answers == asked
