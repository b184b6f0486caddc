"""The clock: what must be looked at from time to time, in a thread of its own.

    often     4 times a second: pings and deadlines, ghosts, presence
    seldom    every 10 seconds: what is too old to keep

So no reader needs a time-out of its own, and no job an alarm.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from itertools import count

from sight.seat import stand, wait_in

TICK = 0.25  # seconds between two looks
SELDOM = 40  # ticks


class Clock:
    """Calls whom it is told to call; run() is the body of the thread."""

    def __init__(
        self, often: Callable[[], None], *, seldom: Callable[[], None]
    ) -> None:
        self._often = often
        self._seldom = seldom
        self._stopping = threading.Event()

    def stop(self) -> None:
        self._stopping.set()

    def run(self) -> None:
        for tick in count():
            wait_in("timer")
            if self._stopping.wait(TICK):
                return
            stand("looks round")
            self._often()
            if tick % SELDOM == 0:
                self._seldom()
