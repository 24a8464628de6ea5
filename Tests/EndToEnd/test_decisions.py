"""What became of a request, and what would: told to its token and to operators."""

import re

import pytest

from stack.bodies import PATHS, body
from stack.eventually import eventually
from stack.gateway import provider, target
from stack.http import request


def told(gateway, path, token=None):
    return request(
        "GET", gateway.data_plane.url + path, headers={"Authorization": f"Bearer {token or gateway.token}"}
    )


@pytest.mark.parametrize("caller", PATHS)
@pytest.mark.parametrize("stream", [False, True])
def test_a_caller_and_an_operator_are_told_how_a_request_went(gateway, caller, stream):
    answer = gateway.call(PATHS[caller], body(caller, "hello", stream=stream))
    assert answer.status == 200
    request_id = answer.headers["x-request-id"]
    # It is settled when the answer has left.
    decision = eventually(
        lambda: (found := told(gateway, f"/v1/requests/{request_id}")).status == 200 and found, 5, saying="it is told"
    ).json()
    assert decision["request_id"] == request_id and decision["status"] == 200 and decision["complete"] is True
    assert decision["stream"] is stream
    assert [attempt["outcome"] for attempt in decision["attempts"]] == ["answered"]
    assert not any("provider" in attempt for attempt in decision["attempts"])
    operator = request("GET", f"{gateway.data_plane.ops_url}/requests/{request_id}").json()
    assert operator["token_id"] and operator["attempts"][0]["provider"] and operator["attempts"][0]["target_id"]
    _, other = gateway.new_token()
    assert told(gateway, f"/v1/requests/{request_id}", other).status == 404


def test_an_explanation_reaches_no_provider(gateway):
    before = gateway.provider.counters()["rows"]
    answer = gateway.call("/v1/explain", body("chat"))
    assert answer.status == 200, answer
    assert answer.json()["would_serve"] is True and answer.json()["targets"]
    assert gateway.provider.counters()["rows"] == before
    operator = eventually(
        lambda: (found := request("GET", f"{gateway.data_plane.ops_url}/requests/{answer.headers['x-request-id']}"))
        .status == 200 and found, 5, saying="operators are told",
    ).json()
    assert [row["target"] for row in operator["would_ask"]] == [row["target"] for row in answer.json()["targets"]]
    assert all(row["target_id"] and row["provider"] and row["model"] for row in operator["would_ask"])


def test_operators_see_how_targets_fare(gateway):
    assert gateway.call(PATHS["chat"], body("chat")).status == 200
    metrics = request("GET", f"{gateway.data_plane.ops_url}/metrics").text
    assert re.search(r'^smart_router_target_up\{provider="[^"]+",model="[^"]+",dialect="openai-chat"\} [01]$', metrics, re.M)


def test_administrators_see_which_models_a_node_sets_aside(gateway):
    gateway.admin.apply(
        {
            "providers": {"ailing": provider(gateway.provider.url, ["demo-ailing"], gateway.provider.key)},
            "groups": {"ailing": {"targets": [target("demo-ailing", provider="ailing")]}},
        }
    )
    _, token = gateway.admin.create_token(user="ailing", allow=["ailing"])
    node = gateway.new_data_plane().start()
    try:
        gateway.wait_for_token(node, token)
        call = body("chat", "[[demo status=429 retry_after=50]] Hello.", model="ailing")
        assert gateway.call(PATHS["chat"], call, token=token, data_plane=node).status == 503
        # News for the node: it polls again, and tells.
        gateway.admin.create_token(user="news")
        told = eventually(
            lambda: next(known for known in gateway.admin.nodes() if known["name"] == node.name)["targets"],
            10, saying="the node told of it",
        )
        assert [(entry["provider"], entry["dialect"], entry["state"]) for entry in told] == [
            ("ailing", "openai-chat", "paused")
        ]
        assert 0 < told[0]["for_ms"] <= 50_000
    finally:
        gateway.retire(node)
