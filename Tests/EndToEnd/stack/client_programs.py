"""The programs llm and aider, as their users set them up."""

import json
import re
import subprocess

from .clients import install, quiet_environment

# Tools for llm.
FUNCTIONS = """
def weather(city: str) -> str:
    return f"sunny in {city}"

def clock(city: str) -> str:
    return f"noon in {city}"
"""


class ClientProgram:
    """A program in a home of its own."""

    def __init__(self, name, directory, environment):
        self.program, self.home = install(name) / name, directory
        self.environment = {**quiet_environment(directory), **environment}

    def run(self, *arguments):
        """What it printed to its output and to its errors."""
        result = subprocess.run(
            [str(self.program), *map(str, arguments)], cwd=self.home, env=self.environment, stdin=subprocess.DEVNULL,
            capture_output=True, text=True, timeout=120,
        )
        assert result.returncode == 0, f"status {result.returncode}\n{result.stdout[-2000:]}\n{result.stderr[-4000:]}"
        return result.stdout, result.stderr


class Llm(ClientProgram):
    """llm with a model for each API and group, which is called `chat/GROUP`, `responses/GROUP` or `anthropic/GROUP`."""

    def __init__(self, gateway, directory, groups):
        user = directory / "llm"
        user.mkdir()
        super().__init__(
            "llm", directory, {"LLM_USER_PATH": str(user), "ANTHROPIC_BASE_URL": gateway.data_plane.url}
        )
        # JSON is YAML.
        (user / "extra-openai-models.yaml").write_text(json.dumps([
            {
                "model_id": f"{api}/{group}", "model_name": group, "api_base": f"{gateway.data_plane.url}/v1",
                "api_key_name": "router", "supports_tools": True, "supports_schema": True, "vision": True,
                "responses": api == "responses", "reasoning": api == "responses",
            }
            for api in ("chat", "responses") for group in groups
        ]))
        for key in ("router", "anthropic"):
            self.run("keys", "set", key, "--value", gateway.token)
        self.run("anthropic", "refresh")

    def say(self, model, prompt, *options, stream=True):
        """The text, and whatever went to the errors: thoughts, calls of tools, usage."""
        text, rest = self.run("-m", model, prompt, "-u", *options, *([] if stream else ["--no-stream"]))
        used = re.search(r"Token usage: ([\d,]+) input, ([\d,]+) output", rest)
        assert used and "0" not in used.groups(), rest
        return text.strip(), rest


class Aider(ClientProgram):
    """One file in a directory, and aider that is told to change it, as models `openai/GROUP` or `anthropic/GROUP`."""

    def __init__(self, gateway, directory, group, token=None):
        url, token = gateway.data_plane.url, token or gateway.token
        super().__init__(
            "aider", directory,
            {
                "OPENAI_API_BASE": f"{url}/v1", "OPENAI_API_KEY": token,
                "ANTHROPIC_API_BASE": url, "ANTHROPIC_API_KEY": token,
            },
        )
        known = {"max_input_tokens": 128_000, "max_output_tokens": 16_384, "supports_vision": True, "mode": "chat"}
        (directory / ".aider.model.metadata.json").write_text(json.dumps({
            f"{maker}/{group}": {"litellm_provider": maker, **known} for maker in ("openai", "anthropic")
        }))

    def say(self, model, message, *options, stream=True):
        quiet = ["--no-pretty", "--no-check-update", "--no-show-release-notes", "--no-show-model-warnings"]
        text, errors = self.run(
            "--model", model, "--weak-model", model, "--message", message, "--no-git", "--yes-always", *quiet,
            "--analytics-disable", "--no-detect-urls", *options, *([] if stream else ["--no-stream"]),
        )
        # It ends with status 0 all the same, after it has told of a failure by the class of the error.
        assert "litellm." not in text + errors, text + errors
        return text
