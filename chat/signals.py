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


def reload_on_hangup(reload: Callable[[], None], stop: Callable[[], None]) -> None:
    """SIGHUP asks for a reload; but if our terminal is gone, it says so: stop.

    Without that, a closed window would leave a server behind that nobody sees, and
    that holds the port. With nohup there is no terminal to lose.
    """
    terminals = [number for number in range(3) if os.isatty(number)]

    def handle(_signal: int, _frame: object) -> None:
        if terminals and not any(map(os.isatty, terminals)):
            stop()
        else:
            reload()

    if hasattr(signal, "SIGHUP"):  # Windows has none
        signal.signal(signal.SIGHUP, handle)


def read_in_background() -> None:
    """Started with `&`, reading the terminal should fail and not stop the program."""
    if hasattr(signal, "SIGTTIN"):
        signal.signal(signal.SIGTTIN, signal.SIG_IGN)
