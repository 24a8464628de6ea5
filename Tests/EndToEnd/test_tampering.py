"""Snapshots that were tampered with: each is refused with its reason, and what runs goes on untouched.

The node trusts a control plane written here, from the description of the format and not from our code.
"""

import gzip
import random
import time

import pytest

from stack.bodies import PATHS, body
from stack.eventually import eventually
from stack.frames import SigningKey, compact, frame, signed, SNAPSHOT, HEARTBEAT
from stack.hostile import HostileControlPlane
from stack.planes import DataPlane
from stack.tokens import issue_token


@pytest.fixture(scope="module")
def hostile(gateway, tmp_path_factory):
    with HostileControlPlane(gateway.provider) as plane:
        plane.token = issue_token("metrum", "alice", "p1", "test", "k1")
        node = gateway._own(
            DataPlane(gateway.directory, [plane.plane_url], plane.join_token, name="node-hostile")
        )
        plane.node = node
        plane.version = 10
        good = plane.sealed(plane.body(plane.token), plane.version)
        sha256 = plane.offer(good, plane.version)
        node.start()
        assert plane.verdict_on(sha256)["outcome"] == "applied"
        plane.good, plane.good_sha256 = good, sha256
        yield plane
        node.kill()


def serves(gateway, hostile):
    answer = gateway.call(PATHS["chat"], body("chat"), token=hostile.token, data_plane=hostile.node)
    return answer.status == 200


def refused(gateway, hostile, data, code, version=None, epoch=1, announced=None):
    """Offers `data`; the node must refuse it for `code` (one or several) and go on as before."""
    pid = hostile.node.pid
    before = hostile.node.snapshot()["sha256"]
    sha256 = hostile.offer(data, version or hostile.version + 1, epoch, announced)
    verdict = hostile.verdict_on(sha256)
    assert verdict["outcome"] == "refused", verdict
    assert verdict["code"] in ([code] if isinstance(code, str) else code), verdict
    assert verdict.get("detail"), verdict
    assert hostile.node.running and hostile.node.pid == pid
    assert hostile.node.snapshot()["sha256"] == before
    assert serves(gateway, hostile)


def test_the_independent_sealer_is_understood(gateway, hostile):
    assert serves(gateway, hostile)


@pytest.mark.timeout(1200)
def test_a_bit_flipped_anywhere_is_refused(gateway, hostile, whole_run):
    """Every region of the envelope; with --all 400 flips instead of 40; all of them are tried where sealing is tested."""
    data = hostile.sealed(hostile.body(hostile.token), hostile.version + 1)
    generator = random.Random(7)
    bits = len(data) * 8
    count = 400 if whole_run else 40
    for bit in sorted(generator.sample(range(bits), min(count, bits))):
        changed = bytearray(data)
        changed[bit // 8] ^= 1 << bit % 8
        refused(
            gateway, hostile, bytes(changed),
            {
                "truncated", "not-an-envelope", "too-large", "unknown-key", "bad-signature", "malformed-header",
                "body-hash-mismatch", "body-length-mismatch", "undecompressible", "malformed-body", "wrong-cluster",
                "wrong-epoch", "not-newer", "unsupported", "invalid", "wrong-snapshot",
            },
        )


@pytest.mark.timeout(1200)
def test_a_truncated_snapshot_is_refused(gateway, hostile, whole_run):
    data = hostile.sealed(hostile.body(hostile.token), hostile.version + 1)
    lengths = range(0, len(data), 3) if whole_run else sorted({0, 1, 4, 5, 8, 9, 10, 200, len(data) // 2, len(data) - 65, len(data) - 1})
    for length in lengths:
        refused(gateway, hostile, data[:length], {"truncated", "not-an-envelope", "unavailable", "too-large"})


def test_bytes_behind_the_end_are_refused(gateway, hostile):
    data = hostile.sealed(hostile.body(hostile.token), hostile.version + 1)
    refused(gateway, hostile, data + b"\x00", "not-an-envelope")


def test_an_older_or_equal_version_is_refused(gateway, hostile):
    for version in (1, hostile.version - 1):
        data = hostile.sealed(hostile.body(hostile.token, groups=("default", "old")), version)
        refused(gateway, hostile, data, "not-newer", version=version)
    same = hostile.sealed(hostile.body(hostile.token, groups=("default", "same")), hostile.version)
    refused(gateway, hostile, same, "not-newer", version=hostile.version)


def test_an_older_version_under_a_newer_name_is_refused(gateway, hostile):
    data = hostile.sealed(hostile.body(hostile.token, groups=("default", "older")), hostile.version - 2)
    refused(gateway, hostile, data, {"not-newer", "wrong-snapshot"}, version=hostile.version + 5)


def test_a_snapshot_of_another_cluster_is_refused(gateway, hostile):
    data = hostile.sealed(hostile.body(hostile.token), hostile.version + 1, cluster="another-cluster")
    refused(gateway, hostile, data, "wrong-cluster")


def test_a_snapshot_of_another_epoch_is_refused(gateway, hostile):
    data = hostile.sealed(hostile.body(hostile.token), hostile.version + 1, epoch=2)
    refused(gateway, hostile, data, {"wrong-epoch", "wrong-snapshot"}, epoch=1)
    refused(gateway, hostile, data, "wrong-epoch", epoch=2)


def test_a_snapshot_signed_by_an_unknown_key_is_refused(gateway, hostile):
    data = hostile.sealed(hostile.body(hostile.token), hostile.version + 1, key=SigningKey())
    refused(gateway, hostile, data, "unknown-key")


def test_an_unknown_key_under_a_known_id_is_refused(gateway, hostile):
    impostor = SigningKey()
    impostor.id = hostile.key.id
    data = hostile.sealed(hostile.body(hostile.token), hostile.version + 1, key=impostor)
    refused(gateway, hostile, data, "bad-signature")


def test_a_good_signature_does_not_save_a_bad_one_beside_it(gateway, hostile):
    header = compact({"x": 1})
    good = (hostile.key.id, hostile.key.sign(SNAPSHOT, header))
    stranger = SigningKey()
    refused(
        gateway, hostile, frame(header, b"", [good, (stranger.id, stranger.sign(SNAPSHOT, header))]), "unknown-key"
    )
    refused(gateway, hostile, frame(header, b"", [good, (hostile.key.id, b"\x00" * 64)]), "bad-signature")
    refused(gateway, hostile, frame(header, b"", []), "not-an-envelope")


def test_a_signature_made_for_another_kind_of_message_is_refused(gateway, hostile):
    data = hostile.sealed(hostile.body(hostile.token), hostile.version + 1, kind=HEARTBEAT)
    refused(gateway, hostile, data, "bad-signature")


def test_swapped_bodies_are_refused(gateway, hostile):
    content = hostile.body(hostile.token)
    other = gzip.compress(compact(hostile.body(hostile.token, groups=("default", "swapped"))), mtime=0)
    good = gzip.compress(compact(content), mtime=0)
    from hashlib import sha256

    data = hostile.sealed(content, hostile.version + 1, compressed=other, header={"body_sha256": sha256(good).hexdigest()})
    refused(gateway, hostile, data, {"body-hash-mismatch", "body-length-mismatch"})


def test_a_body_that_inflates_to_more_than_it_says_is_refused(gateway, hostile):
    bomb = gzip.compress(b"\x00" * (200 << 20), mtime=0)
    before = hostile.node.resident_bytes
    data = hostile.sealed(hostile.body(hostile.token), hostile.version + 1, compressed=bomb, header={"raw_length": 1000})
    refused(gateway, hostile, data, "undecompressible")
    assert hostile.node.resident_bytes - before < 64 << 20
    huge = hostile.sealed(hostile.body(hostile.token), hostile.version + 1, header={"raw_length": 1 << 40})
    refused(gateway, hostile, huge, {"too-large", "malformed-header", "undecompressible"})


HEADERS = {
    "a newer major schema": ({"schema": {"major": 2, "minor": 0}}, "unsupported"),
    "an unknown feature": ({"features": ["time-travel"]}, "unsupported"),
    "no cluster": ({"cluster_id": None}, "malformed-header"),
    "a number for the cluster": ({"cluster_id": 5}, "malformed-header"),
    "a negative version": ({"version": -1}, "malformed-header"),
    "a version of text": ({"version": "11"}, "malformed-header"),
    "a fractional version": ({"version": 11.5}, "malformed-header"),
    "a version above 64 bits": ({"version": 1 << 70}, "malformed-header"),
    "a negative length": ({"body_length": -5}, {"malformed-header", "body-length-mismatch", "too-large"}),
    "a negative raw length": ({"raw_length": -5}, {"malformed-header", "undecompressible", "too-large"}),
    "another encoding": ({"encoding": "zstd"}, "malformed-header"),
    "a short hash": ({"body_sha256": "00"}, "malformed-header"),
    "expired": ({"expires_at": 1000}, "expired"),
}


@pytest.mark.parametrize("name", HEADERS)
def test_a_signed_header_that_makes_no_sense_is_refused(gateway, hostile, name):
    fields, code = HEADERS[name]
    data = hostile.sealed(hostile.body(hostile.token), hostile.version + 1, header=fields)
    refused(gateway, hostile, data, code)


RAW_HEADERS = {
    "not JSON": b"hello", "empty": b"", "a list": b"[]", "null": b"null", "deep": b"[" * 5000, "NUL": b"\x00" * 50,
    "not UTF-8": b'{"cluster_id":"\xff"}', "twins": b'{"version":1,"version":2}', "cut": b'{"schema":',
}


@pytest.mark.parametrize("name", RAW_HEADERS)
def test_a_signed_header_that_is_no_json_object_is_refused(gateway, hostile, name):
    refused(
        gateway, hostile, signed(SNAPSHOT, RAW_HEADERS[name], b"", hostile.key), {"malformed-header", "not-an-envelope"}
    )


def hostile_bodies(content):
    """Signed bodies that are wrong, by name; a whole and honest control plane would never send them."""
    import copy

    def changed(change):
        body = copy.deepcopy(content)
        change(body)
        return body

    def at(*path, value):
        def change(body):
            place = body
            for step in path[:-1]:
                place = place[step]
            if value is None:
                del place[path[-1]]
            else:
                place[path[-1]] = value
        return changed(change)

    for section in ("providers", "models", "groups", "tokens", "deployment"):
        yield f"no {section}", at(section, value=None)
        yield f"{section} is a number", at(section, value=7)
        yield f"{section} is a text", at(section, value="UPPER case")
        yield f"{section} holds a null", at(section, value=[None])
        yield f"{section} holds a list", at(section, value=[[[]]])
    yield "a provider without an address", at("providers", 0, "base_url", value=None)
    for url in ("", "ftp://x", "http://", "http://user:pass@x", "file:///etc/passwd", "http://x\r\nA: b", "//x", "http://x y"):
        yield f"a provider at {url!r}", at("providers", 0, "base_url", value=url)
    yield "an unknown dialect", at("providers", 0, "dialects", value={"gopher": {}})
    yield "an unknown authentication", at("providers", 0, "auth", value="basic")
    yield "a header with a line feed", at("providers", 0, "headers", value={"x-a": "1\r\nx-b: 2"})
    yield "a header of ours", at("providers", 0, "headers", value={"authorization": "Bearer x"})
    yield "a timeout below zero", at("providers", 0, "timeouts", value={"connect_ms": -1})
    yield "a timeout of 2^63", at("providers", 0, "timeouts", value={"connect_ms": 1 << 63})
    yield "a model of no provider", at("models", 0, "provider", value="nobody")
    yield "a target of no model", at("groups", 0, "targets", 0, "model", value="nothing")
    yield "a weight below zero", at("groups", 0, "targets", 0, "weight", value=-5)
    yield "a weight of 2^62", at("groups", 0, "targets", 0, "weight", value=1 << 62)
    yield "an unknown strategy", at("groups", 0, "strategy", value="magic")
    yield "a group twice", changed(lambda body: body["groups"].append(body["groups"][0]))
    yield "a provider twice", changed(lambda body: body["providers"].append(body["providers"][0]))
    yield "a token twice", changed(lambda body: body["tokens"].append(body["tokens"][0]))
    yield "a token for a group that is not there", at("tokens", 0, "allow", value=["nowhere"])
    yield "a token without a code", at("tokens", 0, "code", value=None)
    yield "a code that is too short", at("tokens", 0, "code", value="abcd")
    yield "a token of another form", at("tokens", 0, "id", value="root")
    yield "an unknown state", at("tokens", 0, "state", value="godlike")
    yield "a slug with a slash", at("groups", 0, "id", value="../x")
    yield "a slug of 10 000 letters", at("groups", 0, "id", value="x" * 10_000)


def test_a_signed_body_that_makes_no_sense_is_refused(gateway, hostile):
    content = hostile.body(hostile.token)
    for name, bad in hostile_bodies(content):
        data = hostile.sealed(bad, hostile.version + 1)
        try:
            refused(gateway, hostile, data, {"malformed-body", "invalid"})
        except AssertionError as error:
            raise AssertionError(f"{name}: {error}") from error


@pytest.mark.parametrize("raw", [b"", b"null", b"[]", b"{", b"[" * 100_000, b"\xff\xfe", b'{"a":1,"a":2}'])
def test_a_signed_body_that_is_no_json_object_is_refused(gateway, hostile, raw):
    data = hostile.sealed(hostile.body(hostile.token), hostile.version + 1, raw=raw)
    refused(gateway, hostile, data, {"malformed-body", "undecompressible"})


def test_secrets_that_cannot_be_opened_are_refused(gateway, hostile):
    good = hostile.secrets_for
    from stack.frames import sealed_secrets

    def sealed_for(**changes):
        def make(sha256, epoch):
            arguments = {
                "public_key": hostile.sealing_key, "cluster": hostile.cluster, "node": hostile.node_id, "epoch": epoch,
                "snapshot_sha256": sha256, "peppers": {"p1": hostile.pepper},
                "provider_secrets": {"demo": hostile.provider.key}, **changes,
            }
            return sealed_secrets(**arguments)
        return make

    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

    stranger = X25519PrivateKey.generate().public_key().public_bytes_raw()
    variants = {
        "for another node's key": sealed_for(public_key=stranger),
        "for another node": sealed_for(node="somebody"),
        "for another cluster": sealed_for(cluster="elsewhere"),
        "for another epoch": sealed_for(epoch=9),
        "for another snapshot": sealed_for(snapshot_sha256="ab" * 32),
        "without the pepper": sealed_for(peppers={}),
        "without the provider's key": sealed_for(provider_secrets={}),
        "garbage": lambda *_: b"garbage",
        "empty": lambda *_: b"",
    }
    try:
        for number, (name, variant) in enumerate(variants.items()):
            hostile.secrets_for = variant
            data = hostile.sealed(hostile.body(hostile.token, groups=("default", f"s{number}")), hostile.version + 1)
            try:
                refused(gateway, hostile, data, {"secrets-unavailable", "invalid"})
            except AssertionError as error:
                raise AssertionError(f"{name}: {error}") from error
    finally:
        hostile.secrets_for = good


def test_other_bytes_than_announced_are_refused(gateway, hostile):
    data = hostile.sealed(hostile.body(hostile.token, groups=("default", "announced")), hostile.version + 1)
    refused(gateway, hostile, data, "wrong-snapshot", announced="cd" * 32)


def test_tampered_heartbeats_change_nothing(gateway, hostile):
    before = hostile.node.snapshot()["sha256"]
    newer = hostile.sealed(hostile.body(hostile.token, groups=("default", "unheard")), hostile.version + 1)

    def flipped(data):
        changed = bytearray(data)
        changed[len(changed) // 2] ^= 1
        return bytes(changed)

    replayed = {}

    def replay(data):
        return replayed.setdefault("first", data)

    stranger = SigningKey()

    def resigned(data):
        length = int.from_bytes(data[5:9], "big")
        return signed(HEARTBEAT, data[9 : 9 + length], b"", stranger)

    try:
        for mangle in (flipped, replay, resigned, lambda data: b"", lambda data: data[:-1], lambda data: data + b"x",
                       lambda data: b"A" * 5_000_000):
            hostile.mangle_heartbeat = mangle
            if mangle is replay:
                # An honest one first, of which all later ones are copies.
                eventually(lambda: "first" in replayed, 30, saying="a heartbeat to copy")
            hostile.offer(newer, hostile.version + 1)
            wait_for_polls(hostile, hostile.polls + 2)
            assert hostile.node.snapshot()["sha256"] == before, mangle
            assert serves(gateway, hostile)
            # An honest one in between, or the node would wait longer from one to the next.
            hostile.offer(hostile.good, hostile.version)
            hostile.mangle_heartbeat = lambda data: data
            heard = hostile.node.metric("smart_router_heartbeats_total")
            eventually(lambda: hostile.node.metric("smart_router_heartbeats_total") > heard, 30)
    finally:
        hostile.mangle_heartbeat = lambda data: data


def wait_for_polls(hostile, count, within=60):
    deadline = time.monotonic() + within
    while hostile.polls < count:
        assert time.monotonic() < deadline, "the node stopped polling"
        time.sleep(0.02)


def test_a_good_snapshot_is_applied_after_all_of_this(gateway, hostile):
    hostile.version += 10
    data = hostile.sealed(hostile.body(hostile.token, groups=("default", "at-last")), hostile.version)
    sha256 = hostile.offer(data, hostile.version)
    assert hostile.verdict_on(sha256, within=45)["outcome"] == "applied"
    answer = gateway.call(PATHS["chat"], body("chat", model="at-last"), token=hostile.token, data_plane=hostile.node)
    assert answer.status == 200
