"""Two control planes on one PostgreSQL: either will do, and versions only ever rise."""

import concurrent.futures
import hashlib

import pytest

from stack.admin import Admin
from stack.bodies import PATHS, body
from stack.eventually import eventually
from stack.load import Load


@pytest.fixture(scope="module")
def second(gateway):
    plane = gateway.new_control_plane("control-plane-b").start()
    yield plane
    if plane.running:
        plane.stop()


def test_both_tell_the_same(gateway, second):
    other = Admin(second.admin_url, gateway.admin.token)
    gateway.admin.put("/groups/two-planes", {"targets": [{"id": "t", "provider": "demo", "model": "demo-1"}]})
    assert other.get("/groups/two-planes")["targets"] == gateway.admin.get("/groups/two-planes")["targets"]
    assert other.snapshots()[0]["sha256"] == gateway.admin.snapshots()[0]["sha256"]


def test_a_change_at_one_reaches_a_node_of_the_other(gateway, second):
    node = gateway.new_data_plane(control_planes=[second]).start()
    for _ in range(5):
        _, token = gateway.admin.create_token(user="across", allow=["default"])
        try:
            gateway.wait_for_token(node, token, within=2)
        except AssertionError as error:
            raise AssertionError(f"{error}\n{second.tail()}\n{node.tail()}") from None
    gateway.retire(node)


def test_both_serve_the_same_bytes(gateway, second):
    """Two nodes, one on each control plane, run the very same snapshot."""
    first_node = gateway.new_data_plane(control_planes=[gateway.control_plane]).start()
    second_node = gateway.new_data_plane(control_planes=[second]).start()
    gateway.admin.create_token(user="same-bytes", allow=["default"])
    newest = gateway.admin.snapshots()[0]["sha256"]
    for node in (first_node, second_node):
        eventually(lambda: node.snapshot()["sha256"] == newest, 5)
    stored = gateway.postgres.sql("SELECT encode(sha256(envelope), 'hex') FROM snapshot ORDER BY version DESC LIMIT 1")
    assert stored == [[newest]]
    gateway.retire(first_node)
    gateway.retire(second_node)


def test_versions_only_rise_under_concurrent_edits_at_both(gateway, second):
    other = Admin(second.admin_url, gateway.admin.token)
    node = gateway.new_data_plane(control_planes=[gateway.control_plane, second]).start()

    def edit(index):
        admin = (gateway.admin, other)[index % 2]
        answer = admin.call(
            "PUT", f"/groups/edited-{index % 7}",
            {"description": f"edit {index}", "targets": [{"id": "t", "provider": "demo", "model": "demo-1"}]},
            timeout=60,
        )
        assert answer.status in (200, 201, 503), answer
        return answer

    seen = []
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        edits = [pool.submit(edit, index) for index in range(60)]
        while not all(one.done() for one in edits):
            seen.append(node.snapshot()["version"])
        answers = [one.result() for one in edits]
    good = [answer.json()["snapshot_version"] for answer in answers if answer.status < 300]
    assert len(good) >= 55, [answer.status for answer in answers]
    assert len(set(map(str, good))) == len(good), "two edits share a version"
    assert seen == sorted(seen), "a node went back"
    newest = gateway.admin.snapshots()[0]
    eventually(lambda: node.snapshot()["sha256"] == newest["sha256"], 5, saying="the node runs the newest")
    gateway.retire(node)


@pytest.mark.timeout(120)
def test_a_node_goes_over_to_the_other_when_one_dies(gateway, second):
    node = gateway.new_data_plane(control_planes=[second, gateway.control_plane]).start()
    gateway.wait_for_token(node, gateway.token)
    with Load(gateway, data_plane=node) as load:
        second.kill()
        _, token = gateway.admin.create_token(user="failover", allow=["default"])
        gateway.wait_for_token(node, token, within=45)
        second.start()
    load.assert_spotless()
    gateway.retire(node)


def test_a_lost_race_for_a_revision_is_refused(gateway, second):
    other = Admin(second.admin_url, gateway.admin.token)
    path = "/groups/raced"
    target = [{"id": "t", "provider": "demo", "model": "demo-1"}]
    created = gateway.admin.call("PUT", path, {"targets": target})
    etag = created.headers["etag"]
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        races = [
            pool.submit(admin.call, "PUT", path, {"targets": target, "description": name}, {"If-Match": etag})
            for admin, name in ((gateway.admin, "a"), (other, "b"))
        ]
        statuses = sorted(race.result().status for race in races)
    assert statuses == [200, 412], statuses
