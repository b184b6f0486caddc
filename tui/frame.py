"""The picture as a value: what the view computes and the painter copies.

    model --view--> Frame --painter--> terminal

A frame is rows of spans; a span is text in one style at one column. Nothing in
it knows curses, so a test of the screen is a comparison of values, and the same
frame can be drawn by a terminal, a test or a README.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Span:
    """Text in one style; `column` counts cells from the left edge, from 0."""

    column: int
    text: str
    style: str = "normal"  # a name from the table in tui/style.py

    def shifted(self, cells: int) -> Span:
        """The same further to the right."""
        return Span(self.column + cells, self.text, self.style)


Row = tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Frame:
    """A whole screen: exactly as many rows as the screen is high, top first."""

    width: int  # cells
    rows: tuple[Row, ...]
    cursor: tuple[int, int]  # (row, column), cells

    def lines(self) -> Iterator[str]:
        """Each row as plain text; for tests and for the README's picture.

        Columns count cells and text counts characters, so a row is right only as
        far as each span starts where the one before it ended, or after a gap.
        """
        for row in self.rows:
            line, filled = "", 0
            for span in row:
                line += " " * (span.column - filled) + span.text
                filled = max(filled, span.column) + len(span.text)
            yield line.rstrip()
