"""The replay: what somebody missed, told after the welcome and before anything new.

    reader    reads and encodes what is stored by now     3 ms for 1,000 lines
    scribe    reads what has come since, pushes it all    0.1 ms

After a restart a hundred people come back in one second. If the scribe did all of it,
everybody else would wait for a third of a second; so each reader reads ahead for its
own person. Only the scribe knows when the replay is complete: from then on the new
lines follow. If it finds them in other rooms than the reader did, it begins again.
"""

from __future__ import annotations

from dataclasses import dataclass
from threading import Lock

from chat.archive import MOST_MISSED, Archive
from chat.frames import report_of
from chat.log import Log
from chat.refusal import StorageError
from chat.rooms import RoomBook
from chat.session import Session, mark_of
from messages import LOBBY, Hello
from protocol import encode
from sight.lock import AnyLock


@dataclass(frozen=True, slots=True)
class Replay:
    """What somebody missed until `newest`, as frames."""

    rooms: dict[str, int]  # where they are -> the newest seq when they entered
    newest: int
    frames: list[bytes]
    has_more: bool = False


class Replays:
    """Makes replays: begun by readers, finished by the scribe."""

    def __init__(self, log: Log, rooms: RoomBook, clients_lock: AnyLock) -> None:
        self._log = log
        self._rooms = rooms
        self._clients_lock = clients_lock
        # Held while one reader reads and encodes. It guards nothing: a hundred who
        # compute at once would leave the scribe a hundredth of the interpreter.
        self._turn = Lock()

    def can_continue(self, since: int | None, log: str) -> bool:
        """Whether this number is one of ours."""
        return since is not None and log == self._log.id and since <= self._log.newest

    def read_ahead(self, hello: Hello, session: Session | None) -> Replay | None:
        """Begin one, from a reader; `session` is whose secret it is, if anybody's."""
        since = hello.since
        if since is None or not self.can_continue(since, hello.log):
            return None
        mark = mark_of(hello.session)
        try:
            with self._turn:
                archive, newest = self._log.archive, self._log.newest
                rooms = self._entries(session) or rooms_before(archive, mark, since)
                return _more(Replay(rooms, since, []), archive, mark, newest)
        except StorageError:
            return None  # the scribe will find the same, and say so

    def complete(self, session: Session, since: int, begun: Replay | None) -> Replay:
        """Finish one, from the scribe. Raises StorageError."""
        rooms = self._rooms.entries(session)
        if not begun or begun.rooms != rooms:
            begun = Replay(rooms, since, [])
        archive, newest = self._log.own_archive, self._log.newest
        return _more(begun, archive, session.mark, newest)

    def _entries(self, session: Session | None) -> dict[str, int]:
        if not session:
            return {}
        with self._clients_lock:
            return self._rooms.entries(session)


def rooms_before(archive: Archive, mark: str, since: int) -> dict[str, int]:
    """Where a session was when it ended, or the server did. Raises StorageError."""
    return {LOBBY: since} | archive.rooms_of(mark)


def _more(begun: Replay, archive: Archive, mark: str, newest: int) -> Replay:
    """Go on with a replay; `newest` is a number from before the reading."""
    page = archive.missed(mark, begun.rooms, begun.newest)
    frames = begun.frames + [encode(report_of(line)) for line in page.lines]
    return Replay(
        begun.rooms,
        # What was stored while we read may be in it already.
        max([newest, *(line.seq for line in page.lines[-1:])]),
        frames[-MOST_MISSED:],
        begun.has_more or page.has_more or len(frames) > MOST_MISSED,
    )
