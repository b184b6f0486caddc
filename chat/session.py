"""A person on a connection, from hello to the end; it survives a broken cable."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from time import monotonic, time
from typing import Protocol


class Outbox(Protocol):
    """Where frames for one connection go; nothing here ever waits (net/outbox.py)."""

    @property
    def waiting_bytes(self) -> int: ...

    def push(self, frames: bytes) -> None: ...

    def finish(self, last_words: bytes = b"", *, wakes_reader: bool = True) -> None: ...


class Nowhere:
    """The outbox of a session that is over: jobs that still come change nothing."""

    waiting_bytes = 0

    def push(self, frames: bytes) -> None:
        """Drop them."""

    def finish(self, last_words: bytes = b"", *, wakes_reader: bool = True) -> None:
        """There is nothing to end."""


NOWHERE = Nowhere()


@dataclass(frozen=True, slots=True)
class Caller:
    """Who says hello: a connection, seen from here."""

    outbox: Outbox
    address: str


@dataclass(slots=True, eq=False)  # a session equals only itself
class Session:
    """Who is talking. The chat knows people by it and never sees a socket.

    Two fields name its connection, for it may get another one: `owner` is decided
    the moment a hello is heard, `outbox` follows when the scribe comes to it. So
    nothing reaches the new connection before its welcome, and nothing is taken from
    the old one after it.
    """

    name: str  # as typed; only the scribe changes it
    key: str  # as compared: chat/names.py; clients_lock
    mark: str  # what the client's secret becomes in the log; see mark_of
    outbox: Outbox  # where lines go; only the scribe changes it
    owner: Outbox | None = None  # of the latest hello; None: none; clients_lock
    address: str = ""  # of that connection, for the operator; clients_lock
    can_resume: bool = False  # the client has a secret to come back with
    since: float = field(default_factory=time)  # of the first hello
    active_at: float = field(default_factory=monotonic)  # of the latest request


def mark_of(secret: str) -> str:
    """Make the form of a session's secret that may be stored and compared.

    The secret lets its owner take a session over, so it is kept only as a hash.
    """
    return hashlib.sha256(secret.lower().encode()).hexdigest()[:32]
