"""The painter: copies a Frame to the terminal, row by row.

    Frame --rows that differ from the last frame--> curses --what differs--> terminal

A row is written whole or, if it is as it was, not at all: a key changes one row of
twenty-four. Curses compares again, cell by cell with what the terminal shows, and
sends about a byte for a key. After a new size or theme every row is written.

Rules: one thread (curses is not thread-safe, python/cpython#154139); no control
character leaves here; no size of the screen is ever an error.
"""

from __future__ import annotations

import curses
import re
from typing import get_args

from tui.frame import Frame, Row
from tui.style import Look, Theme, looks

ATTRIBUTES = {
    "bold": curses.A_BOLD,
    "dim": curses.A_DIM,
    "reverse": curses.A_REVERSE,
    "underline": curses.A_UNDERLINE,
}
TERMINALS_OWN = -1  # the colour number for "as the terminal has it"
PROBE_CELLS = 8  # wider than any character

# C0, DEL, C1 and lone surrogates. Texts are made safe long before they get here;
# this is the assertion, in the form that does not end somebody's lesson.
UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff]")


class Painter:
    """Draws frames on a curses window, with at most so many colours (0: none)."""

    def __init__(
        self, window: curses.window, colours: int, theme: Theme = "dark"
    ) -> None:
        self._window = window
        self._colours = colours
        self._pad = curses.newpad(1, PROBE_CELLS)
        self._pairs = _colour_pairs(colours)
        self._painted: dict[int, Row] = {}  # by its number on the screen
        self._size = (0, 0)
        self.set_theme(theme)

    def set_theme(self, theme: Theme) -> None:
        """Draw the next frame, and those that follow, in this theme."""
        self._painted.clear()
        self._attributes = {
            style: self._pairs[look.colour]
            | sum(ATTRIBUTES[word] for word in look.attributes)
            for style, look in looks(self._colours, theme).items()
        }

    def paint(self, frame: Frame) -> None:
        """Show this frame; what does not fit the terminal is cut off."""
        self._size, before = self._window.getmaxyx(), self._size
        if self._size != before:
            self._painted.clear()
        if not self._painted:
            self._window.erase()  # clear() would repaint everything, and flicker
        height, width = self._size
        for y, row in enumerate(frame.rows):
            if row != self._painted.get(y):
                # Writing to the bottom right corner is an error in curses: the
                # cursor has nowhere to go. So the last row is a cell shorter.
                self._paint_row(y, row, width - 1 if y == height - 1 else width)
                self._painted[y] = row
        self._place_cursor(frame.cursor)
        self._window.noutrefresh()
        curses.doupdate()

    def probe(self, character: str) -> int:
        """How many cells curses gives a character: the truth about widths here.

        Drawn once on a pad nobody sees, 0.3 microseconds. Tables disagree with
        each other and with the terminal's own; what curses believes is what it
        does. A character it cannot draw has width 0.
        """
        self._pad.erase()
        try:
            self._pad.addstr(0, 0, character)
        except (curses.error, ValueError, UnicodeError):
            return 0
        return self._pad.getyx()[1]

    def _paint_row(self, y: int, row: Row, cells: int) -> None:
        try:
            self._window.move(y, 0)
            self._window.clrtoeol()
            for span in row:
                text = printable(span.text)
                room = cells - span.column
                attribute = self._attributes.get(span.style, 0)
                self._window.addnstr(y, span.column, text, room, attribute)
        except curses.error:
            pass  # beyond an edge: the screen just shrank, the next frame fits

    def _place_cursor(self, cursor: tuple[int, int]) -> None:
        try:
            self._window.move(*cursor)
        except curses.error:
            pass  # outside of a screen that just shrank


def printable(text: str) -> str:
    """The text without anything a terminal could obey."""
    return text if text.isprintable() else UNPRINTABLE.sub("", text)


def _start_colours() -> int:
    """Switch colours on; the number of the background that disturbs least."""
    try:
        curses.start_color()
        curses.use_default_colors()
    except curses.error:
        return curses.COLOR_BLACK  # what a terminal without defaults has anyway
    return TERMINALS_OWN


def _colour_pairs(colours: int) -> dict[int | None, int]:
    """For each colour of every theme, its pair as curses wants it in an attribute.

    About twenty: curses.color_pair(256) silently is pair 0. All of them at once,
    because a pair that changes later repaints what was drawn with it.
    """
    pairs: dict[int | None, int] = {None: 0}  # pair 0: the terminal's own colours
    if not colours:
        return pairs
    background = _start_colours()
    for pair, colour in enumerate(sorted(_palette(colours)), start=1):
        curses.init_pair(pair, colour, background)
        pairs[colour] = curses.color_pair(pair)
    return pairs


def _palette(colours: int) -> set[int]:
    """Every colour that any theme draws with."""
    themes: tuple[Theme, ...] = get_args(Theme)
    tables: list[dict[str, Look]] = [looks(colours, theme) for theme in themes]
    found = {look.colour for table in tables for look in table.values()}
    return {colour for colour in found if colour is not None}
