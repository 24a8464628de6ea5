"""Request bodies that are no usable JSON, in sound HTTP, for each dialect."""

import json

from stack.bodies import DIALECTS, PATHS, body
from stack.http import post_bytes

from .case import Case, Expect


def cases(token):
    for dialect in DIALECTS:
        for name, data in bodies(dialect):
            yield Case(
                f"{dialect}: {name}",
                post_bytes(PATHS[dialect], data, token),
                Expect.REFUSED,
                dialect=dialect,
                statuses={400, 403, 413, 422},
            )


def bodies(dialect):
    """Names and bytes of bodies that must be refused."""
    good = json.dumps(body(dialect)).encode()
    rest = good[1:]  # to be put behind an opening brace and members of our own

    # ---- not JSON -----------------------------------------------------------------------------------------
    for name, data in {
        "a space": b" ", "a brace": b"{", "a closing brace": b"}", "brackets": b"[]", "a string": b'"text"',
        "a number": b"1", "null": b"null", "true": b"true", "an empty object": b"{}", "a word": b"hello",
        "cut in the middle": good[: len(good) // 2], "cut before the last brace": good[:-1],
        "two documents": good + good, "a brace too many": good + b"}", "garbage behind": good + b"x",
        "NUL behind": good + b"\x00", "a byte order mark": b"\xef\xbb\xbf" + good, "UTF-16": good.decode().encode("utf-16"),
        "UTF-32": good.decode().encode("utf-32"), "a comment": b"/* x */" + good, "a line comment": good + b"// x",
        "a comma at the end": good[:-1] + b",}", "single quotes": good.replace(b'"', b"'"),
        "names without quotes": b"{model:1}", "a form": b"model=default&x=1", "XML": b"<model>default</model>",
        "YAML": b"model: default\n", "JSON lines": good + b"\n" + good, "gzip": b"\x1f\x8b\x08\x00" + b"\x00" * 30,
        "zeros": b"\x00" * 64, "all byte values": bytes(range(256)),
        "a list of requests": b"[" + good + b"]", "JSON in a string": json.dumps(good.decode()).encode(),
    }.items():
        yield name, data

    # ---- almost JSON: one member in front is wrong ----------------------------------------------------------
    for name, member in {
        "a colon missing": b'"x" 1', "a value missing": b'"x":', "two commas": b'"x":1,', "a leading comma": b',"x":1',
        "two colons": b'"x"::1', "NaN": b'"x":NaN', "Infinity": b'"x":Infinity', "minus alone": b'"x":-',
        "a plus": b'"x":+1', "a leading zero": b'"x":01', "no digit behind the point": b'"x":1.',
        "no digit before the point": b'"x":.5', "an exponent without digits": b'"x":1e', "hexadecimal": b'"x":0x10',
        "True": b'"x":True', "tru": b'"x":tru', "nul": b'"x":nul', "undefined": b'"x":undefined',
        "a string without end": b'"x":"abc', "a line feed in a string": b'"x":"a\nb"', "a tab in a string": b'"x":"a\tb"',
        "NUL in a string": b'"x":"a\x00b"', "an unknown escape": b'"x":"\\q"', "half a unicode escape": b'"x":"\\u12"',
        "no hexadecimal escape": b'"x":"\\uZZZZ"', "a lone high surrogate": b'"x":"\\ud800"',
        "a lone low surrogate": b'"x":"\\udc00"', "surrogates in the wrong order": b'"x":"\\udc00\\ud800"',
        "a lone continuation byte": b'"x":"\x80"', "an overlong slash": b'"x":"\xc0\xaf"', "an overlong NUL": b'"x":"\xc0\x80"',
        "a surrogate in UTF-8": b'"x":"\xed\xa0\x80"', "above U+10FFFF": b'"x":"\xf4\x90\x80\x80"',
        "a sequence cut short": b'"x":"\xe2\x82"', "0xFF": b'"x":"\xff"', "a brace for a bracket": b'"x":[1}',
        "a bracket too many": b'"x":[1]]', "a comma at the end of a list": b'"x":[1,]', "only a comma": b'"x":[,]',
        "a number for a name": b'1:2', "null for a name": b"null:2",
    }.items():
        yield name, b"{" + member + b"," + rest

    # ---- duplicate names --------------------------------------------------------------------------------------
    yield "two models", b'{"model":"private",' + rest
    yield "two models, one escaped", b'{"\\u006dodel":"private",' + rest
    yield "two equal members", b'{"x":1,"x":1,' + rest
    yield "two members inside", b'{"x":{"a":1,"a":2},' + rest
    yield "two members inside a list", b'{"x":[{"a":1},{"b":1,"b":2}],' + rest
    yield "two members inside, one escaped", b'{"x":{"a":1,"\\u0061":2},' + rest
    yield "two stream members", b'{"stream":true,"stream":false,' + rest

    # ---- depth ------------------------------------------------------------------------------------------------
    for depth in (70, 1_000, 10_000, 100_000):
        yield f"{depth} nested lists", b'{"x":' + b"[" * depth + b"]" * depth + b"," + rest
        yield f"{depth} nested objects", b'{"x":' + b'{"a":' * depth + b"1" + b"}" * depth + b"," + rest
    yield "a million brackets", b"[" * 1_000_000
    yield "a million braces", b'{"a":' * 200_000

    # ---- what routing reads --------------------------------------------------------------------------------------
    for name, value in {
        "null": None, "empty": "", "a number": 1, "true": True, "a list": ["default"], "an object": {"id": "default"},
        "unknown": "no-such-group", "not allowed": "private", "a space": " ", "upper case": "DEFAULT",
        "a path": "../default", "NUL": "default\u0000", "a line feed": "default\n", "of 100 KB": "x" * 100_000,
        "a SQL fragment": "default' OR '1'='1", "a provider's name": "demo/demo-1", "an upstream model": "demo-1",
    }.items():
        yield f"model {name}", json.dumps(body(dialect, model=value)).encode()
    missing = body(dialect)
    del missing["model"]
    yield "model missing", json.dumps(missing).encode()
    for value in ("true", 1, [], {}, "false", 0.5):
        yield f"stream {value!r}", json.dumps(body(dialect, stream=value)).encode()
