"""Who is in which room, and what rooms are about.

Lock-free and pure: the server's clients_lock guards it. Only the scribe changes it
(under the lock), so only the scribe may read it without.
"""

from __future__ import annotations

from typing import NamedTuple

from chat.refusal import Refusal
from chat.session import Session

MOST_ROOMS = 50  # for one person
LONGEST_TOPIC = 200  # characters


def check_topic(text: str) -> str:
    """Return the text. Raises Refusal."""
    if len(text) > LONGEST_TOPIC or not text.isprintable():
        raise Refusal(
            "bad-text", f"a topic is one line of at most {LONGEST_TOPIC} characters"
        )
    return text


class Topic(NamedTuple):
    """What a room is about."""

    sender: str
    text: str


class RoomBook:
    """Members of rooms, in the order of their coming.

    The scribe walks the members once per batch, and they change far less often, so
    the tuple it walks is made when it is asked for, not on every change: a login
    would otherwise cost as much as there are people.
    """

    def __init__(self, topics: dict[str, tuple[str, str]] | None = None) -> None:
        self._members: dict[str, dict[Session, None]] = {}
        # -> the newest seq at their entering: what was said before is not theirs
        self._rooms_of: dict[Session, dict[str, int]] = {}
        self._snapshots: dict[str, tuple[Session, ...]] = {}
        # Also of rooms where nobody is just now:
        self._topics = {room: Topic(*topic) for room, topic in (topics or {}).items()}

    def enter(self, room: str, session: Session, newest: int = 0) -> None:
        self._members.setdefault(room, {})[session] = None
        self._rooms_of.setdefault(session, {})[room] = newest
        self._snapshots.pop(room, None)

    def leave(self, room: str, session: Session) -> bool:
        """Whether the session was there."""
        members = self._members.get(room, {})
        if session not in members:
            return False
        del members[session], self._rooms_of[session][room]
        self._snapshots.pop(room, None)
        if not members:
            del self._members[room]
        if not self._rooms_of[session]:
            del self._rooms_of[session]
        return True

    def describe(self, room: str, topic: Topic) -> None:
        """Set the topic; an empty text takes it away."""
        self._topics[room] = topic
        if not topic.text:
            del self._topics[room]

    def topic(self, room: str) -> Topic | None:
        return self._topics.get(room)

    def has(self, room: str, session: Session) -> bool:
        return session in self._members.get(room, ())

    def exists(self, room: str) -> bool:
        return room in self._members

    def of(self, session: Session) -> list[str]:
        """The rooms that the session is in, in the order of its entering."""
        return list(self._rooms_of.get(session, ()))

    def entries(self, session: Session) -> dict[str, int]:
        """The same rooms -> the newest seq when it entered."""
        return dict(self._rooms_of.get(session, {}))

    def names(self, room: str) -> list[str]:
        return [session.name for session in self._members.get(room, ())]

    def listing(self) -> list[tuple[str, int, str]]:
        """Room, people, topic."""
        return [
            (room, len(members), topic.text if (topic := self.topic(room)) else "")
            for room, members in self._members.items()
        ]

    def members(self, room: str) -> tuple[Session, ...]:
        """The scribe's view: it keeps the tuple, so nobody else may call this."""
        if room not in self._snapshots:
            self._snapshots[room] = tuple(self._members.get(room, ()))
        return self._snapshots[room]

    def neighbours(self, session: Session) -> set[Session]:
        """Everybody who shares a room with the session, itself included."""
        return {n for room in self.of(session) for n in self.members(room)}
