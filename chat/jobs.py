"""What readers, clock and server ask of the scribe.

Each job is a value: the one who asks goes on at once, and the scribe takes them all
in the order in which they came.
"""

from __future__ import annotations

from dataclasses import dataclass

from chat.session import Session


@dataclass(frozen=True, slots=True)
class Post:
    """Somebody says something: to a room, or privately to `to`."""

    author: Session
    id: str
    text: str
    room: str = ""
    to: Session | None = None


@dataclass(frozen=True, slots=True)
class Enter:
    """Somebody logged in."""

    session: Session


@dataclass(frozen=True, slots=True)
class Move:
    """Somebody asks to enter a room, or to leave it."""

    session: Session
    id: str
    room: str
    enters: bool


@dataclass(frozen=True, slots=True)
class Gone:
    """Somebody's session is over; why: quit, lost, slow, ...

    The last words come after the answers to everything said before them.
    """

    session: Session
    why: str
    last_words: bytes = b""


@dataclass(frozen=True, slots=True)
class Tick:
    """Presence that waits may be due."""


@dataclass(frozen=True, slots=True)
class Stop:
    """Nothing comes after this."""


Job = Post | Enter | Move | Gone | Tick | Stop
