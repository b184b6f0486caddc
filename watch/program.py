"""`python server.py --watch`: the chat runs in a thread, the main thread shows it.

    main       run_watched: the dashboard, or a line per second     watch/
      `-- acceptor   server.run(), as without --watch               server.py
            `-- readers, scribe, flusher, clock
      `-- console    what the dashboard's keys order                chat/console.py

If the dashboard dies, the chat goes on without it; if the chat ends, so does the
dashboard. While it has the terminal, the journal keeps its lines and shows the newest.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from queue import SimpleQueue
from threading import Event, Thread
from typing import Protocol

from chat import console
from chat.desk import Desk
from chat.journal import Journal, journal
from sight.motion import motion
from sight.tap import tap
from tui.inbox import Inbox
from tui.terminal import Terminal, why_plain
from watch.narrator import CaptionOf, Narrator, OnKey, no_caption, no_key
from watch.observer import Observer, Watched
from watch.plain import summary
from watch.privacy import count, keep

SECOND = 1.0  # between two lines, where there is no screen
CRASHED = 3  # as chat/guard.py


class Served(Watched, Protocol):
    """A server with a desk: a ChatServer."""

    desk: Desk


def has_screen() -> bool:
    """Whether a dashboard can be drawn here."""
    return why_plain(sys.stdin, sys.stdout, os.environ) is None


def run_watched(
    server: Served,
    terminal: Journal,
    *,
    on_key: OnKey = no_key,
    caption: CaptionOf = no_caption,
) -> int:
    """Run the server and show it until it stops; its exit code."""
    inbox: Inbox[str] = Inbox()
    codes: list[int] = []
    is_over = Event()

    def serve() -> None:
        try:
            codes.append(server.run())
        except Exception:
            journal.exception("the server died")
        finally:
            is_over.set()
            inbox.put("")  # wakes the dashboard

    # Daemon: if the main thread dies of a bug of ours, so does the program.
    Thread(target=serve, name="acceptor", daemon=True).start()
    if has_screen():
        _show(server, terminal, inbox, is_over, Narrator(on_key, caption))
    else:
        _tell(server, terminal, is_over)
    is_over.wait()
    inbox.close()
    return codes[0] if codes else CRASHED


def _show(
    server: Served,
    terminal: Journal,
    inbox: Inbox[str],
    is_over: Event,
    narrator: Narrator,
) -> None:
    """The dashboard, until the server stops."""
    from watch.dashboard import Dashboard  # curses may be missing

    observer = Observer(server, terminal.latest)
    with _orders_for(server.desk, inbox.put) as orders, _tapped(), _lent(terminal):
        try:
            with Terminal(inbox) as screen:
                dashboard = Dashboard(observer, screen, inbox, orders, narrator)
                dashboard.show(is_over.is_set)
        except OSError:  # the window was closed
            server.stop()
        except Exception:
            journal.exception("the dashboard died; the server goes on, Ctrl+C ends it")


def _tell(server: Served, terminal: Journal, is_over: Event) -> None:
    """A line per second; the console stays, for nobody else has the keyboard."""
    observer = Observer(server)
    if server.settings.console:
        console.start_console(server.desk, terminal.answer)
    while not is_over.wait(SECOND):
        journal.info(summary(observer.take()))


# -- What is borrowed while the dashboard is up --------------------------------------


@contextmanager
def _orders_for(desk: Desk, say: Callable[[str], None]) -> Iterator[SimpleQueue[str]]:
    """A console without a keyboard: carries out what is put, in its own thread."""
    orders: SimpleQueue[str] = SimpleQueue()
    lines = iter(orders.get, "")
    # Daemon: in slow motion it may wait long for clients_lock.
    Thread(
        target=console.run, args=(lines, desk, say), name="console", daemon=True
    ).start()
    try:
        yield orders
    finally:
        orders.put("")


@contextmanager
def _tapped() -> Iterator[None]:
    tap.open(keep, count)
    try:
        yield
    finally:
        tap.close()
        motion.set(0)


@contextmanager
def _lent(terminal: Journal) -> Iterator[None]:
    terminal.lend_terminal()
    try:
        yield
    finally:
        terminal.take_terminal_back()
