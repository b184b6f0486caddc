"""Who is in which room.

Lock-free and pure: the server's clients_lock guards it. Only the scribe changes it
(under the lock), so only the scribe may read it without.
"""

from __future__ import annotations

from chat.names import name_key
from chat.refusal import Refusal
from chat.session import Session
from messages import LOBBY


class Rooms:
    """Members of rooms, in the order of their coming.

    The scribe walks the members once per batch, and they change far less often, so
    the tuple it walks is made when it is asked for, not on every change: a login
    would otherwise cost as much as there are people.
    """

    def __init__(self) -> None:
        self._members: dict[str, dict[Session, None]] = {}
        self._snapshots: dict[str, tuple[Session, ...]] = {}

    def enter(self, room: str, session: Session) -> None:
        self._members.setdefault(room, {})[session] = None
        self._snapshots.pop(room, None)

    def leave(self, room: str, session: Session) -> bool:
        """Whether the session was there."""
        members = self._members.get(room, {})
        if session not in members:
            return False
        del members[session]
        self._snapshots.pop(room, None)
        if not members:
            del self._members[room]
        return True

    def has(self, room: str, session: Session) -> bool:
        return session in self._members.get(room, ())

    def of(self, session: Session) -> list[str]:
        """The rooms that the session is in."""
        return [room for room, members in self._members.items() if session in members]

    def names(self, room: str) -> list[str]:
        return [session.name for session in self._members.get(room, ())]

    def members(self, room: str) -> tuple[Session, ...]:
        """The scribe's view: it keeps the tuple, so nobody else may call this."""
        if room not in self._snapshots:
            self._snapshots[room] = tuple(self._members.get(room, ()))
        return self._snapshots[room]


def only_room(room: str) -> str:
    """The key of a room that one may enter or leave. Raises Refusal."""
    if name_key(room) != LOBBY:
        raise Refusal("no-such-room", f"{LOBBY} is the only room")
    return LOBBY
