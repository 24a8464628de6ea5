"""Settings that make no sense: every problem in one message, exit 78, before any port is open."""

import re
import subprocess

import pytest

from stack.ports import free_port
from stack.program import BIN, ROOT, clean_environment

EX_CONFIG = 78


def run(program, arguments, environment, timeout=20):
    return subprocess.run(
        [str(BIN / program), *arguments], env=clean_environment(environment), capture_output=True, text=True,
        timeout=timeout, stdin=subprocess.DEVNULL,
    )


def test_the_data_plane_tells_all_problems_at_once(tmp_path):
    result = run("router-data-plane", [], {
        "DATA_PLANE_LISTEN": "not an address",
        "DATA_PLANE_OPS_LISTEN": "127.0.0.1:99999",
        "DATA_PLANE_CONTROL_PLANE_URL": "gopher://x",
        "DATA_PLANE_STATE_DIRECTORY": str(tmp_path),
        "DATA_PLANE_NODE_NAME": "Not A Slug",
        "DATA_PLANE_HARD_STALE": "soon",
        "DATA_PLANE_STALE_POLICY": "whatever",
        "DATA_PLANE_LISTENN": "typo",
        "DATA_PLANE_UPSTREAM_PROXY": "ftp://proxy",
        "DATA_PLANE_UPSTREAM_CA_FILE": str(tmp_path / "nothing.pem"),
    })
    assert result.returncode == EX_CONFIG, result
    for name in (
        "DATA_PLANE_LISTEN", "DATA_PLANE_OPS_LISTEN", "DATA_PLANE_CONTROL_PLANE_URL", "DATA_PLANE_NODE_NAME",
        "DATA_PLANE_HARD_STALE", "DATA_PLANE_STALE_POLICY", "DATA_PLANE_LISTENN", "DATA_PLANE_UPSTREAM_PROXY",
        "DATA_PLANE_UPSTREAM_CA_FILE",
    ):
        assert name in result.stderr, (name, result.stderr)
    assert "Fatal error" not in result.stderr


def test_the_control_plane_tells_all_problems_at_once(tmp_path):
    secret = "postgres-password-that-nobody-may-see"
    result = run("router-control-plane", ["serve"], {
        "CONTROL_PLANE_DATABASE_URL": f"mysql://router:{secret}@db/router",
        "CONTROL_PLANE_KEY_FILE": "",
        "CONTROL_PLANE_ADMIN_LISTEN": "127.0.0.1",
        "CONTROL_PLANE_PLANE_LISTEN": "[::1",
        "CONTROL_PLANE_ADMIN_LISTENER": "127.0.0.1:1",
    })
    assert result.returncode == EX_CONFIG, result
    for name in ("CONTROL_PLANE_ADMIN_LISTEN", "CONTROL_PLANE_PLANE_LISTEN", "CONTROL_PLANE_ADMIN_LISTENER"):
        assert name in result.stderr, (name, result.stderr)
    assert secret not in result.stderr + result.stdout


def test_missing_settings_are_named(tmp_path):
    for program, arguments, name in (
        ("router-data-plane", [], "DATA_PLANE_CONTROL_PLANE_URL"),
        ("router-control-plane", ["serve"], "CONTROL_PLANE_DATABASE_URL"),
    ):
        result = run(program, arguments, {})
        assert result.returncode == EX_CONFIG, result
        assert name in result.stderr, result.stderr


def test_a_port_in_use_is_one_clear_line(gateway, tmp_path):
    result = run("router-data-plane", [], {
        "DATA_PLANE_LISTEN": f"127.0.0.1:{gateway.data_plane.port}",
        "DATA_PLANE_OPS_LISTEN": f"127.0.0.1:{free_port()}",
        "DATA_PLANE_CONTROL_PLANE_URL": gateway.control_plane.plane_url,
        "DATA_PLANE_STATE_DIRECTORY": str(tmp_path / "state"),
        "DATA_PLANE_NODE_NAME": "late",
        "DATA_PLANE_JOIN_TOKEN_FILE": "/dev/null",
    })
    assert result.returncode != 0
    assert str(gateway.data_plane.port) in result.stderr + result.stdout, result


def test_a_wrong_master_key_is_refused_at_start(gateway, tmp_path):
    other = tmp_path / "other.key"
    other.touch(mode=0o600)
    result = gateway.control_plane.verb("init-key", check=False, CONTROL_PLANE_KEY_FILE=str(tmp_path / "new.key"))
    assert result.returncode == 0, result.stderr
    result = gateway.control_plane.verb(
        "serve", check=False, CONTROL_PLANE_KEY_FILE=str(tmp_path / "new.key"),
        CONTROL_PLANE_ADMIN_LISTEN=f"127.0.0.1:{free_port()}", CONTROL_PLANE_PLANE_LISTEN=f"127.0.0.1:{free_port()}",
    )
    assert result.returncode != 0
    assert "key" in result.stderr.lower(), result.stderr
    assert "Fatal error" not in result.stderr


def test_a_master_key_is_never_overwritten(gateway):
    before = gateway.key_file.read_bytes()
    assert gateway.key_file.stat().st_mode & 0o777 == 0o600
    again = gateway.control_plane.verb("init-key", check=False)
    assert again.returncode == 1 and "already" in again.stderr, again
    assert gateway.key_file.read_bytes() == before


@pytest.mark.parametrize("program", ["router-data-plane", "router-control-plane"])
def test_help_and_version_are_told(program):
    result = run(program, ["--help"], {})
    assert result.returncode == 0 and "USAGE" in result.stdout.upper(), result


def test_the_documentation_lists_every_setting_with_its_default():
    text = (ROOT / "Docs" / "Operations.md").read_text()
    documented = dict(re.findall(r"^\| `((?:DATA|CONTROL)_PLANE_\w+)` \| ([^|]*?) \|", text, re.MULTILINE))
    told = {}
    for program in ("router-data-plane", "router-control-plane"):
        lines = run(program, ["--help"], {}).stdout.splitlines()
        for name, about in zip(lines, lines[1:]):
            if match := re.match(r"^((?:DATA|CONTROL)_PLANE_\w+) ", name):
                default = re.search(r"Default: (.*)$", about)
                told[match[1]] = default[1] if default else "required" if about.endswith("Required.") else "none"
    told["DATA_PLANE_THREADS"] = "as many as processors"
    assert documented == told
