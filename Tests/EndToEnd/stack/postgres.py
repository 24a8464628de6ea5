"""A private PostgreSQL cluster on a unix socket, which tests may stop, freeze and kill."""

import os
import pathlib
import pwd
import shutil
import signal
import subprocess
import time
import urllib.parse

from .program import clean_environment


def _newest_bin():
    found = sorted(pathlib.Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: float(path.parts[-3]))
    assert found, "PostgreSQL's server programs are not installed"
    return found[-1].parent


class PostgresCluster:
    """One cluster in `directory`, which must be short, as a socket's path has at most 107 bytes."""

    def __init__(self, directory):
        self.bin = _newest_bin()
        self.directory = pathlib.Path(directory)
        self.data = self.directory / "data"
        self.log = self.directory / "postgres.log"
        # initdb and postgres refuse root.
        self.user = pwd.getpwnam("postgres") if os.geteuid() == 0 else None

    def _run(self, *arguments, check=True, **options):
        if self.user:
            options.update(user=self.user.pw_uid, group=self.user.pw_gid, extra_groups=[])
        return subprocess.run(
            [str(argument) for argument in arguments],
            cwd="/",
            env=clean_environment(),
            check=check,
            capture_output=True,
            text=True,
            timeout=90,
            **options,
        )

    def create(self):
        self.directory.mkdir(mode=0o711, parents=True)
        if self.user:
            os.chown(self.directory, self.user.pw_uid, self.user.pw_gid)
        self._run(
            self.bin / "initdb", f"--pgdata={self.data}", "--username=postgres", "--auth=trust", "--no-sync",
            "--encoding=UTF8", "--locale=C.UTF-8",
        )
        with open(self.data / "postgresql.conf", "a") as conf:
            conf.write(
                "\nlisten_addresses = ''\n"
                f"unix_socket_directories = '{self.directory}'\n"
                "max_connections = 300\nfsync = off\nlog_statement = 'all'\n"
            )
        self.start()
        self.sql("CREATE ROLE router LOGIN", database="postgres", role="postgres")
        self.sql("CREATE DATABASE router OWNER router", database="postgres", role="postgres")
        return self

    def start(self):
        # pg_ctl keeps the descriptors it is given open in the server, hence no pipes.
        user = {"user": self.user.pw_uid, "group": self.user.pw_gid, "extra_groups": []} if self.user else {}
        subprocess.run(
            [str(self.bin / "pg_ctl"), "start", "--wait", "--silent", f"--pgdata={self.data}", f"--log={self.log}"],
            cwd="/", env=clean_environment(), check=True, timeout=90, stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **user,
        )

    def stop(self, mode="fast"):
        self._run(self.bin / "pg_ctl", "stop", "--wait", f"--mode={mode}", f"--pgdata={self.data}", check=False)

    def kill(self):
        """SIGKILL to every process of the cluster, as when the machine loses power."""
        for pid in self._pids():
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
        deadline = time.monotonic() + 10
        while self._pids() and time.monotonic() < deadline:
            time.sleep(0.02)
        # Where no init reaps it, the dead postmaster's number looks alive to the next one.
        for lock in (self.data / "postmaster.pid", self.directory / ".s.PGSQL.5432.lock"):
            lock.unlink(missing_ok=True)

    def freeze(self):
        """Stops every process without closing a connection, as when the network is cut."""
        for pid in self._pids():
            os.kill(pid, signal.SIGSTOP)

    def thaw(self):
        for pid in self._pids():
            try:
                os.kill(pid, signal.SIGCONT)
            except ProcessLookupError:
                pass

    def _pids(self):
        """The postmaster and its children."""
        try:
            postmaster = int((self.data / "postmaster.pid").read_text().split()[0])
        except (OSError, IndexError, ValueError):
            return []
        pids = []
        for entry in os.listdir("/proc"):
            if entry.isdigit():
                try:
                    fields = pathlib.Path(f"/proc/{entry}/stat").read_text().rpartition(")")[2].split()
                except OSError:
                    continue
                if fields[0] != "Z" and (int(entry) == postmaster or int(fields[1]) == postmaster):
                    pids.append(int(entry))
        return pids

    def url(self, role="router", database="router"):
        return f"postgresql://{role}@/{database}?host={urllib.parse.quote(str(self.directory))}"

    def sql(self, text, database="router", role="postgres"):
        """The rows of a statement as lists of texts."""
        result = self._run(
            shutil.which("psql") or self.bin / "psql", "-X", "-q", "-A", "-t", "-F", "\x1f", "-v", "ON_ERROR_STOP=1",
            "-d", self.url(role, database), "-c", text, check=False,
        )
        assert result.returncode == 0, result.stderr
        return [line.split("\x1f") for line in result.stdout.splitlines()]

    def dump(self):
        """The whole database as text."""
        return self._run(self.bin / "pg_dump", "-d", self.url("postgres")).stdout
