"""A person on a connection, from hello to the end."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Protocol


class Outbox(Protocol):
    """Where frames for one person go; nothing here ever waits (net/outbox.py)."""

    def push(self, frames: bytes) -> None: ...

    def finish(self, last_words: bytes, *, wakes_reader: bool) -> None: ...


@dataclass(slots=True, eq=False)  # a session equals only itself
class Session:
    """Who is talking. The chat knows people by it and never sees a socket."""

    name: str  # as typed
    key: str  # as compared: chat/names.py
    mark: str  # what the client's secret becomes in the log; see mark_of
    outbox: Outbox


def mark_of(secret: str) -> str:
    """Make the form of a session's secret that may be stored and compared.

    The secret lets its owner take a session over, so it is kept only as a hash.
    """
    return hashlib.sha256(secret.lower().encode()).hexdigest()[:32]
