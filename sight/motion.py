"""Slow motion: readers and scribe linger before each step, so that one can see it.

    - slower      0 -> 0.1 -> 0.5 -> 2 s before each step       + faster

They linger while they hold `clients_lock`, too. That is against every rule of this
program, and on purpose: so the others are seen to WAIT, which takes microseconds
otherwise. The lock checker of the tests knows this file by name (tests/lock_order.py).

One process has one terminal, so one motion does for all. Whoever changes it wakes who
lingers; so does the end of the server.
"""

from __future__ import annotations

from threading import Event
from time import perf_counter

STEPS = (0.0, 0.1, 0.5, 2.0)  # seconds


class Motion:
    """Any thread may call anything here."""

    def __init__(self) -> None:
        self.seconds = 0.0  # before each step
        self._changed = Event()
        self._changed_at = 0.0  # perf_counter

    def set(self, seconds: float) -> None:
        """From now on; who lingers goes on at once."""
        self.seconds = seconds
        self._changed_at = perf_counter()
        changed, self._changed = self._changed, Event()
        changed.set()

    def was_off_since(self, moment: float) -> bool:
        """Whether all since then (perf_counter) has gone at full speed."""
        return not self.seconds and self._changed_at <= moment

    def linger(self) -> None:
        self._changed.wait(self.seconds)

    def slower(self) -> None:
        self.set(STEPS[min(STEPS.index(self.seconds) + 1, len(STEPS) - 1)])

    def faster(self) -> None:
        self.set(STEPS[max(STEPS.index(self.seconds) - 1, 0)])


motion = Motion()
