"""The log: all lines in their one order, in SQLite.

A chat is a log. One thread, the scribe, appends to it in batches; a line's number,
its seq, only ever rises. When an author sees the own line come back, it is stored.

A line sent again (the cable broke before the answer came) is recognised by its
session and id and keeps its first seq. That is what UNIQUE(session, id) is for.

    disk      a file; WAL, so a killed server loses nothing (17 µs a line), and
              with durable=True a power cut neither (105 µs)
    memory    the same in memory: forgotten when the server ends
    off       in memory, and only what a client coming back may have missed

No number is given twice, whatever happened to the machine: a file that was not
closed may have lost lines that somebody has seen, so its numbers go on far above.

Who is in which room is kept too, so that after a restart a session that comes back
is where it was. What was said is read through the archive (archive.py).
"""

from __future__ import annotations

import secrets
import sqlite3
from collections.abc import Iterable, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass
from threading import Lock
from typing import Any, NamedTuple

from chat.archive import COLUMNS, Archive, Line
from chat.checkpointer import Checkpointer
from chat.refusal import StorageError
from chat.storage import (
    BUSY,
    IN_MEMORY,
    Writing,
    connect,
    connect_to_read,
    explain,
    insert,
    make_private,
    own,
    prepare,
)

OFF_KEEPS = 1_000  # lines
MOST_KEPT = 1_000_000  # lines
DAYS_KEPT = 30
STEP = 500  # lines deleted at once, so that nobody waits for a great deletion
LEAP = 100_000  # numbers left out after a file was not closed
DAY_MS = 86_400_000
LAST_WAIT = 0.2  # seconds to wait for the scribe when the program ends

DELETE_OLDEST = """
DELETE FROM lines WHERE seq IN (SELECT seq FROM lines ORDER BY seq LIMIT ?)
"""
ENTER = "INSERT OR REPLACE INTO members VALUES (?, ?, ?, ?)"
LEAVE = "DELETE FROM members WHERE session = ? AND room = ?"
DESCRIBE = "INSERT OR REPLACE INTO topics VALUES (?, ?, ?)"


# A line as the log keeps it, but for its number and time: ROOM_LINE or PRIVATE_LINE
# (storage.py) from `session` on. A plain tuple, for there is one for every line.
Entry = tuple[str | None, ...]


class Membership(NamedTuple):
    """A session enters a room, or leaves it."""

    session: str
    room: str
    enters: bool


class Stamps(NamedTuple):
    """What the log made of a batch of entries."""

    seqs: range  # their numbers, in their order
    time: int  # milliseconds since 1970
    doubles: dict[int, Line]  # seq that an entry did not get -> what it was before


@dataclass(frozen=True, slots=True)
class Retention:
    """How much is kept."""

    lines: int = MOST_KEPT
    days: int = DAYS_KEPT


class Log:
    """An open log. Only the scribe writes it; `archive` is for everybody."""

    def __init__(
        self,
        path: str,
        *,
        durable: bool = False,
        retention: Retention | None = None,
    ) -> None:
        """Open the file, or make it. Raises StorageError with a sentence."""
        self._retention = retention or Retention()
        self._files = ExitStack()  # what close() closes
        self._lock = Lock()  # guards _db: in memory the archive reads through it too
        self._checkpointer: Checkpointer | None = None  # where the log is a file
        try:
            self._open(path, durable=durable)
        except sqlite3.Error as failure:
            self._files.close()
            raise StorageError(explain(path, failure)) from None
        except StorageError:
            self._files.close()
            raise

    def _open(self, path: str, *, durable: bool) -> None:
        is_file = path != IN_MEMORY
        if is_file:
            self._files.enter_context(closing(own(path)))
            make_private(path)
        self._db = self._files.enter_context(closing(connect(path, patience=BUSY)))
        self._writing = Writing(self._db, self._lock)
        prepare(self._db, path, durable=durable)
        self.id = self._find_id()
        self._count, newest = self._db.execute(
            "SELECT count(*), coalesce(max(seq), 0) FROM lines"
        ).fetchone()
        # What was given out may have been swept away since, or never been a line's.
        self.newest = max(newest, int(self._told("newest") or 0))
        if self._told("state") == "open":
            self.newest += LEAP
        self._note_state("open")
        # What the scribe reads is what it has just written: the same connection.
        self.own_archive = self.archive = Archive(self._db, self._lock)
        if is_file:
            reading = self._files.enter_context(closing(connect_to_read(path)))
            self._reading_lock = Lock()  # guards that second connection
            self.archive = Archive(reading, self._reading_lock)
            self._checkpointer = Checkpointer(path)

    def append(self, entries: Sequence[Entry], time: int) -> Stamps:
        """Store all of them in one transaction. Raises StorageError: none is stored."""
        seqs = range(self.newest + 1, self.newest + 1 + len(entries))
        rows = [(seq, time, *entry) for seq, entry in zip(seqs, entries, strict=True)]
        with self._writing:
            stored = insert(self._db, rows)
            doubles = self._find_doubles(rows) if stored < len(rows) else {}
            forgotten = self._forget(stored)
        self._count += stored - forgotten
        if self._checkpointer:
            self._checkpointer.note()
        # Not the number of a double: once told to be the newest, it would go to another
        # line after a restart.
        new = [seq for seq in seqs if seq not in doubles] if doubles else seqs
        self.newest = max(new, default=self.newest)
        return Stamps(seqs, time, doubles)

    def sweep(self, now: int) -> None:
        """Delete a few of what is too old (ms since 1970). Raises StorageError."""
        horizon = now - self._retention.days * DAY_MS
        with self._writing:
            oldest = f"{DELETE_OLDEST} AND time < ?"
            deleted = self._db.execute(oldest, (STEP, horizon)).rowcount
            if deleted:
                self._note_state("open")
            self._db.execute("DELETE FROM members WHERE time < ?", (horizon,))
        self._count -= deleted

    def close(self) -> None:
        """Note that everything is in order, if that can be done at once."""
        if self._checkpointer:
            self._checkpointer.close()
        if not self._lock.acquire(timeout=LAST_WAIT):
            return  # the scribe waits for the file even now: the program's end frees it
        try:
            self._writing.be_patient(0.0)
            self._note_state("closed")
        except sqlite3.Error:
            pass  # full or locked: then the numbers leap once for nothing
        finally:
            self._files.close()
            self._lock.release()

    # -- Rooms -------------------------------------------------------------------

    def note(self, memberships: Iterable[Membership], time: int) -> None:
        """Remember who is where. Raises StorageError."""
        with self._writing:
            for session, room, enters in memberships:
                if enters:
                    self._db.execute(ENTER, (session, room, time, self.newest))
                else:
                    self._db.execute(LEAVE, (session, room))

    def set_topic(self, room: str, sender: str, text: str) -> None:
        """Remember what a room is about. Raises StorageError."""
        with self._writing:
            self._db.execute(DESCRIBE, (room, sender, text))

    def topics(self) -> dict[str, tuple[str, str]]:
        """Room -> who said so, and what."""
        query = "SELECT room, sender, text FROM topics WHERE text <> ''"
        return {room: (sender, text) for room, sender, text in self._select(query)}

    # -- With the lock held, or before anybody else knows the log --------------------

    def _select(self, query: str, *values: str) -> list[tuple[Any, ...]]:
        try:
            with self._lock:
                return self._db.execute(query, values).fetchall()
        except sqlite3.Error as failure:
            raise StorageError(f"cannot read the history: {failure}") from failure

    def _find_doubles(self, rows: Iterable[tuple[Any, ...]]) -> dict[int, Line]:
        """Rows that were here before: the number that they did not get -> the line."""
        query = f"SELECT {COLUMNS}, id FROM lines WHERE session = ? AND id = ?"
        found = {
            seq: Line(*self._db.execute(query, (session, id)).fetchone())
            for seq, _, session, id, *_ in rows
            if id is not None
        }
        return {seq: line for seq, line in found.items() if line.seq != seq}

    def _forget(self, stored: int) -> int:
        """Make room for the lines just stored; return how many went."""
        too_many = self._count + stored - self._retention.lines
        if too_many <= 0:
            return 0
        few = min(too_many, stored + STEP)
        return self._db.execute(DELETE_OLDEST, (few,)).rowcount

    def _note_state(self, state: str) -> None:
        """Write down whether somebody has the log open, and the newest number."""
        rows = [("state", state), ("newest", str(self.newest))]
        self._db.executemany("INSERT OR REPLACE INTO about VALUES (?, ?)", rows)

    def _told(self, key: str) -> str | None:
        """What the file says about itself."""
        query = "SELECT value FROM about WHERE key = ?"
        found = self._db.execute(query, (key,)).fetchone()
        return found and str(found[0])

    def _find_id(self) -> str:
        """The name of this store: a client's `since` means nothing to another."""
        self._db.execute(
            "INSERT OR IGNORE INTO about VALUES ('log', ?)", (secrets.token_hex(8),)
        )
        return str(self._told("log"))


def open_log(
    history: str, *, durable: bool = False, retention: Retention | None = None
) -> Log:
    """Open what --history names: a file, `memory` or `off`. Raises StorageError."""
    if history == "memory":
        return Log(IN_MEMORY, retention=retention)
    if history == "off":
        return Log(IN_MEMORY, retention=Retention(lines=OFF_KEEPS))
    return Log(history, durable=durable, retention=retention)
