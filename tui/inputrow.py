"""What one row shows of a text longer than the row: the part around the cursor.

    what is typed    The bug is in the buffer, and I think that recv
    12 cells of it   …that recv_

Also here: how such a text is made safe to draw, newlines shown as ⏎, so that a
paste of seven lines is still one row. The text itself is never changed.
"""

from __future__ import annotations

from tui.sanitize import make_safe
from tui.width import Ruler

CUT = "…"  # there is more text on this side
NEWLINE = "⏎"
SEEN = 8  # characters looked at per cell: of a paste of 64 KiB not more than needed


def cut_to_row(text: str, cursor: int, width: int, ruler: Ruler) -> tuple[str, int]:
    """What a row of `width` cells shows, and the cursor's column in it.

    The last cell stays free for a cursor behind the text. A text too long is shown
    around the cursor, with … where it goes on.
    """
    seen = SEEN * width
    before = _shown(text[max(cursor - seen, 0) : cursor])
    after = _shown(text[cursor : cursor + seen])
    room = max(width - 1, 0)
    right = ruler.cells(after)
    if ruler.cells(before) + right > room:
        before = _cut_start(before, max(room // 2, room - right), ruler)
        after = _cut_end(after, room - ruler.cells(before), ruler)
    return before + after, ruler.cells(before)


def _shown(text: str) -> str:
    return make_safe(text).replace("\n", NEWLINE)


def _cut_start(text: str, width: int, ruler: Ruler) -> str:
    if ruler.cells(text) <= width:
        return text
    return ruler.cut(CUT + ruler.cut_left(text, width - 1), width)


def _cut_end(text: str, width: int, ruler: Ruler) -> str:
    if ruler.cells(text) <= width:
        return text
    return ruler.cut(ruler.cut(text, width - 1) + CUT, width)
