"""The parts of the picture: threads, lock, wire, log, caption, each as rows.

     THREADS 29               where it stands       for     in    out  outbox
     bob                      recv               31.0 s      3     41  213 KB SLOW
     LOCK clients_lock guards clients, rooms (14 people)        taken 1,204 x
     longest wait 12 ms, hold 0.4 ms    HOLDS carol    WAITS dave

Each part is a pure function of the snapshot and a width. SLOW, WAITS and HOLDS are
words, in reverse video besides; no colour carries a meaning.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tui.frame import Row, Span
from tui.signs import Signs
from tui.width import Ruler
from watch.snapshot import BLOCKED, HOLDING, Passed, Snapshot, Standing
from watch.words import bytes_of, hex_of, milliseconds_of, seconds_of

ALARM = "bar"  # reverse video in every theme: tui/style.py
WHO = 20  # cells, at most
WHERE = 34  # likewise


@dataclass(frozen=True, slots=True)
class Sheet:
    """What rows are written on."""

    width: int  # cells
    ruler: Ruler
    signs: Signs

    def cut(self, text: str, cells: int) -> str:
        return self.signs.shorten(text, max(cells, 0), self.ruler)

    def pad(self, text: str, cells: int) -> str:
        return self.ruler.pad(self.cut(text, cells), max(cells, 0))

    def bar(self, left: str, right: str = "") -> Row:
        """A whole row in reverse video; the right part goes first."""
        room = self.width - self.ruler.cells(right) - 2
        if right and room >= self.ruler.cells(left) + 2:
            left = f"{self.ruler.pad(left, room + 1)}{right}"
        return (Span(0, self.pad(f" {left}", self.width), "bar"),)

    def heading(self, left: str, right: str = "") -> Row:
        """Bold, and what belongs to it in columns."""
        spans = [Span(0, self.cut(f" {left}", self.width), "bold")]
        at = self.width - self.ruler.cells(right) - 1
        if right and at > self.ruler.cells(left) + 2:
            spans.append(Span(at, right, "dim"))
        return tuple(spans)


# -- Threads -------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Columns:
    """How wide each column is; 0: there is no room for it."""

    who: int
    where: int
    seconds: int
    frames: int  # twice: in and out
    outbox: int


def columns(width: int) -> Columns:
    """What a small screen can do without goes first."""
    seconds = 8 if width >= 32 else 0
    outbox = 15 if width >= 50 else 0
    frames = 7 if width >= 74 else 0
    left = max(width - 1 - seconds - outbox - 2 * frames, 1)
    who = min(max(left * 2 // 5, 1), WHO)
    return Columns(who, min(left - who, WHERE), seconds, frames, outbox)


def thread_rows(
    shown: Sequence[Standing], of: int, sheet: Sheet, rows: int
) -> list[Row]:
    """The heading, and as many threads as there is room for."""
    if rows < 1:
        return []
    at = columns(sheet.width)
    title = f"THREADS {of}" if at.who > 12 else "THREADS"
    heads = f" {sheet.pad(title, at.who)}{sheet.cut('where it stands', at.where)}"
    spans = [Span(0, sheet.cut(heads, sheet.width), "bold")]
    right = _figures(at, ("for", "in", "out"), "  outbox")
    spans.append(Span(1 + at.who + at.where, right, "bold"))
    left = len(shown) - (rows - 1)
    fitting = shown if left <= 0 else shown[: max(rows - 2, 0)]
    found: list[Row] = [tuple(spans), *(_thread_row(one, at, sheet) for one in fitting)]
    if left > 0:
        more = f" and {len(shown) - len(fitting):,} more"
        found.append((Span(0, sheet.cut(more, sheet.width), "dim"),))
    return found[:rows]


def _thread_row(one: Standing, at: Columns, sheet: Sheet) -> Row:
    who = sheet.pad(sheet.cut(one.who, at.who - 1), at.who)
    spans = [Span(1, who), *_where(one, 1 + at.who, at.where, sheet)]
    figures = (seconds_of(one.seconds), _count(one.frames_in), _count(one.frames_out))
    waiting = f"  {bytes_of(one.waiting_bytes)} " if one.waiting_bytes else ""
    right = _figures(at, figures, waiting)
    column = 1 + at.who + at.where
    spans.append(Span(column, right))
    if one.is_slow and at.outbox:
        spans.append(Span(column + len(right), "SLOW", ALARM))
    return tuple(spans)


def _where(one: Standing, column: int, cells: int, sheet: Sheet) -> list[Span]:
    text = sheet.cut(one.where, cells - 1)
    for word in (BLOCKED, HOLDING):
        if text.startswith(word):
            rest = len(word) - 1
            return [
                Span(column, word[:-1], ALARM),
                Span(column + rest, text[rest:], "bold"),
            ]
    return [Span(column, text)]


def _figures(at: Columns, figures: tuple[str, str, str], outbox: str) -> str:
    widths = (at.seconds, at.frames, at.frames)
    shown = "".join(
        f"{figure:>{width}}"
        for figure, width in zip(figures, widths, strict=True)
        if width
    )
    return shown + (outbox if at.outbox else "")


def _count(number: int | None) -> str:
    return "" if number is None else f"{number:,}"


# -- Lock, wire, log, caption ----------------------------------------------------------


def lock_rows(snapshot: Snapshot, sheet: Sheet) -> list[Row]:
    lock, ruler = snapshot.lock, sheet.ruler
    people = "1 person" if snapshot.people == 1 else f"{snapshot.people:,} people"
    story = f"LOCK {lock.name} guards {lock.guards} ({people})"
    wait, hold = milliseconds_of(lock.longest_wait), milliseconds_of(lock.longest_hold)
    figures = f" longest wait {wait}, hold {hold}"
    spans = [Span(0, sheet.cut(figures, sheet.width))]
    at = ruler.cells(figures) + 3
    held = (("HOLDS", lock.holder), ("WAITS", ", ".join(lock.waiting)))
    for word, who in held:
        if who and at + len(word) + 2 < sheet.width:
            spans.append(Span(at, word, ALARM))
            text = sheet.cut(f" {who}", sheet.width - at - len(word))
            spans.append(Span(at + len(word), text))
            at += len(word) + ruler.cells(text) + 3
    return [sheet.heading(story, f"taken {lock.taken:,} x"), tuple(spans)]


def wire_rows(snapshot: Snapshot, sheet: Sheet, rows: int) -> list[Row]:
    """The heading, and the newest frames, the newest below."""
    if rows < 1:
        return []
    heading = sheet.heading("WIRE", "length of the payload, and what it says")
    latest = snapshot.wire[-(rows - 1) :] if rows > 1 else ()
    return [heading, *(_frame_row(one, sheet) for one in latest)]


def _frame_row(one: Passed, sheet: Sheet) -> Row:
    width = sheet.width
    time = one.time if width >= 100 else one.time[3:] if width >= 50 else ""
    way = f"{one.sender} > {one.to}"
    way_cells = min(18, max(width // 4, 8))
    spans = [Span(1, time, "dim"), Span(2 + len(time), sheet.cut(way, way_cells))]
    at = 3 + len(time) + way_cells
    hex_cells = min(width // 2 - 16, 60) if width >= 110 else 12 * (width >= 76)
    if hex_cells:
        spans.append(Span(at, hex_of(one.length, one.clear, hex_cells), "dim"))
        at += hex_cells + 1
    return (*spans, Span(at, sheet.cut(one.text, width - at)))


def log_rows(snapshot: Snapshot, sheet: Sheet, rows: int) -> list[Row]:
    if rows < 1:
        return []
    latest = snapshot.log[-(rows - 1) :] if rows > 1 else ()
    shown = [(Span(1, sheet.cut(line, sheet.width - 1)),) for line in latest]
    return [sheet.heading("LOG"), *shown]


def caption_rows(caption: Sequence[str], sheet: Sheet) -> list[Row]:
    """A box without its right side, which wide characters would bend."""
    if not caption:
        return []
    border, width = sheet.signs.border, sheet.width
    at = sheet.ruler.cells(border) + 1
    rows: list[Row] = [(Span(0, sheet.signs.rule(width, sheet.ruler), "dim"),)]
    for number, line in enumerate(caption):
        style = "normal" if number else "bold"
        text = sheet.cut(line, width - at)
        rows.append((Span(0, border, "dim"), Span(at, text, style)))
    return rows
