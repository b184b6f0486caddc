"""Text into rows: where a long line continues on the screen.

A newline ends a row. A line that fits stays as it is, indentation and all: people
paste code. A longer one is broken at spaces, and the spaces at the break vanish.
A word longer than a row, such as a URL, is cut where it must be, between graphemes.

Rows are computed for the width of the moment and thrown away: after a resize only
what is visible is wrapped again, so this has to be fast, not incremental.
"""

from __future__ import annotations

import re

from tui.width import Ruler, iter_graphemes

GAP_AND_WORD = re.compile("( *)([^ ]+)")
TOO_WIDE = "?"  # stands for 漢 in a column of one cell


def wrap(text: str, width: int, ruler: Ruler) -> list[str]:
    """Rows of at most `width` cells (1 or more); at least one row, maybe empty.

    `text` is safe text (`tui.sanitize`): else a row may begin with a lone mark.
    """
    return [row for line in text.split("\n") for row in _wrap_line(line, width, ruler)]


def _wrap_line(line: str, width: int, ruler: Ruler) -> list[str]:
    if ruler.cells(line) <= width:
        return [line]
    rows, row, used = [], "", 0
    for gap, word in GAP_AND_WORD.findall(line):
        room = width - used - len(gap)
        cells = ruler.cells(word)
        if cells <= room:
            row, used = row + gap + word, used + len(gap) + cells
            continue
        first, *others = _pieces(word, room if cells > width else 0, width, ruler)
        row += gap + first if first else ""
        for piece in others:
            rows += [row] if row else []  # nothing: only indentation stood there
            row = piece
        used = ruler.cells(row)
    return [*rows, row]


def _pieces(word: str, room: int, width: int, ruler: Ruler) -> list[str]:
    """Cut `word` so that the first piece fits into `room` cells, others into `width`.

    The first is empty when nothing fits: a word that fits on a row of its own
    is moved there whole.
    """
    pieces, piece = [], ""
    for grapheme in iter_graphemes(word):
        shown = grapheme if ruler.cells(grapheme) <= width else TOO_WIDE
        if ruler.cells(shown) > room:
            pieces.append(piece)
            piece, room = "", width
        piece += shown
        room -= ruler.cells(shown)
    return [*pieces, piece]
