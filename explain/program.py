"""The program behind `python protocol.py explain HEX`.

Exit code 0: every frame is right; 1: one is wrong, and where; 2: this is not hex.
"""

from __future__ import annotations

import io
import sys

from explain.frames import Wrong, explain
from explain.pasted import PasteError, read_pasted

USAGE = """usage: python protocol.py explain HEX ...
       python protocol.py explain -          reads standard input
HEX is one frame or more, with or without spaces; also the output of xxd, hexdump -C
or od, or a Python b'...'. Standard input may be the bytes themselves.
For example: python protocol.py explain 00 00 00 06 77 68 6f 00 77 31"""


def run() -> int:
    """Run with the words of the command line: protocol.py knows no sys."""
    return main(sys.argv[1:])


def main(arguments: list[str]) -> int:
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # an old locale knows no é
    match arguments:
        case ["explain", "-"]:
            pasted = sys.stdin.buffer.read()
        case ["explain", _, *_] if arguments[1] not in {"-h", "--help"}:
            pasted = " ".join(arguments[1:]).encode(errors="surrogateescape")
        case _:
            print(USAGE, file=sys.stderr)
            return 2
    try:
        return show(read_bytes(pasted))
    except PasteError as wrong:
        print(f"explain: {wrong}", file=sys.stderr)
        return 2


def read_bytes(pasted: bytes) -> bytes:
    """Read hex, unless these are the bytes themselves: a frame begins with 00."""
    if b"\0" in pasted:
        return pasted
    return read_pasted(pasted.decode(errors="replace"))


def show(data: bytes) -> int:
    if not data:
        raise PasteError("there are no bytes here")
    try:
        for line in explain(data):
            print(line)
    except Wrong as wrong:
        is_inside = wrong.at < len(data)
        print(f"\nWRONG at byte {wrong.at}" + ("" if is_inside else ", where it ends"))
        print(f"  expected  {wrong.expected}")
        print(f"  found     {wrong.found}")
        if wrong.hint:
            print(f"  hint      {wrong.hint}")
        return 1
    return 0
