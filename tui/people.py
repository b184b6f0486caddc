"""The people pane: who is here, at the right edge.

    │6 online            │3 here
    │  ana               │  ana
    │  dave_the_lo…      │  bob
    │  +12 more          │  you

Everybody in the lobby and in a private talk, else who is in the room shown. It does
not scroll: /who lists everybody. The two cells before a name are kept for signs that
the rooms will bring, so that names do not move then.
"""

from __future__ import annotations

from tui import captions
from tui.frame import Row, Span
from tui.model import Model
from tui.signs import UNICODE, Signs
from tui.width import Ruler

INDENT = 2  # cells before a name
MARGIN = 1  # cells that stay free at the edge of the screen


def people_rows(
    model: Model, width: int, height: int, ruler: Ruler, signs: Signs = UNICODE
) -> list[Row]:
    """Exactly so many rows of the pane, its border included."""
    if not (width and height):
        return [()] * height
    names = list(model.roster)
    is_lobby = model.roster is model.chat.roster
    is_online = model.chat.is_online
    heading = captions.people(len(names), is_online=is_online, is_lobby=is_lobby)
    border = ruler.cells(signs.border)
    room = width - border - INDENT - MARGIN
    shown = [Span(border, ruler.cut(heading, width - border), "normal")]
    for name in _fitting(names, height - 1):
        cut = signs.shorten(name, room, ruler)
        shown.append(Span(border + INDENT, cut, _style(model, name)))
    if len(names) > height - 1:
        more = captions.more(len(names) - max(height - 2, 0))
        shown[1:] += [Span(border + INDENT, ruler.cut(more, room), "dim")]
    lines: list[Row] = [(span,) for span in shown[:height]]
    lines += [()] * (height - len(lines))
    return [(Span(0, signs.border, "dim"), *line) for line in lines]


def person_at(model: Model, height: int, row: int) -> str | None:
    """Whose name stands in that row of a pane so high."""
    names = _fitting(list(model.roster), height - 1)
    return names[row - 1] if 1 <= row <= len(names) else None


def _fitting(names: list[str], room: int) -> list[str]:
    """As many as have a row; the last row is for how many have none."""
    return names if len(names) <= room else names[: max(room - 1, 0)]


def _style(model: Model, name: str) -> str:
    if not model.chat.is_online:
        return "dim"  # who was here when the connection broke
    return "bold" if model.chat.is_me(name) else model.talk.colours.style_of(name)
