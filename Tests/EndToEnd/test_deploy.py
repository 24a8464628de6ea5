"""Deploy/up and Deploy/down, on ports of their own."""

import os
import re
import socket
import subprocess

import pytest

from stack.eventually import Stopwatch
from stack.http import request
from stack.ports import free_port
from stack.program import CONFIGURATION, ROOT


@pytest.fixture
def deployment(tmp_path_factory):
    directory = tmp_path_factory.mktemp("run") / "state"
    environment = {
        **os.environ,
        "ROUTER_CONFIGURATION": CONFIGURATION,
        "ROUTER_RUN_DIR": str(directory),
        **{f"ROUTER_{name}": str(free_port()) for name in ("PORT", "OPS_PORT", "ADMIN_PORT", "PLANE_PORT", "DEMO_PORT")},
    }

    def run(script, *arguments, **changes):
        return subprocess.run(
            [str(ROOT / "Deploy" / script), *arguments], env={**environment, **changes}, capture_output=True,
            text=True, timeout=1800, stdin=subprocess.DEVNULL, cwd="/",
        )

    run.directory = directory
    run.environment = environment
    yield run
    run("down", "--purge")


def exports(text):
    return dict(re.findall(r'^export (\w+)="(.*)"$', text, re.MULTILINE))


@pytest.mark.timeout(600)
def test_up_twice_then_down_then_up_keeps_the_token_and_the_data(deployment):
    first = deployment("up")
    assert first.returncode == 0, first.stderr
    told = exports(first.stdout)
    assert set(told) == {"ROUTER_BASE_URL", "ROUTER_TOKEN", "ROUTER_MODEL"}
    file = deployment.directory / "router.env"
    assert file.stat().st_mode & 0o777 == 0o600
    kept = exports(file.read_text())
    assert set(kept) == {
        "ROUTER_BASE_URL", "ROUTER_TOKEN", "ROUTER_MODEL", "ROUTER_ADMIN_URL", "ROUTER_ADMIN_TOKEN", "ROUTER_OPS_URL",
        "ROUTER_DATABASE_URL", "ROUTER_DATA_PLANE_PID", "ROUTER_CONTROL_PLANE_PID",
    }
    assert os.readlink(f"/proc/{kept['ROUTER_DATA_PLANE_PID']}/exe").endswith("/router-data-plane")
    assert os.readlink(f"/proc/{kept['ROUTER_CONTROL_PLANE_PID']}/exe").endswith("/router-control-plane")

    group = kept["ROUTER_ADMIN_URL"] + "/admin/v1/groups/default"
    admin = {"Authorization": f"Bearer {kept['ROUTER_ADMIN_TOKEN']}"}
    assert request("PATCH", group, {"description": "as an administrator left it"}, admin).status == 200

    watch = Stopwatch()
    second = deployment("up")
    assert second.returncode == 0, second.stderr
    assert watch.due < 20, f"the second run took {watch.seconds:.1f} s"
    assert exports(file.read_text()) == kept
    assert request("GET", group, headers=admin).json()["description"] == "as an administrator left it"

    # Another port that is taken is told before anything that runs is touched.
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        refused = deployment("up", ROUTER_PORT=port)
    last = refused.stderr.strip().splitlines()[-1]
    assert refused.returncode != 0 and port in last and "ROUTER_PORT" in last, refused.stderr
    os.kill(int(kept["ROUTER_DATA_PLANE_PID"]), 0)

    assert deployment("down").returncode == 0
    with pytest.raises(OSError):
        request("GET", told["ROUTER_BASE_URL"] + "/v1/models", timeout=2)
    third = deployment("up")
    assert third.returncode == 0, third.stderr
    again = exports(file.read_text())
    assert {name: value for name, value in again.items() if "PID" not in name} == {
        name: value for name, value in kept.items() if "PID" not in name
    }
    answer = request("GET", again["ROUTER_BASE_URL"] + "/v1/models", headers={"x-api-key": again["ROUTER_TOKEN"]})
    assert [row["id"] for row in answer.json()["data"]] == ["default", "fast"]
    down = deployment("down", "--purge")
    assert down.returncode == 0, down.stderr
    assert not deployment.directory.exists()


@pytest.mark.parametrize("name", ["PORT", "OPS_PORT", "ADMIN_PORT", "PLANE_PORT", "DEMO_PORT"])
def test_a_port_in_use_is_one_line_that_names_the_port_and_its_variable(deployment, name):
    with socket.create_server(("127.0.0.1", int(deployment.environment[f"ROUTER_{name}"]))):
        result = deployment("up")
    assert result.returncode != 0
    last = result.stderr.strip().splitlines()[-1]
    assert f"ROUTER_{name}" in last and deployment.environment[f"ROUTER_{name}"] in last, result.stderr
    assert not result.stdout


def test_nothing_is_left_running_by_an_up_that_failed(deployment):
    result = deployment("up", ROUTER_PORT="not-a-port")
    assert result.returncode != 0
    assert "ROUTER_PORT" in result.stderr.strip().splitlines()[-1]
    own = str(deployment.directory)
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{pid}/cmdline", "rb") as line:
                assert own.encode() not in line.read()
        except OSError:
            pass


def test_a_run_directory_that_cannot_be_made_is_one_line(deployment):
    result = deployment("up", ROUTER_RUN_DIR="/proc/nowhere/state")
    assert result.returncode != 0
    assert "ROUTER_RUN_DIR" in result.stderr.strip().splitlines()[-1]
