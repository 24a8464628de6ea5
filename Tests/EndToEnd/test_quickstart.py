"""The commands of the quickstart page, as a reader would paste them."""

import json
import os
import pathlib
import subprocess
import sys

import pytest


@pytest.fixture
def shell(gateway, tmp_path):
    """Runs a script as a reader's shell would, after the exports of the page."""

    def run(script, timeout=60):
        exports = (
            f'export ROUTER_BASE_URL="{gateway.data_plane.url}"\n'
            f'export ROUTER_TOKEN="{gateway.token}"\n'
            'export ROUTER_MODEL="default"\n'
        )
        environment = {**os.environ, "PATH": f"{pathlib.Path(sys.executable).parent}:{os.environ['PATH']}"}
        environment.pop("VIRTUAL_ENV", None)
        result = subprocess.run(
            ["bash", "-e", "-o", "pipefail", "-c", exports + script], cwd=tmp_path, env=environment,
            capture_output=True, text=True, timeout=timeout, stdin=subprocess.DEVNULL,
        )
        assert result.returncode == 0, result.stderr
        return result.stdout

    return run


def test_model_discovery(shell, gateway):
    out = shell('curl "$ROUTER_BASE_URL/v1/models" -H "Authorization: Bearer $ROUTER_TOKEN"')
    listing = json.loads(out)
    assert listing["object"] == "list"
    assert [row["id"] for row in listing["data"]] == gateway.groups()


def test_openai_compatible_chat(shell):
    out = shell("""curl "$ROUTER_BASE_URL/v1/chat/completions" -H "Authorization: Bearer $ROUTER_TOKEN" -H "Content-Type: application/json" -d '{
"model": "'"$ROUTER_MODEL"'",
"messages": [
{"role": "user", "content": "Reply with exactly: router ok"}
]
}'""")
    assert json.loads(out)["choices"][0]["message"] | {} and "router ok" in out


def test_openai_responses(shell):
    out = shell("""curl "$ROUTER_BASE_URL/v1/responses" -H "Authorization: Bearer $ROUTER_TOKEN" -H "Content-Type: application/json" -d '{
"model": "'"$ROUTER_MODEL"'",
"input": "Reply with exactly: router ok",
"max_output_tokens": 32
}'""")
    assert json.loads(out)["object"] == "response" and "router ok" in out


def test_anthropic_compatible_messages(shell):
    out = shell("""curl "$ROUTER_BASE_URL/v1/messages" -H "Authorization: Bearer $ROUTER_TOKEN" -H "Content-Type: application/json" -d '{
"model": "'"$ROUTER_MODEL"'",
"max_tokens": 32,
"messages": [
{"role": "user", "content": "Reply with exactly: router ok"}
]
}'""")
    assert [block["text"] for block in json.loads(out)["content"]] == ["router ok"]


def test_the_python_client(shell):
    out = shell("""mkdir smart-router-python-example
cd smart-router-python-example
uv init --bare
uv add openai
cat > smoke.py <<'PY'
import os
from openai import OpenAI
router_base_url = os.environ["ROUTER_BASE_URL"].rstrip("/")
router_token = os.environ["ROUTER_TOKEN"]
router_model = os.environ["ROUTER_MODEL"]
client = OpenAI(
    base_url=f"{router_base_url}/v1",
    api_key=router_token,
)
response = client.chat.completions.create(
    model=router_model,
    messages=[
        {"role": "user", "content": "Reply with exactly: router ok"},
    ],
    max_tokens=32,
)
print(response.choices[0].message.content)
PY
uv run python smoke.py""", timeout=150)
    assert out.strip().splitlines()[-1] == "router ok"
