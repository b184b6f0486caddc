"""What was said before: pages for `history`, and what a session has missed.

    archive.missed(mark, rooms, since)     after a reconnect
    archive.page(room, before, limit)      on the way into the past
    archive.page_with(mark, name, ...)     the same for one's own talk with a person

Reading never stops the writing: on disk an archive has a connection of its own. In
memory there is only one, shared with the log, and a lock that both of them take.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Any, NamedTuple

from chat.names import name_key
from chat.refusal import StorageError

MOST_MISSED = 1_000  # lines told after a reconnect
LARGEST_PAGE = 100  # lines
# Bytes of text: what we send on our own must never fill an outbox (net/limits.py).
MISSED_BYTES = 1 << 19
PAGE_BYTES = 1 << 18
USUAL_PAGE = 20


class Line(NamedTuple):
    """One stored line."""

    seq: int
    time: int  # milliseconds since 1970
    room: str | None  # None: a private line
    sender: str
    recipient: str | None
    text: str
    id: str | None = None  # its author's own, where the reader is its author


@dataclass(frozen=True, slots=True)
class Page:
    """Lines in their order, and whether there are more before them."""

    lines: Sequence[Line]
    has_more: bool


Value = str | int
Values = Sequence[Value] | dict[str, Value]

COLUMNS = "seq, time, room, sender, recipient, text"
ROOM_PAGE = f"""
SELECT {COLUMNS} FROM lines WHERE room = :room AND seq < :before
ORDER BY seq DESC LIMIT :limit
"""
# Two indexed halves: an OR over both would read the whole table.
TALK_PAGE = f"""
SELECT {COLUMNS} FROM (
    SELECT * FROM lines WHERE session = :mark AND room IS NULL AND seq < :before
        AND key_of(recipient) = :key
    UNION
    SELECT * FROM lines WHERE reader = :mark AND seq < :before
        AND key_of(sender) = :key
) ORDER BY seq DESC LIMIT :limit
"""
# One half for each thing that one may have missed: a busy room since last month has a
# million lines, and each half stops after those that can be told.
MISSED_HALF = """
SELECT seq FROM (SELECT seq FROM lines WHERE {which} = ? AND seq > ?
                 ORDER BY seq DESC LIMIT ?)
"""
ROOMS = "SELECT room, newest FROM members WHERE session = ? ORDER BY time, rowid"
MISSED = f"""
SELECT {COLUMNS}, CASE WHEN session = ? THEN id END FROM lines
WHERE seq IN ({{halves}}) ORDER BY seq DESC LIMIT ?
"""


class Archive:
    """Reads lines; from any thread."""

    def __init__(self, db: sqlite3.Connection, lock: Lock) -> None:
        self._db = db
        self._lock = lock  # guards _db, and nothing else
        db.create_function("key_of", 1, name_key, deterministic=True)

    def missed(self, mark: str, rooms: Mapping[str, int], since: int) -> Page:
        """The newest lines after `since` that the session would have got.

        `rooms` says in which it is, and after which seq it came in. Raises
        StorageError.
        """
        halves = [("session", mark, since), ("reader", mark, since)]
        halves += [("room", room, max(since, entry)) for room, entry in rooms.items()]
        values: list[Value] = [mark]
        for _, value, after in halves:
            values += [value, after, MOST_MISSED + 1]
        query = MISSED.format(
            halves="UNION".join(MISSED_HALF.format(which=w) for w, _, _ in halves)
        )
        found = self._read_lines(query, [*values, MOST_MISSED + 1])
        kept = _fitting(found[:MOST_MISSED], MISSED_BYTES)
        return Page(kept[::-1], has_more=len(kept) < len(found))

    def rooms_of(self, mark: str) -> dict[str, int]:
        """Where a session was when it was seen last, in the order of its entering.

        Room -> the newest seq when it entered. Raises StorageError.
        """
        return dict(self._read(ROOMS, [mark]))

    def page(self, room: str, before: int | None, limit: int | None) -> Page:
        """Lines of a room, the newest before that seq. Raises StorageError."""
        return self._page(ROOM_PAGE, before, limit, room=room)

    def page_with(
        self, mark: str, name: str, before: int | None, limit: int | None
    ) -> Page:
        """Lines of the session's own talk with a person. Raises StorageError."""
        return self._page(TALK_PAGE, before, limit, mark=mark, key=name_key(name))

    def _page(
        self, query: str, before: int | None, limit: int | None, **which: str
    ) -> Page:
        limit = min(limit or USUAL_PAGE, LARGEST_PAGE)
        values: dict[str, Value] = {
            **which,
            "before": 1 << 62 if before is None else before,
            "limit": limit + 1,
        }
        found = self._read_lines(query, values)
        kept = _fitting(found[:limit], PAGE_BYTES)
        return Page(kept[::-1], has_more=len(kept) < len(found))

    def _read_lines(self, query: str, values: Values) -> list[Line]:
        return [Line(*row) for row in self._read(query, values)]

    def _read(self, query: str, values: Values) -> list[tuple[Any, ...]]:
        try:
            with self._lock:
                return self._db.execute(query, values).fetchall()
        except sqlite3.Error as failure:
            raise StorageError(f"cannot read the history: {failure}") from failure


def _fitting(lines: Sequence[Line], most: int) -> Sequence[Line]:
    """As many as fit into so many bytes, from the first on."""
    size = 0
    for count, line in enumerate(lines):
        size += len(line.text.encode())
        if size > most:
            return lines[:count]
    return lines
