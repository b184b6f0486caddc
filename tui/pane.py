"""The message pane: which rows of a talk are in sight.

    loading older lines ...                               above the first of all
    ── Friday 20 November 2026 ───────────────────────    above the first of a day
    14:01       bob  Do we use one thread for recv?
    ────────────────────────── above: said earlier ───    below what was fetched
    ──────────────────────── 3 new since you looked ───   above what one has not read
    14:06       ana  exactly.
    14:08       you  will test it now (sending)           on their way: last

These lines belong to the item below them, so they scroll with it; which of them there
are is said by the talk (tui/talk.py). How an item looks is in tui/rows.py; how one
scrolls, in tui/scrollback.py.

Only rows in sight are wrapped, each item once per picture: what it costs depends
on the size of the screen and not on that of the past.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain, islice

from tui import captions
from tui.frame import Row
from tui.layout import columns
from tui.model import Model
from tui.rows import Rows, mark
from tui.sanitize import make_safe
from tui.scrollback import Pages
from tui.signs import UNICODE, Signs
from tui.width import Ruler

NICKS = 50  # so many last speakers decide how wide the column of names is


class Pane:
    """The talk that is shown, in so many rows."""

    def __init__(
        self,
        model: Model,
        width: int,
        height: int,
        ruler: Ruler,
        signs: Signs = UNICODE,
    ) -> None:
        """`height` may be 0: then there is nothing to see."""
        self._talk = talk = model.talk
        self._waiting = model.chat.waiting_in(talk)
        self._search = model.search
        self._height = height
        self._ruler = ruler
        me, has_stamps = model.chat.name, model.preferences.stamps == "on"
        speakers = [*talk.speakers[:NICKS], *([me] if self._waiting else [])]
        longest = max(map(ruler.cells, speakers), default=0)
        parts = columns(width, longest, has_stamps=has_stamps)
        self._rows = Rows(parts, ruler, signs, me, talk.colours.style_of)
        self._items = talk.drawn.items(self._rows)
        self._drawn: dict[int, list[Row]] = {}

    @property
    def pages(self) -> Pages:
        scrollback = self._talk.scrollback
        first, newest = scrollback.first, scrollback.end
        end = newest + len(self._waiting)
        return Pages(first, newest, end, self._height, lambda n: len(self._draw(n)))

    def rows(self) -> list[Row]:
        """Exactly `height` rows; the newest stand right above the input line."""
        return self._talk.drawn.pane("messages", self._what_is_shown(), self._draw_all)

    def _what_is_shown(self) -> tuple[object, ...]:
        """All that the rows depend on: while it is the same, they are."""
        talk, search = self._talk, self._search
        looks = (self._rows, self._height, tuple(self._waiting))
        marks = (talk.marker, talk.new_count, search and (search.hit, search.query))
        return (*looks, *marks, talk.scrollback.version, talk.viewport.place)

    def _draw_all(self) -> list[Row]:
        pages = self.pages
        top = self._talk.viewport.top(pages)
        found = chain.from_iterable(map(self._draw, range(top.item, pages.end)))
        shown = list(islice(found, top.row, top.row + self._height))
        return [()] * (self._height - len(shown)) + shown

    @property
    def new_below(self) -> int:
        """How many items below the view have not been in sight yet."""
        if not self._talk.viewport.is_locked:
            return 0
        pages, viewport = self.pages, self._talk.viewport
        below = pages.forth(viewport.top(pages), self._height)
        return max(min(viewport.new_below(pages.newest), pages.newest - below.item), 0)

    def row_to_reveal(self, hit: int) -> int:
        """The row of the item found to begin the screen with, so that one sees why."""
        rows = self._draw(hit)
        marked = (n for n, row in enumerate(rows) if any(s.style == "bar" for s in row))
        found = next(marked, 0)  # none is, if the word is broken over two rows
        return found if found >= self._height else 0

    # -- One item --------------------------------------------------------------

    def _draw(self, number: int) -> list[Row]:
        """An item and what stands above it, drawn once per picture.

        Paging asks for heights, drawing for rows. (functools.cache on a method would
        make a cycle of each Pane: garbage that only a collection finds.)
        """
        if number not in self._drawn:
            self._drawn[number] = self._draw_item(number)
        return self._drawn[number]

    def _draw_item(self, number: int) -> list[Row]:
        scrollback = self._talk.scrollback
        if number >= scrollback.end:
            waiting = self._waiting[number - scrollback.end]
            return self._rows.of_pending(make_safe(waiting.text))
        rows = self._items.draw(number, scrollback[number])
        if self._search and self._search.hit == number:
            rows = [mark(row, self._search.query, self._ruler) for row in rows]
        return [*self._rows_above(number), *rows]

    def _rows_above(self, number: int) -> Iterator[Row]:
        talk, rows = self._talk, self._rows
        for rule in talk.rules_above(number):
            match rule:
                case "past":
                    yield rows.of_past(talk.past.state, talk.name)
                case "day" if day := captions.day_of(talk.scrollback[number].time):
                    yield rows.of_day(day)
                case "earlier":
                    yield rows.of_earlier()
                case "unread":
                    yield rows.of_unread(talk.new_count)
                case _:
                    pass  # no day after all: a mad clock
