"""Standard error while the screen is up: into a file, named when it is over.

    threads' tracebacks, C libraries --fd 2--> /tmp/homeroom-xyz.log
                                                   |
    after the screen: "Errors ... are in /tmp/homeroom-xyz.log"

A traceback written to the terminal would land in the middle of the picture and
be wiped away by the next one: wrong twice.
"""

from __future__ import annotations

import contextlib
import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO


@contextlib.contextmanager
def kept_off_the_screen() -> Iterator[None]:
    """Collect what is written to stderr in a file, and name the file afterwards.

    Where stderr is no terminal nothing is done: `2>errors.txt` works as ever.
    """
    if sys.stderr is None or not sys.stderr.isatty():
        yield
        return
    handle, path = tempfile.mkstemp(prefix="homeroom-", suffix=".log")
    try:
        with open(handle, "w", buffering=1, encoding="utf-8") as log, _caught_in(log):
            yield
    finally:
        _name_or_remove(Path(path))


@contextlib.contextmanager
def _caught_in(log: TextIO) -> Iterator[None]:
    if os.name == "nt":
        # A console's stderr keeps the handle it began with: swap the object.
        with contextlib.redirect_stderr(log):
            yield
        return
    kept = os.dup(2)  # the descriptor, so that C code is caught too
    os.dup2(log.fileno(), 2)
    try:
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)


def _name_or_remove(log: Path) -> None:
    with contextlib.suppress(FileNotFoundError):  # somebody tidied up
        if log.stat().st_size:
            sys.stderr.write(f"Errors while the screen was up are in {log}\n")
        else:
            log.unlink()
