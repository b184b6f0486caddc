"""Pieces: where frames begin and end in what one recv has brought.

    recv   7 bytes   [00 00 00 0d] 73 61 69         a frame begins: 3 of 13 bytes
    recv  10 bytes   64 00 31 00 ...                it ends: said ana: hi
    recv  40 bytes   [00 00 00 10] ...              two frames in one recv
                     [00 00 00 10] ...

TCP carries bytes. Where one recv ends says nothing about where a frame ends: that is
what these pieces show.

    what had come of a frame, what comes now --cut--> Piece, Piece, ...

Rules: pure, and without a memory, so one may begin to look in the middle of a frame.
A piece keeps a few of its bytes, as hex. A field that is not for anybody's eyes (the
session in a hello) is hidden here: its bytes are `..` and are kept nowhere. Whatever
else passes may be shown: it is one's own traffic, on one's own screen, private
lines among it.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator
from dataclasses import dataclass, fields

from messages import LOBBY, Message
from protocol import (
    HEADER,
    REPORTS,
    REQUESTS,
    Decoder,
    FrameError,
    MessageError,
    verb_of,
)
from tui.sanitize import make_safe_line

SHOWN = 64  # bytes of a piece that are kept
LONGEST_TOLD = 200  # characters
HIDDEN = ".."
UNTOLD = {"Id", "Number", "Maybe"}  # kinds of field that only programs read

Decode = Callable[[bytes], Message]


@dataclass(frozen=True, slots=True)
class Piece:
    """What one recv, or one send, has of one frame."""

    at: int  # bytes of the frame that came before
    size: int  # bytes here
    shown: tuple[str, ...]  # the first of them, as hex
    length: int | None  # of the payload; None: that has not come whole yet
    told: str = ""  # where the frame ends: what it says
    wrong: str = ""  # why no frame can begin so

    @property
    def came(self) -> int:
        """How many bytes of the frame have come, with these."""
        return self.at + self.size

    @property
    def is_end(self) -> bool:
        return self.length is not None and self.came == HEADER.size + self.length


def cut(begun: bytes, data: bytes, decode: Decode) -> Iterator[Piece]:
    """Yield the pieces of `data`; of the first one's frame, `begun` came before."""
    stream, start, here = begun + data, 0, len(begun)
    while here < len(stream):
        try:
            length = _length(stream[start : start + HEADER.size])
        except FrameError as wrong:
            at, rest = here - start, stream[here:]
            yield Piece(at, len(rest), _hex(rest[:SHOWN]), None, wrong=wrong.text)
            return
        end = len(stream) if length is None else start + HEADER.size + length
        yield _piece(stream[start:end], here - start, length, decode)
        start = here = end


def _length(header: bytes) -> int | None:
    """None if it has not come whole. Raises FrameError."""
    if len(header) < HEADER.size:
        return None
    list(Decoder().feed(header))  # which says so if no frame is that long
    (length,) = HEADER.unpack(header)
    return int(length)


def _piece(frame: bytes, at: int, length: int | None, decode: Decode) -> Piece:
    """What came of a frame after its first `at` bytes."""
    payload = frame[HEADER.size :]
    secret = {HEADER.size + n - at for n in secret_bytes(payload)}
    shown = _hex(frame[at : at + SHOWN], secret)
    told = told_by(payload, decode) if len(payload) == length else ""
    return Piece(at, len(frame) - at, shown, length, told)


def _hex(data: bytes, secret: Container[int] = ()) -> tuple[str, ...]:
    return tuple(HIDDEN if n in secret else f"{b:02x}" for n, b in enumerate(data))


# -- Secrets -----------------------------------------------------------------------

# verb: the numbers of those of its fields that no repr shows either; 0 is the verb
SECRETS = {
    verb.encode(): numbers
    for verb, schema in (REPORTS | REQUESTS).items()
    if (numbers := {n for n, f in enumerate(fields(schema.message), 1) if not f.repr})
}


def secret_bytes(payload: bytes) -> Iterator[int]:
    """Where in a payload, or in the beginning of one, secrets stand."""
    if not (secrets := SECRETS.get(payload.partition(b"\0")[0])):
        return
    at = 0
    for number, part in enumerate(payload.split(b"\0")):
        if number in secrets:
            yield from range(at, at + len(part))
        at += len(part) + 1


# -- What a frame says -------------------------------------------------------------


def told_by(payload: bytes, decode: Decode) -> str:
    """A payload in a few words, safe to draw: `said #maths ana: hi`.

    The lobby is where one is anyway, and not worth a screen's width.
    """
    try:
        message = decode(payload)
    except MessageError as wrong:
        return make_safe_line(f"not understood: {wrong.text}")
    words = verb_of(type(message))
    for field in fields(message):
        kind, value = str(field.type), getattr(message, field.name)
        is_news = value and value != LOBBY and kind not in UNTOLD
        if is_news and field.repr:
            joint = ": " if kind == "Text" else " "
            words += joint + (" ".join(value) if kind == "Words" else value)
    return make_safe_line(words[:LONGEST_TOLD])
