"""The textbook's mistake, made on purpose: to hold a lock and wait.

Everywhere else in this program it is forbidden, and the tests watch over it; they know
this file by name (tests/lock_order.py).
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from sight.lock import AnyLock
from sight.seat import Seat


@contextmanager
def sitting_on(
    lock: AnyLock, seconds: float, has_ended: threading.Event
) -> Iterator[None]:
    """Somebody holds the lock when the block begins, for so long, or until the end."""
    has_it = threading.Event()

    def sit() -> None:
        Seat("sitter").take()  # what the dashboard calls who holds it
        with lock:
            has_it.set()
            has_ended.wait(seconds)

    sitter = threading.Thread(target=sit, name="sitter", daemon=True)
    sitter.start()
    has_it.wait()
    try:
        yield
    finally:
        sitter.join()
