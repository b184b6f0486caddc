"""The thread that brings what was written home: from the write-ahead log to the file.

SQLite commits to the end of a second file, and that is fast. Now and then somebody
must copy its pages to their places in the first one: a checkpoint, which waits for the
disk. SQLite would let the thousandth page's writer do it, that is the scribe, and
everybody would wait along: a third of the time that a line takes (measured: closed100).

    scribe --commit--> history.db-wal --checkpointer--> history.db

It reads what is committed and stops nobody. If it does not keep up, the scribe helps
after all (storage.py, LARGEST_WAL); if it cannot write, the scribe will say so soon.
"""

from __future__ import annotations

import sqlite3
from threading import Event, Thread

from chat.storage import connect

PAUSE = 0.5  # seconds between two checkpoints: each is an fsync or two
LAST_WAIT = 1.0  # seconds for one that is under way when the log is closed


class Checkpointer:
    """Runs from open() to close(), and sleeps while nothing is written."""

    def __init__(self, path: str) -> None:
        """Raises sqlite3.Error."""
        self._db = connect(path, patience=0)
        self._copy()  # nothing yet; but from now on no file is opened any more
        self._has_work = Event()
        self._is_closing = Event()
        # Daemon: a disk that hangs must not hold up the end of the program.
        self._thread = Thread(target=self._run, name="checkpointer", daemon=True)
        self._thread.start()

    def note(self) -> None:
        """Something was committed; from the scribe, which does not wait."""
        if not self._has_work.is_set():
            self._has_work.set()

    def close(self) -> None:
        self._is_closing.set()
        self._has_work.set()
        self._thread.join(LAST_WAIT)

    def _run(self) -> None:
        while self._has_work.wait() and not self._is_closing.wait(PAUSE):
            self._has_work.clear()
            try:
                self._copy()
            except sqlite3.Error:
                pass  # full, or locked by another program: the next one may succeed
        self._db.close()

    def _copy(self) -> None:
        self._db.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()
