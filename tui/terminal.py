"""The terminal: taken when the chat begins, given back however it ends.

    why_plain()    may we have a full screen at all, and if not, why
    with Terminal(inbox) as terminal:
        size, read, suspend, show_plain, set_mouse, redraw, bell ...

A terminal is borrowed. Every change made to it on entry puts its undoing on one
stack, and leaving unwinds that stack: after an exception, after SIGTERM, and once
more at exit should all else be forgotten. What stays broken afterwards is what no
program can mend: kill -9 and a crash of the interpreter (type `reset`).

Signals do almost nothing where they strike. Their byte wakes the wait (see
inbox.py) and the loop finds out what changed:

    SIGWINCH          the loop asks size() before each frame
    SIGTERM, SIGHUP   the loop sees stop_signal
    SIGTSTP, SIGCONT  the screen is given back, and taken again

Other programs' titles are left alone: nobody could restore one.

All of this belongs to the main thread: signals and curses allow no other.
Not tested on Windows, where signals and modes that are missing are left out.
"""

from __future__ import annotations

import atexit
import contextlib
import importlib.util
import os
import signal
import sys
from collections.abc import Mapping, Sequence
from types import FrameType
from typing import Any, TextIO

from tui.inbox import Inbox
from tui.modes import MODES_OFF, SAVED, modes_on
from tui.stderr import kept_off_the_screen
from tui.surroundings import repair_locale, without_size_variables
from tui.waiter import signals_as_in_a_shell, wait_for_enter
from tui.wheel import Mouse

try:
    import curses
    import termios
except ImportError:
    pass  # Windows without windows-curses: why_plain says so, nobody gets further

ESCAPE_DELAY = 25  # ms from the Esc key to knowing it was only that; else 1,000

NO_TERMINAL = "input or output is not a terminal"
NO_CURSES = "this Python has no curses module" + (
    "; for the full screen: pip install windows-curses" if os.name == "nt" else ""
)


def why_plain(
    stdin: TextIO | None, stdout: TextIO | None, environ: Mapping[str, str]
) -> str | None:
    """The reason a full screen cannot be had, or None: it can."""
    if not (stdin and stdout and stdin.isatty() and stdout.isatty()):
        return NO_TERMINAL
    if importlib.util.find_spec("_curses") is None:
        return NO_CURSES
    if os.name == "nt":
        return None  # PDCurses draws on the console and knows no TERM
    return _why_not_drawable(environ.get("TERM", ""), stdout.fileno())


def _why_not_drawable(term: str, fd: int) -> str | None:
    if not term:
        return "TERM does not say what terminal this is"
    try:
        curses.setupterm(term, fd)
    except curses.error:
        return f"nothing is known about a terminal called {term!r} (TERM)"
    if curses.tigetstr("cup") is None:  # initscr would succeed, and draw nonsense
        return f"a terminal called {term!r} cannot move its cursor (TERM)"
    return None


class Terminal:
    """The screen and the keyboard, as a context manager.

    Signals wake `inbox`; close it after leaving, not before. `stop_signal` becomes
    the number of the signal that asks the program to end: look after every wait.
    """

    window: curses.window

    def __init__(self, inbox: Inbox[Any]) -> None:
        self.keyboard_fd = sys.stdin.fileno()
        self.stop_signal: int | None = None
        self._screen_fd = sys.stdout.fileno()
        self.speaks_utf8 = True  # else all beyond ASCII would be blanks
        self._mouse: Mouse = "wheel"
        self._inbox = inbox
        self._undo = contextlib.ExitStack()

    def __enter__(self) -> Terminal:
        with contextlib.ExitStack() as undo:  # unwinds if a step fails
            undo.enter_context(kept_off_the_screen())
            undo.enter_context(without_size_variables())
            self._take_screen(undo)
            self._take_signals(undo)
            self._undo = undo.pop_all()
        atexit.register(self.leave)
        return self

    def __exit__(self, *_: object) -> None:
        self.leave()

    def leave(self) -> None:
        """Give everything back; a second time does nothing."""
        self._undo.close()
        atexit.unregister(self.leave)

    def read(self) -> list[str | int]:
        """Every key that waits: text as str, function keys as curses' numbers.

        All of them, because one readable moment may be many keys in curses' own
        queue. Any error means "nothing now" (macOS reports a resize as one).
        """
        events: list[str | int] = []
        while True:
            try:
                events.append(self.window.get_wch())
            except ValueError:
                pass  # bytes that spell a code point beyond Unicode's last
            except curses.error:
                break
        # A size is asked for, not announced: see size().
        return [event for event in events if event != curses.KEY_RESIZE]

    def size(self) -> tuple[int, int]:
        """Rows and columns now; curses is told when it thinks otherwise.

        A terminal that does not know its size says 0 (serial lines, some ptys):
        curses' own idea holds then. OSError: the terminal is gone.
        """
        believed = self.window.getmaxyx()
        columns, rows = os.get_terminal_size(self._screen_fd)
        actual = rows or believed[0], columns or believed[1]
        if actual != believed:
            _resize(*actual)
        return actual

    def colours(self, environ: Mapping[str, str]) -> int:
        """How many colours to use; 0 if there are none or NO_COLOR is set."""
        if environ.get("NO_COLOR") or not curses.has_colors():
            return 0
        curses.start_color()  # fills in COLORS
        return curses.COLORS

    def suspend(self) -> None:
        """Give the screen back and stop, as Ctrl+Z does; returns after `fg`."""
        if not hasattr(signal, "SIGTSTP"):
            return  # Windows stops no programs
        self._pause()
        ours = signal.signal(signal.SIGTSTP, signal.SIG_DFL)
        os.kill(0, signal.SIGTSTP)  # the whole group: perhaps a script started us
        signal.signal(signal.SIGTSTP, ours)
        self._resume()

    def set_mouse(self, mouse: Mouse) -> None:
        """Take the mouse, or leave it to the terminal; until told otherwise."""
        self._mouse = mouse
        self._send(modes_on(mouse))

    def show_plain(self, lines: Sequence[str]) -> None:
        """Print lines where text can be selected as anywhere; return after Enter.

        For `/copy`: no frame, no columns, no break but the terminal's own. The
        lines must be safe to print; the last one says how to come back. Ctrl+C is
        Enter here; a signal to end returns too: look at `stop_signal` as ever.
        """
        with signals_as_in_a_shell() as struck:
            self._pause()
            with contextlib.suppress(OSError):  # the window was closed
                sys.stdout.write("".join(f"{line}\n" for line in lines))
                sys.stdout.flush()
                wait_for_enter(self.keyboard_fd, struck, lambda: self._is_stopping)
            if not self._is_stopping:
                self._resume()
                curses.flushinp()  # lines pasted on that page are meant for nobody

    def redraw(self) -> None:
        """Trust nothing on the screen: the next paint sends all of it."""
        self.window.clearok(True)

    def bell(self) -> None:
        with contextlib.suppress(curses.error):
            curses.beep()

    def keyname(self, code: int) -> bytes:
        """Curses' name for a key's number (b"kLFT5"); numbers differ by terminal."""
        try:
            return curses.keyname(code)
        except (curses.error, ValueError):
            return b""

    def _take_screen(self, undo: contextlib.ExitStack) -> None:
        self.speaks_utf8 = repair_locale()
        self.window = curses.initscr()
        undo.callback(_end_curses)
        curses.raw()  # Ctrl+C, Z, S, Q are keys like any other
        curses.noecho()
        curses.nonl()  # Enter and Ctrl+J are two keys
        self.window.keypad(True)
        self.window.nodelay(True)
        if hasattr(curses, "set_escdelay"):  # PDCurses has no such delay
            curses.set_escdelay(ESCAPE_DELAY)
        self._send(SAVED + modes_on(self._mouse))
        undo.callback(self._send, MODES_OFF)

    def _take_signals(self, undo: contextlib.ExitStack) -> None:
        handlers = {
            "SIGWINCH": lambda *_: None,  # without one, no byte would be written
            "SIGINT": self._note_stop,  # no key: Ctrl+C arrives as a letter
            "SIGTERM": self._note_stop,
            "SIGHUP": self._note_stop,
            "SIGTSTP": lambda *_: self.suspend(),
            "SIGCONT": lambda *_: self._resume(),
        }
        for name, handler in handlers.items():
            if hasattr(signal, name):  # Windows lacks all but SIGTERM
                number = getattr(signal, name)
                undo.callback(signal.signal, number, signal.signal(number, handler))
        woken = signal.set_wakeup_fd(self._inbox.wake_fd, warn_on_full_buffer=False)
        undo.callback(signal.set_wakeup_fd, woken)

    def _note_stop(self, number: int, _frame: FrameType | None) -> None:
        self.stop_signal = self.stop_signal or number  # the first one's code counts
        _undo_ctrl_s(self._screen_fd)

    @property
    def _is_stopping(self) -> bool:
        return self.stop_signal is not None

    def _pause(self) -> None:
        """Give the screen back for a while."""
        self._send(MODES_OFF)
        _end_curses()

    def _resume(self) -> None:
        """Take the screen again, after a stop of whatever kind."""
        # A stopped program whose window closes gets SIGHUP and SIGCONT at once:
        # there is nothing to take then, and size() or stop_signal will tell.
        with contextlib.suppress(curses.error):
            curses.reset_prog_mode()
        self._send(modes_on(self._mouse))
        self.redraw()

    def _send(self, modes: bytes) -> None:
        if os.name == "nt":
            return  # PDCurses draws through the console's own calls
        try:
            os.write(self._screen_fd, modes)
        except OSError:
            pass  # the terminal is gone, and its modes with it


def _end_curses() -> None:
    with contextlib.suppress(curses.error):  # already ended, or nothing to end on
        curses.endwin()


def _undo_ctrl_s(screen_fd: int) -> None:
    """Let output go on that Ctrl+S stopped, outside the screen: leaving writes, too."""
    if os.name == "nt":
        return
    with contextlib.suppress(termios.error):  # the terminal is gone
        termios.tcflow(screen_fd, termios.TCOOFF)  # or the kernel thinks it flows
        termios.tcflow(screen_fd, termios.TCOON)


def _resize(rows: int, columns: int) -> None:
    with contextlib.suppress(curses.error):  # next time, then
        if os.name == "nt":
            curses.resize_term(0, 0)  # PDCurses asks the console itself
        else:
            curses.resizeterm(rows, columns)
