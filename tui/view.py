"""The picture of the model: what each row of the screen says.

     #lobby  Sockets lab                                  F1 help    title
    14:06       ana  exactly. TCP has no messages,  │6 online        messages, people
                     only bytes.                    │  ana
    14:08        me  will test it now (sending)     │  bob
    unknown command /hlep, did you mean /help?                       notices
     me@#lobby  online 12 ms                     Alt+2 bob 1!        status
    > I think the bug is in the buf_                                 input

    model, size --layout--> rectangles --each part--> rows --compose--> Frame

A pure function of the model, a size and a moment. The whole picture is made anew
each time, so nothing in it can be out of date. Which parts a small screen has room
for is in tui/layout.py; each part is a file of its own and knows only its own size.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from tui.events import Effect, Lost, Point, Scroll
from tui.frame import Frame, Row
from tui.layout import Layout, Rect, Wanted, layout
from tui.model import Model
from tui.overlay import help_top, overlay_rows
from tui.pane import Pane
from tui.people import people_rows, person_at
from tui.prompt import input_rows, notice_rows, rows_wanted
from tui.scrollback import Place
from tui.signs import UNICODE, Signs
from tui.status import status_row, talk_at, title_row
from tui.width import Ruler
from tui.wirepane import wire_rows

Part = tuple[Rect, Sequence[Row]]  # rows count their columns from the screen's edge


def view(
    model: Model,
    width: int,
    height: int,
    ruler: Ruler,
    now: float,
    signs: Signs = UNICODE,
) -> Frame:
    """The screen of that size; `now` as time.monotonic(), for what counts seconds."""
    notices = notice_rows(model, width, height, ruler, now, signs)
    parts = layout(width, height, _wanted(model, len(notices), now))
    typed, (row, column) = input_rows(model, width, parts.input.height, ruler, signs)
    pane = _pane(model, parts, ruler, signs)
    if model.help_top is None:
        upper = [
            (parts.title, [title_row(model, width, ruler, signs)]),
            (parts.messages, pane.rows()),
            (parts.people, _people(model, parts.people, ruler, signs)),
            (parts.wire, _wire(model, parts.wire, ruler, signs)),
            (parts.notices, notices),
        ]
    else:
        place = parts.above_status
        help = overlay_rows(model.help_top, width, place.height, ruler)
        upper = [(place, help)]
    status = status_row(model, width, ruler, now, pane.new_below)
    rows = _compose(height, [*upper, (parts.status, [status]), (parts.input, typed)])
    return Frame(width, rows, (parts.input.y + row, column))


def scroll(
    model: Model, by: Scroll, width: int, height: int, ruler: Ruler, now: float
) -> list[Effect]:
    """Scroll the messages, or the open help, of a screen of that size."""
    notices = notice_rows(model, width, height, ruler, now)
    parts = layout(width, height, _wanted(model, len(notices), now))
    if model.help_top is not None:
        place = parts.above_status
        wanted = model.help_top + by.rows + by.pages * (place.height - 2)
        model.help_top = help_top(wanted, width, place.height, ruler)
        return []
    pages = _pane(model, parts, ruler, UNICODE).pages
    viewport = model.talk.viewport
    if by.pages:
        viewport.turn(pages, by.pages)
    if by.rows:
        viewport.scroll(pages, by.rows)
    is_going_back = by.pages < 0 or by.rows < 0
    if not is_going_back or viewport.top(pages) > Place(pages.first):
        return []
    effects = model.fetch_older()
    viewport.scroll(_pane(model, parts, ruler, UNICODE).pages, -1)  # what says so
    return effects


def reveal(model: Model, width: int, height: int, ruler: Ruler, now: float) -> None:
    """Scroll to the word that is searched; a long text may have it far below."""
    if model.search and (hit := model.search.hit) is not None:
        notices = notice_rows(model, width, height, ruler, now)
        parts = layout(width, height, _wanted(model, len(notices), now))
        pane = _pane(model, parts, ruler, UNICODE)
        model.talk.show(hit, pane.row_to_reveal(hit))


def point(
    model: Model, at: Point, width: int, height: int, ruler: Ruler, now: float
) -> None:
    """Go to the talk with who is named there, among the people or in the status."""
    notices = notice_rows(model, width, height, ruler, now)
    parts = layout(width, height, _wanted(model, len(notices), now))
    talks, people, status = model.chat.talks, parts.people, parts.status
    if status.height and at.row == status.y:
        below = _pane(model, parts, ruler, UNICODE).new_below
        if talk := talk_at(model, at.column, width, ruler, now, below):
            talks.show(talk)
    elif people.width and at.column >= people.x:
        name = person_at(model, people.height, at.row - people.y)
        if name and not model.chat.is_me(name):
            talks.show(talks.open(name))


def next_deadline(model: Model, now: float) -> float | None:
    """When the picture changes by itself, as time.monotonic(); None: never.

    Also when `model.tick` has something to do: it is the same clock.
    """
    moments = [model.lag.next_deadline(now), model.hint_ends_at]
    moments += _next_seconds(model, now)
    return min((moment for moment in moments if moment is not None), default=None)


def _next_seconds(model: Model, now: float) -> list[float]:
    """When the countdowns show another number: to the next try, to a request's end."""
    ends = [request.until for request in model.chat.requests.asked_of_me(now)[:1]]
    state = model.chat.connection
    if isinstance(state, Lost) and state.retry_at > now:
        ends.append(state.retry_at)
    return [end - (math.ceil(end - now) - 1) for end in ends]


# -- The parts ---------------------------------------------------------------------


def _wanted(model: Model, notices: int, now: float) -> Wanted:
    has_panes = not model.are_panes_hidden
    return Wanted(
        title=has_panes,
        people=has_panes and len(model.roster) > 1,
        status=not model.chat.is_online or model.lag.slow_s(now) > 0,
        notices=notices,
        input=rows_wanted(model),
        wire=model.wire.is_on,
    )


def _pane(model: Model, parts: Layout, ruler: Ruler, signs: Signs) -> Pane:
    return Pane(model, parts.messages.width, parts.messages.height, ruler, signs)


def _people(model: Model, place: Rect, ruler: Ruler, signs: Signs) -> list[Row]:
    """The people pane, where it stands; drawn when somebody comes or goes."""

    def draw() -> list[Row]:
        rows = people_rows(model, place.width, place.height, ruler, signs)
        return [tuple(span.shifted(place.x) for span in row) for row in rows]

    chat = model.chat
    who = (chat.name, chat.is_online, tuple(chat.roster))
    return model.talk.drawn.pane("people", (place, ruler, signs, *who), draw)


def _wire(model: Model, place: Rect, ruler: Ruler, signs: Signs) -> list[Row]:
    return wire_rows(model.wire.kept, place.width, place.height, ruler, signs)


def _compose(height: int, parts: Iterable[Part]) -> tuple[Row, ...]:
    """Put the parts where they belong; a part without cells is left out."""
    rows: list[Row] = [()] * height
    for place, part in parts:
        shown = part[: place.height] if place.width else ()
        for y, row in enumerate(shown, place.y):
            rows[y] += row
    return tuple(rows)
