"""The picture of a server at work: what each row of the dashboard says.

     Homeroom 127.0.0.1:12345   join: python client.py NAME ...        14 here    title
     THREADS 29          where it stands       for     in    out  outbox
     LOCK clients_lock guards clients, rooms (14 people)        taken 1,204 x
     WIRE                                      length | payload, and what it says
     LOG
    ----------------------------------------------------------------------------
    | a caption, if somebody has one
     space freeze  w wire  - slower  + faster  s sort  k kick  ? help  q stop     keys

A pure function of a snapshot, the controls and a size. The rows are shared out from
the middle: title, lock and keys have theirs; the threads get what they need of the
rest, the wire what they leave, and on a small screen the log and the wire go first.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tui.frame import Frame, Row, Span
from tui.signs import UNICODE, Signs
from tui.width import Ruler
from watch.controls import Controls
from watch.footer import footer_row, help_rows
from watch.parts import (
    Sheet,
    caption_rows,
    lock_rows,
    log_rows,
    thread_rows,
    wire_rows,
)
from watch.snapshot import Snapshot, Standing
from watch.words import seconds_of

MOST_CAPTION = 6  # rows
LEAST_THREADS = 4  # rows, before wire and log get any

Order = Callable[[Standing], tuple[object, ...]]

# Each with the worst first: who is in trouble is what one looks for.
ORDERS: dict[str, Order] = {
    "trouble": lambda one: (one.trouble, -one.waiting_bytes, -_blocked_s(one)),
    "longest": lambda one: (-one.seconds,),
    "busiest": lambda one: (-(one.frames_in or 0) - (one.frames_out or 0),),
    "name": lambda one: (one.who.casefold(),),
}


def _blocked_s(one: Standing) -> float:
    return one.seconds if one.is_blocked else 0.0


@dataclass(frozen=True, slots=True)
class Shares:
    """How many rows each part gets, with its heading."""

    title: int
    threads: int
    lock: int
    wire: int
    log: int
    caption: int

    @property
    def middle(self) -> int:
        """Where the help lies."""
        return self.threads + self.lock + self.wire + self.log


def shares(
    height: int, threads: int, caption: int, *, has_wire: bool, has_log: bool
) -> Shares:
    """Share out the rows above the keys; a log that is empty needs none."""
    left = max(height - 1, 0)
    title = int(left >= 2)
    lock = 2 if left >= 6 else 0
    left -= title + lock
    shown = caption + 1 if caption else 0
    shown = shown if left - shown >= LEAST_THREADS else 0
    left -= shown
    log = 0 if left < 17 or not has_log else 3 if left < 26 else 5
    if not has_wire:
        if has_log and left > threads + 4:
            log = max(log, (left - 1 - threads) // 2)
        return Shares(title, left - log, lock, 0, log, shown)
    left -= log
    wire = max(left - 1 - threads, left * 2 // 5) if left >= LEAST_THREADS + 3 else 0
    return Shares(title, left - wire, lock, wire, log, shown)


def render(
    snapshot: Snapshot,
    width: int,
    height: int,
    controls: Controls | None = None,
    ruler: Ruler | None = None,
    signs: Signs = UNICODE,
) -> Frame:
    """The dashboard on a screen of that size."""
    controls, ruler = controls or Controls(), ruler or Ruler()
    sheet = Sheet(width, ruler, signs)
    parts = _shares(snapshot, controls, height)
    rows: list[Row] = [_title(snapshot, controls, sheet)] if parts.title else []
    top = first_row(snapshot, controls, sheet, height)
    if controls.is_help_open:
        rows += _filled(help_rows(sheet)[top:], parts.middle)
    else:
        standings = sorted(snapshot.standings, key=ORDERS[controls.order])
        shown = thread_rows(standings[top:], snapshot.threads, sheet, parts.threads)
        rows += _filled(shown, parts.threads)
        rows += lock_rows(snapshot, sheet)[: parts.lock]
        rows += _filled(wire_rows(snapshot, sheet, parts.wire), parts.wire)
        rows += _filled(log_rows(snapshot, sheet, parts.log), parts.log)
    rows += caption_rows(snapshot.caption[:MOST_CAPTION], sheet)[: parts.caption]
    footer, cursor = footer_row(controls, sheet)
    rows = [*_filled(rows, height - 1), footer][-height:]
    cut = tuple(_clipped(row, sheet) for row in rows)
    return Frame(width, cut, (height - 1, min(cursor, width - 1)))


def first_row(snapshot: Snapshot, controls: Controls, sheet: Sheet, height: int) -> int:
    """At which row the threads, or the help, really begin: the last stays in sight."""
    parts = _shares(snapshot, controls, height)
    if controls.is_help_open:
        count, room = len(help_rows(sheet)), parts.middle
    else:
        count, room = len(snapshot.standings), parts.threads - 1
    return min(controls.top, max(count - max(room, 1), 0))


def _shares(snapshot: Snapshot, controls: Controls, height: int) -> Shares:
    caption = min(len(snapshot.caption), MOST_CAPTION)
    count = len(snapshot.standings)
    has_wire, has_log = controls.has_wire, bool(snapshot.log)
    return shares(height, count, caption, has_wire=has_wire, has_log=has_log)


def _clipped(row: Row, sheet: Sheet) -> Row:
    """On a screen of three columns no part fits."""
    cut, width = sheet.ruler.cut, sheet.width
    fitting = (span for span in row if span.column < width)
    return tuple(
        Span(span.column, cut(span.text, width - span.column), span.style)
        for span in fitting
    )


def _filled(rows: list[Row], height: int) -> list[Row]:
    """Exactly so many rows."""
    return [*rows, *[()] * (height - len(rows))][:height]


def _title(snapshot: Snapshot, controls: Controls, sheet: Sheet) -> Row:
    states = []
    if snapshot.is_stopping:
        states.append("STOPPING")
    if controls.is_frozen:
        states.append("FROZEN")
    if snapshot.pause:
        states.append(f"SLOW MOTION {seconds_of(snapshot.pause)}")
    right = "  ".join([*states, f"{snapshot.people:,} here"])
    longest = f"Homeroom {snapshot.address}   join: {snapshot.join}"
    short = f"join: {snapshot.join}"
    room = sheet.width - sheet.ruler.cells(right) - 4
    wordings = (longest, short, snapshot.address)
    left = next((one for one in wordings if sheet.ruler.cells(one) <= room), "")
    return sheet.bar(left, right)
