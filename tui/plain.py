"""The chat as lines: what is said comes out, what is typed or piped goes in.

    keyboard thread --Entered--> inbox --> model --> items --> standard output
    receiver thread --messages----^

For pipes, screen readers and terminals that cannot move their cursor. The same
model and the same commands as on the full screen; this file adds only printing
and the end of input: what was piped in is waited for until the server has it.

Rules: one thread reads the keyboard and touches nothing else, because a blocking
read cannot wait for the inbox too (on Windows no selector takes a console). The
main thread alone touches the model and prints, each line whole and at once.
"""

from __future__ import annotations

import errno
import io
import os
import threading
import time
from collections.abc import Callable
from typing import TextIO

import messages
from tui import news, wording
from tui.events import (
    Connecting,
    Effect,
    Entered,
    Event,
    InputEnded,
    Online,
    Quit,
    Send,
)
from tui.inbox import Inbox
from tui.model import Model
from tui.sanitize import make_safe
from tui.scrollback import Item
from tui.wirepane import plain_lines

DRAIN_S = 0.1
LINES_PATIENCE_S = 10.0  # in which none of the last lines got through
BYE_PATIENCE_S = 2.0
# On Windows Ctrl+C cannot interrupt a wait on a socket. Not tested there.
MAX_WAIT_S = 0.5 if os.name == "nt" else None

# A pipe that nobody reads any more; the second is how Windows says it (untested).
GONE = (errno.EPIPE, errno.EINVAL)


def run(
    model: Model,
    inbox: Inbox[Event],
    carry_out: Callable[[Effect], None],
    keyboard: TextIO,
    out: TextIO,
) -> int:
    """Talk until the input, the chat or the reader of `out` ends; the exit code.

    0: left politely. 1: the chat ended, or lines could not be sent (they are told).
    """
    for stream in (keyboard, out):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # an old locale knows no 漢字
    threading.Thread(
        target=_read_lines, args=(keyboard, inbox), name="keyboard", daemon=True
    ).start()
    try:
        return Lines(model, inbox, carry_out, out).run()
    except OSError as error:
        if error.errno not in GONE:
            raise
        carry_out(Send(messages.Quit()))
        _silence(out)
        return 0


def _read_lines(keyboard: TextIO, inbox: Inbox[Event]) -> None:
    """The keyboard's thread. A daemon: nobody can wake it from its last read."""
    try:
        for line in keyboard:
            inbox.put(Entered(line.rstrip("\r\n")), len(line))
            inbox.wait_for_room()
    finally:
        inbox.put(InputEnded())


def _silence(out: TextIO) -> None:
    """Let nothing more go into the broken pipe: Python would try at exit, and wail."""
    with open(os.devnull, "wb") as nothing:
        os.dup2(nothing.fileno(), out.fileno())


class Lines:
    """The main thread's half: from the inbox to the model to the printed line."""

    def __init__(
        self,
        model: Model,
        inbox: Inbox[Event],
        carry_out: Callable[[Effect], None],
        out: TextIO,
    ) -> None:
        self._model = model
        self._inbox = inbox
        self._carry_out = carry_out
        self._out = out
        self._told: set[str] = set()  # what was said about this try to get in
        self._waiting: int | None = None  # lines on their way while leaving
        self._waiting_since = 0.0  # time.monotonic()
        model.chat.has_screen = False
        self._talk = model.talk  # where typed lines go, as told
        model.chat.on_item = self._print

    def run(self) -> int:
        code = None
        while code is None:
            try:
                code = self._turn()
            except KeyboardInterrupt:
                code = self._do(self._model.leave())
        self._print_unsent()
        return code

    def _turn(self) -> int | None:
        """Take in what has come and wait for more; the exit code if it is over."""
        for event in self._inbox.drain(DRAIN_S):
            self._print_wire()  # before what it has brought
            code = self._do(self._model.receive(event))
            self._print_news()
            if code is not None:
                return code
        self._print_news()  # if nothing has come: that we are connecting
        left = self._patience_left()
        if left is not None and left <= 0:
            return 1 if self._model.chat.pending else 0
        limits = [limit for limit in (left, MAX_WAIT_S) if limit is not None]
        self._inbox.wait(min(limits, default=None))
        return None

    def _do(self, effects: list[Effect]) -> int | None:
        for effect in effects:
            if isinstance(effect, Quit):
                return effect.code
            self._carry_out(effect)
        return None

    def _patience_left(self) -> float | None:
        """Seconds that leaving may still take; None while nobody leaves.

        Each line that gets through renews them: a server slows down who pipes in
        a whole file.
        """
        model, now = self._model, time.monotonic()
        waiting = len(model.chat.pending) if model.is_leaving else None
        if waiting != self._waiting:
            self._waiting, self._waiting_since = waiting, now
        if waiting is None:
            return None
        patience = LINES_PATIENCE_S if waiting else BYE_PATIENCE_S
        return self._waiting_since + patience - now

    # -- Printing --------------------------------------------------------------

    def _print(self, item: Item) -> None:
        line = wording.plain_line(item, self._model.chat.name)
        self._out.write(line + "\n")
        self._out.flush()

    def _print_wire(self) -> None:
        wire = self._model.wire
        if passed := wire.take():
            lines = plain_lines(passed, wire.lost)
            self._out.writelines(f"{line}\n" for line in lines)
            self._out.flush()

    def _print_news(self) -> None:
        self._print_wire()
        self._note_hint()
        self._note_talk()
        self._note_state()

    def _note_talk(self) -> None:
        """Where lines go must never change unseen."""
        if self._talk is not self._model.talk:
            self._talk = self._model.talk
            self._model.chat.note("info", news.lines_go_to(self._talk.name))

    def _note_hint(self) -> None:
        """What the screen shows above its input is a line here."""
        hint, self._model.hint = self._model.hint, ""
        if hint and not self._model.is_leaving:
            self._model.chat.note("alert", hint)

    def _note_state(self) -> None:
        """Tell how getting in goes, each thing once until it has worked."""
        state = self._model.chat.connection
        if isinstance(state, Online):
            self._told.clear()
        elif isinstance(state, Connecting):
            sentence = wording.connection(state, 0.0, 0)
            if sentence not in self._told:
                self._told.add(sentence)
                self._model.chat.note("info", sentence)

    def _print_unsent(self) -> None:
        for line in self._model.chat.pending.lines:
            self._model.chat.note("alert", wording.not_sent(make_safe(line.text)))
        self._print_news()
