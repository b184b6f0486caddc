"""The help over the messages, made from the tables of keys and commands.

     Help   Esc closes, Up and Down scroll   rows 1-12 of 30
     Enter   say it                    /msg NAME [TEXT]  talk with one person
     PgUp    read older lines          /who              see who is here

Nothing is listed here: a new row of a table is in the help at once. Two columns
from 76 cells, else one below the other. The keys that edit the line come last, for
most people never look for them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import zip_longest

from tui import captions
from tui.commands import COMMANDS
from tui.editor import BINDINGS
from tui.frame import Row, Span
from tui.pressed import EDITORS_FIRST, KEYS
from tui.width import Ruler
from tui.wrap import wrap

TWO_COLUMNS = 76  # cells
GAP = 2  # cells
MIN_TEXT = 12  # cells; with less the text stands below its key

Entry = tuple[str, str]  # what to press or type, and what it does

KEY_NAMES = {"pageup": "PgUp", "pagedown": "PgDn", "escape": "Esc"}
MANY = 4  # keys; more are told by the first and the last


def overlay_rows(top: int, width: int, height: int, ruler: Ruler) -> list[Row]:
    """Exactly `height` rows of the help, from row `top` on or the last that fill it."""
    rows = help_rows(width, ruler)
    room = height - 1 if height > 1 else height
    top = clamp(top, len(rows), room)
    shown = rows[top : top + room]
    heading = captions.help_heading(top + 1, top + len(shown), len(rows))
    words = ruler.pad(f" {captions.fit(heading, width - 2, ruler)}", width)
    bar: list[Row] = [(Span(0, words, "bar"),)] if height > 1 else []
    return [*bar, *shown, *[()] * (room - len(shown))]


def help_top(top: int, width: int, height: int, ruler: Ruler) -> int:
    """The row at which the help really begins, if it should begin at `top`."""
    room = height - 1 if height > 1 else height
    return clamp(top, len(help_rows(width, ruler)), room)


def clamp(top: int, rows: int, room: int) -> int:
    """The nearest row at which a screenful of help can begin."""
    return max(min(top, rows - room), 0)


@lru_cache(maxsize=1)
def help_rows(width: int, ruler: Ruler) -> list[Row]:
    """The whole help."""
    keys, commands, editing = key_entries(), command_entries(), editing_entries()
    if width < TWO_COLUMNS:
        parts = [_table(part, width, ruler) for part in (keys, commands, editing)]
        return [*parts[0], (), *parts[1], (), *parts[2]]
    middle = (len(editing) + 1) // 2
    top = _side_by_side(keys, commands, width, ruler)
    return [*top, (), *_side_by_side(editing[:middle], editing[middle:], width, ruler)]


# -- The tables as people read them ------------------------------------------------


def key_entries() -> list[Entry]:
    """The keys of the chat.

    A row without a help does the like of the one above it: Alt+1 to Alt+9.
    """
    entries: list[tuple[list[str], str]] = []
    for row in KEYS:
        if row.help:
            entries.append((list(row.keys), row.help))
        else:
            entries[-1][0].extend(row.keys)
    return [(_key_names(names), text) for names, text in entries]


def editing_entries() -> list[Entry]:
    """The keys of the line being typed, but for those that the chat takes first."""
    taken = {name for row in KEYS for name in row.keys} - EDITORS_FIRST
    rows = [([n for n in row.names if n not in taken], row.help) for row in BINDINGS]
    return [(_key_names(names), text) for names, text in rows]


def command_entries() -> list[Entry]:
    return [(f"/{row.name} {row.arguments}".rstrip(), row.help) for row in COMMANDS]


def _key_names(keys: Sequence[str]) -> str:
    """`home ctrl-a` as it stands on the keys: `Home, Ctrl+A`."""
    names = [_key_name(key) for key in keys]
    return ", ".join(names) if len(names) <= MANY else f"{names[0]} to {names[-1]}"


def _key_name(key: str) -> str:
    parts = re.split("-(?!$)", key)  # a key may be called `-`
    return "+".join(KEY_NAMES.get(part, part.capitalize()) for part in parts)


# -- Rows --------------------------------------------------------------------------


def _side_by_side(
    left: Sequence[Entry], right: Sequence[Entry], width: int, ruler: Ruler
) -> list[Row]:
    half = width // 2
    rows = [_shifted(row, half) for row in _table(right, width - half, ruler)]
    pairs = zip_longest(_table(left, half - GAP, ruler), rows, fillvalue=())
    return [(*a, *b) for a, b in pairs]


def _table(entries: Sequence[Entry], width: int, ruler: Ruler) -> list[Row]:
    """Two columns that need the fewest rows; on a narrow screen one, texts below."""
    longest = max(ruler.cells(name) for name, _ in entries)
    word = max(ruler.cells(word) for name, _ in entries for word in name.split())
    widest = min(longest, width // 2)
    if width - widest - GAP < MIN_TEXT:
        return [row for entry in entries for row in _stacked(entry, width, ruler)]
    tables = (
        [row for entry in entries for row in _beside(entry, column, width, ruler)]
        for column in range(widest + GAP, min(word, widest) + GAP - 1, -1)
    )
    return min(tables, key=len)


def _beside(entry: Entry, column: int, width: int, ruler: Ruler) -> list[Row]:
    name, text = entry
    names = [Span(0, row, "bold") for row in wrap(name, column - GAP, ruler)]
    texts = [Span(column, row) for row in wrap(text, width - column, ruler)]
    pairs = zip_longest(names, texts)
    return [tuple(span for span in pair if span) for pair in pairs]


def _stacked(entry: Entry, width: int, ruler: Ruler) -> list[Row]:
    name, text = entry
    indent = GAP if width > MIN_TEXT else 0
    names = [Span(0, row, "bold") for row in wrap(name, width, ruler)]
    texts = [Span(indent, row) for row in wrap(text, width - indent, ruler)]
    return [(span,) for span in (*names, *texts)]


def _shifted(row: Row, cells: int) -> Row:
    return tuple(span.shifted(cells) for span in row)
