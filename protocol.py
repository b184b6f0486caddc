"""Messages to bytes and back: the wire of Homeroom, version 1.

TCP carries a stream of bytes and knows nothing of messages: what one side sends
in two calls may arrive in one piece, or in seven. So every message travels in a
frame that says how long it is:

    +----------------+---------------------------------------------+
    | length, 4 byte | payload: `length` bytes of UTF-8            |
    | struct "!I"    | fields joined by one NUL byte (0x00)        |
    +----------------+---------------------------------------------+

    socket --bytes--> Decoder --payloads--> decode_request --> Say(...)
    Said(...) --encode--> bytes --> socket

The first field of a payload is the verb; which fields follow says messages/.

Rules of this file: no socket, no thread, no clock. A length is checked before one
byte of its payload is waited for. docs/PROTOCOL.md tells the same story for people
who write a client of their own, in any language.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Callable, Iterator
from dataclasses import fields as fields_of
from typing import Any

from messages import Message, Report, Request

VERSION = "1"
HEADER = struct.Struct("!I")
MAX_PAYLOAD = 65_536  # bytes; below 16 MiB for ever, so a frame's first byte is 00
MAX_TEXT = 4_000  # characters
MAX_ROOM = 31  # characters, the # among them
MAX_DIGITS = 15  # a number always fits the 53 bits of a JavaScript number


# -- Errors ------------------------------------------------------------------
#
#   ProtocolError         the peer broke the rules
#   ├── FrameError        the boundaries are lost: say bye and hang up
#   └── MessageError      one message is wrong: answer `error`, go on


class ProtocolError(Exception):
    """The peer broke the rules; `code` is for programs, `text` for people."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(f"{code}: {text}")
        self.code = code
        self.text = text


class FrameError(ProtocolError):
    """Nobody knows any more where the next frame begins."""


class MessageError(ProtocolError):
    """A whole frame whose content is wrong; `id` is the request's, where known."""

    def __init__(self, code: str, text: str, id: str = "") -> None:
        super().__init__(code, text)
        self.id = id


# -- Fields: what each kind of messages/kinds.py means on the wire --------

_ID = re.compile(r"[A-Za-z0-9_-]{0,64}")
_SECRET = re.compile(r"(?:[0-9A-Fa-f]{32})?")
_NUMBER = re.compile(rf"[0-9]{{1,{MAX_DIGITS}}}")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


def _matching(pattern: re.Pattern[str], what: str) -> Callable[[str], str]:
    matches = pattern.fullmatch

    def read(value: str) -> str:
        if not matches(value):
            raise MessageError("bad-field", f"this is not {what}")
        return value

    return read


def _text(value: str) -> str:
    if not value:
        raise MessageError("bad-text", "the text is empty")
    if len(value) > MAX_TEXT:
        raise MessageError("bad-text", f"the text is over {MAX_TEXT:,} characters")
    # What is printable has no control character: nearly always, and quickly known.
    if not value.isprintable() and (found := _CONTROL.search(value)):
        raise MessageError(
            "bad-text", f"the text has the control character U+{ord(found[0]):04X}"
        )
    return value


def _room(value: str) -> str:
    if len(value) > MAX_ROOM:
        raise MessageError("bad-field", f"a room's name is over {MAX_ROOM} characters")
    return value


def _number(value: str) -> int:
    # The pattern first: int() alone would take "+1", "1_000" and Arabic digits.
    return int(_matching(_NUMBER, f"a number of at most {MAX_DIGITS} digits")(value))


READERS: dict[str, Callable[[str], Any]] = {
    "str": str,
    "Id": _matching(_ID, "an id: up to 64 of A-Z a-z 0-9 _ -"),
    "Room": _room,
    "Text": _text,
    "Secret": _matching(_SECRET, "a session: 32 hex digits"),
    "Number": _number,
    "Maybe": lambda value: _number(value) if value else None,
}


# -- Messages and payloads -----------------------------------------------------


class Schema:
    """One verb: its class, and how each field is read."""

    def __init__(self, message: type) -> None:
        self.message = message
        kinds = [str(f.type) for f in fields_of(message)]
        self.has_rest = kinds[-1] == "Words"
        self.has_id = kinds[0] == "Id"
        self.size = len(kinds) - self.has_rest  # without the rest
        self._readers = [  # of the fields that not any text will do for
            (place, READERS[kind])
            for place, kind in enumerate(kinds[: self.size])
            if kind != "str"
        ]

    def read(self, values: list[Any]) -> Any:
        if len(values) != self.size or self.has_rest:
            self._fit(values)
        for place, read in self._readers:
            values[place] = read(values[place])
        return self.message(*values)

    def _fit(self, values: list[Any]) -> None:
        """As many values as there are fields: the rest is one, or ignored."""
        values += [""] * (self.size - len(values))  # missing trailing fields are empty
        rest = tuple(values[self.size :])
        values[self.size :] = [rest] if self.has_rest else []


def verb_of(message: type) -> str:
    return getattr(message, "VERB", message.__name__.lower())


def _schemas(union: Any) -> dict[str, Schema]:
    return {verb_of(m): Schema(m) for m in union.__args__}


REQUESTS = _schemas(Request)
REPORTS = _schemas(Report)
_VERBS = {m: verb_of(m) for m in Message.__args__}
_NAMES = {m: [f.name for f in fields_of(m)] for m in Message.__args__}


def decode_request(payload: bytes) -> Request:
    """Read what a client sent. Raises MessageError."""
    return _decode(payload, REQUESTS)  # type: ignore[no-any-return]


def decode_report(payload: bytes) -> Report:
    """Read what a server sent. Raises MessageError."""
    return _decode(payload, REPORTS)  # type: ignore[no-any-return]


def _decode(payload: bytes, schemas: dict[str, Schema]) -> Any:
    try:
        values = payload.decode().split("\0")
    except UnicodeDecodeError:
        raise MessageError("bad-utf8", "the payload is not UTF-8") from None
    verb = values.pop(0)
    if not (schema := schemas.get(verb)):
        raise MessageError("bad-verb", f"there is no verb {verb[:20]!r}")
    try:
        return schema.read(values)
    except MessageError as wrong:
        # The answer names the request it answers, if the id itself is sound.
        if schema.has_id and _ID.fullmatch(values[0]):
            wrong.id = values[0]
        raise


def encode(message: Message) -> bytes:
    """Make the whole frame. Raises ValueError for what no frame can carry."""
    kind = type(message)
    values: list[str] = []
    for name in _NAMES[kind]:
        value = getattr(message, name)
        if isinstance(value, tuple):
            values += value
        else:
            values.append("" if value is None else str(value))
    return frame(_VERBS[kind], *values)


def frame(*fields: str) -> bytes:
    """The same of a verb and its fields, as they stand on the wire."""
    joined = "\0".join(fields)
    if joined.count("\0") != len(fields) - 1:
        raise ValueError("a field contains NUL")
    # Missing trailing fields read as empty.
    payload = joined.rstrip("\0").encode()
    if len(payload) > MAX_PAYLOAD:
        raise ValueError(f"{len(payload)} bytes do not fit into one frame")
    return HEADER.pack(len(payload)) + payload


# -- Payloads and bytes --------------------------------------------------------


class Decoder:
    """Cuts a stream of bytes, in pieces of any size, into payloads.

    It allocates what has come, never what was promised: four bytes from a stranger
    must not be able to reserve 4 GiB.
    """

    def __init__(self) -> None:
        self._begun = b""

    @property
    def is_inside_frame(self) -> bool:
        """Whether a frame has begun whose end has not come."""
        return bool(self._begun)

    @property
    def unfinished(self) -> bytes:
        """What has come of the frame whose end has not."""
        return self._begun

    def feed(self, data: bytes) -> Iterator[bytes]:
        """Yield each payload that is complete now. Raises FrameError after them."""
        data, start = self._begun + data, 0
        try:
            while len(data) - start >= HEADER.size:
                (length,) = HEADER.unpack_from(data, start)
                begin = start + HEADER.size
                end = begin + _checked(length)
                if len(data) < end:
                    return
                yield data[begin:end]
                start = end
        finally:
            self._begun = data[start:]


def _checked(length: int) -> int:
    if length == 0:
        raise FrameError("bad-frame", "a frame of length 0")
    if length > MAX_PAYLOAD:
        raise FrameError(
            "frame-too-large", f"{length:,} bytes announced, at most {MAX_PAYLOAD:,}"
        )
    return length


if __name__ == "__main__":  # python protocol.py explain "00 00 00 10 73 61 ..."
    import explain.program

    raise SystemExit(explain.program.run())
