"""Malformed requests: refused in the caller's envelope or the connection closed; never a 5xx, a hang or a crash."""

import socket

import pytest

from corpus import http_forms, json_forms
from corpus.case import Expect
from stack.bodies import answer_text, assert_envelope, body
from stack.http import Answer, RawConnection, post_bytes

# No form may keep a connection waiting longer than the time for a head (10 s) and a little.
PATIENCE = 14


@pytest.fixture(scope="module")
def other_token(gateway):
    return gateway.new_token(allow=["default"])[1]


def answers_to(port, case):
    """All answers that come, until the connection ends or the server waits for more."""
    answers = []
    with RawConnection(port, timeout=PATIENCE) as connection:
        try:
            connection.send(case.data)
            if case.finish:
                connection.finish_sending()
        except OSError:
            pass  # it was refused before all was said
        try:
            while True:
                answers.append(connection.read_answer())
                if case.expect is Expect.REFUSED:
                    return answers, "answered"
                # What the server may still say about the rest comes at once.
                connection.socket.settimeout(0.15)
        except ConnectionError:
            return answers, "closed"
        except (TimeoutError, socket.timeout):
            return answers, "waits"


def check(gateway, case):
    answers, end = answers_to(gateway.data_plane.port, case)
    statuses = [answer.status for answer in answers]
    assert all(status < 500 for status in statuses), (statuses, answers)
    if case.expect is Expect.REFUSED:
        assert statuses, f"closed without an answer ({end})"
        assert 400 <= statuses[0] < 500, answers
        if case.statuses:
            assert statuses[0] in case.statuses, answers
        assert_envelope(case.dialect, answers[0])
    elif case.expect is Expect.REFUSED_OR_CLOSED:
        assert all(400 <= status < 500 for status in statuses), answers
        assert statuses or end == "closed", "neither answered nor closed"
        for answer in answers:
            # What has a request line that names a path has a dialect, however broken the rest is.
            assert_envelope(case.dialect, answer)
    else:
        assert end == "closed" or statuses, "neither answered nor closed"
    for answer in answers:
        assert_reveals_nothing(answer)


def assert_reveals_nothing(answer: Answer):
    for word in (b"Swift", b".swift", b"NIO", b"fatal", b"0x7f", b"/work", b"/root", b"postgres"):
        assert word not in answer.body, answer


def good_request_works(gateway):
    answer = gateway.call("/v1/chat/completions", body("chat"))
    assert answer.status == 200, answer
    assert answer_text("chat", answer.json()) == "router ok"


def run(gateway, cases):
    """Runs every case, and tells all that failed."""
    pid = gateway.data_plane.pid
    failures, count = [], 0
    for case in cases:
        count += 1
        try:
            check(gateway, case)
        except AssertionError as error:
            failures.append(f"{case.name}: {str(error)[:300]}")
        except OSError as error:
            failures.append(f"{case.name}: {error!r}")
        assert gateway.data_plane.running, f"the data plane died of: {case.name}\n{gateway.data_plane.tail()}"
        good_request_works(gateway)
    assert gateway.data_plane.pid == pid
    assert not failures, f"{len(failures)} of {count}:\n" + "\n".join(failures)
    return count


def test_malformed_http_is_refused_or_closed_and_harms_nobody(gateway, other_token):
    assert run(gateway, http_forms.cases(gateway.token, other_token)) >= 200


@pytest.mark.parametrize("dialect", ["chat", "responses", "messages"])
def test_malformed_bodies_are_refused_in_the_envelope_of_the_caller(gateway, dialect, whole_run):
    cases = [case for case in json_forms.cases(gateway.token) if case.dialect == dialect]
    assert run(gateway, cases) >= 100


@pytest.mark.timeout(1200)
def test_every_truncation_of_a_good_request_ends_cleanly(gateway, whole_run):
    data = post_bytes("/v1/chat/completions", body("chat"), gateway.token)
    from corpus.case import Case

    step = 1 if whole_run else 7
    cases = [
        Case(f"cut at byte {length}", data[:length], Expect.REFUSED_OR_CLOSED, finish=True)
        for length in range(1, len(data), step)
    ]
    run(gateway, cases)


@pytest.mark.timeout(1200)
def test_every_single_byte_changed_is_served_or_refused(gateway, whole_run):
    """One byte of a good request replaced: any answer but a 5xx, a hang or a crash."""
    from corpus.case import Case

    data = post_bytes("/v1/chat/completions", body("chat"), gateway.token)
    replacements = (0x00, 0x0A, 0x0D, 0x20, 0x22, 0x3A, 0x7F, 0xFF) if whole_run else (0x00, 0x0A, 0xFF)
    cases = []
    for position in range(0, len(data), 1 if whole_run else 3):
        for value in replacements:
            if data[position] != value:
                changed = data[:position] + bytes([value]) + data[position + 1 :]
                cases.append(
                    Case(f"byte {position} is {value:#x}", changed, Expect.ANSWERED_THEN_REFUSED, finish=True)
                )
    run(gateway, cases)


def test_a_body_of_65_mib_is_refused_while_it_is_sent(gateway):
    for framing in ("length", "chunks"):
        with RawConnection(gateway.data_plane.port, timeout=30) as connection:
            head = (
                f"POST /v1/chat/completions HTTP/1.1\r\nHost: gateway\r\nAuthorization: Bearer {gateway.token}\r\n"
                "Content-Type: application/json\r\n"
            )
            piece = b'"' + b"a" * ((1 << 20) - 2) + b'"'
            try:
                if framing == "length":
                    connection.send(head.encode() + b"Content-Length: %d\r\n\r\n" % (65 << 20))
                    for _ in range(65):
                        connection.send(piece)
                else:
                    connection.send(head.encode() + b"Transfer-Encoding: chunked\r\n\r\n")
                    for _ in range(65):
                        connection.send(b"%x\r\n%s\r\n" % (len(piece), piece))
                    connection.send(b"0\r\n\r\n")
            except ConnectionError:
                pass
            try:
                answer = connection.read_answer()
            except ConnectionError:
                continue  # it hung up on a caller who would not stop
            assert_envelope("chat", answer, 413, "request-too-large")
    good_request_works(gateway)


def test_two_good_requests_in_one_packet_get_two_answers_in_order(gateway):
    with RawConnection(gateway.data_plane.port) as connection:
        connection.send(
            post_bytes("/v1/chat/completions", body("chat", "Reply with exactly: first"), gateway.token)
            + post_bytes("/v1/chat/completions", body("chat", "Reply with exactly: second"), gateway.token)
        )
        assert answer_text("chat", connection.read_answer().json()) == "first"
        assert answer_text("chat", connection.read_answer().json()) == "second"


def test_a_request_in_single_bytes_is_served(gateway):
    with RawConnection(gateway.data_plane.port) as connection:
        for byte in post_bytes("/v1/chat/completions", body("chat"), gateway.token):
            connection.send(bytes([byte]))
        assert answer_text("chat", connection.read_answer().json()) == "router ok"


@pytest.mark.long
def test_a_head_that_never_ends_is_cut_off(gateway):
    with RawConnection(gateway.data_plane.port, timeout=30) as connection:
        connection.send(b"POST /v1/chat/completions HTTP/1.1\r\nHost: gateway\r\n")
        try:
            assert connection.read_answer().status == 408
        except ConnectionError:
            pass


@pytest.mark.long
def test_a_body_that_never_ends_is_cut_off(gateway):
    with RawConnection(gateway.data_plane.port, timeout=60) as connection:
        connection.send(
            f"POST /v1/chat/completions HTTP/1.1\r\nHost: gateway\r\nAuthorization: Bearer {gateway.token}\r\n"
            "Content-Type: application/json\r\nContent-Length: 1000\r\n\r\n{".encode()
        )
        try:
            assert connection.read_answer().status == 408
        except ConnectionError:
            pass
