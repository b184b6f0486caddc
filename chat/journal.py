"""What the operator reads on the server's terminal.

Any thread logs; one thread of its own, the journal, prints: what waits, in one write,
and so a record costs 6 µs instead of 13 (measured, to a pipe). A terminal that is
slow, stopped (Ctrl+S) or closed must never slow the chat: what does not fit into the
queue is counted and left out.

Every record is one line, because control characters are shown, not printed: a name
or a text cannot fake a log line. Tracebacks are ours and keep their lines; they go to
stderr with everything else from WARNING up.

While a dashboard has the terminal (watch/), the terminal's lines are kept, and printed
when it is given back.

What the operator asks at the console is answered here too, so no record comes between
the lines of an answer.
"""

from __future__ import annotations

import logging
import sys
import threading
import unicodedata
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from io import TextIOWrapper
from itertools import groupby
from operator import itemgetter
from queue import SimpleQueue
from time import monotonic
from typing import TextIO

journal = logging.getLogger("homeroom")

CAPACITY = 10_000  # records
SELDOM = 10.0  # seconds between two times the same complaint
RESERVED = 1_000  # places more, for answers to the operator: a full log cuts none
LAST_WORDS = 0.5  # seconds to print what waits when the server ends
KEPT = 1_000  # lines, the newest, while somebody else has the terminal

AT_ONCE = 30  # lines in one write: about what a pipe takes whole, or not at all

Line = tuple[TextIO, str]
Item = Line | Callable[[], None] | None  # a line, a step, the end


class Journal(logging.Handler):
    """A logging handler that never waits."""

    def __init__(self, out: TextIO, err: TextIO) -> None:
        super().__init__()
        self._out = out
        self._err = err
        self._queue: SimpleQueue[Item] = SimpleQueue()
        # Two counters that only grow, each written by one at a time: no count is lost.
        self._skipped = 0  # with the lock of logging.Handler held, as it calls emit()
        self._admitted = 0  # by the journal's thread; of those it has told
        # By the journal's thread alone:
        self._lent: set[TextIO] = set()  # to a dashboard: what is a terminal
        self._kept: deque[tuple[TextIO, str]] = deque(maxlen=KEPT)
        # Daemon: a terminal that takes nothing must not keep the server alive.
        self._thread = threading.Thread(target=self._print, name="journal", daemon=True)
        self._thread.start()

    def emit(self, record: logging.LogRecord) -> None:
        stream = self._err if record.levelno >= logging.WARNING else self._out
        if self._queue.qsize() < CAPACITY:
            self._queue.put((stream, self.format(record)))
        else:
            self._skipped += 1

    def answer(self, text: str) -> None:
        """Print what the operator asked for: whole, between two records."""
        shown = "\n".join(map(make_visible, text.split("\n")))
        self.acquire()  # as logging does around emit()
        try:
            if self._queue.qsize() < CAPACITY + RESERVED:
                self._queue.put((self._out, shown))
            else:
                self._skipped += 1
        finally:
            self.release()

    def format(self, record: logging.LogRecord) -> str:
        line = make_visible(record.getMessage())
        if record.exc_info:
            line += "\n" + logging.Formatter().formatException(record.exc_info)
        return line

    def lend_terminal(self) -> None:
        """Print what waits, then keep all that would go to the terminal."""
        self._step(self._lend)

    def take_terminal_back(self) -> None:
        """Print what was kept, and from now on everything."""
        self._step(self._take_back)

    def latest(self, count: int) -> tuple[str, ...]:
        """The newest kept lines, for who has the terminal."""
        return tuple(line for _, line in list(self._kept.copy())[-count:])

    def close(self) -> None:
        """Print what waits, for a moment, and end the thread."""
        self._queue.put(None)
        self._thread.join(LAST_WORDS)
        super().close()

    def _print(self) -> None:
        is_over = False
        while not is_over:
            lines, last = self._take()
            for stream, some in groupby(lines, itemgetter(0)):
                self._write(stream, [line for _, line in some])
            if callable(last):
                last()
            is_over = last is None
            if self._queue.empty():
                self._admit_gap()
        self._take_back()
        self._admit_gap()

    def _take(self) -> tuple[list[Line], Item]:
        """Wait; return a few lines, and the last item: a line, a step or the end."""
        lines: list[Line] = []
        item = self._queue.get()
        while isinstance(item, tuple):
            lines.append(item)
            if self._queue.empty() or len(lines) == AT_ONCE:
                break
            item = self._queue.get()
        return lines, item

    def _admit_gap(self) -> None:
        """Say how many records did not fit since the last time."""
        if skipped := self._skipped - self._admitted:
            self._admitted += skipped
            self._write(self._err, [f"... {skipped} log lines left out"])

    def _step(self, step: Callable[[], None]) -> None:
        """Have the thread do it, after all lines before; wait, but not for ever."""
        is_done = threading.Event()

        def do() -> None:
            step()
            is_done.set()

        self._queue.put(do)
        is_done.wait(LAST_WORDS)

    def _lend(self) -> None:
        with suppress(ValueError):  # one is closed: nobody needs it
            self._lent = {one for one in (self._out, self._err) if one.isatty()}

    def _take_back(self) -> None:
        self._lent = set()
        while self._kept:
            stream, line = self._kept.popleft()
            self._write(stream, [line])

    def _write(self, stream: TextIO, lines: list[str]) -> None:
        if stream in self._lent:
            self._kept.extend((stream, line) for line in lines)
            return
        # OSError: the pipe is closed; ValueError: the file is.
        with suppress(OSError, ValueError):
            print("\n".join(lines), file=stream, flush=True)


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
