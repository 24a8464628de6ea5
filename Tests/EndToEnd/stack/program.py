"""A background program: its process, its environment and its log."""

import os
import pathlib
import signal
import subprocess

ROOT = pathlib.Path(__file__).resolve().parents[3]
CONFIGURATION = os.environ.get("ROUTER_CONFIGURATION", "debug")
BIN = ROOT / ".build" / CONFIGURATION

# Settings of the machine that may reach the programs; everything else they read is given explicitly.
INHERITED = ("PATH", "HOME", "LANG", "TMPDIR", "TZ")


def clean_environment(extra=None):
    environment = {name: os.environ[name] for name in INHERITED if name in os.environ}
    environment.update(extra or {})
    return environment


class Program:
    """One program that can be started, asked to stop, killed and started again with the same settings."""

    def __init__(self, name, arguments, environment, log):
        self.name = name
        self.arguments = [str(argument) for argument in arguments]
        self.environment = dict(environment)
        self.log = pathlib.Path(log)
        self.process = None

    def start(self):
        assert not self.running, f"{self.name} runs already"
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(
                self.arguments,
                env=clean_environment(self.environment),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        return self

    @property
    def pid(self):
        return self.process.pid

    @property
    def running(self):
        return self.process is not None and self.process.poll() is None

    def stop(self, within=20):
        """SIGTERM, and the exit status; SIGKILL after `within` seconds is a failure."""
        if not self.running:
            return self.process.returncode if self.process else None
        self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(within)
        except subprocess.TimeoutExpired:
            self.kill()
            raise AssertionError(f"{self.name} did not end within {within} s of SIGTERM\n{self.tail()}")

    def kill(self):
        if self.running:
            self.process.kill()
            self.process.wait(10)

    def pause(self):
        self.process.send_signal(signal.SIGSTOP)

    def resume(self):
        self.process.send_signal(signal.SIGCONT)

    def assert_running(self):
        assert self.running, f"{self.name} ended with status {self.process.returncode}\n{self.tail()}"

    def log_text(self):
        return self.log.read_text(errors="replace") if self.log.exists() else ""

    def log_lines(self):
        """The lines that were written to their end: the last one may be on its way still."""
        return self.log_text().split("\n")[:-1]

    def tail(self, lines=15):
        """The end of the log, without the lines of requests."""
        kept = [line for line in self.log_text().splitlines() if '"event":"request"' not in line]
        return "\n".join(kept[-lines:])

    @property
    def resident_bytes(self):
        for line in pathlib.Path(f"/proc/{self.pid}/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) * 1024
        raise AssertionError("no VmRSS")

    @property
    def open_descriptors(self):
        return len(os.listdir(f"/proc/{self.pid}/fd"))
