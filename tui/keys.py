"""What the keyboard sends, put into names: the one place that knows escape codes.

    get_wch --> "h" "i" ESC [ 1 ; 5 D  258 --> KeyDecoder
                                                 |
                Typed("hi")  Key("ctrl-left")  Key("down")

The mouse speaks through the keyboard too, once asked to (`Terminal.set_mouse`):
ESC [ < 64 ; 10 ; 12 M is a notch of the wheel, Wheel(-3).

Curses gives text as one-character strings and keys it knows as numbers. The
numbers differ by terminal and many keys are unknown to it (Ctrl+Left is 550 under
xterm and six raw characters under screen), so numbers are named by
`curses.keyname`, and what arrives raw is decoded here. Expected modes: raw,
nonl, keypad; bracketed paste switched on by the terminal module.

One character, ESC, is a key and also the beginning of other keys. Only time tells:

    for event in decoder.feed(...): ...
    if decoder.is_waiting and nothing came for decoder.patience_s:
        for event in decoder.expire(): ...

Everything else is a plain machine: cut the stream anywhere, the events are the
same. What it does not understand it swallows; an escape code is never text.
Not understood: the old mouse codes (ESC [ M and three bytes, where two letters of
garbage may remain) and strings such as ESC ] ... BEL, which a terminal sends only
to who asks.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from tui.keynames import (
    ALT,
    CTRL,
    ESC,
    MODIFIERS,
    KeyNames,
    Stroke,
    stroke_of_character,
    stroke_of_sequence,
)

PASTE_START, PASTE_END = "\x1b[200~", "\x1b[201~"
MOUSE_START = "\x1b[<"
PASTE_LIMIT = 1 << 20  # characters; the rest of a longer paste is dropped
SEQUENCE_LIMIT = 64  # characters; the longest real one has about twenty
ESC_PATIENCE_S = 0.025  # a terminal sends a whole sequence at once
PASTE_PATIENCE_S = 2.0  # but a long paste over a slow line comes in pieces


@dataclass(frozen=True, slots=True)
class Key:
    """A key that is not text: "enter", "ctrl-a", "alt-left", "ctrl-alt-shift-up"."""

    name: str


@dataclass(frozen=True, slots=True)
class Typed:
    """Text from the keyboard: no controls, no halves of UTF-16 pairs."""

    text: str


@dataclass(frozen=True, slots=True)
class Paste:
    """Text that came at once; its lines end in newline. Otherwise as foreign as any."""

    text: str


@dataclass(frozen=True, slots=True)
class Wheel:
    """The wheel was turned: so many rows, negative towards the past."""

    rows: int


@dataclass(frozen=True, slots=True)
class Click:
    """The left button was pressed on this cell; both count from 0."""

    row: int
    column: int


Event = Key | Typed | Paste  # of the keyboard
Input = Event | Wheel | Click

# Unfinished: ESC, ESC O, ESC [ and parameters; ESC [ [ A is F1 on Linux's console.
UNFINISHED = re.compile(r"\x1b(O|\[\[?|\[[0-?]*[ -/]*)?")
FINISHED = re.compile(r"\x1b(O[A-Za-z]|\[\[[A-Z]|\[[0-?]*[ -/]*[@-~])")
# Button, column, row from 1; M is pressed, m let go. The button's sum has 4 for
# Shift, 8 for Alt, 16 for Ctrl, which are no business of ours.
MOUSE_REPORT = re.compile(r"\x1b\[<(\d{1,3});(\d{1,5});(\d{1,5})M")
HELD = 4 | 8 | 16
LEFT_BUTTON = 0
NOTCHES = {64: -3, 65: +3}  # rows; as many as the arrows terminals make of a notch


class KeyDecoder:
    """Turns what get_wch returns into events. Belongs to one thread.

    At most one thing is unfinished at a time: an escape code or a paste.
    """

    def __init__(
        self, keyname: Callable[[int], bytes], *, windows: bool = False
    ) -> None:
        self._names = KeyNames(keyname, windows)
        self._sequence = ""  # an unfinished escape code
        self._paste: list[str] | None = None  # characters of an unfinished paste
        self._high = ""  # the first half of a UTF-16 pair

    @property
    def is_waiting(self) -> bool:
        """Whether silence would mean something: an ESC or a paste is unfinished."""
        return self._sequence != "" or self._paste is not None

    @property
    def patience_s(self) -> float:
        """How long it may be silent before `expire` is to be called, while waiting."""
        return ESC_PATIENCE_S if self._paste is None else PASTE_PATIENCE_S

    def feed(self, events: Iterable[str | int]) -> list[Input]:
        """Decode what arrived; typed characters that touch are one Typed."""
        found: list[Input] = []
        for event in events:
            if isinstance(event, int):
                found += self._number(event)
            else:
                for char in self._whole_characters(event):
                    found += self._character(char)
        return _joined(found)

    def expire(self) -> list[Input]:
        """Nothing came for `patience_s`: take what is unfinished as it stands.

        A lone ESC is the key "escape"; a paste whose end got lost ends here.
        """
        if self._paste is not None:
            return self._end_paste(self._paste)
        return self._give_up()

    def _give_up(self) -> list[Input]:
        sequence, self._sequence = self._sequence, ""
        if sequence == ESC:
            return [Key("escape")]
        # ESC [ and ESC O alone were alt-[ and alt-O; more of it was no key at all.
        return [Key("alt-" + sequence[1])] if len(sequence) == 2 else []

    def _number(self, number: int) -> list[Input]:
        stroke = self._names.stroke(number)
        if stroke == ("resize", 0):
            return [_event(stroke)]  # not a key: it interrupts nothing
        if stroke is None or self._paste is not None:
            return []
        if stroke == ("mouse", 0):
            # Under xterm's names curses eats ESC [ < and leaves us the rest.
            given_up, self._sequence = self._give_up(), MOUSE_START
            return given_up
        return self._stroke(stroke)

    def _stroke(self, stroke: Stroke) -> list[Input]:
        """A key that came whole; after ESC it was pressed together with Alt."""
        if self._sequence == ESC:
            self._sequence = ""
            return [_event((stroke[0], stroke[1] | ALT))]
        return [*self._give_up(), _event(stroke)]

    def _character(self, char: str) -> list[Input]:
        if self._paste is not None:
            return self._collect(self._paste, char)
        if char == ESC:
            given_up, self._sequence = self._give_up(), ESC
            return given_up
        sequence = self._sequence[:SEQUENCE_LIMIT] + char
        if self._sequence and UNFINISHED.fullmatch(sequence):
            self._sequence = sequence
            return []
        if self._sequence and FINISHED.fullmatch(sequence):
            return self._end_sequence(sequence)
        stroke = stroke_of_character(char)
        return self._stroke(stroke) if stroke else self._give_up()

    def _end_sequence(self, sequence: str) -> list[Input]:
        self._sequence = ""
        if sequence == PASTE_START:
            self._paste = []
            return []
        if sequence.startswith(MOUSE_START):
            return _pointed(sequence)
        stroke = stroke_of_sequence(sequence)
        return [_event(stroke)] if stroke else []

    def _collect(self, paste: list[str], char: str) -> list[Input]:
        paste.append(char)
        if char == "~" and "".join(paste[-len(PASTE_END) :]) == PASTE_END:
            return self._end_paste(paste[: -len(PASTE_END)])
        if len(paste) > PASTE_LIMIT + len(PASTE_END):
            del paste[PASTE_LIMIT]  # not the last ones: they may be the end mark
        return []

    def _end_paste(self, paste: list[str]) -> list[Input]:
        self._paste = None
        text = "".join(paste[:PASTE_LIMIT])
        text = text.replace("\r\n", "\n").replace("\r", "\n")
        return [Paste(text)] if text else []

    def _whole_characters(self, text: str) -> Iterator[str]:
        """Join the halves in which Windows sends an emoji; a lone half is dropped."""
        for char in text:
            high, self._high = self._high, ""
            if "\ud800" <= char <= "\udbff":
                self._high = char
            elif not "\udc00" <= char <= "\udfff":
                yield char
            elif high:
                yield (high + char).encode("utf-16", "surrogatepass").decode("utf-16")


def _joined(events: list[Input]) -> list[Input]:
    joined: list[Input] = []
    for event in events:
        last = joined[-1] if joined else None
        if isinstance(event, Typed) and isinstance(last, Typed):
            joined[-1] = Typed(last.text + event.text)
        else:
            joined.append(event)
    return joined


def _pointed(report: str) -> list[Input]:
    """What the mouse did, if it is of interest here."""
    if not (match := MOUSE_REPORT.fullmatch(report)):
        return []
    button, column, row = map(int, match.groups())
    if rows := NOTCHES.get(button & ~HELD):
        return [Wheel(rows)]
    is_click = button & ~HELD == LEFT_BUTTON
    return [Click(max(row, 1) - 1, max(column, 1) - 1)] if is_click else []


def _event(stroke: Stroke) -> Event:
    name, modifiers = stroke
    if len(name) == 1 and not modifiers & (CTRL | ALT):
        return Typed(name)
    held = "".join(word for bit, word in MODIFIERS if modifiers & bit)
    return Key(held + name.replace(" ", "space"))
