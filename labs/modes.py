"""What a cable does to the bytes that pass: a table of modes.

A mode answers one question, over and over, for each direction by itself: of the
bytes that wait here, how many go next, in one piece, and when?

    waiting            straight    dribble     glue              delay 500
    [24 bytes][10]     24, now     1, now      34, when 0.3 s    24, when 0.5 s
                                               have passed       have passed

No mode may change a byte, or its place: TCP promises order, and a cable keeps it.
What TCP does not promise is where the stream is cut into pieces, when they come, and
that it goes on. That is all a mode plays with.

Rules: pure. No socket, no thread, no clock; a mode is a value and gets the time.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import NamedTuple

NUMBER = re.compile(r"[0-9]{1,9}")
RANGE = re.compile(r"([0-9]{1,9})\.\.([0-9]{1,9})")


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits at one end of the cable; times are seconds on one clock."""

    came_at: float  # when the oldest of it was read
    oldest: int  # bytes of the oldest read; 0 is the end of the stream
    total: int  # bytes of all reads
    passed_at: float  # when the last piece went on
    passed: int  # bytes that went on since this mode was chosen


class Piece(NamedTuple):
    """What goes on next; a piece of 0 bytes is the end of the stream."""

    due: float  # when; math.inf: not in this mode
    size: int  # bytes


# -- The modes ---------------------------------------------------------------------


class Mode:
    """One way to pass bytes on."""

    __slots__ = ()

    def next_piece(self, waiting: Waiting) -> Piece:
        raise NotImplementedError

    def draw(self, chance: Random) -> Mode:
        """The mode of one connection: what was left to chance is decided."""
        return self


@dataclass(frozen=True, slots=True)
class Straight(Mode):
    """Each read goes on as it came."""

    def next_piece(self, waiting: Waiting) -> Piece:
        return Piece(waiting.came_at, waiting.oldest)

    def __str__(self) -> str:
        return "straight: what comes goes on as it came"


@dataclass(frozen=True, slots=True)
class Dribble(Mode):
    """One byte at a time, with a pause, so that each is read by itself."""

    ms: int = 1  # between two bytes

    def next_piece(self, waiting: Waiting) -> Piece:
        due = max(waiting.came_at, waiting.passed_at + self.ms / 1000)
        return Piece(due, min(waiting.oldest, 1))

    def __str__(self) -> str:
        return f"dribble: one byte at a time, every {self.ms} ms"


@dataclass(frozen=True, slots=True)
class Glue(Mode):
    """What comes within a while goes on as one piece."""

    ms: int = 300  # from the first byte on

    def next_piece(self, waiting: Waiting) -> Piece:
        return Piece(waiting.came_at + self.ms / 1000, waiting.total)

    def __str__(self) -> str:
        return f"glue: what comes within {self.ms} ms goes on in one piece"


@dataclass(frozen=True, slots=True)
class Delay(Mode):
    """Each read goes on as it came, later."""

    ms: int

    def next_piece(self, waiting: Waiting) -> Piece:
        return Piece(waiting.came_at + self.ms / 1000, waiting.oldest)

    def __str__(self) -> str:
        return f"delay: everything comes {self.ms} ms later, each way"


@dataclass(frozen=True, slots=True)
class Hold(Mode):
    """Nothing goes on, not even an end: a pulled cable, which nobody notices."""

    def next_piece(self, waiting: Waiting) -> Piece:
        return Piece(math.inf, 0)

    def __str__(self) -> str:
        return "hold: everything is taken and nothing goes on, until another mode"


@dataclass(frozen=True, slots=True)
class Cut(Mode):
    """Each connection breaks, after a number of bytes from `least` to `most`.

    Each direction counts for itself, from the moment the mode was chosen, and the
    first that has passed so many breaks the connection. So whoever knows the frames
    of docs/PROTOCOL.md can say in which one, and where in it, the cut will fall;
    bytes counted both ways together would depend on who was faster.
    """

    least: int = 0
    most: int = 0

    def draw(self, chance: Random) -> Mode:
        return Break(chance.randint(self.least, self.most), chance.random() < 0.5)

    def __str__(self) -> str:
        if not self.most:
            return "cut: every connection breaks at once, until another mode"
        many = f"{self.least}..{self.most}" if self.least < self.most else self.most
        return f"cut: a connection breaks after {many} bytes in one direction"


@dataclass(frozen=True, slots=True)
class Break(Mode):
    """A Cut as it was drawn for one connection."""

    after: int  # bytes
    is_reset: bool  # with a RST, which may destroy what is on its way; else a FIN

    def next_piece(self, waiting: Waiting) -> Piece:
        return Piece(waiting.came_at, min(waiting.oldest, self.after - waiting.passed))


# -- As people write them ----------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Row:
    """One mode: how it is written, what it does, how it is read."""

    name: str
    argument: str  # optional in [], required without
    help: str
    read: Callable[[str], Mode]  # raises ValueError where the argument makes no sense


def _number(text: str) -> int:
    if not NUMBER.fullmatch(text):
        raise ValueError
    return int(text)


def _cut(text: str) -> Cut:
    if found := RANGE.fullmatch(text):
        least, most = map(int, found.groups())
        if least > most:
            raise ValueError
        return Cut(least, most)
    return Cut(_number(text), _number(text))


MODES = (
    Row("straight", "", "pass on what comes, as it came", lambda _: Straight()),
    Row(
        "dribble",
        "[MS]",
        "one byte at a time, one every MS milliseconds (1)",
        lambda text: Dribble(_number(text)) if text else Dribble(),
    ),
    Row(
        "glue",
        "[MS]",
        "gather for MS milliseconds (300), then pass on in one piece",
        lambda text: Glue(_number(text)) if text else Glue(),
    ),
    Row(
        "delay",
        "MS",
        "pass everything on MS milliseconds later",
        lambda text: Delay(_number(text)),
    ),
    Row(
        "cut",
        "[N|N..M]",
        "break each connection: at once; after N bytes in one direction; "
        "after a random number",
        lambda text: _cut(text) if text else Cut(),
    ),
    Row(
        "hold",
        "",
        "a pulled cable: take everything, pass nothing on, close nothing",
        lambda _: Hold(),
    ),
)


def parse_mode(text: str) -> Mode:
    """Read what a person typed. Raises ValueError with a sentence for them."""
    name, _, argument = text.strip().partition(" ")
    row = next((row for row in MODES if row.name == name.lower()), None)
    if row is None:
        names = ", ".join(row.name for row in MODES)
        raise ValueError(f"there is no mode {name[:20]!r}: try {names}")
    usage = f"{row.name} {row.argument}".strip()
    if argument and not row.argument:
        raise ValueError(f"{row.name} takes nothing behind it: write {usage}")
    try:
        return row.read(argument.strip())
    except ValueError:
        wrong = f"{argument.strip()[:20]!r} makes no sense here" if argument else ""
        raise ValueError(f"{wrong or 'a number is missing'}: write {usage}") from None


def help_text() -> str:
    """The table, for people."""
    return "\n".join(f"  {f'{r.name} {r.argument}':<15} {r.help}" for r in MODES)
