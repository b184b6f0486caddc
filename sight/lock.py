"""A lock that can be watched: who holds it, how often and how long, who waits.

    clients_lock = WatchedLock(threading.Lock(), "clients_lock", "clients, rooms")

    with clients_lock:      seat says        the lock says
        taken at once         HOLDS            holder, taken + 1
        or first              WAITS            longest wait
    after it                what it said     longest hold

All figures are written while the lock is held, so they need no other. The lock itself
is made by its owner, where everybody can see what it guards.
"""

from __future__ import annotations

import threading
from time import perf_counter
from typing import Protocol

from sight.motion import motion
from sight.seat import Seat, my_seat, stand, wait_in


class AnyLock(Protocol):
    """What a `with` needs, so that who uses a lock need not know whether it counts."""

    def __enter__(self) -> bool: ...

    def __exit__(self, *_: object) -> None: ...


class WatchedLock:
    """A threading.Lock and its story; for `with` alone."""

    def __init__(self, lock: threading.Lock, name: str, guards: str) -> None:
        self.name = name
        self.guards = guards
        self._waits, self._holds = f"WAITS {name}", f"HOLDS {name}"
        self._lock = lock
        # The lock must be held when writing these; who watches only reads:
        self.holder: Seat | None = None
        self.taken = 0
        self.longest_wait = 0.0  # seconds
        self.longest_hold = 0.0
        self._since = 0.0  # perf_counter
        self._before = ""  # where the holder stood before

    def __enter__(self) -> bool:
        seat = my_seat()
        before = seat.where
        if not self._lock.acquire(False):
            self._wait()
        self._since = perf_counter()
        self._before = before
        self.holder = seat
        self.taken += 1
        stand(self._holds)
        return True

    def __exit__(self, *_: object) -> None:
        before, self.holder = self._before, None
        self.longest_hold = _longer(self.longest_hold, self._since)
        wait_in(before)  # before the next one says HOLDS
        self._lock.release()

    def _wait(self) -> None:
        began = perf_counter()
        wait_in(self._waits)
        self._lock.acquire()
        self.longest_wait = _longer(self.longest_wait, began)


def _longer(longest: float, began: float) -> float:
    """What has begun then is over; slow motion is no figure of the server's."""
    took = perf_counter() - began
    return took if took > longest and motion.was_off_since(began) else longest
