r"""The full screen's loop: wait, look at keys and inbox, update the model, paint.

    keyboard --\                                     /--> painter --> terminal
                >-- wait --> model --> view --> frame
    inbox ----/                 \--> effects --> receiver, terminal

The loop sleeps until a key, an event, a signal or the next deadline; idle, it does
not run at all. Under load keys come first: the inbox is drained a few milliseconds
at a time, and the picture is painted 60 times a second and not for every line. A
key that comes to a quiet screen is painted at once.

Only the main thread runs this; it alone touches the model and curses.
"""

from __future__ import annotations

import gc
import math
import os
import time
from collections.abc import Callable, Iterator

import messages
from tui import keys, wording
from tui.events import (
    Copy,
    Effect,
    Event,
    Point,
    Quit,
    Redraw,
    Reveal,
    Ring,
    Scroll,
    Send,
    Suspend,
    UseMouse,
    UseTheme,
)
from tui.inbox import Inbox
from tui.model import Model
from tui.painter import Painter
from tui.signs import ASCII, UNICODE
from tui.terminal import Terminal
from tui.view import next_deadline, point, reveal, scroll, view
from tui.waiter import Waiter
from tui.wheel import Mouse, Notches
from tui.width import Ruler

FRAME_S = 1 / 60  # seconds between two paints under load
DRAIN_S = 0.004  # seconds of events before the keys are looked at again
IS_POLLING = os.name == "nt"  # there a wake-up may mean nothing (tui/waiter.py)


def run(
    model: Model,
    inbox: Inbox[Event],
    carry_out: Callable[[Effect], None],
    terminal: Terminal,
) -> int:
    """Show the chat until it ends; the exit code.

    `carry_out` sends and reconnects. The terminal is taken and given back by the
    caller; when a signal ends the chat the code is 128 and its number, as in shells.
    """
    screen = Screen(model, inbox, carry_out, terminal)
    # What is loaded by now stays. A collection that need not look through it stops
    # the screen for 5 ms, with 10,000 lines kept, instead of 14.
    gc.freeze()
    code = None
    try:
        while code is None:
            screen.paint_if_due()
            screen.wait()
            code = screen.turn()
    except TerminalGone:
        carry_out(Send(messages.Quit()))
        return 1
    finally:
        screen.close()
    return code


class TerminalGone(Exception):
    """The window was closed; a signal says so too, but not always first."""


class Screen:
    """What the loop remembers from one turn to the next."""

    def __init__(
        self,
        model: Model,
        inbox: Inbox[Event],
        carry_out: Callable[[Effect], None],
        terminal: Terminal,
    ) -> None:
        self._model = model
        self._inbox = inbox
        self._carry_out = carry_out
        self._terminal = terminal
        theme = model.preferences.theme
        self._painter = Painter(terminal.window, terminal.colours(os.environ), theme)
        self._ruler = Ruler(self._painter.probe)
        self._waiter = Waiter(terminal.keyboard_fd, inbox)
        self._decoder = keys.KeyDecoder(terminal.keyname, windows=os.name == "nt")
        self._notches = Notches()
        self._signs = UNICODE if terminal.speaks_utf8 else ASCII
        if not terminal.speaks_utf8:
            model.chat.note("alert", wording.NO_UTF8)
        self._use_mouse(model.preferences.mouse)
        self._is_stale = True  # the model may differ from what is painted
        self._is_urgent = False  # by a key: its echo waits for no frame
        # Moments of time.monotonic():
        self._painted_at = -math.inf
        self._key_at = -math.inf
        self._next_change: float | None = None  # of the picture, by itself

    # -- Painting --------------------------------------------------------------

    def paint_if_due(self) -> None:
        now = time.monotonic()
        has_changed = self._next_change is not None and now >= self._next_change
        is_due = self._is_urgent or now >= self._painted_at + FRAME_S
        if (self._is_stale or has_changed) and is_due:
            rows, columns = self._size()
            self._model.wire.take()
            frame = view(self._model, columns, rows, self._ruler, now, self._signs)
            self._painter.paint(frame)
            self._next_change = next_deadline(self._model, now)
            self._is_stale, self._is_urgent, self._painted_at = False, False, now

    def _size(self) -> tuple[int, int]:
        try:
            return self._terminal.size()
        except OSError as error:
            raise TerminalGone from error

    # -- Waiting ---------------------------------------------------------------

    def wait(self) -> None:
        self._waiter.wait(self._timeout())

    def close(self) -> None:
        self._waiter.close()

    def _timeout(self) -> float | None:
        """Seconds until something is due; None: nothing is."""
        moments = list(self._deadlines())
        return max(min(moments) - time.monotonic(), 0.0) if moments else None

    def _deadlines(self) -> Iterator[float]:
        if self._is_stale:
            yield self._painted_at + (0.0 if self._is_urgent else FRAME_S)
        if self._next_change is not None:
            yield self._next_change
        if self._decoder.is_waiting:
            yield self._key_at + self._decoder.patience_s

    # -- One turn --------------------------------------------------------------

    def turn(self) -> int | None:
        """Take in what has come; the exit code if it is over."""
        if self._terminal.stop_signal is not None:
            self._carry_out(Send(messages.Quit()))
            return 128 + self._terminal.stop_signal
        # A turn that brings nothing was a signal: a new size, or `fg`.
        has_news = not IS_POLLING or self._model.wire.has_news
        self._is_stale = self._is_stale or has_news
        for effect in self._effects():
            if isinstance(effect, Quit):
                return effect.code
            self._do(effect)
        return None

    def _use_mouse(self, mouse: Mouse) -> None:
        self._terminal.set_mouse(mouse)
        self._is_wheel_read = mouse == "wheel"

    def _effects(self) -> Iterator[Effect]:
        yield from self._model.tick()
        for key in self._keys():
            self._is_stale = self._is_urgent = True
            yield from self._model.press(key)
        for event in self._inbox.drain(DRAIN_S):
            self._is_stale = True
            yield from self._model.receive(event)

    def _keys(self) -> list[keys.Input]:
        now = time.monotonic()
        if strokes := self._terminal.read():
            self._key_at = now
            events = self._decoder.feed(strokes)
            return self._notches.find(events, now) if self._is_wheel_read else events
        if self._decoder.is_waiting and now >= self._key_at + self._decoder.patience_s:
            return self._decoder.expire()
        return []

    def _do(self, effect: Effect) -> None:
        match effect:
            case Scroll():
                rows, columns = self._size()
                now = time.monotonic()
                asked = scroll(self._model, effect, columns, rows, self._ruler, now)
                for wanted in asked:
                    self._carry_out(wanted)
            case Reveal():
                rows, columns = self._size()
                now = time.monotonic()
                reveal(self._model, columns, rows, self._ruler, now)
            case Point():
                rows, columns = self._size()
                now = time.monotonic()
                point(self._model, effect, columns, rows, self._ruler, now)
            case Copy(lines):
                self._terminal.show_plain(lines)
            case Ring():
                self._terminal.bell()
            case UseTheme(theme):
                self._painter.set_theme(theme)
            case UseMouse(mouse):
                self._use_mouse(mouse)
            case Redraw():
                self._terminal.redraw()
            case Suspend():
                self._terminal.suspend()
            case _:
                self._carry_out(effect)
