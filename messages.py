"""Everything that client and server can say to each other, as a list.

Each message is a frozen dataclass. Its name, in lower case, is the verb on the
wire; its annotations are the fields, in their order. That is the whole schema:
protocol.py reads it to turn messages into bytes and back.

    Say(id="k1", room="#lobby", text="hi")    travels as    say k1 #lobby hi

Clients ask in the imperative (Say), the server reports in the past tense (Said).
A new feature adds a message here, or a field at the end of one; nothing is ever
removed or moved (docs/PROTOCOL.md, section "Growth").
"""

from __future__ import annotations

from dataclasses import dataclass, field

LOBBY = "#lobby"  # the room that everybody is in after hello

# -- Kinds of field; READERS in protocol.py holds the rule of each ---------------

Id = str  # the client's own name for a request: up to 64 of [A-Za-z0-9_-], or empty
Room = str  # a room's name, or empty: at most 31 characters, the # among them
Text = str  # what somebody said: 1-4,000 characters, no control but newline and tab
Secret = str  # 32 hex digits, or empty; never logged
Number = int  # ASCII decimal digits
Maybe = int | None  # a number, or empty
Words = tuple[str, ...]  # all the fields that are left


# -- Client to server ----------------------------------------------------------


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
class Quit:
    """Leave politely; answered by `bye quit`."""

    text: str = ""


# -- Both ways -----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Ping:
    """Are you there? Answered by a pong with the same token."""

    token: str = ""


@dataclass(frozen=True, slots=True)
class Pong:
    """I am here."""

    token: str = ""


# -- Server to client ----------------------------------------------------------


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
class Users:
    """Who is in a room, sorted; with an empty id after one's own join."""

    id: Id
    room: str
    names: Words


@dataclass(frozen=True, slots=True)
class Ok:
    """The request of that id is done."""

    id: Id


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


Request = Hello | Say | Tell | Join | Leave | Who | Quit | Ping | Pong
Report = (
    Welcome | Said | Told | Joined | Left | Users | Ok | Error | Notice | Bye
    | Ping | Pong
)  # fmt: skip
Message = Request | Report
