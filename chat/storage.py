"""The SQLite file under the log: its tables, its connections, its one owner.

    lines      what was said, by seq
    members    which session is in which room beside the lobby
    topics     what rooms are about
    about      the id of this store, and whether it was closed properly

The log (log.py) writes here and the archive (archive.py) reads.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Sequence
from contextlib import ExitStack, closing, suppress
from itertools import chain, groupby
from pathlib import Path
from threading import Lock

from chat.refusal import StorageError

BUSY = 5.0  # seconds to wait for another program that has the file open
IN_MEMORY = ":memory:"
# Bytes of a page of a new file. A commit writes each page that it touches, three for
# one line: 17 µs with 2 KiB, 21 with SQLite's own 4, and half as much to the disk.
PAGE = 2_048
LARGEST_WAL = 32_000  # pages (64 MB); usually chat/checkpointer.py keeps it small
FORMAT = 1  # of the tables; in the file's user_version

SCHEMA = """
CREATE TABLE IF NOT EXISTS lines (
    seq INTEGER PRIMARY KEY,
    time INTEGER NOT NULL,      -- milliseconds since 1970
    session TEXT NOT NULL,      -- its author's; chat/session.py: mark_of
    id TEXT,                    -- the client's own; NULL is never a double
    room TEXT,                  -- NULL: a private line
    sender TEXT NOT NULL,
    recipient TEXT,             -- NULL: a line to the room
    text TEXT NOT NULL,
    reader TEXT,                -- the recipient's session
    UNIQUE (session, id)
);
-- seq is the row's own number, which stands at the end of each index by itself:
CREATE INDEX IF NOT EXISTS by_room ON lines (room) WHERE room IS NOT NULL;
CREATE INDEX IF NOT EXISTS by_reader ON lines (reader) WHERE reader IS NOT NULL;
CREATE TABLE IF NOT EXISTS members (
    session TEXT NOT NULL,
    room TEXT NOT NULL,
    time INTEGER NOT NULL,      -- of entering
    newest INTEGER NOT NULL,    -- seq at that time
    PRIMARY KEY (session, room)
);
CREATE TABLE IF NOT EXISTS topics (
    room TEXT PRIMARY KEY, sender TEXT NOT NULL, text TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS about (key TEXT PRIMARY KEY, value TEXT NOT NULL);
"""

# A line to a room leaves out what only private ones have: to store two NULL would take
# as long as a third of the row.
ROOM_LINE = ("seq", "time", "session", "id", "room", "sender", "text")
PRIVATE_LINE = (*ROOM_LINE, "recipient", "reader")
# As many rows as one statement stores: SQLite lets other threads run during each, and
# to get the interpreter back takes longer than to store a line.
RUNS = (64, 32, 16, 8, 4, 2, 1)
INSERT = {
    (len(columns), rows): f"INSERT INTO lines ({', '.join(columns)}) VALUES "
    + ", ".join([f"({', '.join('?' * len(columns))})"] * rows)
    + " ON CONFLICT (session, id) DO NOTHING"
    for columns in (ROOM_LINE, PRIVATE_LINE)
    for rows in RUNS
}


def connect(path: str, *, patience: float) -> sqlite3.Connection:
    # Opened by the main thread, which can complain; used by others.
    return sqlite3.connect(
        path, timeout=patience, isolation_level=None, check_same_thread=False
    )


def connect_to_read(path: str) -> sqlite3.Connection:
    """A second connection to a file; sees what is committed, waits for nobody."""
    uri = Path(path).absolute().as_uri() + "?mode=ro"
    return sqlite3.connect(
        uri, uri=True, timeout=BUSY, isolation_level=None, check_same_thread=False
    )


def make_private(path: str) -> None:
    """Begin a file that only its owner may read: private lines stand in it.

    What SQLite puts beside it gets the same rights.
    """
    try:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    except OSError:
        pass  # it is there, with the rights that its owner wants; or SQLite will say


def prepare(db: sqlite3.Connection, path: str, *, durable: bool) -> None:
    """Make the tables, or find them. Raises StorageError, sqlite3.Error."""
    (found,) = db.execute("PRAGMA user_version").fetchone()
    (tables,) = db.execute("SELECT count(*) FROM sqlite_master").fetchone()
    if tables and found != FORMAT:
        raise StorageError(
            f"{path} is not a history of this version of Homeroom: move it away, or "
            "choose another with --history"
        )
    # A damaged page is better found now than in a lesson; a million lines take 0.2 s.
    if db.execute("PRAGMA quick_check(1)").fetchone() != ("ok",):
        raise sqlite3.DatabaseError("the file is damaged")
    db.execute(f"PRAGMA page_size = {PAGE}")  # before the first table, or in vain
    db.executescript(f"PRAGMA journal_mode = WAL; PRAGMA user_version = {FORMAT};")
    db.executescript(SCHEMA)
    _add_newest(db)
    db.execute(f"PRAGMA synchronous = {'FULL' if durable else 'NORMAL'}")
    db.execute(f"PRAGMA wal_autocheckpoint = {LARGEST_WAL}")


def _add_newest(db: sqlite3.Connection) -> None:
    """Histories of the first days do not know since when somebody is in a room."""
    columns = [row[1] for row in db.execute("PRAGMA table_info (members)")]
    if "newest" not in columns:
        db.execute("ALTER TABLE members ADD COLUMN newest INTEGER NOT NULL DEFAULT 0")


class Writing:
    """`with writing:` all of it is written or nothing. Raises StorageError.

    Another program that keeps the file locked is waited for, but once: until it
    is seen to be gone, everything is refused without a wait. Else each line, and
    each newcomer behind it, would wait anew, and the chat would stand still.

    (Not a generator with @contextmanager: every line waits for this.)
    """

    def __init__(self, db: sqlite3.Connection, lock: Lock) -> None:
        self._db = db
        self._lock = lock  # guards the connection
        self._patience = BUSY  # seconds to wait for others; guarded as well

    def __enter__(self) -> None:
        self._lock.acquire()
        try:
            self._db.execute("BEGIN IMMEDIATE")
        except sqlite3.Error as failure:
            self._end(failure)

    def __exit__(
        self, _kind: object, failure: BaseException | None, _trace: object
    ) -> None:
        if failure is None:
            try:
                self._db.execute("COMMIT")
            except sqlite3.Error as late:
                failure = late
        self._end(failure)

    def _end(self, failure: BaseException | None) -> None:
        try:
            if failure is None:
                return self.be_patient(BUSY)
            if self._db.in_transaction:  # a full disk may have rolled back already
                with suppress(sqlite3.Error):  # what failed first is the news
                    self._db.execute("ROLLBACK")
            if isinstance(failure, sqlite3.Error):
                self.be_patient(0.0)
                raise StorageError(f"cannot write the history: {failure}") from failure
        finally:
            self._lock.release()

    def be_patient(self, seconds: float) -> None:
        """With the lock held."""
        if seconds != self._patience:
            self._db.execute(f"PRAGMA busy_timeout = {seconds * 1000:.0f}")
            self._patience = seconds


def insert(db: sqlite3.Connection, rows: Sequence[tuple[object, ...]]) -> int:
    """Store ROOM_LINEs and PRIVATE_LINEs, all but doubles; return how many."""
    stored = 0
    for size, alike in groupby(rows, len):
        run, start = list(alike), 0
        for count in RUNS:
            while len(run) - start >= count:
                values = tuple(chain.from_iterable(run[start : start + count]))
                stored += db.execute(INSERT[size, count], values).rowcount
                start += count
    return stored


def own(path: str) -> sqlite3.Connection:
    """Make sure that no other server writes this history. Raises StorageError.

    Both would give out the same numbers. SQLite's own lock on a file beside it works
    on every system and is gone when its owner is, however that ends.
    """
    undo = ExitStack()
    beside = f"{os.path.realpath(path)}-owner"  # a link does not make it another file
    try:
        owner = undo.enter_context(closing(connect(beside, patience=0)))
        owner.execute("PRAGMA journal_mode = DELETE")
        owner.execute("BEGIN EXCLUSIVE")
    except sqlite3.Error as failure:
        undo.close()
        if is_locked(failure):
            raise StorageError(
                f"another server is using the history {path}: stop it, or choose "
                "another with --history"
            ) from None
        raise
    return owner


def explain(path: str, failure: sqlite3.Error) -> str:
    """One sentence for a history that cannot be used; it stays as it is."""
    if is_locked(failure):
        return (
            f"another program has locked the history {path}: close it, or choose "
            "another with --history"
        )
    return (
        f"cannot use the history {path}: {failure}; move it away and a new one begins, "
        "or choose another with --history"
    )


def is_locked(failure: sqlite3.Error) -> bool:
    return "locked" in str(failure)
