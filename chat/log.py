"""The log: all lines in their one order, in SQLite.

A chat is a log. One thread, the scribe, appends to it in batches; a line's number,
its seq, only ever rises. When an author sees the own line come back, it is stored.

A line sent again (the cable broke before the answer came) is recognised by its
session and id and keeps its first seq. That is what UNIQUE(session, id) is for.

    disk      a file; WAL, so a killed server loses nothing (12 µs a commit), and
              with durable=True a power cut neither (105 µs)
    memory    the same in memory: forgotten when the server ends
    off       in memory, and only what a client coming back may have missed

The rest of the program knows four methods: open, append, newest, close.
"""

from __future__ import annotations

import secrets
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from typing import NamedTuple

from chat.refusal import StorageError

OFF_KEEPS = 1_000  # lines
BUSY = 5.0  # seconds to wait for another program that has the file open
IN_MEMORY = ":memory:"

SCHEMA = """
CREATE TABLE IF NOT EXISTS lines (
    seq INTEGER PRIMARY KEY,
    time INTEGER NOT NULL,      -- milliseconds since 1970
    session TEXT NOT NULL,      -- chat/session.py: mark_of
    id TEXT,                    -- the client's own; NULL is never a double
    room TEXT,                  -- NULL: a private line
    sender TEXT NOT NULL,
    recipient TEXT,             -- NULL: a line to the room
    text TEXT NOT NULL,
    UNIQUE (session, id)
);
CREATE TABLE IF NOT EXISTS about (key TEXT PRIMARY KEY, value TEXT NOT NULL);
"""
INSERT = """
INSERT INTO lines VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (session, id) DO NOTHING
"""


class Entry(NamedTuple):
    """A line as the log keeps it, but for its number and time."""

    session: str
    id: str | None
    room: str | None
    sender: str
    recipient: str | None
    text: str


@dataclass(frozen=True, slots=True)
class Stamp:
    """What the log made of an entry."""

    seq: int
    time: int  # milliseconds since 1970
    is_double: bool = False  # it was here before, with this stamp


class Log:
    """An open log. Only the scribe uses it; messages say `newest` at the start."""

    def __init__(self, path: str, *, durable: bool = False, keeps: int = 0) -> None:
        """Open the file, or make it. Raises StorageError with a sentence."""
        self._keeps = keeps  # lines; 0 means all
        self._files = ExitStack()  # what close() closes
        try:
            if path != IN_MEMORY:
                self._files.enter_context(closing(_own(path)))
            self._db = self._files.enter_context(closing(_connect(path)))
            self._db.executescript("PRAGMA journal_mode = WAL;" + SCHEMA)
            self._db.execute(f"PRAGMA synchronous = {'FULL' if durable else 'NORMAL'}")
            self.id = self._find_id()
            (self.newest,) = self._db.execute(
                "SELECT coalesce(max(seq), 0) FROM lines"
            ).fetchone()
        except sqlite3.Error as failure:
            self._files.close()
            raise StorageError(
                f"cannot use {path} for the history: {failure}"
            ) from None

    def append(self, entries: Sequence[Entry], time: int) -> list[Stamp]:
        """Store all of them in one transaction. Raises StorageError: none is stored."""
        first = self.newest + 1
        rows = [(first + i, time, *entry) for i, entry in enumerate(entries)]
        try:
            with self._transaction():
                stored = self._db.executemany(INSERT, rows).rowcount
                stamps = (
                    [Stamp(row[0], time) for row in rows]
                    if stored == len(rows)
                    else [self._stamp(row) for row in rows]
                )
                if self._keeps:
                    self._forget(rows[-1][0] - self._keeps)
        except sqlite3.Error as failure:
            raise StorageError(f"cannot write the history: {failure}") from failure
        # Not the last row's: it may be a double, and its number, once told to be the
        # newest, would go to another line after a restart.
        self.newest = max(self.newest, *(stamp.seq for stamp in stamps))
        return stamps

    def close(self) -> None:
        self._files.close()

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
            self._db.execute("COMMIT")
        except BaseException:
            if self._db.in_transaction:  # a full disk may have rolled back already
                self._db.execute("ROLLBACK")
            raise

    def _stamp(self, row: tuple[object, ...]) -> Stamp:
        """The stamp of a row that may have been here before."""
        if row[3] is None:
            return Stamp(int(str(row[0])), int(str(row[1])))
        seq, time = self._db.execute(
            "SELECT seq, time FROM lines WHERE session = ? AND id = ?", (row[2], row[3])
        ).fetchone()
        return Stamp(seq, time, is_double=seq != row[0])

    def _forget(self, last: int) -> None:
        self._db.execute("DELETE FROM lines WHERE seq <= ?", (last,))

    def _find_id(self) -> str:
        """The name of this store: a client's `since` means nothing to another."""
        with self._transaction():
            self._db.execute(
                "INSERT OR IGNORE INTO about VALUES ('log', ?)", (secrets.token_hex(8),)
            )
        (found,) = self._db.execute(
            "SELECT value FROM about WHERE key = 'log'"
        ).fetchone()
        return str(found)


def open_log(history: str, *, durable: bool = False) -> Log:
    """Open what --history names: a file, `memory` or `off`. Raises StorageError."""
    if history == "memory":
        return Log(IN_MEMORY)
    if history == "off":
        return Log(IN_MEMORY, keeps=OFF_KEEPS)
    return Log(history, durable=durable)


def _connect(path: str, patience: float = BUSY) -> sqlite3.Connection:
    # Opened by the main thread, which can complain; used by the scribe alone.
    return sqlite3.connect(
        path, timeout=patience, isolation_level=None, check_same_thread=False
    )


def _own(path: str) -> sqlite3.Connection:
    """Make sure that no other server writes this history.

    Both would give out the same numbers. SQLite's own lock on a file beside it works
    on every system and is gone when its owner is, however that ends.
    """
    undo = ExitStack()
    try:
        owner = undo.enter_context(closing(_connect(f"{path}-owner", patience=0)))
        owner.execute("PRAGMA journal_mode = DELETE")
        owner.execute("BEGIN EXCLUSIVE")
    except sqlite3.Error as failure:
        undo.close()
        if "locked" in str(failure):
            raise StorageError(
                f"another server is using the history {path}: stop it, or choose "
                "another with --history"
            ) from None
        raise StorageError(f"cannot write the history {path}: {failure}") from None
    return owner
