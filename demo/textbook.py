"""The textbook's mistake, made on purpose: to hold a lock and wait.

Everywhere else in this program it is forbidden, and the tests watch over it
(tests/lock_order.py, which knows that this one file does it knowingly).
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Protocol


class Lock(Protocol):
    """What a with-statement takes and gives back."""

    def __enter__(self) -> object: ...

    def __exit__(self, *details: object) -> object: ...


def hold_and_wait(
    lock: Lock,
    seconds: float,
    has_ended: threading.Event,
    meanwhile: Callable[[], None],
) -> None:
    """Hold the lock for so long; do something first, now that it is held."""
    with lock:
        meanwhile()
        has_ended.wait(seconds)
