"""Images that no provider is to be sent: refused with their place in the body, by a node with its usual settings."""

import base64

import pytest

from stack.bodies import DIALECTS, PATHS, assert_envelope
from stack.callers import PICTURE
from stack.eventually import eventually


@pytest.fixture(scope="module")
def node(gateway):
    node = gateway.new_data_plane(DATA_PLANE_ALLOW_PRIVATE_IMAGE_URLS="false", DATA_PLANE_IMAGE_HOST_TIMEOUT="5s").start()
    gateway.wait_for_token(node, gateway.token)
    yield node
    gateway.retire(node)


def with_images(dialect, urls, stream):
    """A request with one user turn of images, and the path of the last of them."""
    last = len(urls) - 1
    request = {"model": "default", "stream": stream}
    if dialect == "chat":
        parts = [{"type": "image_url", "image_url": {"url": url}} for url in urls]
        return {**request, "messages": [{"role": "user", "content": parts}]}, f"messages[0].content[{last}].image_url.url"
    if dialect == "responses":
        parts = [{"type": "input_image", "image_url": url} for url in urls]
        return {**request, "input": [{"role": "user", "content": parts}]}, f"input[0].content[{last}].image_url"
    parts, path = [], ""
    for index, url in enumerate(urls):
        if url.startswith("data:"):
            kind, _, data = url[5:].partition(";base64,")
            parts.append({"type": "image", "source": {"type": "base64", "media_type": kind, "data": data}})
            path = f"messages[0].content[{index}].source.data"
        else:
            parts.append({"type": "image", "source": {"type": "url", "url": url}})
            path = f"messages[0].content[{index}].source.url"
    return {**request, "max_tokens": 50, "messages": [{"role": "user", "content": parts}]}, path


GOOD = f"data:image/png;base64,{PICTURE}"
LARGE = "data:image/png;base64," + base64.b64encode(base64.b64decode(PICTURE) + bytes(21 << 20)).decode()
BAD = {
    "loopback": "http://127.0.0.1/a.png", "metadata": "http://169.254.169.254/latest/meta-data/iam",
    "private": "https://10.0.0.7/a.png", "mapped": "http://[::ffff:10.0.0.7]/a.png", "hexadecimal": "http://0x7f000001/a.png",
    "number": "http://2130706433/a.png", "short": "http://127.1/a.png", "local": "http://localhost:8081/metrics",
    "credentials": "https://a:b@example.com/a.png", "backslash": "https://example.com\\@10.0.0.7/", "file": "file:///etc/passwd",
    "nowhere": "https://no-such-name.invalid/a.png", "relative": "a.png",
    "alphabet": "data:image/png;base64,!!!!", "type": f"data:image/jpeg;base64,{PICTURE}",
    "other": "data:image/tiff;base64,SUkqAA==", "text": "data:image/png;base64,aGVsbG8=", "large": LARGE,
}


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("name", BAD)
def test_an_image_that_must_not_pass_is_named(gateway, node, name, dialect):
    before = gateway.provider.counters()["rows"]
    for stream in (False, True):
        request, path = with_images(dialect, [GOOD, BAD[name]], stream)
        answer = gateway.call(PATHS[dialect], request, data_plane=node)
        error = assert_envelope(dialect, answer, 400, "invalid-request")
        assert answer.headers["x-should-retry"] == "false"
        prefix = path.rsplit(".", 1)[0] if dialect == "messages" else path
        assert prefix in error["message"], error
        assert len(answer.body) < 2_000
    assert gateway.provider.counters()["rows"] == before


@pytest.mark.parametrize("dialect", DIALECTS)
def test_two_hundred_images_are_too_many(gateway, node, dialect):
    request, _ = with_images(dialect, [GOOD] * 200, False)
    error = assert_envelope(dialect, gateway.call(PATHS[dialect], request, data_plane=node), 400, "invalid-request")
    assert "content[100]" in error["message"] and "100 images" in error["message"]


@pytest.mark.parametrize("dialect", DIALECTS)
def test_good_images_pass_and_are_counted(gateway, node, dialect):
    request, _ = with_images(dialect, [GOOD, GOOD], False)
    answer = gateway.call(PATHS[dialect], request, data_plane=node)
    assert answer.status == 200, answer
    assert gateway.provider.row(answer.headers["x-request-id"])["images"] == 2
    records = eventually(
        lambda: [row for row in node.request_log() if row["request_id"] == answer.headers["x-request-id"]],
        5, saying="the request is logged",
    )
    assert records[0]["images"] == 2 and records[0]["estimated_tokens"] > 0
