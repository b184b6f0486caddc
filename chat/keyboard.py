"""What is typed at the server's terminal, or comes by a pipe, as lines.

Reading waits, so it has a thread of its own, and at the end of the program that
thread is still waiting. Therefore it reads below Python's buffer, which has a lock
that the end of the program would want.

    there is input            its lines
    Ctrl+D                    a remark, and on: a terminal is never at its end
    started with `&`          the terminal is another's: ask again in a second
    the pipe, or the window,
    is closed                 the end, of this and not of the server
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from io import RawIOBase
from threading import Event
from typing import TextIO

SIZE = 65_536  # bytes; a longer line is taken in pieces
AGAIN = 1.0  # seconds


def keyboard_of(stdin: TextIO | None) -> RawIOBase | None:
    """What to read; None where nothing can ever come: closed, or /dev/null."""
    raw = getattr(getattr(stdin, "buffer", None), "raw", None)
    try:
        is_nothing = raw is None or os.path.samestat(
            os.fstat(raw.fileno()), os.stat(os.devnull)
        )
    except (OSError, ValueError):
        return None
    return None if is_nothing else raw


def typed_lines(keyboard: RawIOBase, at_ctrl_d: Callable[[], None]) -> Iterator[str]:
    """Yield every line, until there can be no more."""
    pending = b""
    while (data := _read(keyboard)) != b"" or keyboard.isatty():
        if data:
            *lines, pending = (pending + data).split(b"\n")
            if len(pending) >= SIZE:
                lines, pending = [*lines, pending], b""
            yield from (line.decode("utf-8", "replace") for line in lines)
            continue
        if data is not None:
            at_ctrl_d()
        Event().wait(AGAIN)  # whatever this terminal does, we do not spin
    yield pending.decode("utf-8", "replace")


def _read(keyboard: RawIOBase) -> bytes | None:
    """Wait for input; nothing is the end, or Ctrl+D; None is nothing just now."""
    try:
        return keyboard.read(SIZE)
    except OSError:  # the terminal is another's just now, or it is gone
        return None if keyboard.isatty() else b""
