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
def sitting_on(lock: AnyLock) -> Iterator[None]:
    """While the block runs, another thread holds the lock, and does nothing."""
    has_it, may_go = threading.Event(), threading.Event()

    def sit() -> None:
        Seat("sitter").take()  # what the dashboard calls who holds it
        with lock:
            has_it.set()
            may_go.wait()

    sitter = threading.Thread(target=sit, name="sitter", daemon=True)
    sitter.start()
    has_it.wait()
    try:
        yield
    finally:
        may_go.set()
        sitter.join()
