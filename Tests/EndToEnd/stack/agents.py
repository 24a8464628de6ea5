"""The real command-line agents: where they are from, how they are run, and what they say."""

import dataclasses
import json
import shutil
import subprocess
import sys
import textwrap

from .program import ROOT

# Wheels that carry the vendors' binaries; a new list is installed anew.
PACKAGES = ("claude-agent-sdk==0.2.189", "openai-codex-cli-bin==0.163.0")
CLIENTS = ROOT / ".build" / "clients" / "agents"
CLAUDE_CODE = CLIENTS / "claude_agent_sdk" / "_bundled" / "claude"
CODEX = CLIENTS / "codex_cli_bin" / "bin" / "codex"


def install():
    """Both agents, from PyPI; some 310 MB, once per list of packages."""
    wanted, marker = "\n".join(PACKAGES), CLIENTS / "installed"
    if marker.exists() and marker.read_text() == wanted:
        return
    shutil.rmtree(CLIENTS, ignore_errors=True)
    command = [sys.executable, "-m", "pip", "install", "--disable-pip-version-check", "--no-input", "-q", "--no-deps"]
    result = subprocess.run(
        [*command, "--target", str(CLIENTS), *PACKAGES], stdin=subprocess.DEVNULL, capture_output=True, text=True,
        timeout=900,
    )
    assert result.returncode == 0, f"the agents could not be installed from PyPI\n{result.stderr[-2000:]}"
    for binary in (CLAUDE_CODE, CODEX):
        binary.chmod(binary.stat().st_mode | 0o111)
    marker.write_text(wanted)


@dataclasses.dataclass
class Said:
    """One run of an agent."""

    text: str
    # What its tools gave back, in order of their ends.
    results: list
    events: list
    # Everything that it printed, for what stands in no event.
    printed: str


class Agent:
    """One session of an agent in an empty home and an empty working directory."""

    def __init__(self, gateway, directory, group):
        self.gateway, self.group = gateway, group
        self.home, self.work = directory / "home", directory / "work"
        self.home.mkdir()
        self.work.mkdir()
        self.turns = 0
        self.servers = {}

    def serve(self, name, script):
        """Offers the tools of an MCP server, a Python program."""
        self.servers[name] = {"command": sys.executable, "args": [str(script)]}

    def say(self, prompt, *options):
        result = subprocess.run(
            self.command(prompt, options), cwd=self.work, stdin=subprocess.DEVNULL, capture_output=True, text=True,
            env={"HOME": str(self.home), "PATH": "/usr/local/bin:/usr/bin:/bin", **self.environment()}, timeout=150,
        )
        self.turns += 1
        printed = result.stdout + result.stderr
        assert result.returncode == 0, f"status {result.returncode}\n{printed[-4000:]}"
        events = [json.loads(line) for line in result.stdout.splitlines() if line.startswith("{")]
        return self.read(events, printed)


class ClaudeCode(Agent):
    """Claude Code, run to print."""

    shell = "Bash"

    def environment(self):
        return {
            "ANTHROPIC_BASE_URL": self.gateway.data_plane.url,
            "ANTHROPIC_AUTH_TOKEN": self.gateway.token,
            "CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC": "1",
            "CLAUDE_CODE_MAX_CONTEXT_TOKENS": "128000",
            "CLAUDE_CODE_MAX_RETRIES": "0",
        }

    def command(self, prompt, options):
        command = [str(CLAUDE_CODE), "-p", prompt, "--model", self.group, "--output-format", "stream-json", "--verbose"]
        allowed = ["Bash(echo *)", "Read", "Agent"]
        if self.servers:
            command += ["--strict-mcp-config", "--mcp-config", json.dumps({"mcpServers": self.servers})]
            allowed += [f"mcp__{name}" for name in self.servers]
        if self.turns:
            command.append("--continue")
        return [*command, *options, "--allowedTools", *allowed]

    @staticmethod
    def arguments(command):
        return {"command": command, "description": "Say something"}

    @staticmethod
    def picture(path):
        return "Read", {"file_path": str(path)}

    @staticmethod
    def mcp_tool(server, tool, dialect):
        return f"mcp__{server}__{tool}"

    def read(self, events, printed):
        results = []
        for event in events:
            content = event["message"]["content"] if event["type"] == "user" else []
            for block in content if isinstance(content, list) else []:
                if block["type"] == "tool_result":
                    results.append(text_of(block["content"]))
        ends = [event for event in events if event["type"] == "result"]
        assert len(ends) == 1 and not ends[0]["is_error"], printed[-4000:]
        return Said(ends[0]["result"], results, events, printed)


class Codex(Agent):
    """Codex, run by its exec verb."""

    shell = "exec_command"

    def __init__(self, gateway, directory, group, catalogue=True):
        super().__init__(gateway, directory, group)
        self.catalogue = catalogue

    def environment(self):
        return {"CODEX_HOME": str(self.home / "codex"), "ROUTER_TOKEN": self.gateway.token}

    def configuration(self):
        base = f"{self.gateway.data_plane.url}/v1"
        text = textwrap.dedent(f"""\
            model = "{self.group}"
            model_provider = "router"

            [model_providers.router]
            name = "Router"
            base_url = "{base}"
            env_key = "ROUTER_TOKEN"
            wire_api = "responses"
            request_max_retries = 0
            stream_max_retries = 0
            """)
        if self.catalogue:
            text += f'model_catalog_url = "{base}/models"\n'
        for name, server in self.servers.items():
            text += f"\n[mcp_servers.{name}]\n"
            text += "".join(f"{key} = {json.dumps(value)}\n" for key, value in server.items())
        return text

    def command(self, prompt, options):
        home = self.home / "codex"
        home.mkdir(exist_ok=True)
        (home / "config.toml").write_text(self.configuration())
        again = ["resume", "--last"] if self.turns else []
        access = ["-c", 'sandbox_mode="danger-full-access"', "--skip-git-repo-check", "--json"]
        return [str(CODEX), "exec", *again, *access, *options, "--", prompt]

    @staticmethod
    def arguments(command):
        return {"cmd": command}

    @staticmethod
    def picture(path):
        return "view_image", {"path": str(path)}

    @staticmethod
    def mcp_tool(server, tool, dialect):
        """Only Responses has namespaces; elsewhere the two names are joined."""
        return tool if dialect == "responses" else f"mcp__{server}__{tool}"

    def read(self, events, printed):
        items = [event["item"] for event in events if event["type"] == "item.completed"]
        assert events[-1]["type"] == "turn.completed", printed[-4000:]
        results = []
        for item in items:
            if item["type"] == "command_execution":
                results.append(item["aggregated_output"])
            elif item["type"] == "mcp_tool_call":
                results.append(text_of((item["result"] or {}).get("content") or str(item["error"])))
        texts = [item["text"] for item in items if item["type"] == "agent_message"]
        assert texts, printed[-4000:]
        return Said(texts[-1], results, items, printed)


def text_of(content):
    """The text of a tool's result, in whichever of its two forms."""
    if isinstance(content, str):
        return content
    return "\n".join(part["text"] for part in content if part["type"] == "text")
