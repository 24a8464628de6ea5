"""The private listener, the metrics and the request log."""

import json
import re

from stack.bodies import DIALECTS, PATHS, body
from stack.eventually import eventually
from stack.http import request

CANARY = "canary-7f3a9c-in-a-prompt"


def test_the_private_listener_tells_life_and_readiness(gateway):
    for path in ("/livez", "/readyz"):
        answer = request("GET", gateway.data_plane.ops_url + path)
        assert answer.status == 200, answer
    for path in ("/livez", "/readyz", "/metrics"):
        assert request("GET", gateway.data_plane.url + path).status in (401, 404)
    answer = request("POST", gateway.data_plane.ops_url + PATHS["chat"], body("chat"))
    assert answer.status in (404, 405), "callers are not served on the private listener"


def test_metrics_count_requests_errors_and_times(gateway):
    plane = gateway.data_plane

    def count(**labels):
        try:
            return plane.metric("smart_router_requests_total", **labels)
        except AssertionError:
            return 0

    before, refused = count(status="200"), count(status="403")
    gateway.call(PATHS["chat"], body("chat"))
    gateway.call(PATHS["messages"], body("messages", stream=True))
    gateway.call(PATHS["chat"], body("chat", model="private"))
    eventually(lambda: count(status="200") == before + 2, 5, saying="two more requests are counted")
    assert count(status="403") == refused + 1
    samples = plane.metrics()
    families = {name.split("{")[0] for name in samples}
    for family in (
        "smart_router_requests_total", "smart_router_requests_in_flight", "smart_router_snapshot_version",
        "smart_router_heartbeat_age_seconds", "smart_router_request_duration_seconds_bucket",
        "smart_router_time_to_first_token_seconds_bucket",
    ):
        assert family in families, sorted(families)


def test_metrics_are_well_formed(gateway):
    answer = request("GET", gateway.data_plane.ops_url + "/metrics")
    assert answer.headers["content-type"].startswith("text/plain")
    sample = re.compile(r'^[a-zA-Z_:][a-zA-Z0-9_:]*(\{([a-zA-Z_][a-zA-Z0-9_]*="[^"\n]*",?)*\})? [-+0-9.eEINFNa]+$')
    for line in answer.text.splitlines():
        assert line.startswith("#") or sample.match(line), line


def test_labels_are_bounded_whatever_callers_send(gateway):
    gateway.call(PATHS["chat"], body("chat"))
    before = len(gateway.data_plane.metrics())
    for index in range(150):
        gateway.call(PATHS["chat"], body("chat", model=f"made-up-{index}"))
        request("GET", f"{gateway.data_plane.url}/made/up/{index}", headers={"x-api-key": gateway.token})
    text = request("GET", gateway.data_plane.ops_url + "/metrics").text
    assert "made-up" not in text and "/made/up" not in text
    assert len(gateway.data_plane.metrics()) < before + 60


def test_every_request_has_one_line_in_the_log(gateway):
    for dialect in DIALECTS:
        for stream in (False, True):
            answer = gateway.call(PATHS[dialect], body(dialect, stream=stream))
            record = gateway.data_plane.logged(answer.headers["x-request-id"])
            row = gateway.provider.row(answer.headers["x-request-id"])
            assert record["token_id"] == gateway.token_id
            assert record["group"] == "default"
            assert record["target"] == "demo-1"
            assert record["status"] == 200
            assert record["attempts"] == 1
            assert record["stream"] is stream
            assert record["input_tokens"] == row["input_tokens"]
            assert record["output_tokens"] == row["output_tokens"]
            assert record["request_bytes"] > 0 and record["response_bytes"] > 0


def test_refused_requests_are_logged_too(gateway):
    answer = gateway.call(PATHS["chat"], body("chat", model="private"))
    record = gateway.data_plane.logged(answer.headers["x-request-id"])
    assert (record["status"], record["error"], record["attempts"]) == (403, "model-not-allowed", 0)
    answer = request("POST", gateway.data_plane.url + PATHS["chat"], body("chat"))
    assert gateway.data_plane.logged(answer.headers["x-request-id"])["status"] == 401


def test_neither_prompts_nor_secrets_are_written_anywhere(gateway):
    token_id, token = gateway.new_token(allow=["default", "hurried"])
    for dialect in DIALECTS:
        for directive in ("", "[[demo status=500]]", "[[demo bytes=300 chunks=4 cut=mid]]", "[[demo status=400]]"):
            for stream in (False, True):
                gateway.call(PATHS[dialect], body(dialect, f"{directive} {CANARY}", stream=stream), token=token)
    gateway.call(PATHS["chat"], f'{{"model": "{CANARY}", broken', token=token)
    gateway.call(PATHS["chat"], body("chat", f"{CANARY} [[demo hang=before_head]]", model="hurried"), token=token)
    gateway.admin.call("PUT", "/providers/demo", {"base_url": "http://x", "auth": {"scheme": "bearer", "secret": gateway.provider.key}, "nonsense": CANARY})
    last = gateway.call(PATHS["chat"], body("chat"), token=token)
    gateway.data_plane.logged(last.headers["x-request-id"])

    secrets = {
        "prompt": CANARY.encode(),
        "caller token": token.rsplit("_", 1)[1].encode(),
        "admin token": gateway.admin.token.rsplit("_", 1)[1].encode(),
        "provider key": gateway.provider.key.encode(),
        "master key": gateway.key_file.read_bytes().strip(),
    }
    places = {"metrics": request("GET", gateway.data_plane.ops_url + "/metrics").body}
    places["database"] = gateway.postgres.dump().encode()
    for path in ("/providers", "/tokens", "/audit", "/snapshots", "/nodes", "/admins"):
        places[f"admin API {path}"] = gateway.admin.call("GET", path).body
    for file in gateway.directory.rglob("*"):
        if file.is_file() and gateway.postgres.directory not in file.parents and file != gateway.key_file:
            places[str(file)] = file.read_bytes()
    # PostgreSQL logs every statement here, so a secret in SQL text would show.
    places["PostgreSQL log"] = gateway.postgres.log.read_bytes()
    found = [f"{name} in {place}" for place, data in places.items() for name, secret in secrets.items() if secret in data]
    assert not found, found


def test_files_on_the_node_are_private(gateway):
    state = gateway.data_plane.state
    assert state.stat().st_mode & 0o777 == 0o700
    files = [file for file in state.rglob("*") if file.is_file()]
    assert files
    for file in files:
        assert file.stat().st_mode & 0o777 == 0o600, file


def test_log_lines_are_json(gateway):
    for program in (gateway.data_plane, gateway.control_plane):
        for line in program.log_lines():
            json.loads(line)
