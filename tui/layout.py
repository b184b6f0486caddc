"""What stands where on a screen of any size: rectangles, and columns in a row.

    0 +-- title -----------------------------+    from 10 rows and 50 columns
    1 |                          |  people   |    from 76 columns and 8 rows
      |  messages                |           |
      +-- wire ------------------------------+    if it is open: half of that, all of
      |                                      |    it where that is under 12 rows
      +-- notices -----------------------------+  as many rows as they have
      +-- status ----------------------------+    from 4 rows
    h +-- input -----------------------------+    always

Pure arithmetic, all of it here, so that the other files need not think about small
screens. The rectangles tile the screen: every cell belongs to exactly one.

In a row of the messages the text column is never under 12 cells as long as the
screen has them. What goes first is the nick column (below 50 columns the name
stands before the text), then the stamp (40), last the indent (14).
"""

from __future__ import annotations

from dataclasses import dataclass

PEOPLE = 16  # cells, with the border
STAMP = 6  # "14:06 "
SIGN = 1  # ">"
GAP = 2  # between the name and the text
MIN_TEXT = 12  # cells; less than this is no column to read
MIN_SPLIT = 12  # rows of messages that are enough to share


@dataclass(frozen=True, slots=True)
class Rect:
    """Part of the screen, in cells; empty if its width or height is 0."""

    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Wanted:
    """What there is to show; a small screen grants less."""

    title: bool = True
    people: bool = True
    status: bool = False  # even on three rows: the connection is not good
    notices: int = 0  # rows
    input: int = 1  # rows
    wire: bool = False


@dataclass(frozen=True, slots=True)
class Layout:
    """The parts of one screen; what is not shown has no cells."""

    title: Rect
    messages: Rect
    people: Rect
    wire: Rect
    notices: Rect
    status: Rect
    input: Rect

    @property
    def above_status(self) -> Rect:
        """Where the help lies over the rest."""
        return Rect(0, 0, self.title.width, self.status.y)


def layout(width: int, height: int, wanted: Wanted) -> Layout:
    """Share out a screen of that size, each 1 or more."""
    if width < 10 or height == 1:  # nothing but the input line
        return _stack(width, (0, 0, 0, 0, 0, height), people=0)
    title = int(wanted.title and height >= 10 and width >= 50)
    status = int(height >= 4 or (height == 3 and wanted.status))
    typed = max(1, min(wanted.input, 3, height // 4))
    notices = min(wanted.notices, height - title - status - typed)
    middle = height - title - status - typed - notices
    wire = middle // (2 if middle >= MIN_SPLIT else 1) if wanted.wire else 0
    messages = middle - wire
    has_people = wanted.people and width >= 76 and height >= 8 and messages > 0
    rows = (title, messages, wire, notices, status, typed)
    return _stack(width, rows, PEOPLE if has_people else 0)


def _stack(
    width: int, rows: tuple[int, int, int, int, int, int], people: int
) -> Layout:
    """The parts from top to bottom, so many rows each."""
    title, messages, wire, notices, status, typed = rows
    middle = width - people
    return Layout(
        title=Rect(0, 0, width, title),
        messages=Rect(0, title, middle, messages),
        people=Rect(middle, title, people, messages),
        wire=Rect(0, title + messages, width, wire),
        notices=Rect(0, title + messages + wire, width, notices),
        status=Rect(0, title + messages + wire + notices, width, status),
        input=Rect(0, sum(rows) - typed, width, typed),
    )


@dataclass(frozen=True, slots=True)
class Columns:
    """What stands where in a row of the messages, in cells from its left edge."""

    width: int  # of the row
    stamp: int  # cells of the time, 0: none
    nick: int  # cells of the column of names, 0: they stand before the text
    text: int  # where the first row of a text begins, with the name if there is no nick
    indent: int  # where its further rows begin

    @property
    def text_width(self) -> int:
        """Cells of a further row; a first row has `lead` less."""
        return self.width - self.indent

    @property
    def lead(self) -> int:
        return max(self.text - self.indent, 0)


def columns(width: int, longest_nick: int, *, has_stamps: bool = True) -> Columns:
    """Divide a row; the column of names is as wide as the longest, within reason."""
    stamp = STAMP if has_stamps and width >= 40 else 0
    if width >= 50:
        nick = max(4, min(longest_nick, 12, width // 8))
        text = stamp + SIGN + nick + GAP
        return Columns(width, stamp, nick, text, text)
    indent = 2 if width >= 30 else 1
    if width - indent < MIN_TEXT:
        indent = 0
    return Columns(width, stamp, 0, stamp, indent)
