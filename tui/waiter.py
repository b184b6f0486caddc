"""Waiting for whatever comes first: a key, a wake-up of the inbox, a deadline.

The screen's thread spends its life in here. On Linux and macOS it sleeps in the
kernel: an idle client wakes zero times a second. On Windows it polls, see below.
"""

from __future__ import annotations

import contextlib
import os
import selectors
import signal
import socket
import sys
from collections.abc import Callable, Iterator
from typing import Protocol

WINDOWS_KEY_POLL = 0.015  # seconds; below what a typist feels


class WakeUp(Protocol):
    """The part of an Inbox that matters here."""

    def fileno(self) -> int: ...


class Waiter:
    """Watches one keyboard and one inbox, as long as the screen is up.

    The default selector, not select(): descriptors above 1023 work. kqueue takes
    terminals since macOS 10.9, says asyncio's page on platforms.

    Not tested on Windows: the inbox wakes at once, keys are seen by polling. A
    console is no socket, so no selector takes it, and PDCurses' own blocking read
    sleeps in steps of 50 ms. WaitForMultipleObjects on the console's handle and the
    socket's event would sleep properly; whoever writes it needs a Windows machine to
    see that PDCurses empties the console's queue and it does not spin.
    """

    def __init__(self, keyboard_fd: int, inbox: WakeUp) -> None:
        self._selector = selectors.DefaultSelector()
        self._selector.register(inbox, selectors.EVENT_READ)
        if os.name != "nt":
            self._selector.register(keyboard_fd, selectors.EVENT_READ)

    def wait(self, timeout: float | None) -> None:
        """Block until a key, a wake-up, or `timeout` seconds (None: no deadline).

        It may return with nothing to do. A key counts only until curses has seen
        it: read all of them before waiting again, curses reads ahead into a queue of
        its own that no selector knows.
        """
        self._selector.select(limit_to_poll(timeout) if os.name == "nt" else timeout)

    def close(self) -> None:
        self._selector.close()


def limit_to_poll(timeout: float | None) -> float:
    """How long to wait where keys do not wake."""
    return WINDOWS_KEY_POLL if timeout is None else min(timeout, WINDOWS_KEY_POLL)


def wait_for_enter(
    keyboard_fd: int, struck: socket.socket, is_over: Callable[[], bool]
) -> None:
    """Block until a line is entered, while the terminal is as a shell has it.

    Ctrl+C counts as Enter, Ctrl+Z stops the program as any other, and a signal
    ends the wait if `is_over()` says so after its handler ran. `struck` is what
    signals_as_in_a_shell() yields. The line is left to be flushed.
    """
    if os.name == "nt":
        sys.stdin.readline()  # not tested on Windows
        return
    with selectors.DefaultSelector() as selector:
        selector.register(keyboard_fd, selectors.EVENT_READ)
        selector.register(struck, selectors.EVENT_READ)
        while not is_over():
            ready = [key.fd for key, _ in selector.select()]
            if keyboard_fd in ready:
                return  # not read: Ctrl+Z throws lines away, and a read would wait
            if signal.SIGINT in struck.recv(4096):
                return


@contextlib.contextmanager
def signals_as_in_a_shell() -> Iterator[socket.socket]:
    """Yield a socket on which the number of each signal that strikes arrives.

    Without it select() would go on after a signal (PEP 475) as if nothing were.
    Enter it before the screen is given back, and leave it after it is taken again:
    keys are signals all the time between. Main thread only.
    """
    handlers: dict[str, Callable[..., None] | signal.Handlers] = {
        "SIGINT": lambda *_: None,
        "SIGTSTP": signal.SIG_DFL,
        "SIGCONT": lambda *_: None,  # not for us: the screen is not ours
    }
    listening, waking = socket.socketpair()
    with listening, waking, contextlib.ExitStack() as undo:
        waking.setblocking(False)
        woken = signal.set_wakeup_fd(waking.fileno(), warn_on_full_buffer=False)
        # Once more: the screen's own may be full, and this is not kept with it.
        undo.callback(signal.set_wakeup_fd, woken, warn_on_full_buffer=False)
        for name, handler in handlers.items():
            if hasattr(signal, name):  # Windows lacks all but SIGINT
                number = getattr(signal, name)
                undo.callback(signal.signal, number, signal.signal(number, handler))
        yield listening
