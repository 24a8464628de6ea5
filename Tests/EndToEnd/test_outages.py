"""What stops working when a part is gone: as little as possible, and nothing for callers."""

import time

import pytest

from stack.bodies import PATHS, assert_envelope, body
from stack.eventually import Stopwatch, eventually
from stack.http import request
from stack.load import Load


@pytest.fixture(scope="module")
def outage_seconds(whole_run):
    return 60 if whole_run else 5


@pytest.fixture(autouse=True)
def all_is_well_again(gateway):
    """What a test broke is mended, so that the next begins with a whole gateway."""
    yield
    gateway.postgres.thaw()
    if not gateway.postgres._pids():
        gateway.postgres.start()
    if not gateway.control_plane.running:
        gateway.control_plane.start()
    if not gateway.data_plane.running:
        gateway.data_plane.start()
    gateway.control_plane.wait_ready()


def keep_going(load, seconds):
    """Lets the load run for some time: the outage itself is what is tested, so its length is given."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        assert not load.failures, load.failures[:3]
        time.sleep(0.05)


def connected(gateway, data_plane, within=15):
    """The node has polled since the control plane is back."""
    _, token = gateway.admin.create_token(user=f"probe{time.monotonic_ns()}", allow=["default"])
    gateway.wait_for_token(data_plane, token, within)


@pytest.mark.timeout(400)
def test_callers_do_not_notice_that_the_control_plane_was_killed(gateway, outage_seconds):
    with Load(gateway) as load:
        gateway.control_plane.kill()
        keep_going(load, outage_seconds)
        gateway.control_plane.start()
        connected(gateway, gateway.data_plane, within=45)
    load.assert_spotless()


@pytest.mark.timeout(400)
def test_callers_do_not_notice_that_the_control_plane_hangs(gateway, outage_seconds):
    with Load(gateway) as load:
        gateway.control_plane.pause()
        keep_going(load, outage_seconds)
        gateway.control_plane.resume()
        connected(gateway, gateway.data_plane, within=45)
    load.assert_spotless()


def test_a_data_plane_restarts_without_a_control_plane(gateway):
    before = gateway.data_plane.snapshot()
    gateway.control_plane.kill()
    gateway.data_plane.stop()
    watch = Stopwatch()
    gateway.data_plane.start(ready=False)
    gateway.data_plane.wait_ready()
    took = watch.due
    answer = gateway.call(PATHS["chat"], body("chat"))
    assert answer.status == 200
    after = gateway.data_plane.snapshot()
    assert took <= 2.0, f"ready after {took:.2f} s"
    assert after["sha256"] == before["sha256"]
    gateway.control_plane.start()
    connected(gateway, gateway.data_plane, within=45)


def test_a_data_plane_that_was_killed_starts_again_without_a_control_plane(gateway):
    before = gateway.data_plane.snapshot()
    gateway.control_plane.kill()
    gateway.data_plane.kill()
    watch = Stopwatch()
    gateway.data_plane.start()
    assert watch.due <= 2.0, f"ready after {watch.seconds:.2f} s"
    assert gateway.data_plane.snapshot()["sha256"] == before["sha256"]
    gateway.control_plane.start()
    connected(gateway, gateway.data_plane, within=45)


def test_a_data_plane_without_any_snapshot_is_not_ready_and_says_so(gateway):
    node = gateway.new_data_plane()
    gateway.control_plane.pause()
    try:
        node.start(ready=False)
        eventually(lambda: request("GET", node.ops_url + "/livez").status == 200, 10)
        assert node.readiness().status == 503
        answer = gateway.call(PATHS["chat"], body("chat"), data_plane=node)
        assert_envelope("chat", answer, 503, "not-ready")
        assert int(answer.headers["retry-after"]) >= 1
    finally:
        gateway.control_plane.resume()
    node.wait_ready(45)
    gateway.retire(node)


@pytest.mark.parametrize("failure", ["kill", "stop", "freeze"])
@pytest.mark.timeout(400)
def test_postgresql_fails_and_comes_back(gateway, failure, outage_seconds):
    """Admin calls are refused within 5 s, callers notice nothing, and all recovers alone."""
    with Load(gateway) as load:
        {"kill": gateway.postgres.kill, "stop": lambda: gateway.postgres.stop("fast"), "freeze": gateway.postgres.freeze}[failure]()
        for _ in range(3):
            watch = Stopwatch()
            answer = gateway.admin.call("GET", "/providers", timeout=15)
            assert answer.status == 503, answer
            assert answer.json()["error"]["code"] == "database-unavailable"
            assert watch.due <= 5.5, f"refused after {watch.seconds:.1f} s"
        watch = Stopwatch()
        answer = gateway.admin.call("POST", "/tokens", {"user": "x", "project": "p", "environment": "e", "allow": ["default"]})
        assert answer.status == 503 and watch.due <= 5.5, (answer, watch.seconds)
        # The node still hears from the control plane, from memory.
        keep_going(load, outage_seconds)
        age = gateway.data_plane.metric("smart_router_heartbeat_age_seconds")
        if failure == "freeze":
            gateway.postgres.thaw()
        else:
            gateway.postgres.start()
        eventually(lambda: gateway.admin.call("GET", "/providers").status == 200, 15, saying="admin calls work again")
        connected(gateway, gateway.data_plane)
    load.assert_spotless()
    assert age < 30, f"not heard from for {age:.0f} s"


def test_polls_are_answered_while_postgresql_is_down(gateway):
    """A node that restarts during the outage of PostgreSQL stays in touch and serves."""
    gateway.postgres.kill()
    gateway.data_plane.stop()
    gateway.data_plane.start()
    assert gateway.call(PATHS["chat"], body("chat")).status == 200
    eventually(
        lambda: gateway.data_plane.metric("smart_router_heartbeat_age_seconds") < 5,
        10, saying="a heartbeat arrived",
    )
    gateway.postgres.start()
    connected(gateway, gateway.data_plane)


def test_a_control_plane_that_starts_before_postgresql_waits_for_it(gateway):
    gateway.control_plane.stop()
    gateway.postgres.stop()
    gateway.control_plane.start(ready=False)
    assert gateway.control_plane.running
    gateway.postgres.start()
    try:
        gateway.control_plane.wait_ready(30)
    except RuntimeError:
        # Ending with a clear line, for a supervisor to start it again, is as good.
        assert "database" in gateway.control_plane.tail().lower()
        gateway.control_plane.start()


@pytest.mark.long
@pytest.mark.timeout(300)
def test_a_stale_node_follows_its_policy(gateway):
    """Past the limit a node without heartbeats answers 503, never 401, or serves on: as it was told."""
    strict = gateway.new_data_plane(DATA_PLANE_HARD_STALE="60s", DATA_PLANE_STALE_POLICY="fail_closed").start()
    lenient = gateway.new_data_plane(DATA_PLANE_HARD_STALE="60s", DATA_PLANE_STALE_POLICY="serve").start()
    for node in (strict, lenient):
        gateway.wait_for_token(node, gateway.token)
    gateway.control_plane.pause()
    try:
        answer = eventually(
            lambda: (
                answer := gateway.call(PATHS["chat"], body("chat"), data_plane=strict)
            ).status == 503 and answer,
            100, every=0.2, saying="the strict node refuses",
        )
        assert_envelope("chat", answer, 503, "not-ready")
        assert gateway.call(PATHS["chat"], body("chat"), data_plane=lenient).status == 200
    finally:
        gateway.control_plane.resume()
    eventually(
        lambda: gateway.call(PATHS["chat"], body("chat"), data_plane=strict).status == 200, 45,
        saying="the strict node serves again",
    )
    gateway.retire(strict)
    gateway.retire(lenient)
