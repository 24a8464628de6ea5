"""The verbs of the control plane's command line, over the admin API."""

import json

import pytest

from stack.gateway import model


@pytest.fixture
def cli(gateway):
    def run(*arguments, check=True, **environment):
        return gateway.control_plane.verb(
            *arguments, check=check,
            **{"ROUTER_ADMIN_URL": gateway.admin.url, "ROUTER_ADMIN_TOKEN": gateway.admin.token, **environment},
        )

    return run


def test_resources_are_listed_for_people_and_for_programs(cli):
    for kind in ("provider", "group", "token", "admin", "node", "snapshot"):
        assert cli(kind, "list").stdout.strip()
        assert json.loads(cli(kind, "list", "--json").stdout)["data"]


def test_apply_tells_what_it_would_change_and_then_changes_it(cli, tmp_path):
    document = tmp_path / "more.yaml"
    document.write_text(
        "groups:\n  from-yaml:\n    targets: [ { id: t, provider: demo, model: demo-1 } ]\n"
    )
    assert "from-yaml" in cli("apply", "-f", document, "--dry-run").stdout
    assert cli("group", "get", "from-yaml", check=False).returncode == 1
    cli("apply", "-f", document)
    assert json.loads(cli("group", "get", "from-yaml", "--json").stdout)["targets"][0]["provider"] == "demo"


def test_a_token_is_made_shown_once_and_revoked(cli):
    made = json.loads(
        cli("token", "create", "--json", "--user", "cli", "--project", "p", "--environment", "e", "--allow", "default").stdout
    )
    assert made["token"].startswith(made["id"] + "_")
    assert made["token"] not in cli("token", "get", made["id"]).stdout
    assert json.loads(cli("token", "revoke", made["id"], "--json").stdout)["revoked"] is True


def test_a_model_is_vouched_for_and_no_longer(cli, gateway):
    number = next(gateway._numbers)
    gateway.admin.put(f"/providers/demo/models/vouched-{number}", model("demo-1"))
    subject = (f"demo/vouched-{number}", "openai-chat", "reasoning")
    wished = cli("attestation", "put", *subject, "--reason", "seen by hand", "--dry-run")
    assert wished.stdout.strip()
    assert "seen by hand" not in cli("attestation", "list", subject[0], "--json").stdout
    cli("attestation", "put", *subject, "--reason", "seen by hand")
    assert "seen by hand" in cli("attestation", "list", subject[0], "--json").stdout
    refused = cli("attestation", "put", *subject[:2], "no-such-case", "--reason", "x", check=False)
    assert refused.returncode == 1 and "case" in refused.stderr + refused.stdout
    assert " ".join(subject) in cli("attestation", "delete", *subject).stdout
    assert "seen by hand" not in cli("attestation", "list", subject[0], "--json").stdout
    gateway.admin.delete(f"/providers/demo/models/vouched-{number}")


def test_exit_statuses_tell_what_went_wrong(cli):
    refused = cli("provider", "get", "no-such-provider", check=False)
    assert refused.returncode == 1 and "not-found" in refused.stderr + refused.stdout
    assert cli("provider", "frobnicate", check=False).returncode == 64
    assert cli("provider", "list", check=False, ROUTER_ADMIN_URL="http://127.0.0.1:1").returncode == 69
    assert cli("provider", "list", check=False, ROUTER_ADMIN_TOKEN="rta_wrong").returncode == 1
