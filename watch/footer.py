"""The bottom row: which keys there are, or a question; and the help over the picture.

space freeze  w wire  - slower  + faster  s sort  k kick  m mute  ? help  q stop
kick whom? b_   [bob] bea   Enter does it, arrows choose, Esc forgets it
stop the server? q again stops it, any other key does not
"""

from __future__ import annotations

from tui.frame import Row, Span
from tui.wrap import wrap
from watch.controls import KEYS, Controls, Key, Prompt
from watch.parts import ALARM, Sheet

STOP_QUESTION = (
    "stop the server? q again stops it, any other key does not",
    "stop? q: yes, else no",
)
FIRST = ("?", "q")  # what must be there however little room there is
GAP = "  "
WORDS = (
    ("recv", "waits for its person to say something"),
    ("queue", "the scribe waits for something to do"),
    ("WAITS", "another thread holds the lock that this one wants"),
    ("HOLDS", "has the lock; nobody else gets at what it guards"),
    ("SLOW", "does not read: what is for it waits in its outbox"),
    ("server > *14", "one frame that went to fourteen people"),
)


def footer_row(controls: Controls, sheet: Sheet) -> tuple[Row, int]:
    """The row, and where its cursor is."""
    if controls.prompt:
        return _prompt_row(controls.prompt, sheet)
    if controls.is_asking_to_stop:
        fitting = [w for w in STOP_QUESTION if len(w) < sheet.width]
        return sheet.bar((fitting or STOP_QUESTION[-1:])[0]), 0
    text = controls.note or GAP.join(_short(row) for row in _fitting(sheet.width - 2))
    return sheet.bar(text), max(sheet.width - 1, 0)


def _short(row: Key) -> str:
    return f"{row.name} {row.short}"


def _fitting(width: int) -> list[Key]:
    """As many keys as there is room for, in the order of the table."""
    chosen = [row for row in KEYS if row.name in FIRST]
    others = [row for row in KEYS if row.short and row not in chosen]
    for row in others:
        if len(GAP.join(map(_short, [*chosen, row]))) <= width:
            chosen.append(row)
    return [row for row in KEYS if row in chosen]


def _prompt_row(prompt: Prompt, sheet: Sheet) -> tuple[Row, int]:
    ruler, width = sheet.ruler, sheet.width
    question = sheet.cut(f" {prompt.verb} whom? {prompt.typed}", width - 1)
    at = cursor = ruler.cells(question)
    spans = [Span(0, question, "bold")]
    at += 2
    found = prompt.candidates
    first = prompt.chosen % len(found) if found else 0
    for number, name in enumerate(found[first:] + found[:first]):
        if at + ruler.cells(name) >= width:
            break
        spans.append(Span(at, name, "normal" if number else ALARM))
        at += ruler.cells(name) + 1
    hint = "Enter, arrows, Esc" if found else "nobody is called so; Esc"
    if at + len(hint) + 2 < width:
        spans.append(Span(at + 1, hint, "dim"))
    return tuple(spans), cursor


def help_rows(sheet: Sheet) -> list[Row]:
    """The keys, and what the words of the picture mean."""
    rows: list[Row] = [sheet.heading("KEYS")]
    for row in KEYS:
        rows += _entry(row.name, row.help, sheet) if row.name else []
    rows.append(sheet.heading("WORDS"))
    for word, meaning in WORDS:
        rows += _entry(word, meaning, sheet)
    return rows


def _entry(name: str, text: str, sheet: Sheet) -> list[Row]:
    at = 15 if sheet.width >= 40 else 7
    room = max(sheet.width - at, 1)
    lines = wrap(text, room, sheet.ruler)
    first = Span(1, sheet.cut(name, at - 2), "bold")
    return [
        (first, Span(at, line)) if number == 0 else (Span(at, line),)
        for number, line in enumerate(lines)
    ]
