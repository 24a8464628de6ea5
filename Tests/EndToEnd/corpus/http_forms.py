"""Requests whose HTTP is wrong: lines, headers, framing, methods, credentials."""

from stack.bodies import PATHS

from .case import Case, Expect

REFUSED = Expect.REFUSED
CLOSED = Expect.REFUSED_OR_CLOSED
THEN = Expect.ANSWERED_THEN_REFUSED

PATH = "/v1/chat/completions"
BODY = b'{"model":"default","messages":[{"role":"user","content":"hello"}]}'


def cases(token, other_token):
    """Every form; `other_token` is a second valid token."""
    auth = f"Authorization: Bearer {token}".encode()
    json_type = b"Content-Type: application/json"

    def raw(name, data, expect=CLOSED, **more):
        return Case(name, data, expect, **more)

    def head(*lines, body=b""):
        return b"\r\n".join(lines) + b"\r\n\r\n" + body

    def post(name, *lines, body=BODY, expect=CLOSED, path=PATH, length=True, version=b"HTTP/1.1",
             host=b"Host: gateway", authorization=auth, content_type=json_type, method=b"POST", **more):
        start = method + b" " + (path if isinstance(path, bytes) else path.encode()) + b" " + version
        fields = [start]
        fields += [field for field in (host, authorization, content_type) if field is not None]
        if length:
            fields.append(b"Content-Length: %d" % len(body))
        return Case(name, head(*fields, *lines, body=body), expect, **more)

    def chunked(name, chunks, expect=CLOSED, encoding=b"Transfer-Encoding: chunked", **more):
        return post(name, encoding, body=chunks, length=False, expect=expect, **more)

    whole = b"%x\r\n%s\r\n0\r\n\r\n" % (len(BODY), BODY)

    # ---- request line ------------------------------------------------------------------------------------
    yield raw("request line: nothing but line ends, then the end", b"\r\n" * 40, finish=True)
    yield raw("request line: one word", b"POST\r\n\r\n")
    yield raw("request line: HTTP/0.9 form", b"GET /v1/models\r\n\r\n")
    for version in (b"HTTP/0.9", b"HTTP/1.9", b"HTTP/2.0", b"HTTP/3.0", b"HTTP/11", b"HTTP/1", b"HTTP/1.", b"http/1.1",
                    b"HTTPS/1.1", b"ICAP/1.0", b"HTTP/1.1 x", b"HTTP/-1.1", b"HTTP/1.1\x00"):
        yield post(f"request line: version {version!r}", version=version)
    yield raw("request line: two spaces", head(b"POST  /v1/chat/completions HTTP/1.1", b"Host: gateway", auth))
    yield raw("request line: tab for space", head(b"POST\t/v1/chat/completions\tHTTP/1.1", b"Host: gateway", auth))
    yield raw("request line: leading space", head(b" POST /v1/models HTTP/1.1", b"Host: gateway", auth))
    yield raw("request line: no target", head(b"POST HTTP/1.1", b"Host: gateway", auth))
    yield raw("request line: bare line feed", b"GET /v1/models HTTP/1.1\nHost: gateway\n" + auth + b"\nX: \r\r\n\n")
    for method in (b"post", b"FOO", b"P\xd6ST", b"PO ST", b"\x00POST", b"P" * 5000, b"PRI", b"M-SEARCH", b"SOURCE"):
        yield post(f"request line: method {method[:12]!r}", method=method)
    for target in (b"v1/chat/completions", b"", b"*", b"?", b"#", b"http://gateway/v1/chat/completions",
                   b"http://elsewhere/v1/chat/completions", b"gateway:80", b"//v1/chat/completions#x",
                   b"/v1/chat/completions\x00", b"/v1/chat/completions\x7f", b"/v1/\xc3\xa4", b"/v1/chat completions",
                   b"/v1/chat/completions#fragment"):
        yield post(f"request line: target {target!r}", path=target)
    yield post("request line: target of 100 KB", path=b"/" + b"a" * 100_000)
    yield post("request line: connect", path=b"gateway:443", method=b"CONNECT")
    yield raw("request line: HTTP/2 preface", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\x00\x00\x00\x04\x00\x00\x00\x00\x00")
    yield raw("not HTTP: TLS client hello", bytes.fromhex(
        "16030100c4010000c00303" + "11" * 32 + "00" + "003e1302130313011303c02cc030009fcca9cca8ccaac02b"), finish=True)
    yield raw("not HTTP: SSH banner", b"SSH-2.0-OpenSSH_9.2\r\n", finish=True)
    yield raw("not HTTP: all byte values", bytes(range(256)) * 4, finish=True)
    yield raw("not HTTP: zeros", b"\x00" * 4096, finish=True)
    yield raw("not HTTP: SMTP", b"EHLO gateway\r\nMAIL FROM:<a@b>\r\n", finish=True)
    yield raw("not HTTP: redis", b"*1\r\n$4\r\nPING\r\n", finish=True)
    yield raw("not HTTP: 1 MB without a line end", b"A" * 1_000_000, finish=True)

    # ---- paths and methods that exist elsewhere -----------------------------------------------------------
    for path in ("/v1/chat/completions/", "//v1/chat/completions", "/v1//chat/completions", "/v1/./chat/completions",
                 "/v1/x/../chat/completions", "/v1/chat%2fcompletions", "/V1/chat/completions", "/v1/chat/completions;x",
                 "/v1/chat/completion", "/v1/embeddings", "/admin/v1/providers", "/plane/v1/poll", "/metrics", "/readyz",
                 "/v1/models/a/b", "/v1/chat/completions%00", "/../../etc/passwd", "/v1/messages/x", "/.env"):
        dialect = "messages" if path.startswith("/v1/messages") else "chat"
        yield post(f"path: {path}", path=path, expect=REFUSED, dialect=dialect, statuses={404, 405})
    for dialect, path in PATHS.items():
        for method in (b"GET", b"PUT", b"DELETE", b"PATCH"):
            yield post(f"method: {method.decode()} {path}", method=method, path=path, expect=REFUSED, dialect=dialect,
                       statuses={405})
    yield post("method: POST /v1/models", path="/v1/models", expect=REFUSED, statuses={405})
    yield post("method: OPTIONS", method=b"OPTIONS", expect=REFUSED, statuses={404, 405})
    yield post("method: TRACE", method=b"TRACE", expect=CLOSED)

    # ---- Host ---------------------------------------------------------------------------------------------
    yield post("host: missing", host=None)
    yield post("host: twice the same", b"Host: gateway")
    yield post("host: two different", b"Host: elsewhere")
    for host in (b"", b"a/b", b"a?b", b"a#b", b"user@gateway", b"a b", b"a,b", b"gateway\x00", b"g\xc3\xa4teway",
                 b"<script>", b"a\\b", b"x" * 300):
        yield post(f"host: {host[:20]!r}", host=b"Host: " + host)

    # ---- header fields ------------------------------------------------------------------------------------
    yield post("header: space before the colon", b"X-A : 1")
    yield post("header: tab before the colon", b"X-A\t: 1")
    yield post("header: folded", b"X-A: 1\r\n 2")
    yield post("header: folded first", host=b" Host: gateway")
    yield post("header: no colon", b"X-A 1")
    yield post("header: no name", b": 1")
    yield post("header: only a space", b" ")
    yield post("header: bare carriage return in the value", b"X-A: 1\r2")
    yield post("header: carriage return in the name", b"X\rA: 1")
    yield post("header: line feed injection", b"X-A: 1\nX-B: 2\n\n")
    yield post("header: NUL in the value", b"X-A: 1\x002")
    yield post("header: NUL in the name", b"X\x00A: 1")
    yield post("header: vertical tab in the value", b"X-A: 1\x0b2")
    yield post("header: DEL in the value", b"X-A: 1\x7f2")
    yield post("header: escape in the value", b"X-A: 1\x1b[31m2")
    for name in (b"X A", b"X(A)", b"X/A", b"X[A]", b"X{A}", b'X"A', b"X\xc3\xa4", b"X\\A", b"X=A", b"X,A", b"X@A", b"X;A"):
        yield post(f"header: name {name!r}", name + b": 1")
    yield post("header: 300 fields", *(b"X-%d: 1" % number for number in range(300)))
    yield post("header: one of 81 KB", b"X-A: " + b"a" * 81_000)
    yield post("header: 200 of 10 KB", *(b"X-%d: %s" % (number, b"a" * 10_000) for number in range(200)))
    yield post("header: name of 70 KB", b"X" * 70_000 + b": 1")
    yield raw("header: end of the connection inside", b"POST /v1/chat/completions HTTP/1.1\r\nHost: gate", finish=True)
    yield raw("header: end of the connection before the blank line",
              b"POST /v1/chat/completions HTTP/1.1\r\nHost: gateway\r\n", finish=True)

    # ---- Content-Length -----------------------------------------------------------------------------------
    size = b"%d" % len(BODY)
    for name, values in {
        "twice the same": [size, size], "two different": [size, b"5"], "a list of equals": [size + b", " + size],
        "negative": [b"-1"], "plus": [b"+" + size], "hexadecimal": [b"0x42"], "a space inside": [b"6 6"],
        "empty": [b""], "a word": [b"many"], "a fraction": [b"66.0"], "an exponent": [b"6e1"],
        "above 64 bits": [b"18446744073709551617"], "2^63": [b"9223372036854775808"], "digits without end": [b"9" * 400],
        "unit": [b"66b"], "quoted": [b'"66"'], "other digits": ["٦٦".encode()], "a trailing comma": [size + b","],
        "NUL": [size + b"\x00"],
    }.items():
        yield post(f"length: {name}", *(b"Content-Length: " + value for value in values), length=False)
    yield post("length: 65 MiB announced", b"Content-Length: %d" % (65 << 20), body=b"", length=False, expect=REFUSED,
               statuses={413})
    yield post("length: 1 PB announced", b"Content-Length: 1000000000000000", body=b"", length=False, expect=REFUSED,
               statuses={413})
    yield post("length: more announced than sent, then the end", b"Content-Length: 500", length=False, finish=True)
    yield post("length: none and no body", body=b"", length=False, expect=REFUSED, statuses={400, 411})
    yield post("length: zero", body=b"", expect=REFUSED, statuses={400})
    yield post("length: less announced than sent", b"Content-Length: 5", length=False, expect=THEN)

    # ---- Transfer-Encoding --------------------------------------------------------------------------------
    yield post("encoding: with a length before", b"Transfer-Encoding: chunked", body=whole)
    yield post("encoding: with a length behind", b"Transfer-Encoding: chunked", b"Content-Length: 5", body=whole,
               length=False)
    for encoding in (b"gzip, chunked", b"identity, chunked", b"chunked, identity", b"chunked, chunked", b"xchunked",
                     b"identity", b"gzip", b"", b'"chunked"', b"chunked;q=1", b"chunked\x0b", b"\x0bchunked", b"chunke",
                     b"chunked,", b", chunked", b"chunked\x00", b"chunked x"):
        yield chunked(f"encoding: {encoding!r}", whole, encoding=b"Transfer-Encoding: " + encoding)
    yield chunked("encoding: two fields", whole, encoding=b"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked")
    yield chunked("encoding: two fields, one identity", whole,
                  encoding=b"Transfer-Encoding: identity\r\nTransfer-Encoding: chunked")
    yield chunked("encoding: in HTTP/1.0", whole, version=b"HTTP/1.0")
    yield chunked("encoding: underscore in the name", whole, encoding=b"Transfer_Encoding: chunked", expect=THEN)
    for name, chunks in {
        "size negative": b"-1\r\n" + BODY + b"\r\n0\r\n\r\n",
        "size with 0x": b"0x42\r\n" + BODY + b"\r\n0\r\n\r\n",
        "size with a plus": b"+42\r\n" + BODY + b"\r\n0\r\n\r\n",
        "size of 17 digits": b"10000000000000042\r\n" + BODY + b"\r\n0\r\n\r\n",
        "size 2^64-1": b"ffffffffffffffff\r\n" + BODY,
        "size of 400 digits": b"f" * 400 + b"\r\n" + BODY,
        "size empty": b"\r\n" + BODY + b"\r\n0\r\n\r\n",
        "size not hexadecimal": b"zz\r\n" + BODY + b"\r\n0\r\n\r\n",
        "size with a space before": b" 42\r\n" + BODY + b"\r\n0\r\n\r\n",
        "size with a line feed only": b"%x\n%s\r\n0\r\n\r\n" % (len(BODY), BODY),
        "size with NUL": b"42\x00\r\n" + BODY + b"\r\n0\r\n\r\n",
        "extension with a line feed": b"%x;a=\nb\r\n%s\r\n0\r\n\r\n" % (len(BODY), BODY),
        "no line end behind the data": b"%x\r\n%s0\r\n\r\n" % (len(BODY), BODY),
        "data longer than its size": b"%x\r\n%sXXXX\r\n0\r\n\r\n" % (len(BODY), BODY),
    }.items():
        yield chunked(f"chunks: {name}", chunks)
    yield chunked("chunks: the end of the connection inside", b"ff\r\n" + BODY, finish=True)
    yield chunked("chunks: no last chunk, then the end", b"%x\r\n%s\r\n" % (len(BODY), BODY), finish=True)
    # Nothing is wrong with this one but its size.
    yield chunked("chunks: extension of 100 KB", b"%x;a=%s\r\n%s\r\n0\r\n\r\n" % (len(BODY), b"b" * 100_000, BODY),
                  expect=THEN)
    for trailer in (b"Content-Length: 5", b"Transfer-Encoding: chunked", b"X A: 1", b"X-A\x00: 1"):
        yield chunked(f"chunks: trailer {trailer!r}", b"%x\r\n%s\r\n0\r\n%s\r\n\r\n" % (len(BODY), BODY, trailer),
                      expect=THEN)

    # ---- what a body may be -------------------------------------------------------------------------------
    for encoding in (b"gzip", b"deflate", b"br", b"zstd", b"x-gzip", b"compress", b"gzip, gzip", b"identity, gzip",
                     b"aes128gcm", b"*"):
        yield post(f"content encoding: {encoding.decode()}", b"Content-Encoding: " + encoding,
                   body=b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03\x03\x00\x00\x00\x00\x00\x00\x00\x00\x00",
                   expect=REFUSED, statuses={400, 415})
    for kind in (b"multipart/form-data; boundary=x", b"text/xml", b"application/xml", b"image/png", b"text/html",
                 b"application/grpc", b"application/x-protobuf"):
        yield post(f"content type: {kind.decode()}", content_type=b"Content-Type: " + kind, expect=REFUSED,
                   statuses={400, 415})

    # ---- upgrades and expectations ------------------------------------------------------------------------
    yield post("upgrade: h2c", b"Upgrade: h2c", b"Connection: Upgrade, HTTP2-Settings", b"HTTP2-Settings: AAMAAABkAAQ",
               expect=THEN)
    yield post("upgrade: websocket", b"Upgrade: websocket", b"Connection: Upgrade",
               b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", b"Sec-WebSocket-Version: 13", method=b"GET", body=b"",
               length=False, path="/v1/responses", expect=CLOSED)
    yield post("upgrade: TLS", b"Upgrade: TLS/1.0", b"Connection: Upgrade", expect=THEN)
    yield post("expect: unknown", b"Expect: 200-maybe")

    # ---- credentials --------------------------------------------------------------------------------------
    for dialect, path in PATHS.items():
        def credentials(name, *lines, statuses, authorization=None, path=path, dialect=dialect):
            return post(f"credentials: {name} on {path}", *lines, authorization=authorization, path=path,
                        dialect=dialect, expect=REFUSED, statuses=statuses)

        yield credentials("none", statuses={401})
        for name, value in {
            "empty": b"", "Bearer alone": b"Bearer", "Bearer and spaces": b"Bearer    ", "another scheme": b"Basic YWxhZGRpbg==",
            "no scheme": token.encode(), "a word": b"Bearer token", "an admin's form": b"Bearer rta_abc_" + b"x" * 49,
            "cut short": b"Bearer " + token.encode()[:-1], "one character more": b"Bearer " + token.encode() + b"a",
            "case changed": b"Bearer " + token.encode().swapcase(), "10 KB": b"Bearer " + b"a" * 10_000,
            "quotes": b'Bearer "' + token.encode() + b'"', "a comma and another": b"Bearer " + token.encode() + b", Bearer x",
            "SQL": b"Bearer rtr_metrum_a_b_c_d_' OR 1=1 --",
        }.items():
            yield credentials(name, authorization=b"Authorization: " + value, statuses={401})
        yield credentials("two that differ", b"x-api-key: " + other_token.encode(), authorization=auth, statuses={400})
        yield credentials("two Authorization fields", b"Authorization: Bearer " + other_token.encode(),
                          authorization=auth, statuses={400})
        yield credentials("two x-api-key fields", b"x-api-key: " + token.encode(), b"x-api-key: " + other_token.encode(),
                          statuses={400})
    yield post("credentials: 8-bit", authorization=b"Authorization: Bearer \xff\xfe\xfd", expect=CLOSED)

    # ---- more than one request ----------------------------------------------------------------------------
    good = head(b"POST /v1/chat/completions HTTP/1.1", b"Host: gateway", auth, json_type,
                b"Content-Length: %d" % len(BODY), body=BODY)
    yield raw("pipeline: garbage behind a good request", good + b"\x00\x01\x02GARBAGE\r\n\r\n", THEN)
    yield raw("pipeline: a second request without Host", good + b"GET /v1/models HTTP/1.1\r\n\r\n", THEN)
    yield raw("pipeline: more behind Connection: close",
              good.replace(b"Host: gateway", b"Host: gateway\r\nConnection: close") + good, THEN)
    yield raw("pipeline: a request smuggled behind a length of zero",
              head(b"POST /v1/chat/completions HTTP/1.1", b"Host: gateway", auth, json_type, b"Content-Length: 0",
                   body=b"GET /admin HTTP/1.1\r\nHost: gateway\r\n\r\n"), THEN)
