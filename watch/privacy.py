"""What may be kept of a frame that passes: private texts and secrets may not.

    tell | t1 | ana | psst             ->  tell | t1 | ana | [private, 4 bytes]
    hello | 1 | ana | 0011.. | 17      ->  hello | 1 | ana | [secret, 35 bytes]
    what does not decode               ->  [not understood, 23 bytes]

It is decided before anything is kept, in the thread that sends or reads, so what is
private is nowhere in the dashboard's memory. Texts in rooms are kept: everybody may
come in and read them. What we do not understand may be anything, so it is not kept
either; and 32 hex digits are a session's secret wherever they stand.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from protocol import HEADER, MAX_PAYLOAD, MessageError, decode_request

CLEAR = 24  # bytes kept for the hex column
KEPT = 240  # bytes kept of the fields
MOST_FRAMES = 20  # of one chunk: the last; a replay has a thousand
SECRET = re.compile(rb"[0-9A-Fa-f]{32}")

# Verb -> from which field on, counting the verb as 0, and what to call it.
PRIVATE = {
    True: {  # what clients say
        b"hello": (3, "secret"),
        b"tell": (3, "private"),
        b"ask": (4, "private"),
        b"answer": (4, "private"),
    },
    False: {  # what the server says
        b"welcome": (3, "secret"),
        b"told": (5, "private"),
        b"past": (6, "private"),
        b"asked": (4, "private"),
        b"answered": (4, "private"),
    },
}


@dataclass(frozen=True, slots=True)
class Kept:
    """What is left of a frame."""

    length: int  # of the payload
    clear: bytes  # its first bytes, up to the first private one
    payload: bytes  # with words in the place of what is private


def keep(data: bytes, comes_in: bool) -> tuple[Kept, ...]:
    """Of a payload that came in, or of a chunk of frames that goes out."""
    if comes_in:
        return (_kept(data, _hidden(data, comes_in=True)),)
    return tuple(
        _kept(payload, _hidden(payload, comes_in=False))
        for payload in list(_payloads(data))[-MOST_FRAMES:]
    )


def _payloads(chunk: bytes) -> Iterator[bytes]:
    at = 0
    while at < len(chunk):
        begin = at + HEADER.size
        length = int.from_bytes(chunk[at:begin], "big")
        if length > MAX_PAYLOAD:  # words to a stranger, who speaks no frames
            yield chunk[at:]
            return
        at = begin + length
        yield chunk[begin:at]


def _hidden(payload: bytes, *, comes_in: bool) -> tuple[int, str] | None:
    """At which byte the private part begins, and what it is."""
    fields = payload.split(b"\0")
    if comes_in and not _is_understood(payload):
        return 0, "not understood"
    if rule := PRIVATE[comes_in].get(fields[0]):
        number, what = rule
        is_public = fields[0] == b"past" and fields[4:5] and fields[4][:1] == b"#"
        if len(fields) > number and not is_public:
            return len(b"\0".join(fields[:number])) + 1, what
    if found := SECRET.search(payload):
        return found.start(), "secret"
    return None


def _is_understood(payload: bytes) -> bool:
    try:
        decode_request(payload)
    except MessageError:
        return False
    # Another version may have its secret in another place.
    return not payload.startswith(b"hello\0") or payload.startswith(b"hello\x001\0")


def _kept(payload: bytes, hidden: tuple[int, str] | None) -> Kept:
    if hidden is None:
        return Kept(len(payload), payload[:CLEAR], payload[:KEPT])
    start, what = hidden
    words = f"[{what}, {len(payload) - start:,} bytes]".encode()
    shown = payload[:start]
    if found := SECRET.search(shown):
        shown = shown[: found.start()]
    return Kept(len(payload), shown[:CLEAR], shown[:KEPT] + words)
