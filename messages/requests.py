"""What a client asks of the server, in the imperative."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

from messages.kinds import Id, Maybe, Room, Secret, Text


@dataclass(frozen=True, slots=True)
class Hello:
    """Log in; without a session a broken connection cannot be resumed."""

    version: str
    name: str
    session: Secret = field(default="", repr=False)
    since: Maybe = None  # the highest seq already shown
    log: str = ""  # the store that seq came from
    password: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Say:
    """A line to a room; an empty room is #lobby."""

    id: Id
    room: Room
    text: Text


@dataclass(frozen=True, slots=True)
class Tell:
    """A line to one person."""

    id: Id
    to: str
    text: Text


@dataclass(frozen=True, slots=True)
class Join:
    """Enter a room."""

    id: Id
    room: Room


@dataclass(frozen=True, slots=True)
class Leave:
    """Leave a room."""

    id: Id
    room: Room


@dataclass(frozen=True, slots=True)
class Who:
    """Ask who is in a room; an empty room means everybody."""

    id: Id
    room: Room = ""


@dataclass(frozen=True, slots=True)
class Rooms:
    """Ask which rooms there are."""

    id: Id


@dataclass(frozen=True, slots=True)
class SetTopic:
    """Say what a room is about; an empty text takes the topic away."""

    VERB: ClassVar = "topic"

    id: Id
    room: Room
    text: str = ""


@dataclass(frozen=True, slots=True)
class History:
    """Ask for older lines of a room, or of one's own talk with a person."""

    id: Id
    where: str  # a room, or somebody's name
    before: Maybe = None  # a seq; without it the newest
    limit: Maybe = None  # lines


@dataclass(frozen=True, slots=True)
class Ask:
    """Ask somebody for something: kind `chat`, or `room` with its name as detail."""

    id: Id
    to: str
    kind: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """Answer what somebody asked: yes or no."""

    id: Id
    req: str
    answer: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Rename:
    """Take another name."""

    id: Id
    name: str


@dataclass(frozen=True, slots=True)
class Quit:
    """Leave politely; answered by `bye quit`."""

    text: str = ""
