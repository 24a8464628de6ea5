"""The libraries and tools that build on the vendors' APIs: an environment of its own for each, and how it is driven."""

import fcntl
import json
import subprocess
import sys

from .callers import PICTURE
from .program import ROOT

# One driver and one list of packages, every version pinned, for each client.
SOURCES = ROOT / "Tests" / "EndToEnd" / "clients"
ENVIRONMENTS = ROOT / ".build" / "clients"


def install(name):
    """The directory of a client's programs, which come from PyPI once per list of packages."""
    wanted = (SOURCES / f"{name}.txt").read_text()
    home = ENVIRONMENTS / name
    marker = home / "installed"
    ENVIRONMENTS.mkdir(parents=True, exist_ok=True)
    # Another run of the tests may want the same.
    with open(ENVIRONMENTS / f"{name}.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not marker.exists() or marker.read_text() != wanted:
            uv = [sys.executable, "-m", "uv", "--quiet", "--no-config"]
            _run([*uv, "venv", "--clear", "--python", sys.executable, str(home)])
            packages = ["--no-deps", "--compile-bytecode", "-r", str(SOURCES / f"{name}.txt")]
            _run([*uv, "pip", "install", "--python", str(home / "bin" / "python"), *packages])
            marker.write_text(wanted)
    return home / "bin"


def _run(command):
    result = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=900)
    assert result.returncode == 0, f"{' '.join(command)}\n{result.stderr[-2000:]}"


def quiet_environment(home):
    """For a process that may talk to this machine only: whatever else it looks for, it does not find."""
    nowhere = "http://127.0.0.1:9"
    return {
        "HOME": str(home), "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8",
        "HTTP_PROXY": nowhere, "HTTPS_PROXY": nowhere, "NO_PROXY": "127.0.0.1",
        "LITELLM_LOCAL_MODEL_COST_MAP": "True", "OPENAI_AGENTS_DISABLE_TRACING": "1",
    }


class ClientError(Exception):
    """What a client raised: its class, and the status that it tells."""

    def __init__(self, told):
        super().__init__(told["trace"])
        self.kind, self.status = told["error"], told["status"]


class Driver:
    """A library that stays loaded in a process of its own, and has one conversation after the other."""

    def __init__(self, name, directory):
        self.name, self.log = name, directory / f"{name}.log"
        self.directory, self.process = directory, None

    def start(self):
        command = [install(self.name) / "python", "-P", SOURCES / "serve.py", SOURCES / f"{self.name}.py"]
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(
                list(map(str, command)), cwd=self.directory, env=quiet_environment(self.directory), text=True,
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log,
            )

    def converse(self, gateway, group, api, prompts, stream=False, tools=(), output=None, picture=False, think=False):
        """What the client tells of a conversation: `texts`, `results` of tools, `pieces`, `thoughts`, `tokens`.

        `tools` are some of `weather`, `clock` and `look`, which brings a picture; `output` is how a person's name and
        age are asked for; `picture` goes with the last prompt.
        """
        job = {
            "url": gateway.data_plane.url, "token": gateway.token, "group": group, "api": api, "prompts": prompts,
            "stream": stream, "tools": list(tools), "output": output, "think": think, "show_picture": picture,
            "picture": PICTURE,
        }
        if self.process is None:
            self.start()
        try:
            self.process.stdin.write(json.dumps(job) + "\n")
            self.process.stdin.flush()
            line = self.process.stdout.readline()
        except BaseException:
            # Its answer may still come, and would be taken for the next one's.
            self.stop()
            raise
        assert line, f"the driver of {self.name} ended\n{self.log.read_text()[-4000:]}"
        told = json.loads(line)
        if "error" in told:
            raise ClientError(told)
        return told["answer"]

    def stop(self):
        if self.process is not None:
            self.process.kill()
            self.process.communicate()
            self.process = None
