"""The few signs on the screen that are neither words nor what somebody typed.

    UNICODE  ── Friday 20 November ──   ·  mei left   dave_th…   │6 online
    ASCII    -- Friday 20 November --   .  mei left   dave_th~   |6 online

ASCII is for a terminal whose locale has no UTF-8: there the others come out as
question marks, or as two cells each. What people say is not changed, only ours.
"""

from __future__ import annotations

from dataclasses import dataclass

from tui.width import Ruler

MENTION = ">"
ALERT = "!"
ACTION = "*"


@dataclass(frozen=True, slots=True)
class Signs:
    """One family of signs; each stands for one grapheme."""

    line: str
    event: str
    cut: str  # text goes on where one cannot see it
    border: str

    def shorten(self, text: str, width: int, ruler: Ruler) -> str:
        """The text in at most `width` cells, with the cut sign if it was longer."""
        if ruler.cells(text) <= width:
            return text
        room = width - ruler.cells(self.cut)
        return ruler.cut(ruler.cut(text, room) + self.cut, width)

    def rule(self, cells: int, ruler: Ruler) -> str:
        """A line of at most so many cells; a terminal may draw the sign as two."""
        return self.line * (max(cells, 0) // max(ruler.cells(self.line), 1))


UNICODE = Signs("─", "·", "…", "│")
ASCII = Signs("-", ".", "~", "|")
