"""Answers for peers that speak something else than this chat.

The first byte of a frame is always 00 (no frame is as long as 16 MiB), so the first
byte of a connection tells a chat client from a browser, a TLS client and a person
with nc. Each gets an answer in a form that it can show.
"""

from __future__ import annotations

SENTENCE = (
    "This is a Homeroom chat server; it does not speak {what}. "
    "Connect with: python client.py NAME HOST:PORT"
)
TLS_HELLO = 0x16
# A fatal alert, protocol_version (RFC 8446, section 6): the client reports it.
TLS_ALERT = bytes.fromhex("15 03 01 00 02 02 46")
HTTP_VERBS = (b"GET ", b"POST", b"HEAD", b"PUT ", b"OPTI", b"CONN", b"DELE", b"PRI ")


def answer_stranger(first: bytes) -> bytes | None:
    """What to say to a peer that began with these bytes; None if they may be ours."""
    if first[0] == TLS_HELLO:
        return TLS_ALERT
    if first.startswith(HTTP_VERBS):
        body = SENTENCE.format(what="HTTP").encode() + b"\n"
        return (
            b"HTTP/1.0 400 Bad Request\r\nContent-Type: text/plain\r\n"
            b"Content-Length: %d\r\nConnection: close\r\n\r\n%b" % (len(body), body)
        )
    if 0x20 <= first[0] < 0x7F:
        return SENTENCE.format(what="plain text").encode() + b"\r\n"
    return None
