"""Who may call, and what strangers learn: nothing."""

import pytest

from stack.bodies import DIALECTS, PATHS, assert_envelope, body
from stack.eventually import eventually
from stack.http import request
from stack.moments import rfc3339
from stack.tokens import forged


@pytest.mark.parametrize("dialect", DIALECTS)
def test_both_ways_to_present_a_token_work(gateway, dialect):
    for headers in (
        {"Authorization": f"Bearer {gateway.token}"},
        {"x-api-key": gateway.token},
        {"Authorization": f"Bearer {gateway.token}", "x-api-key": gateway.token},
        {"authorization": f"bearer {gateway.token}"},
    ):
        answer = request("POST", gateway.data_plane.url + PATHS[dialect], body(dialect), headers)
        assert answer.status == 200, (headers, answer)


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_request_without_a_token_is_unauthorized(gateway, dialect):
    answer = request("POST", gateway.data_plane.url + PATHS[dialect], body(dialect))
    assert_envelope(dialect, answer, 401, "unauthorized")
    assert answer.headers["x-should-retry"] == "false"


@pytest.mark.parametrize("dialect", DIALECTS)
def test_two_different_credentials_are_refused_by_name(gateway, dialect):
    answer = request(
        "POST", gateway.data_plane.url + PATHS[dialect], body(dialect),
        {"Authorization": f"Bearer {gateway.token}", "x-api-key": "something-else"},
    )
    assert_envelope(dialect, answer, 400, "invalid-request")


@pytest.mark.parametrize("dialect", DIALECTS)
def test_an_unknown_token_and_a_wrong_secret_look_alike(gateway, dialect):
    wrong_secret = forged(gateway.token)
    unknown = forged(gateway.token.replace("_e2e_", "_nobody_"))
    seen = []
    for token in (wrong_secret, unknown, "rtr_metrum_x", "anything"):
        answer = gateway.call(PATHS[dialect], body(dialect), token=token)
        assert_envelope(dialect, answer, 401, "unauthorized")
        request_id = answer.headers["x-request-id"]
        headers = {name: value for name, value in answer.headers.items() if name not in ("x-request-id", "request-id", "date")}
        seen.append((answer.body.replace(request_id.encode(), b"ID"), sorted(headers.items())))
    assert all(one == seen[0] for one in seen), seen


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_group_that_is_not_allowed_looks_like_one_that_does_not_exist(gateway, dialect):
    answers = [gateway.call(PATHS[dialect], body(dialect, model=name)) for name in ("private", "no-such-group")]
    for answer in answers:
        assert_envelope(dialect, answer, 403, "model-not-allowed")
    first, second = (answer.body.replace(answer.headers["x-request-id"].encode(), b"ID") for answer in answers)
    assert first == second


def test_an_expired_token_is_refused(gateway):
    token_id, token = gateway.new_token(allow=["default"])
    gateway.admin.patch(f"/tokens/{token_id}", {"expires_at": rfc3339(5)})
    eventually(
        lambda: gateway.call(PATHS["chat"], body("chat"), token=token).status == 403, 20, saying="the token expired"
    )
    for dialect in DIALECTS:
        assert_envelope(dialect, gateway.call(PATHS[dialect], body(dialect), token=token), 403, "key-expired")


def test_a_token_that_is_not_valid_yet_is_refused(gateway):
    _, token = gateway.admin.create_token(user="early", allow=["default"], not_before=rfc3339(3600))
    eventually(
        lambda: gateway.call(PATHS["chat"], body("chat"), token=token).status == 403, 10, saying="the token arrives"
    )
    for dialect in DIALECTS:
        assert_envelope(dialect, gateway.call(PATHS[dialect], body(dialect), token=token), 403, "key-not-yet-valid")


def test_a_revoked_token_says_so_to_its_holder_only(gateway):
    token_id, token = gateway.new_token(allow=["default"])
    gateway.admin.revoke(token_id)
    for dialect in DIALECTS:
        assert_envelope(dialect, gateway.call(PATHS[dialect], body(dialect), token=token), 403, "key-revoked")
        guess = gateway.call(PATHS[dialect], body(dialect), token=forged(token))
        assert_envelope(dialect, guess, 401, "unauthorized")


def test_a_rotated_token_replaces_the_old_one(gateway):
    token_id, old = gateway.new_token(allow=["default"])
    new = gateway.admin.post(f"/tokens/{token_id}/rotate", {})["token"]
    gateway.wait_for_token(gateway.data_plane, new)
    assert gateway.call(PATHS["chat"], body("chat"), token=new).status == 200
    eventually(
        lambda: gateway.call(PATHS["chat"], body("chat"), token=old).status == 403, 5, saying="the old one ends"
    )


def test_a_token_restricted_to_one_endpoint_works_there_only(gateway):
    _, token = gateway.new_token(allow=["default"], endpoints=["openai-chat"])
    assert gateway.call(PATHS["chat"], body("chat"), token=token).status == 200
    for dialect in ("responses", "messages"):
        answer = gateway.call(PATHS[dialect], body(dialect), token=token)
        assert_envelope(dialect, answer, 403)


def test_a_token_sees_only_the_groups_that_it_may_use(gateway):
    _, token = gateway.new_token(allow=["default", "fast"])
    answer = request("GET", gateway.data_plane.url + "/v1/models", headers={"Authorization": f"Bearer {token}"})
    assert [row["id"] for row in answer.json()["data"]] == ["default", "fast"]
    for name, status in (("fast", 200), ("private", 404), ("no-such-group", 404)):
        one = request("GET", f"{gateway.data_plane.url}/v1/models/{name}", headers={"x-api-key": token})
        assert one.status == status, one


def test_an_admin_token_is_nobody_on_the_data_plane_and_a_caller_token_nobody_on_the_admin_api(gateway):
    answer = gateway.call(PATHS["chat"], body("chat"), token=gateway.admin.token)
    assert_envelope("chat", answer, 401, "unauthorized")
    answer = request("GET", gateway.admin.url + "/admin/v1/providers", headers={"Authorization": f"Bearer {gateway.token}"})
    assert answer.status == 401, answer
    assert set(answer.json()["error"]) >= {"code", "message", "request_id"}
