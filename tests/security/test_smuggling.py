"""Requests that two servers in a row could read differently are refused by the first byte that is doubtful."""

import socket

import pytest

from tests.unit.http.test_server import LONG_S, Running

HOST = b"Host: 127.0.0.1\r\n"
SECOND = b"GET /second HTTP/1.1\r\n" + HOST + b"\r\n"
DOUBTFUL = {
    "a length and chunks": b"Content-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nG" + SECOND,
    "two lengths": b"Content-Length: 2\r\nContent-Length: 40\r\n\r\n{}" + SECOND,
    "a length below zero": b"Content-Length: -1\r\n\r\n" + SECOND,
    "a length with a sign": b"Content-Length: +2\r\n\r\n{}" + SECOND,
    "a length that is none": b"Content-Length: 2x\r\n\r\n{}" + SECOND,
    "another coding": b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n" + SECOND,
    "a space before the colon": b"Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n" + SECOND,
    "a chunk beyond all numbers": b"Transfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFFF\r\n{}" + SECOND,
    "a header that goes on in the next line": b"X-A: a\r\n b\r\n\r\n" + SECOND,
    "a header with a zero byte": b"X-A: a\x00b\r\n\r\n" + SECOND,
    "lines that end otherwise": b"X-A: a\nX-B: b\r\n\r\n" + SECOND,
}


def asked(port: int, request: bytes) -> bytes:
    """All that comes back until the server closes the connection."""
    with socket.create_connection(("127.0.0.1", port), LONG_S) as connection:
        connection.sendall(request)
        answer = b""
        while part := connection.recv(65536):
            answer += part
    return answer


@pytest.mark.parametrize("rest", DOUBTFUL.values(), ids=DOUBTFUL.keys())
def test_a_request_of_doubtful_length_is_refused_with_all_that_follows(rest: bytes) -> None:
    with Running() as server:
        answer = asked(server.port, b"POST /livez HTTP/1.1\r\n" + HOST + rest)

    assert answer.startswith(b"HTTP/1.1 400 ")
    assert answer.count(b"HTTP/1.1 ") == 1, "what was smuggled was answered"


def test_a_plain_request_in_the_same_words_is_answered() -> None:
    with Running() as server:
        answer = asked(server.port, b"GET /none HTTP/1.1\r\n" + HOST + b"Connection: close\r\n\r\n")

    assert answer.startswith(b"HTTP/1.1 404 ")
