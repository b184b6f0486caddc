"""What the server reports, in the past tense."""

from __future__ import annotations

from dataclasses import dataclass

from messages.kinds import Id, Maybe, Number, Text, Words


@dataclass(frozen=True, slots=True)
class Welcome:
    """Logged in; `seq` is the newest line so far, `facts` are key=value."""

    version: str
    name: str
    log: str
    seq: Number
    resumed: str  # yes or no
    facts: Words = ()


@dataclass(frozen=True, slots=True)
class Said:
    """A line in a room; its author gets it too and knows it by its id."""

    seq: Number
    time: Number  # milliseconds since 1970
    room: str
    sender: str  # the contract's `from`, which Python keeps for itself
    text: Text
    id: Id = ""


@dataclass(frozen=True, slots=True)
class Told:
    """A private line; both sides get it."""

    seq: Number
    time: Number  # milliseconds since 1970
    sender: str
    to: str
    text: Text
    id: Id = ""


@dataclass(frozen=True, slots=True)
class Past:
    """One line of the answer to `history`, oldest first; `ok id yes` says: more."""

    id: Id
    seq: Number
    time: Number  # milliseconds since 1970
    where: str  # as it was asked
    sender: str
    text: Text


@dataclass(frozen=True, slots=True)
class Joined:
    """These people entered; a receiver skips the names it knows already."""

    room: str
    names: Words


@dataclass(frozen=True, slots=True)
class Left:
    """These people are gone; why: quit, lost, slow, ..."""

    room: str
    why: str
    names: Words


@dataclass(frozen=True, slots=True)
class Renamed:
    """Somebody who shares a room with the receiver has another name from now on."""

    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Users:
    """Who is in a room, sorted; with an empty id after one's own join."""

    id: Id
    room: str
    names: Words


@dataclass(frozen=True, slots=True)
class Roomlist:
    """Which rooms there are: room, people, topic, and so on, the fullest first.

    The last topic is missing if it is empty, as every empty field at an end.
    """

    id: Id
    rows: Words


@dataclass(frozen=True, slots=True)
class Topic:
    """What a room is about, and who said so; an empty text: no topic any more."""

    room: str
    sender: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """Somebody asks the receiver for something; see Ask."""

    req: str
    sender: str
    kind: str
    detail: str
    expires: Number  # in so many seconds


@dataclass(frozen=True, slots=True)
class Answered:
    """What was asked is settled: yes, no, or expired."""

    req: str
    sender: str
    answer: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Ok:
    """The request of that id is done; the details depend on the request."""

    id: Id
    details: Words = ()


@dataclass(frozen=True, slots=True)
class Error:
    """The request of that id was refused."""

    id: Id
    code: str
    text: str
    retry: Maybe = None  # seconds


@dataclass(frozen=True, slots=True)
class Notice:
    """A sentence from the server, for people."""

    text: str


@dataclass(frozen=True, slots=True)
class Bye:
    """The last message before the server closes."""

    code: str
    text: str = ""
    retry: Maybe = None  # seconds
