"""What only one provider knows: kept responses go back to who made them, reasoning goes only where it is taken."""

import openai
import pytest

from stack.bodies import PATHS, assert_envelope, body
from stack.callers import CALLERS
from stack.eventually import eventually
from stack.gateway import target

TURNS = 10


@pytest.fixture(scope="module")
def kept(gateway):
    """Groups whose responses may be kept at several places, and a token that may use them."""
    one, other = target("demo-1", provider="responses-only"), target("demo-a")
    groups = {
        "kept-models": [target("demo-a"), target("demo-b")],
        "kept-providers": [{**one, "id": "one"}, {**other, "id": "other"}],
        "kept-changing": [{**one, "id": "one"}, {**other, "id": "other"}],
    }
    for name, targets in groups.items():
        gateway.admin.put(f"/groups/{name}", {"targets": targets})
    _, token = gateway.new_token(user="keeper", allow=[*groups, "default"])
    return token


def served_by(gateway, answer):
    return gateway.provider.row(answer.headers["x-request-id"])["model"]


def ask(gateway, token, group, previous=None, data_plane=None, **more):
    """A turn at a provider that knows no responses but those that the model gave."""
    request = body("responses", "[[demo kept=1]] Reply with exactly: kept", model=group, **more)
    if previous:
        request["previous_response_id"] = previous
    return gateway.call(PATHS["responses"], request, token=token, data_plane=data_plane)


@pytest.mark.parametrize("group", ["kept-models", "kept-providers"])
def test_a_conversation_of_ten_turns_stays_with_its_target_whichever_node_serves(gateway, kept, group):
    second = gateway.new_data_plane().start()
    try:
        gateway.wait_for_token(second, kept)
        models = set()
        for conversation in range(4):
            previous, ids, served = None, set(), []
            for turn in range(TURNS):
                node = (gateway.data_plane, second)[turn % 2]
                answer = ask(gateway, kept, group, previous, data_plane=node)
                assert answer.status == 200, answer
                told = answer.json()
                assert told["previous_response_id"] == previous
                previous = told["id"]
                ids.add(previous)
                served.append(served_by(gateway, answer))
            assert len(set(served)) == 1, served
            assert len(ids) == TURNS
            models.update(served)
        assert models <= {"demo-1", "demo-a", "demo-b"}
    finally:
        gateway.retire(second)


@pytest.mark.parametrize("stream", [False, True], ids=["whole", "streamed"])
def test_the_sdk_continues_responses(gateway, kept, stream):
    with openai.OpenAI(
        base_url=f"{gateway.data_plane.url}/v1", api_key=kept, max_retries=0, timeout=20,
        _strict_response_validation=True,
    ) as client:
        previous = openai.omit
        for _ in range(5):
            request = dict(model="kept-models", input="[[demo kept=1]] Go on.", previous_response_id=previous)
            if stream:
                with client.responses.stream(**request) as events:
                    named = {event.response.id for event in events if hasattr(event, "response")}
                    answer = events.get_final_response()
                assert named == {answer.id}
            else:
                answer = client.responses.create(**request)
            assert answer.status == "completed"
            assert answer.previous_response_id == (previous or None)
            previous = answer.id
            assert previous.startswith("resp_") and len(previous) < 255
            for name in ("demo", "resp_demo"):
                assert name not in previous


def test_where_one_target_keeps_responses_ids_stay_as_they_are(gateway):
    answer = gateway.call(PATHS["responses"], body("responses"))
    assert answer.json()["id"].startswith("resp_demo")
    request = body("responses", "[[demo kept=1]] Go on.", previous_response_id=answer.json()["id"])
    assert gateway.call(PATHS["responses"], request).status == 200


def test_a_response_that_is_not_kept_has_the_providers_own_id(gateway, kept):
    for stream in (False, True):
        answer = ask(gateway, kept, "kept-models", store=False, stream=stream)
        assert b'"id":"resp_demo' in answer.body.replace(b" ", b""), answer


@pytest.mark.parametrize("member", ["previous_response_id", "conversation"])
def test_what_several_providers_could_keep_is_refused_before_one_is_asked(gateway, kept, member):
    for value in ("resp_r1_AAAA", "resp_68a1", "x" * 5000) if member == "previous_response_id" else ("conv_1",):
        gateway.provider.clear()
        answer = gateway.call(PATHS["responses"], body("responses", model="kept-providers", **{member: value}), kept)
        error = assert_envelope("responses", answer, 400, "invalid-request")
        assert error["param"] == member
        assert answer.headers["x-should-retry"] == "false"
        assert gateway.provider.rows() == []


def test_an_id_that_was_changed_or_belongs_to_another_group_is_nobodys(gateway, kept):
    name = ask(gateway, kept, "kept-providers").json()["id"]
    other = ask(gateway, kept, "kept-models").json()["id"]
    def changed(place):
        return name[:place] + ("A" if name[place] != "A" else "B") + name[place + 1:]

    for wrong in (changed(8), changed(20), changed(len(name) - 1), name[:-1], name + "A", other):
        answer = ask(gateway, kept, "kept-providers", wrong)
        assert assert_envelope("responses", answer, 400, "invalid-request")["param"] == "previous_response_id"
    # A token for another group only gets nothing of it, not even the provider's own id.
    answer = ask(gateway, kept, "default", name)
    assert assert_envelope("responses", answer, 400)["details"]["upstream_code"] == "previous_response_not_found"


def test_a_target_that_is_gone_is_told_before_any_is_asked(gateway, kept):
    def put(targets):
        version = gateway.admin.put("/groups/kept-changing", {"targets": targets})["snapshot_version"]
        eventually(lambda: gateway.data_plane.metric("smart_router_snapshot_version") >= version, 10)

    ids = {}
    for _ in range(60):
        answer = ask(gateway, kept, "kept-changing")
        ids[served_by(gateway, answer)] = answer.json()["id"]
        if len(ids) == 2:
            break
    one, other = target("demo-1", provider="responses-only"), target("demo-a")
    one["id"], other["id"] = "one", "other"
    for targets in ([{**one, "enabled": False}, other], [other]):
        put(targets)
        gateway.provider.clear()
        answer = ask(gateway, kept, "kept-changing", ids["demo-1"])
        error = assert_envelope("responses", answer, 400, "invalid-request")
        assert error["param"] == "previous_response_id"
        assert gateway.provider.rows() == []
        assert ask(gateway, kept, "kept-changing", ids["demo-a"]).status == 200
    put([one, other])
    assert ask(gateway, kept, "kept-changing", ids["demo-1"]).status == 200


def test_a_name_that_only_the_gateway_knows_stays_out_of_refusals(gateway, kept):
    answer = ask(gateway, kept, "kept-models")
    gateway.provider.stop()
    gateway.provider.start()  # It has forgotten all responses.
    refused = ask(gateway, kept, "kept-models", answer.json()["id"])
    assert assert_envelope("responses", refused, 400)["details"]["upstream_code"] == "previous_response_not_found"
    assert b"resp_demo" not in refused.body


# Reasoning that is not taken

PAIRS = [("responses", "messages"), ("messages", "responses"), ("responses", "responses"), ("messages", "messages")]
# Where each caller's thoughts stand, as losses are told.
THOUGHTS = {
    "chat": "messages.reasoning_details",
    "responses": "input.reasoning",
    "messages": "messages.content.thinking",
}

refused = pytest.mark.parametrize("caller, target", PAIRS, ids=[f"{c}-on-{t}" for c, t in PAIRS])
streamed = pytest.mark.parametrize("stream", [False, True], ids=["whole", "streamed"])


def tool_turn(gateway, caller, target, stream, directives):
    """A conversation whose assistant has thought and called a tool, and whose provider then does not take it."""
    conversation = CALLERS[caller](gateway.data_plane.url, gateway.token, f"{target}-only", stream)
    conversation.tools("weather").think().user(f"Weather? [[demo tool=weather reasoning=1 {directives}]]")
    first = conversation.say()
    assert first.reasoning and first.calls
    return conversation.results([(first.calls[0][0], "sunny", False)])


@refused
@streamed
def test_reasoning_that_a_target_does_not_take_is_left_out_once(gateway, caller, target, stream):
    conversation = tool_turn(gateway, caller, target, stream, "refuse_reasoning=1")
    gateway.provider.clear()
    assert "sunny" in conversation.say().text
    statuses = [row["status"] for row in gateway.provider.rows()]
    assert statuses == [400, 200]
    logged = gateway.data_plane.logged(gateway.provider.rows()[-1]["request_id"])
    assert logged["attempts"] == 2
    assert THOUGHTS[caller] in logged["dropped"].split(",")


@refused
def test_it_is_tried_once_only(gateway, caller, target):
    conversation = tool_turn(gateway, caller, target, False, "refuse_reasoning=always")
    gateway.provider.clear()
    with pytest.raises(conversation.error) as told:
        conversation.say()
    assert told.value.status_code == 400
    assert [row["status"] for row in gateway.provider.rows()] == [400, 400]


def request_of(conversation, caller, target):
    turns = {"responses": "input", "messages": "messages"}[caller]
    more = {"store": False} if caller == "responses" else {"max_tokens": 1024}
    return {"model": f"{target}-only", turns: conversation.turns, **more, **conversation.options}


@refused
def test_a_strict_request_gets_the_refusal(gateway, caller, target):
    conversation = tool_turn(gateway, caller, target, False, "refuse_reasoning=1")
    gateway.provider.clear()
    request = request_of(conversation, caller, target)
    answer = gateway.call(PATHS[caller], request, headers={"x-router-strict": "true"})
    if caller == target:
        assert_envelope(caller, answer, 400, "invalid-request")
        assert [row["status"] for row in gateway.provider.rows()] == [400]
    else:
        # What else a translation loses may refuse the request before its provider does.
        assert answer.status == 400
        assert [row["status"] for row in gateway.provider.rows()] in ([], [400])


def test_reasoning_of_a_target_that_is_gone_is_left_out_unless_the_request_is_strict(gateway):
    def put(targets):
        version = gateway.admin.put("/groups/thinking", {"targets": targets})["snapshot_version"]
        eventually(lambda: gateway.data_plane.metric("smart_router_snapshot_version") >= version, 10)

    def one(provider, weight):
        return {**target("demo-1", provider=f"{provider}-only", weight=weight), "id": provider}

    put([one("responses", 1)])
    _, token = gateway.new_token(user="thinker", allow=["thinking"])
    conversation = CALLERS["messages"](gateway.data_plane.url, token, "thinking", False).think()
    assert conversation.user("Think. [[demo reasoning=1]]").say().reasoning
    conversation.user("Reply with exactly: still here")
    request = {"model": "thinking", "messages": conversation.turns, "max_tokens": 64}
    # The first is nearly always asked first; both would lose the thoughts.
    put([one("messages", 1_000_000), one("chat", 1)])
    answer = gateway.call(PATHS["messages"], request, token)
    assert answer.status == 200, answer
    assert answer.headers["x-router-dropped"] == THOUGHTS["messages"]
    answer = gateway.call(PATHS["messages"], request, token, headers={"x-router-strict": "true"})
    assert THOUGHTS["messages"] in assert_envelope("messages", answer, 400, "unsupported-parameter")["message"]


@refused
def test_the_caller_is_told_what_was_left_out(gateway, caller, target):
    conversation = tool_turn(gateway, caller, target, False, "refuse_reasoning=1")
    answer = gateway.call(PATHS[caller], request_of(conversation, caller, target))
    assert answer.status == 200, answer
    dropped = answer.headers["x-router-dropped"].split(",")
    assert THOUGHTS[caller] in dropped
    # A budget for thinking asks for thoughts in front of the call that the results belong to.
    if caller == target == "messages":
        assert dropped == [THOUGHTS[caller], "thinking"]


@refused
def test_other_refusals_are_passed_on_at_once(gateway, caller, target):
    conversation = CALLERS[caller](gateway.data_plane.url, gateway.token, f"{target}-only", False).think()
    assert conversation.user("Think. [[demo reasoning=1]]").say().reasoning
    conversation.user("[[demo status=400]]")
    gateway.provider.clear()
    answer = gateway.call(PATHS[caller], request_of(conversation, caller, target))
    assert_envelope(caller, answer, 400, "invalid-request")
    assert [row["status"] for row in gateway.provider.rows()] == [400]

