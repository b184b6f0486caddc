r"""Bytes as people paste them: hex in all its spellings, hexdumps, bytes of Python.

    00 00 00 10 73 61      0000001073 61      0x00, 0x00      00:00:00:10      \x00\x00
    00000000: 0000 0010 7361  ....sa                      xxd
    00000000  00 00 00 10 73 61  |....sa|                 hexdump -C
    0000000 00 00 00 10 73 61                             od -t x1
    b'\x00\x00\x00\x10sa'                                 Python

A hexdump's line begins with the number of bytes before it: that is how it is known.
"""

from __future__ import annotations

import ast
import re

MAX_ROW = 16  # bytes in one line of a hexdump
BETWEEN = re.compile(r"0x|\\x|[\s,;:_-]+", re.I)
OFFSET = re.compile(r"\s*([0-9a-f]{4,8})(:\s*|\s+|$)(.*)", re.I)
PAIRS = re.compile(r"(?:[0-9a-f]{2})+", re.I)


class PasteError(Exception):
    """This is not hex; the text says where."""


def read_pasted(text: str) -> bytes:
    """Read bytes out of what somebody pasted. Raises PasteError."""
    stripped = text.strip()
    if re.match(r"b['\"]", stripped):
        return _python_bytes(stripped)
    data = b""
    for number, line in enumerate(text.splitlines(), 1):
        rest = _after_offset(line, len(data))
        data += _hex(line, number) if rest is None else _dumped(rest)
    return data


def _python_bytes(text: str) -> bytes:
    try:
        value = ast.literal_eval(text)
    except (ValueError, SyntaxError):
        value = None
    if not isinstance(value, bytes):
        raise PasteError("this begins like bytes of Python, and does not end so")
    return value


def _after_offset(line: str, count: int) -> str | None:
    """What follows the offset; None if the line has none."""
    if not (found := OFFSET.fullmatch(line)):
        return None
    number, gap, rest = found.groups()
    if not rest:  # the last line of a hexdump: an offset alone
        return "" if count and count in _values(number) else None
    is_marked = ":" in gap or len(gap) > 1 or len(number) % 2
    return rest if is_marked and count in _values(number) else None


def _values(number: str) -> set[int]:
    """An offset is hex, or octal if od wrote it."""
    octal = {int(number, 8)} if re.fullmatch("[0-7]{7}", number) else set()
    return {int(number, 16)} | octal


def _dumped(rest: str) -> bytes:
    """Read one line of a hexdump: the bytes, without what is beside them."""
    data = b""
    for column in re.split(r"(\s{2,})", rest):
        words = column.split()
        if len(data) >= MAX_ROW or not all(map(PAIRS.fullmatch, words)):
            break
        if data and len(data) != MAX_ROW // 2 and words:
            break  # hexdump -C has a gap after the 8th byte; another is before the text
        data += bytes.fromhex("".join(words))
    return data


def _hex(line: str, number: int) -> bytes:
    digits = ""
    for word in BETWEEN.split(line):
        if bad := re.search("[^0-9a-f]", word, re.I):
            raise PasteError(f"{bad[0]!r} is not hex (line {number}: {word[:20]!r})")
        digits += word
    if len(digits) % 2:
        raise PasteError(f"line {number} ends in the middle of a byte")
    return bytes.fromhex(digits)
