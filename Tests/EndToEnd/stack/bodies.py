"""Requests in the three dialects that say the same."""

PATHS = {
    "chat": "/v1/chat/completions",
    "responses": "/v1/responses",
    "messages": "/v1/messages",
}
DIALECTS = tuple(PATHS)


def body(dialect, text="Reply with exactly: router ok", model="default", **more):
    """A request with one user text."""
    if dialect == "chat":
        return {"model": model, "messages": [{"role": "user", "content": text}], **more}
    if dialect == "responses":
        return {"model": model, "input": text, **more}
    return {"model": model, "max_tokens": 256, "messages": [{"role": "user", "content": text}], **more}


def answer_text(dialect, answer):
    """The assistant's text in a whole answer."""
    if dialect == "chat":
        return answer["choices"][0]["message"]["content"]
    if dialect == "responses":
        return "".join(
            part["text"] for item in answer["output"] if item["type"] == "message" for part in item["content"]
        )
    return "".join(block["text"] for block in answer["content"] if block["type"] == "text")


def stream_text(dialect, events):
    """The assistant's text in a stream."""
    text = ""
    for event in events:
        if event.data == "[DONE]":
            continue
        data = event.json()
        if dialect == "chat":
            for choice in data.get("choices", []):
                text += choice["delta"].get("content") or ""
        elif dialect == "responses" and data["type"] == "response.output_text.delta":
            text += data["delta"]
        elif dialect == "messages" and data["type"] == "content_block_delta":
            text += data["delta"].get("text", "")
    return text


def assert_envelope(dialect, answer, status=None, code=None):
    """An error answer has the form that callers of the dialect expect; returns its error object."""
    if status is not None:
        assert answer.status == status, answer
    assert answer.headers["content-type"].startswith("application/json"), answer.headers
    whole = answer.json()
    error = whole["error"]
    request_id = answer.headers["x-request-id"]
    assert error["details"]["request_id"] == request_id, answer
    assert error["message"], answer
    if dialect == "messages":
        assert whole["type"] == "error", answer
        assert whole["request_id"] == request_id, answer
        assert set(error) == {"type", "message", "details"}, answer
    else:
        assert set(whole) == {"error"}, answer
        assert set(error) == {"message", "type", "code", "param", "details"}, answer
        assert error["type"] == error["code"], answer
    if code is not None:
        assert error["type"] == code, answer
    return error
