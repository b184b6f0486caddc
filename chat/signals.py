"""How the system tells the server to stop, or to read its files again."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable


def end_on_interrupt() -> None:
    """While there is nothing to stop yet, Ctrl+C just ends the program.

    At once, also while SQLite waits for a file, and without a traceback.
    """
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def stop_on_signals(stop: Callable[[], None]) -> None:
    """The first Ctrl+C or SIGTERM ends the server politely, the second at once."""
    has_begun = (
        False  # and no Event: the second may interrupt us while we hold its lock
    )

    def handle(_signal: int, _frame: object) -> None:
        nonlocal has_begun
        if has_begun:
            os._exit(130)
        has_begun = True
        stop()

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
