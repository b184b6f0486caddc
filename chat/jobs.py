"""What readers, clock and server ask of the scribe.

Each job is a value: the one who asks goes on at once, and the scribe takes them all
in the order in which they came.

What a reader asks names the connection it came by, `via`. When another connection
has taken the session over, the scribe throws such jobs away: the client sends again
what it has not seen come back, and two connections must not speak at the same time.

Nobody changes a job. They are not frozen all the same: to make a frozen one takes three
times as long, and there is one for every line.
"""

from __future__ import annotations

from dataclasses import dataclass

from chat.replay import Replay
from chat.session import Outbox, Session


@dataclass(slots=True)
class Asked:
    """Something that a person asks, by one connection."""

    session: Session
    via: Outbox
    id: str


@dataclass(slots=True)
class Post(Asked):
    """Somebody says something: to a room, or privately to `to`."""

    text: str
    room: str = ""
    to: Session | None = None


@dataclass(slots=True)
class Move(Asked):
    """Somebody enters a room, or leaves it."""

    room: str
    enters: bool


@dataclass(slots=True)
class Describe(Asked):
    """Somebody says what a room is about."""

    room: str
    text: str


@dataclass(slots=True)
class Rename(Asked):
    """Somebody has taken another name; the register knows it already."""

    name: str


@dataclass(slots=True)
class Question(Asked):
    """Somebody asks somebody for something."""

    to: Session
    kind: str
    detail: str


@dataclass(slots=True)
class Reply(Asked):
    """Somebody answers a request."""

    req: str
    answer: str
    detail: str


@dataclass(slots=True)
class Enter:
    """Somebody logged in, or came back by another connection."""

    session: Session
    via: Outbox
    since: int | None = None  # the newest seq they know
    log: str = ""  # of the store that seq came from
    begun: Replay | None = None  # what their reader has read ahead for them


@dataclass(slots=True)
class Gone:
    """Somebody's session is over; why: quit, lost, slow, ..."""

    session: Session
    why: str


@dataclass(slots=True)
class Close:
    """A connection is to end, after the answers to everything said before."""

    outbox: Outbox
    last_words: bytes = b""


@dataclass(slots=True)
class Announce:
    """The operator speaks: a line to a room, and a notice to who is not in it."""

    text: str
    room: str
    everybody: tuple[Session, ...]


@dataclass(slots=True)
class Notify:
    """A sentence from the server for some people."""

    text: str
    to: tuple[Session, ...]


@dataclass(slots=True)
class Tick:
    """Presence that waits, or a request, may be due."""


@dataclass(slots=True)
class Sweep:
    """Time to delete what is too old."""


@dataclass(slots=True)
class Stop:
    """Nothing comes after this."""


Job = (
    Post | Move | Describe | Rename | Question | Reply | Enter | Gone | Close | Announce
    | Notify | Tick | Sweep | Stop
)  # fmt: skip
