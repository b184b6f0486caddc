"""All lines kept, and which of them are on the screen.

    numbers    0 ... 412 413 414 415 ... 980 981
                     |   |<- viewport ->|     |
                   first item kept          newest

An item is one thing that was said or happened, not yet worded and not yet wrapped.
It keeps its number for ever, also when older ones fall out of the ring, so a
viewport can hold on to what somebody reads while hundreds of lines arrive. What was
said earlier and is fetched later gets the numbers before the first, below 0 too.

Rules: the newest items win. New ones push the oldest out of a full ring (full of items,
or of characters, for a hostile server says long things); older ones fetched later fill
only the room that is left. A row exists only for the width of the moment, so nothing
here stores rows.
Who turns pages says how many rows each item has now.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

LIMIT = 10_000  # items; about 3 MB of ordinary talk
MOST_CHARACTERS = 1_000_000  # in all of them; ordinary talk has half as many
LARGEST_PAGE = 400_000  # characters of older lines that come at once, at the most
ACTION = "/me "  # so begins the text of what its author does

Kind = Literal["said", "told", "presence", "info", "ok", "alert"]


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to show; every text and name in it is safe to draw."""

    kind: Kind
    time: float  # seconds since 1970: the server's for lines, else the local clock
    text: str = ""  # what was said; the sentence; why somebody left
    sender: str = ""
    to: str = ""  # of a private line
    names: tuple[str, ...] = ()  # who joined
    gone: tuple[str, ...] = ()  # who left
    is_mention: bool = False  # of me
    seq: int = 0  # the line's number in the server's log; 0: it is no line
    room: str = ""  # where, if not in the lobby; for who reads all talks at once
    is_past: bool = False  # said before it was asked for

    @property
    def action(self) -> str:
        """What the sender does, `waves` of `/me waves`; empty: they say something."""
        is_action = self.kind in ("said", "told") and self.text.startswith(ACTION)
        return self.text[len(ACTION) :] if is_action else ""

    @property
    def characters(self) -> int:
        """How much it weighs in a scrollback."""
        return len(self.text) + sum(map(len, (*self.names, *self.gone)))


class Scrollback:
    """A ring of items, each under a number that never changes."""

    def __init__(self, limit: int = LIMIT) -> None:
        self._limit = limit
        self._items: deque[Item] = deque()
        self._characters = 0  # in all items
        self.end = 0  # the number the next item gets
        self.version = 0  # changes with everything in it

    @property
    def first(self) -> int:
        """The number of the oldest item kept; `end` if there is none."""
        return self.end - len(self._items)

    def append(self, item: Item) -> None:
        self._items.append(item)
        self._characters += item.characters
        self.end += 1
        self.version += 1
        self._drop_oldest()

    def prepend(self, items: Sequence[Item]) -> None:
        """Put older items, oldest first, before the first, as many as have room."""
        fitting = items[-self.room :] if self.room else ()
        self._items.extendleft(reversed(fitting))
        self._characters += sum(item.characters for item in fitting)
        self.version += 1

    @property
    def room(self) -> int:
        """How many items could be added without losing one."""
        is_full = self._characters > MOST_CHARACTERS - LARGEST_PAGE
        return 0 if is_full else self._limit - len(self._items)

    @property
    def last(self) -> Item | None:
        return self._items[-1] if self._items else None

    def replace_last(self, item: Item) -> None:
        """Put it in the place of the newest, under the same number."""
        self.replace(self.end - 1, item)

    def replace(self, number: int, item: Item) -> None:
        """Put it in the place of that one, if that is still kept."""
        if self.first <= number < self.end:
            before = self._items[number - self.first]
            self._items[number - self.first] = item
            self._characters += item.characters - before.characters
            self.version += 1

    def tail(self, count: int) -> list[Item]:
        """The newest items, oldest first."""
        return list(self._items)[-count:]

    def clear(self) -> None:
        self._items.clear()
        self._characters = 0
        self.version += 1

    def _drop_oldest(self) -> None:
        """Until the rest has room; the newest item has always."""
        while len(self._items) > 1 and (
            len(self._items) > self._limit or self._characters > MOST_CHARACTERS
        ):
            self._characters -= self._items.popleft().characters

    def __iter__(self) -> Iterator[Item]:
        return iter(self._items)

    def __getitem__(self, number: int) -> Item:
        """The item of that number; IndexError if it is not kept."""
        index = number - self.first
        if not 0 <= index < len(self._items):
            raise IndexError(number)
        return self._items[index]


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A row of an item: where a screen begins; rows below 0 are those before it."""

    item: int
    row: int = 0


@dataclass(frozen=True, slots=True)
class Pages:
    """The items as rows of one width.

    Lines on their way have numbers too, from `newest` to `end`, until the server
    shows them; then they get the numbers they keep.
    """

    first: int
    newest: int  # the number behind the last item kept
    end: int
    page: int  # rows of the message pane
    height_of: Callable[[int], int]  # rows of the item of that number

    def bottom(self) -> Place:
        """Where a screen begins that ends with the newest row."""
        return self.back(Place(self.end), self.page)

    def back(self, place: Place, rows: int) -> Place:
        """The place so many rows earlier, or the very first."""
        item, row = place.item, place.row - rows
        while row < 0 and item > self.first:
            item -= 1
            row += self.height_of(item)
        return Place(item, max(row, 0))

    def forth(self, place: Place, rows: int) -> Place:
        """The place so many rows later, or the end."""
        item, row = place.item, place.row + rows
        while item < self.end and row >= (height := self.height_of(item)):
            item, row = item + 1, row - height
        return Place(item, row) if item < self.end else Place(self.end)

    def clamp(self, place: Place) -> Place:
        """The nearest place that exists: rings drop items, resizes drop rows."""
        if place.item < self.first:
            return Place(self.first)
        if place.item >= self.end:
            return self.bottom()
        if place.row < 0:
            return self.back(Place(place.item), -place.row)
        return Place(place.item, min(place.row, self.height_of(place.item) - 1))


class Viewport:
    """What part of the scrollback is shown: the newest, or a place held fast."""

    def __init__(self) -> None:
        self._top: Place | None = None  # None: follow the newest
        self._seen = 0  # items before this number were in sight

    @property
    def is_locked(self) -> bool:
        """Whether somebody reads older lines, which must not move."""
        return self._top is not None

    @property
    def place(self) -> Place | None:
        """Where the screen begins; None while it follows the newest."""
        return self._top

    def go_back(self, place: Place | None) -> None:
        """Show again what was shown at that `place`."""
        self._top = place

    def hold(self, place: Place, end: int) -> None:
        """Begin the screen at that place; `end` is the number the next item gets."""
        if self._top is None:
            self._seen = end
        self._top = place

    def make_up(self, item: int, rows: int) -> None:
        """So many rows fewer stand above that item now: what one reads must not move.

        They have become rows of the item before it, or they are gone.
        """
        if self._top and self._top.item == item:
            self._top = Place(item, self._top.row - rows)

    def follow(self) -> None:
        """Go to the newest line and stay with what comes."""
        self._top = None

    def top(self, pages: Pages) -> Place:
        """The row the screen begins with; never so late that it is not filled."""
        bottom = pages.bottom()
        return bottom if self._top is None else min(pages.clamp(self._top), bottom)

    def turn(self, pages: Pages, count: int) -> None:
        """Turn `count` pages; one row of the old page stays in sight, for the eye."""
        self.scroll(pages, count * max(pages.page - 1, 1))

    def scroll(self, pages: Pages, rows: int) -> None:
        """Move by so many rows, negative: back; arriving at the newest unlocks."""
        if self._top is None:
            self._seen = pages.newest
        go = pages.back if rows < 0 else pages.forth
        self._top = go(self.top(pages), abs(rows))
        if self._top >= pages.bottom():
            self._top = None
            return
        below = pages.forth(self._top, pages.page)
        self._seen = max(self._seen, min(below.item, pages.newest))

    def new_below(self, end: int) -> int:
        """How many items have come since they were last in sight."""
        return max(end - self._seen, 0) if self.is_locked else 0
