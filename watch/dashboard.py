"""The dashboard's loop: look at the server, paint, wait for a key or 0.2 s.

    server --observe--> snapshot --\
                                    >-- render --> painter --> terminal
    keyboard --> controls ---------/
                     `-- "/kick bob" --> the console's thread --> desk

It is the main thread, because curses and signals allow no other; the server runs in
the thread `acceptor` meanwhile. Nobody in the server ever waits for this loop, and this
loop takes no lock that a reader or the scribe may hold for long.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from queue import SimpleQueue
from time import monotonic

from tui.frame import Frame
from tui.inbox import Inbox
from tui.keys import Input, Key, KeyDecoder, Typed
from tui.painter import Painter
from tui.sanitize import make_safe_line
from tui.signs import ASCII, UNICODE
from tui.terminal import Terminal
from tui.waiter import Waiter
from tui.width import Ruler
from watch.controls import STOP, Controls
from watch.narrator import Narrator
from watch.observer import Observer
from watch.parts import Sheet
from watch.picture import first_row, render
from watch.snapshot import Snapshot

PERIOD = 0.2  # seconds between two looks


class Dashboard:
    """One screenful of server."""

    def __init__(
        self,
        observer: Observer,
        terminal: Terminal,
        inbox: Inbox[str],
        orders: SimpleQueue[str],
        narrator: Narrator,
    ) -> None:
        self._observer = observer
        self._terminal = terminal
        self._inbox = inbox
        self._orders = orders
        self._narrator = narrator
        self.controls = Controls(names=observer.names)
        self._painter = Painter(terminal.window, terminal.colours(os.environ))
        self._ruler = Ruler(self._painter.probe)
        self._signs = UNICODE if terminal.speaks_utf8 else ASCII
        self._decoder = KeyDecoder(terminal.keyname, windows=os.name == "nt")
        self._waiter = Waiter(terminal.keyboard_fd, inbox)
        self._snapshot = observer.take()
        self._looked_at = self._key_at = 0.0  # monotonic
        self._interrupts = 0

    def show(self, is_over: Callable[[], bool]) -> None:
        """Paint until it is over; raises OSError if the terminal is gone."""
        try:
            while not is_over():
                self._painter.paint(self._picture())
                self._waiter.wait(PERIOD)
                self._hear()
        finally:
            self._waiter.close()

    # -- Looking -------------------------------------------------------------------

    def _picture(self) -> Frame:
        height, width = self._terminal.size()
        snapshot, controls = self._look(), self.controls
        sheet = Sheet(width, self._ruler, self._signs)
        controls.top = first_row(snapshot, controls, sheet, height)
        return render(snapshot, width, height, controls, self._ruler, self._signs)

    def _look(self) -> Snapshot:
        """A new snapshot, if it is time for one."""
        now = monotonic()
        if now - self._looked_at >= PERIOD / 2 and not self.controls.is_frozen:
            self._snapshot = self._observer.take()
            self._looked_at = now
        return self._observer.with_caption(self._snapshot, self._narrator.caption())

    # -- Listening -----------------------------------------------------------------

    def _hear(self) -> None:
        if self._terminal.stop_signal is not None:
            self._stop()
        for key in self._keys():
            self._press(key)
        for answer in self._inbox.drain(PERIOD):
            self.controls.note = make_safe_line(answer)

    def _keys(self) -> list[str]:
        now = monotonic()
        events: list[Input] = []
        if strokes := self._terminal.read():
            self._key_at = now
            events = list(self._decoder.feed(strokes))
        elif self._is_key_over(now):
            events = self._decoder.expire()
        return [name for event in events for name in names_of(event)]

    def _is_key_over(self, now: float) -> bool:
        """Esc alone: nothing has followed that would make it another key."""
        decoder = self._decoder
        return decoder.is_waiting and now >= self._key_at + decoder.patience_s

    def _press(self, key: str) -> None:
        if key == "ctrl-c":
            return self._interrupt()
        if key == "ctrl-l":
            return self._terminal.redraw()
        if not self.controls.is_prompting and self._narrator.on_key(key):
            return None
        if order := self.controls.press(key):
            self._stop() if order == STOP else self._orders.put(order)
        return None

    def _interrupt(self) -> None:
        """Ctrl+C: politely at first, at once the second time."""
        self._interrupts += 1
        if self._interrupts > 1:
            self._terminal.leave()
            os._exit(130)
        self._stop()

    def _stop(self) -> None:
        self._observer.stop()


def names_of(event: Input) -> list[str]:
    """A key by its name; text by its characters; a paste and the mouse are nothing."""
    match event:
        case Key(name):
            return [name]
        case Typed(text):
            return list(text)
        case _:
            return []
