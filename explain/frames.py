"""A frame, byte by byte: what each byte means, or which one is wrong.

    bytes --> rows: where, which bytes, what they mean
          `-> Wrong: at which byte, what was expected, what is there, a guess why

For who writes a client in another language and sees only bytes. Everything before
the wrong byte is annotated, so that one sees how it was read.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, fields

from protocol import (
    HEADER,
    MAX_PAYLOAD,
    READERS,
    REPORTS,
    REQUESTS,
    MessageError,
    Schema,
)

BYTES_SHOWN = 8  # in a row; a long field is shown by its beginning
TEXT_SHOWN = 40  # characters
EXPECTED = {
    "Id": "up to 64 of A-Z a-z 0-9 _ -",
    "Room": "at most 31 characters",
    "Text": "1 to 4,000 characters, no control character but newline and tab",
    "Secret": "32 hex digits, or nothing",
    "Number": "1 to 15 digits 0-9",
    "Maybe": "1 to 15 digits 0-9, or nothing",
}


class Wrong(Exception):
    """The first wrong byte; `at` counts from the beginning of the input."""

    def __init__(self, at: int, expected: str, found: str, hint: str = "") -> None:
        super().__init__(expected)
        self.at = at
        self.expected = expected
        self.found = found
        self.hint = hint


@dataclass(frozen=True, slots=True)
class Row:
    """Some bytes and what they mean."""

    at: int
    data: bytes
    meaning: str

    def __str__(self) -> str:
        shown = self.data[:BYTES_SHOWN].hex(" ")
        shown += " .." if len(self.data) > BYTES_SHOWN else ""
        return f"{self.at:6}  {shown:<28}{self.meaning}".rstrip()


# -- Frames --------------------------------------------------------------------


def explain(data: bytes) -> Iterator[str]:
    """Annotate every frame, line by line. Raises Wrong after the good part."""
    at = number = 0
    while at < len(data):
        number += 1
        length = read_length(data, at)
        end = at + HEADER.size + length
        yield from ["", f"frame {number}"] if number > 1 else ["frame 1"]
        yield str(Row(at, data[at : at + HEADER.size], f"length: {length:,} bytes"))
        payload = data[at + HEADER.size : end]
        if len(payload) < length:
            raise _cut_off(data, at, length)
        yield from map(str, explain_payload(payload, at + HEADER.size))
        at = end


def read_length(data: bytes, at: int) -> int:
    """Read four bytes. Raises Wrong."""
    header = data[at : at + HEADER.size]
    if len(header) < HEADER.size:
        raise Wrong(
            len(data),
            f"a length of {HEADER.size} bytes",
            f"the end, after {len(header)} of them",
            "what is left over? Does the length before count characters, not bytes?"
            if at
            else "",
        )
    length: int = HEADER.unpack(header)[0]
    if not 0 < length <= MAX_PAYLOAD:
        raise Wrong(
            at, f"a length from 1 to {MAX_PAYLOAD:,}", f"{length:,}", _odd(header, at)
        )
    return length


def _odd(header: bytes, at: int) -> str:
    """What may be behind a length that cannot be."""
    if int.from_bytes(header, "little") in range(1, MAX_PAYLOAD + 1):
        return "the other way round it would do: the wire is big endian"
    if any(0x20 <= byte < 0x7F for byte in header):
        return (
            "this looks like text: was the length before too small? "
            "It counts bytes, not characters"
            if at
            else "this looks like text: is the length missing before it?"
        )
    return "" if at else "the frame begins with four bytes of length"


def _cut_off(data: bytes, at: int, length: int) -> Wrong:
    here = len(data) - at - HEADER.size
    hint = "the length counts the payload alone, not its own four bytes"
    return Wrong(
        len(data),
        f"{length - here:,} more bytes: the length says {length:,}",
        f"the end, after {here:,}",
        hint if length - here == HEADER.size else "",
    )


# -- Payloads ------------------------------------------------------------------


def explain_payload(payload: bytes, at: int) -> Iterator[Row]:
    """Annotate the verb and its fields. Raises Wrong after the good rows."""
    parts = payload.split(b"\0")
    schema, side = schema_of(parts, at)
    names = [f.name.replace("sender", "from") for f in fields(schema.message)]
    yield Row(at, parts[0], f"verb: {parts[0].decode()}, from {side}")
    end = at + len(payload)
    at += len(parts[0])
    for number, part in enumerate(parts[1:]):
        yield Row(at, b"\0", "")
        name = names[min(number, len(names) - 1)]
        text = check_field(schema, number, name, part, at + 1)
        is_extra = number >= len(names) and not schema.has_rest
        note = "extra field, ignored" if is_extra else name
        yield Row(at + 1, part, f"{note}: {_shown(text)}" if text else f"{note}: empty")
        at += 1 + len(part)
    for number in range(len(parts) - 1, schema.size):
        check_field(schema, number, names[number], b"", end)


def schema_of(parts: list[bytes], at: int) -> tuple[Schema, str]:
    """Find the verb, and who says it. Raises Wrong."""
    verb = decode(parts[0], at)
    if verb not in REQUESTS and verb not in REPORTS:
        raise Wrong(
            at, "a verb of docs/PROTOCOL.md", _shown(verb) or "nothing", _near(verb)
        )
    # topic goes both ways: a client's begins with an id, a server's with a room.
    is_told = parts[1:2] and parts[1].startswith(b"#")
    if verb in REQUESTS and verb in REPORTS and verb != "topic":
        return REQUESTS[verb], "a client or a server"
    if verb in REQUESTS and not (verb in REPORTS and is_told):
        return REQUESTS[verb], "a client"
    return REPORTS[verb], "a server"


def _near(verb: str) -> str:
    meant = verb.strip().strip("\ufeff").lower()
    if meant in REQUESTS or meant in REPORTS:
        return f"write it as {meant!r}, and nothing else"
    if " " in verb:
        return "fields are joined by one NUL byte (00), not by spaces"
    return "" if verb else "the payload begins with the verb, not with a NUL byte"


def check_field(schema: Schema, number: int, name: str, part: bytes, at: int) -> str:
    """Return the field's text. Raises Wrong at the very byte."""
    text = decode(part, at)
    if number >= schema.size:
        return text
    kind = str(fields(schema.message)[number].type)
    if reason := refusal(kind, text):
        good = _sound_part(kind, text)
        found = _shown(text[good:]) if text[good:] else "nothing"
        at += len(text[:good].encode())
        raise Wrong(at, f"{name}: {EXPECTED[kind]}", found, reason)
    return text


def _sound_part(kind: str, text: str) -> int:
    """How many characters at its beginning would do."""

    def is_refused(size: int) -> bool:
        return bool(refusal(kind, text[: size + 1]))

    return bisect_left(range(len(text)), True, key=is_refused)


def refusal(kind: str, text: str) -> str:
    """Why a field cannot be of that kind; empty if it can."""
    try:
        READERS[kind](text)
    except MessageError as wrong:
        return wrong.text
    return ""


def decode(part: bytes, at: int) -> str:
    """Read UTF-8. Raises Wrong at the byte that is none."""
    try:
        return part.decode()
    except UnicodeDecodeError as wrong:
        found = part[wrong.start : wrong.start + 4].hex(" ")
        hint = wrong.reason
        if wrong.reason == "unexpected end of data":
            hint = "it ends inside a character: the length counts bytes, not characters"
        raise Wrong(at + wrong.start, "UTF-8", found, hint) from None


def _shown(text: str) -> str:
    return repr(text[:TEXT_SHOWN]) + (" .." if len(text) > TEXT_SHOWN else "")


# -- One line ------------------------------------------------------------------


def spell(payload: bytes) -> str:
    """Write a payload as docs/PROTOCOL.md does: `say | k1 | #lobby | hi`."""
    written = payload.decode(errors="backslashreplace").split("\0")
    return " | ".join(repr(field)[1:-1][:TEXT_SHOWN] for field in written)
