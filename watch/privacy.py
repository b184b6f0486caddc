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

END = None
# Verb -> which fields, counting the verb as 0, and what to call them.
PRIVATE: dict[bool, dict[bytes, tuple[int, int | None, str]]] = {
    True: {  # what clients say
        b"hello": (3, END, "secret"),
        b"tell": (3, END, "private"),
        b"ask": (4, END, "private"),
        b"answer": (4, END, "private"),
    },
    False: {  # what the server says
        b"welcome": (3, 4, "secret"),  # the log's name, by which one comes back
        b"told": (5, END, "private"),
        b"past": (6, END, "private"),
        b"asked": (4, END, "private"),
        b"answered": (4, END, "private"),
    },
}


@dataclass(frozen=True, slots=True)
class Kept:
    """What is left of a frame."""

    length: int  # of the payload
    clear: bytes  # its first bytes, up to the first private one
    payload: bytes  # with words in the place of what is private


def count(chunk: bytes) -> int:
    """How many frames go out; words to a stranger, who speaks none, are one."""
    at = number = 0
    while at < len(chunk):
        at += HEADER.size + int.from_bytes(chunk[at : at + HEADER.size], "big")
        number += 1
    return number


def keep(data: bytes, comes_in: bool) -> tuple[Kept, ...]:
    """What may be kept of a payload that came in, or of a chunk that goes out."""
    payloads = [data] if comes_in else list(_payloads(data))
    return tuple(
        _kept(payload, _hidden(payload, comes_in=comes_in))
        for payload in payloads[-MOST_FRAMES:]
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


def _hidden(payload: bytes, *, comes_in: bool) -> tuple[int, int, str] | None:
    """From which byte to which it is private, and what it is."""
    fields = payload.split(b"\0")
    if comes_in and not _is_understood(payload):
        return 0, len(payload), "not understood"
    if rule := PRIVATE[comes_in].get(fields[0]):
        first, end, what = rule
        is_public = fields[0] == b"past" and fields[4:5] and fields[4][:1] == b"#"
        if len(fields) > first and not is_public:
            start = len(b"\0".join(fields[:first])) + 1
            return start, start + len(b"\0".join(fields[first:end])), what
    if found := SECRET.search(payload):
        return found.start(), found.end(), "secret"
    return None


def _is_understood(payload: bytes) -> bool:
    try:
        decode_request(payload)
    except MessageError:
        return False
    # Another version may have its secret in another place.
    return not payload.startswith(b"hello\0") or payload.startswith(b"hello\x001\0")


def _kept(payload: bytes, hidden: tuple[int, int, str] | None) -> Kept:
    if hidden is None:
        return Kept(len(payload), payload[:CLEAR], payload[:KEPT])
    start, end, what = hidden
    words = f"[{what}, {end - start:,} bytes]".encode()
    before, after = (
        SECRET.sub(b"[secret]", p) for p in (payload[:start], payload[end:])
    )
    clear = before[:CLEAR] if before == payload[:start] else b""
    return Kept(len(payload), clear, (before + words + after)[:KEPT])
