"""What the operator reads on the server's terminal.

Any thread logs; one thread of its own, the journal, prints. A terminal that is
slow, stopped (Ctrl+S) or closed must never slow the chat: what does not fit into the
queue is counted and left out.

Every record is one line, because control characters are shown, not printed: a name
or a text cannot fake a log line. Tracebacks are ours and keep their lines; they go to
stderr with everything else from WARNING up.

What the operator asks at the console is answered here too, so no record comes between
the lines of an answer.
"""

from __future__ import annotations

import logging
import sys
import threading
import unicodedata
from collections.abc import Callable
from contextlib import suppress
from io import TextIOWrapper
from queue import Full, Queue
from time import monotonic
from typing import TextIO

journal = logging.getLogger("homeroom")

CAPACITY = 10_000  # records
SELDOM = 10.0  # seconds between two times the same complaint
RESERVED = 1_000  # places more, for answers to the operator: a full log cuts none
LAST_WORDS = 0.5  # seconds to print what waits when the server ends


class Journal(logging.Handler):
    """A logging handler that never waits."""

    def __init__(self, out: TextIO, err: TextIO) -> None:
        super().__init__()
        self._out = out
        self._err = err
        self._queue: Queue[tuple[TextIO, str] | None] = Queue(CAPACITY + RESERVED)
        # Two counters that only grow, each written by one at a time: no count is lost.
        self._skipped = 0  # with the lock of logging.Handler held, as it calls emit()
        self._admitted = 0  # by the journal's thread; of those it has told
        # Daemon: a terminal that takes nothing must not keep the server alive.
        self._thread = threading.Thread(target=self._print, name="journal", daemon=True)
        self._thread.start()

    def emit(self, record: logging.LogRecord) -> None:
        stream = self._err if record.levelno >= logging.WARNING else self._out
        if self._queue.qsize() < CAPACITY:
            self._put(stream, self.format(record))
        else:
            self._skipped += 1

    def answer(self, text: str) -> None:
        """Print what the operator asked for: whole, between two records."""
        shown = "\n".join(map(make_visible, text.split("\n")))
        self.acquire()  # as logging does around emit()
        try:
            self._put(self._out, shown)
        finally:
            self.release()

    def _put(self, stream: TextIO, text: str) -> None:
        try:
            self._queue.put_nowait((stream, text))
        except Full:
            self._skipped += 1

    def format(self, record: logging.LogRecord) -> str:
        line = make_visible(record.getMessage())
        if record.exc_info:
            line += "\n" + logging.Formatter().formatException(record.exc_info)
        return line

    def close(self) -> None:
        """Print what waits, for a moment, and end the thread."""
        with suppress(Full):
            self._queue.put_nowait(None)
            self._thread.join(LAST_WORDS)
        super().close()

    def _print(self) -> None:
        while record := self._queue.get():
            stream, line = record
            self._write(stream, line)
            if self._queue.empty():
                self._admit_gap()
        self._admit_gap()

    def _admit_gap(self) -> None:
        """Say how many records did not fit since the last time."""
        if skipped := self._skipped - self._admitted:
            self._admitted += skipped
            self._write(self._err, f"... {skipped} log lines left out")

    def _write(self, stream: TextIO, line: str) -> None:
        # OSError: the pipe is closed; ValueError: the file is.
        with suppress(OSError, ValueError):
            print(line, file=stream, flush=True)


class Seldom:
    """Says the same sentence at most every ten seconds, for one thread.

    What goes wrong a thousand times a second must not fill the operator's screen.
    """

    def __init__(self, say: Callable[[str], None]) -> None:
        self._say = say
        self._said_at: dict[str, float] = {}  # sentence -> monotonic time

    def __call__(self, sentence: str) -> None:
        now = monotonic()
        if now - self._said_at.get(sentence, now - SELDOM) >= SELDOM:
            self._said_at[sentence] = now
            self._say(sentence)


def make_visible(text: str) -> str:
    """Show what would move the cursor, or end the line, as an escape."""
    if text.isprintable():
        return text
    return "".join(
        c if c.isprintable() else c.encode("unicode_escape").decode() for c in text
    )


def show_controls(text: str) -> str:
    """The same for control characters alone: what joins an emoji stays as it is."""
    return "".join(
        make_visible(c) if unicodedata.category(c) in {"Cc", "Cs"} else c for c in text
    )


def open_journal(*, verbose: bool) -> Journal:
    """Send the program's log to the terminal, in UTF-8 whatever the terminal says."""
    console = Journal(_unbuffered(sys.stdout), _unbuffered(sys.stderr))
    journal.setLevel(logging.DEBUG if verbose else logging.INFO)
    journal.addHandler(console)
    return console


def _unbuffered(stream: TextIO) -> TextIO:
    """Go around Python's own buffer.

    When it ends, Python flushes that buffer, and would wait there as long as the
    terminal takes nothing; for a closed one it would end with exit code 120.
    """
    binary = getattr(stream, "buffer", None)
    raw = getattr(binary, "raw", binary)  # with python -u there is no buffer
    if raw is None:
        return stream
    return TextIOWrapper(raw, "utf-8", "backslashreplace", write_through=True)
