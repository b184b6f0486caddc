"""Answers for peers that speak something else, by their first bytes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from net.strangers import TLS_ALERT, answer_stranger


@pytest.mark.parametrize(
    "first",
    [b"GET / HTTP/1.1\r\n", b"POST /x", b"HEAD /", b"PRI * HTTP/2.0", b"OPTIONS *"],
)
def test_a_browser_gets_a_page(first):
    head, body = answer_stranger(first).split(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.0 400 Bad Request\r\n")
    assert b"Content-Length: %d\r\n" % len(body) in head
    assert b"does not speak HTTP" in body


def test_a_tls_client_gets_an_alert_that_it_can_report():
    assert answer_stranger(bytes.fromhex("16030100f8")) == TLS_ALERT
    assert TLS_ALERT[0] == 0x15
    assert int.from_bytes(TLS_ALERT[3:5], "big") == len(TLS_ALERT[5:])


@pytest.mark.parametrize("first", [b"SSH-2.0-OpenSSH_9.2\r\n", b"hello?\n", b"G", b" "])
def test_a_person_with_nc_gets_a_sentence(first):
    answer = answer_stranger(first)
    assert b"does not speak plain text. Connect with: python client.py" in answer
    assert answer.endswith(b"\r\n")


@given(st.binary(max_size=8))
def test_what_begins_like_a_frame_is_ours(rest):
    assert answer_stranger(b"\0" + rest) is None


@given(st.binary(min_size=1, max_size=8))
def test_nobody_gets_an_answer_that_is_a_frame(first):
    answer = answer_stranger(first)
    assert answer is None or answer[0]
