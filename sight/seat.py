"""Seats: each thread writes down where it stands, before it gets there.

    reader ana   stand("recv")            scribe   stand("stores 12 lines")
                 stand("answers Say")              stand("sends to 14")

Whoever watches reads it, five times a second; nobody waits for anybody. A note is two
plain stores, 0.2 microseconds, no lock: it is written whether somebody watches or not.
Who reads may see the new words with the old time, for one picture.

A thread that has taken no seat writes into the air: programs that are not watched, and
the console, use the same code.
"""

from __future__ import annotations

import threading
from time import monotonic

from sight.motion import motion


class Seat:
    """Where one thread stands. Written by that thread, read by who watches."""

    __slots__ = (
        *("name", "paces", "where", "since"),
        *("frames_in", "frames_out", "chunk"),
    )

    def __init__(self, name: str, *, paces: bool = False) -> None:
        self.name = name  # of the part, or of the person whose reader it is
        self.where = ""
        self.since = monotonic()
        self.paces = paces  # slow motion is for it, too
        # Of a reader's person, while somebody watches; see sight/tap.py:
        self.frames_in = 0
        self.frames_out = 0
        self.chunk: object = None  # what this thread has just sent

    def take(self) -> Seat:
        """Sit down: from now on this thread writes here."""
        _here.seat = self
        return self


class _Here(threading.local):
    seat = Seat("another thread")


_here = _Here()


def my_seat() -> Seat:
    return _here.seat


def stand(where: str) -> None:
    """Note where this thread stands from now on; in slow motion, linger there."""
    seat = _here.seat
    seat.where = where
    seat.since = monotonic()
    if motion.seconds and seat.paces:
        motion.linger()


def wait_in(where: str) -> None:
    """The same before a call that waits by itself: slow motion adds nothing."""
    seat = _here.seat
    seat.where = where
    seat.since = monotonic()
