"""What is known of models reaches the data planes, and they serve by it."""

import json
import pathlib

import pytest

from stack.bodies import PATHS, assert_envelope, body
from stack.eventually import eventually
from stack.gateway import DIALECTS, attested, model, target

# What a request of these tests needs.
CASES = ("text", "stream", "max_tokens_honored", "usage_reported")
QUICKSTART = pathlib.Path(__file__).parents[2] / "Deploy" / "examples" / "quickstart.yaml"


@pytest.fixture
def proven(gateway):
    """The caller's token of a group whose one target has to be proven, and is not."""
    number = next(gateway._numbers)
    name = f"careful-{number}"
    gateway.admin.put(f"/providers/demo/models/{name}", model("demo-1"))
    group = {"targets": [target(name)], "requirements": {"capabilities": "proven"}, "attempts": {"max": 2}}
    gateway.admin.put(f"/groups/{name}", group)
    token_id, token = gateway.new_token(allow=[name])
    yield name, token
    gateway.admin.revoke(token_id)
    gateway.admin.delete(f"/groups/{name}")
    gateway.admin.delete(f"/providers/demo/models/{name}")


def ask(gateway, proven, dialect="chat"):
    name, token = proven
    return gateway.call(PATHS[dialect], body(dialect, model=name), token=token)


def attest(gateway, proven, **more):
    gateway.attest("demo", proven[0], cases=CASES, **more)


def served(gateway, proven):
    eventually(lambda: ask(gateway, proven).status == 200, 10, saying="the evidence has reached the data plane")


def reason(gateway, proven):
    error = assert_envelope("chat", ask(gateway, proven), 502, "no-eligible-target")
    return error["details"]["targets"][0]["reason"]


def refused(gateway, proven, because):
    eventually(lambda: ask(gateway, proven).status == 502, 10, saying="the target is refused")
    assert reason(gateway, proven).startswith(because)


def test_a_target_without_evidence_serves_once_somebody_vouches_for_it(gateway, proven):
    refused(gateway, proven, "unvalidated")
    attest(gateway, proven)
    served(gateway, proven)
    for dialect in PATHS:
        assert ask(gateway, proven, dialect).status == 200
    gateway.admin.delete(f"/providers/demo/models/{proven[0]}/attestations/openai-chat/text")
    gateway.admin.delete(f"/providers/demo/models/{proven[0]}/attestations/openai-responses/text")
    gateway.admin.delete(f"/providers/demo/models/{proven[0]}/attestations/anthropic-messages/text")
    refused(gateway, proven, "unvalidated")


def test_somebody_may_vouch_that_a_model_cannot(gateway, proven):
    attest(gateway, proven, verdict="failed")
    refused(gateway, proven, "failed")


def test_another_upstream_model_voids_what_is_known(gateway, proven):
    attest(gateway, proven)
    served(gateway, proven)
    gateway.admin.patch(f"/providers/demo/models/{proven[0]}", {"upstream_model": "demo-a"})
    refused(gateway, proven, "unvalidated")
    # A new model is a reason to find out anew.
    runs = gateway.admin.get("/validations")["data"]
    assert [run["reason"] for run in runs if run["model"] == proven[0]][0] == "change"


def test_the_command_line_vouches_and_shows_what_stands(gateway, proven):
    def cli(*arguments):
        return gateway.control_plane.verb(
            *arguments, **{"ROUTER_ADMIN_URL": gateway.admin.url, "ROUTER_ADMIN_TOKEN": gateway.admin.token},
        ).stdout

    name = f"demo/{proven[0]}"
    cli("attestation", "put", name, "openai-chat", "text", "--reason", "read it", "--expires-at", "2099-01-01T00:00:00Z")
    assert "read it" in cli("attestation", "list", name)
    evidence = json.loads(cli("evidence", "--provider", "demo", "--model", proven[0], "--json"))["data"]
    assert [(item["case"], item["verdict"], item["attested"]) for item in evidence if item["attested"]] == [
        ("text", "passed", True)
    ]
    run = json.loads(cli("validation", "run", name, "--case", "text", "--json"))
    assert run["reason"] == "demand" and run["jobs"] == len(DIALECTS)
    assert str(run["id"]) in cli("validation", "list")
    assert proven[0] in cli("validation", "get", str(run["id"]))
    cli("attestation", "delete", name, "openai-chat", "text")
    assert "read it" not in cli("attestation", "list", name)


def test_the_quick_start_vouches_for_the_demo_model_in_every_dialect(gateway):
    environment = {
        "ROUTER_ADMIN_URL": gateway.admin.url, "ROUTER_ADMIN_TOKEN": gateway.admin.token,
        "DEMO_KEY": gateway.provider.key,
    }
    said = gateway.control_plane.verb("apply", "-f", QUICKSTART, "--dry-run", "--json", **environment).stdout
    keys = {change["key"] for change in json.loads(said)["changes"] if change["kind"] == "attestation"}
    assert keys == {f"demo/demo-1/{item['dialect']}/{item['case']}" for item in attested()}
