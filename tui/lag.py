"""How long the server takes to answer: asked while somebody types, told in ms.

    welcome      ping         pong         10 s later, if used   3 s without pong
    arrive(0) -> take_ping -> hear_pong -> take_ping          -> slow_s == 3, 4 ...
                              round_trip_ms == 12

Who only reads is not asked for: an idle client sleeps, and a server that is gone
is noticed by its silence (net/limits.py). Who types wants to know at once.

Rules: pure, and told the time (seconds of time.monotonic()). Nothing is polled:
`next_deadline` says when there is something to do or to show, so the screen can
sleep until then. One ping is on its way at a time: TCP keeps the order, a second
one could only arrive after the first.

    model    for token in lag.take_ping(now): Send(Ping(token))
    view     lag.slow_s(now) or lag.round_trip_ms, in the words of tui/wording.py
"""

from __future__ import annotations

import math

EVERY_S = 10.0  # at least, from a ping to the next
SLOW_AFTER_S = 3  # a person begins to wonder


class Lag:
    """What is known about the way to the server and back."""

    def __init__(self) -> None:
        self.round_trip_ms: int | None = None  # None: not measured yet
        self._due_at: float | None = None  # of the next ping; None: no connection
        self._is_used = False  # since the last ping; else nobody wants to know
        self._asked_at: float | None = None  # of the ping on its way
        self._count = 0  # pings so far: the token says which one a pong answers

    def arrive(self, now: float) -> None:
        """The server said welcome: ask at once."""
        self.depart()
        self._due_at, self._is_used = now, True

    def depart(self) -> None:
        """The connection is gone, and what was known of it."""
        self.round_trip_ms = self._due_at = self._asked_at = None

    def be_used(self) -> None:
        """A key was pressed: the next ping goes out when it may."""
        self._is_used = True

    def take_ping(self, now: float) -> list[str]:
        """The token of the ping that is due now; nothing if none is."""
        due_at = self._due_at if self._is_used else None
        if due_at is None or self._asked_at is not None or now < due_at:
            return []
        self._count += 1
        self._asked_at, self._is_used = now, False
        return [self._token]

    def hear_pong(self, token: str, now: float) -> None:
        """Take in an answer; one to an older question says nothing about now."""
        if self._asked_at is None or token != self._token:
            return
        self.round_trip_ms = max(round(1000 * (now - self._asked_at)), 1)
        self._due_at = self._asked_at + EVERY_S
        self._asked_at = None

    def slow_s(self, now: float) -> int:
        """Whole seconds without the answer, from 3; before that 0: not slow."""
        if self._asked_at is None:
            return 0
        waited = math.floor(now - self._asked_at)
        return waited if waited >= SLOW_AFTER_S else 0

    def next_deadline(self, now: float) -> float | None:
        """When a ping is due, or the number of `slow_s` changes; None: never.

        A moment in the past means now; after `take_ping` it lies in the future.
        """
        if self._asked_at is None:
            return self._due_at if self._is_used else None
        seconds = max(SLOW_AFTER_S, math.floor(now - self._asked_at) + 1)
        return self._asked_at + seconds

    @property
    def _token(self) -> str:
        return f"lag{self._count}"
