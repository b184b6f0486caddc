"""The log: all lines in their one order, in SQLite.

A chat is a log. One thread, the scribe, appends to it in batches; a line's number,
its seq, only ever rises. When an author sees the own line come back, it is stored.

A line sent again (the cable broke before the answer came) is recognised by its
session and id and keeps its first seq. That is what UNIQUE(session, id) is for.

    disk      a file; WAL, so a killed server loses nothing (12 µs a commit), and
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
from typing import NamedTuple

from chat.archive import Archive
from chat.refusal import StorageError
from chat.storage import IN_MEMORY, connect, connect_to_read, own, prepare, transaction

OFF_KEEPS = 1_000  # lines
MOST_KEPT = 1_000_000  # lines
DAYS_KEPT = 30
STEP = 500  # lines deleted at once, so that nobody waits for a great deletion
LEAP = 100_000  # numbers left out after a file was not closed
DAY_MS = 86_400_000

INSERT = """
INSERT INTO lines VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (session, id) DO NOTHING
"""
DELETE_OLDEST = """
DELETE FROM lines WHERE seq IN (SELECT seq FROM lines ORDER BY seq LIMIT ?)
"""


class Entry(NamedTuple):
    """A line as the log keeps it, but for its number and time."""

    session: str
    id: str | None
    room: str | None
    sender: str
    recipient: str | None
    text: str
    reader: str | None = None  # the recipient's session


class Membership(NamedTuple):
    """A session enters a room, or leaves it."""

    session: str
    room: str
    enters: bool


@dataclass(frozen=True, slots=True)
class Stamp:
    """What the log made of an entry."""

    seq: int
    time: int  # milliseconds since 1970
    is_double: bool = False  # it was here before, with this stamp


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
        try:
            self._open(path, durable=durable)
        except sqlite3.Error as failure:
            self._files.close()
            raise StorageError(
                f"cannot use {path} for the history: {failure}"
            ) from None
        except StorageError:
            self._files.close()
            raise

    def _open(self, path: str, *, durable: bool) -> None:
        is_file = path != IN_MEMORY
        if is_file:
            self._files.enter_context(closing(own(path)))
        self._db = self._files.enter_context(closing(connect(path)))
        prepare(self._db, path, durable=durable)
        self.id = self._find_id()
        self._count, self.newest = self._db.execute(
            "SELECT count(*), coalesce(max(seq), 0) FROM lines"
        ).fetchone()
        if self._note_state("open") == "open":
            self.newest += LEAP
        # What the scribe reads is what it has just written: the same connection.
        self.own_archive = self.archive = Archive(self._db, self._lock)
        if is_file:
            reading = self._files.enter_context(closing(connect_to_read(path)))
            self._reading_lock = Lock()  # guards that second connection
            self.archive = Archive(reading, self._reading_lock)

    def append(self, entries: Sequence[Entry], time: int) -> list[Stamp]:
        """Store all of them in one transaction. Raises StorageError: none is stored."""
        first = self.newest + 1
        rows = [(first + i, time, *entry) for i, entry in enumerate(entries)]
        try:
            with self._lock, transaction(self._db):
                stored = self._db.executemany(INSERT, rows).rowcount
                stamps = (
                    [Stamp(row[0], time) for row in rows]
                    if stored == len(rows)
                    else [self._stamp(row) for row in rows]
                )
                forgotten = self._forget(stored)
        except sqlite3.Error as failure:
            raise StorageError(f"cannot write the history: {failure}") from failure
        self._count += stored - forgotten
        # Not the last row's: it may be a double, and its number, once told to be the
        # newest, would go to another line after a restart.
        self.newest = max(self.newest, *(stamp.seq for stamp in stamps))
        return stamps

    def sweep(self, now: int) -> None:
        """Delete a few of what is too old (ms since 1970). Raises StorageError."""
        horizon = now - self._retention.days * DAY_MS
        try:
            with self._lock, transaction(self._db):
                oldest = f"{DELETE_OLDEST} AND time < ?"
                self._count -= self._db.execute(oldest, (STEP, horizon)).rowcount
                self._db.execute("DELETE FROM members WHERE time < ?", (horizon,))
        except sqlite3.Error as failure:
            raise StorageError(f"cannot write the history: {failure}") from failure

    def close(self) -> None:
        with self._lock:
            try:
                self._note_state("closed")
            except sqlite3.Error:
                pass  # a full disk: then the numbers leap once for nothing
            self._files.close()

    # -- Rooms -------------------------------------------------------------------

    def note(self, memberships: Iterable[Membership], time: int) -> None:
        """Remember who is where. Raises StorageError."""
        try:
            with self._lock, transaction(self._db):
                for session, room, enters in memberships:
                    if enters:
                        row = (session, room, time)
                        self._db.execute(
                            "INSERT OR REPLACE INTO members VALUES (?, ?, ?)", row
                        )
                    else:
                        self._db.execute(
                            "DELETE FROM members WHERE session = ? AND room = ?",
                            (session, room),
                        )
        except sqlite3.Error as failure:
            raise StorageError(f"cannot write the history: {failure}") from failure

    def rooms_of(self, session: str) -> list[str]:
        """Where a session was when it was seen last, in the order of its entering."""
        query = "SELECT room FROM members WHERE session = ? ORDER BY time, rowid"
        return [room for (room,) in self._select(query, session)]

    def set_topic(self, room: str, sender: str, text: str) -> None:
        """Remember what a room is about. Raises StorageError."""
        try:
            with self._lock:
                self._db.execute(
                    "INSERT OR REPLACE INTO topics VALUES (?, ?, ?)",
                    (room, sender, text),
                )
        except sqlite3.Error as failure:
            raise StorageError(f"cannot write the history: {failure}") from failure

    def topics(self) -> dict[str, tuple[str, str]]:
        """Room -> who said so, and what."""
        query = "SELECT room, sender, text FROM topics WHERE text <> ''"
        return {room: (sender, text) for room, sender, text in self._select(query)}

    # -- With the lock held, or before anybody else knows the log --------------------

    def _select(self, query: str, *values: str) -> list[tuple[str, ...]]:
        try:
            with self._lock:
                return self._db.execute(query, values).fetchall()
        except sqlite3.Error as failure:
            raise StorageError(f"cannot read the history: {failure}") from failure

    def _stamp(self, row: tuple[object, ...]) -> Stamp:
        """The stamp of a row that may have been here before."""
        if row[3] is None:
            return Stamp(int(str(row[0])), int(str(row[1])))
        seq, time = self._db.execute(
            "SELECT seq, time FROM lines WHERE session = ? AND id = ?", (row[2], row[3])
        ).fetchone()
        return Stamp(seq, time, is_double=seq != row[0])

    def _forget(self, stored: int) -> int:
        """Make room for the lines just stored; return how many went."""
        too_many = self._count + stored - self._retention.lines
        if too_many <= 0:
            return 0
        few = min(too_many, stored + STEP)
        return self._db.execute(DELETE_OLDEST, (few,)).rowcount

    def _note_state(self, state: str) -> str | None:
        """Write down whether somebody has the log open; return what stood there."""
        before = self._db.execute(
            "SELECT value FROM about WHERE key = 'state'"
        ).fetchone()
        self._db.execute("INSERT OR REPLACE INTO about VALUES ('state', ?)", (state,))
        return before and str(before[0])

    def _find_id(self) -> str:
        """The name of this store: a client's `since` means nothing to another."""
        with transaction(self._db):
            self._db.execute(
                "INSERT OR IGNORE INTO about VALUES ('log', ?)", (secrets.token_hex(8),)
            )
        (found,) = self._db.execute(
            "SELECT value FROM about WHERE key = 'log'"
        ).fetchone()
        return str(found)


def open_log(
    history: str, *, durable: bool = False, retention: Retention | None = None
) -> Log:
    """Open what --history names: a file, `memory` or `off`. Raises StorageError."""
    if history == "memory":
        return Log(IN_MEMORY, retention=retention)
    if history == "off":
        return Log(IN_MEMORY, retention=Retention(lines=OFF_KEEPS))
    return Log(history, durable=durable, retention=retention)
