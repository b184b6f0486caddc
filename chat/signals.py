"""How the system tells the server to stop, or to read its files again."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable


def stop_on_signals(stop: Callable[[], None]) -> None:
    """The first Ctrl+C or SIGTERM ends the server politely, the second at once."""

    def handle(_signal: int, _frame: object) -> None:
        if has_begun.is_set():
            os._exit(130)
        has_begun.set()
        stop()

    has_begun = threading.Event()
    for name in ("SIGINT", "SIGTERM", "SIGBREAK"):  # the last is Windows' own
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), handle)
