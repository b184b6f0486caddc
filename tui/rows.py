"""One item as rows: the time, who says it, the text, in columns of one width.

    14:04 >     bob  you: can you check my recv loop? It prints half
                     a line.                                            from 50 cells
    14:04 > bob: you: can you check my recv loop? It prints half
      a line.                                                           below

    > names me    · has happened    * is done by its author    ! went wrong

Further rows are set in by spaces and by nothing else: a sign there would break a
URL that one copies, and no text can pass for a line of somebody else.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from tui import captions, wording
from tui.frame import Row, Span
from tui.layout import Columns
from tui.past import State
from tui.scrollback import Item
from tui.signs import ACTION, ALERT, MENTION, Signs
from tui.width import Ruler
from tui.wrap import wrap

# What people say, or private lines, have none of these: they are normal.
TEXT_STYLES = {"presence": "dim", "info": "dim", "ok": "ok", "alert": "error"}


@dataclass(frozen=True, slots=True)
class Label:
    """What stands before a text: who says it, or a sign."""

    name: str
    style: str
    joint: str = ""  # between name and text where there is no column for names
    sign: str = ""  # before the name

    @property
    def inline(self) -> str:
        """As the beginning of its text: `> bob:`."""
        return f"{self.sign} {self.name}{self.joint}".lstrip()


@dataclass(frozen=True, slots=True)
class Rows:
    """How things look in these columns."""

    columns: Columns
    ruler: Ruler
    signs: Signs
    me: str
    style_of: Callable[[str], str]  # of somebody else's name

    # -- Items -----------------------------------------------------------------

    def of_item(self, item: Item) -> list[Row]:
        """Something that was said or has happened."""
        style = TEXT_STYLES.get(item.kind, "normal")
        stamp = Span(0, wording.stamp(item.time), "dim")
        first, *others = self._body(self._label(item), wording.text(item), style)
        return [(stamp, *first) if self.columns.stamp else first, *others]

    def of_pending(self, text: str) -> list[Row]:
        """A line of mine on its way; its time comes from the server."""
        item = Item("said", 0.0, text, self.me)
        words = f"{wording.text(item)} {wording.SENDING}"
        return self._body(self._label(item), words, "dim")

    def _label(self, item: Item) -> Label:
        if item.kind == "alert":
            return Label(ALERT, "error")
        if style := TEXT_STYLES.get(item.kind):
            return Label(self.signs.event, style)
        is_mine = item.sender == self.me
        style = "bold" if is_mine else self.style_of(item.sender)
        if item.is_mention:
            style = "mention"
        if item.action:
            return Label(ACTION, style, sign=MENTION if item.is_mention else "")
        return Label(item.sender, style, ":", MENTION if item.is_mention else "")

    def _body(self, label: Label, text: str, style: str) -> list[Row]:
        if self.columns.nick:
            first, *others = self._wrap(text)
            top = (*self._in_column(label), Span(self.columns.text, first, style))
        else:
            first, *others = self._wrap(f"{label.inline} {text}")
            top = self._before_text(label, first, style)
        return [top, *((Span(self.columns.indent, row, style),) for row in others)]

    def _in_column(self, label: Label) -> Row:
        """The name at the right edge of its column, and the sign left of that."""
        left, width = self.columns.stamp, self.columns.nick
        name = self.signs.shorten(label.name, width, self.ruler)
        start = left + 1 + width - self.ruler.cells(name)
        sign = (Span(left, label.sign, label.style),) if label.sign else ()
        return (*sign, Span(start, name, label.style))

    def _before_text(self, label: Label, row: str, style: str) -> Row:
        """The first row of a text that begins with its label."""
        column, shown = self.columns.text, label.inline
        if not row.startswith(shown):
            return (Span(column, row, label.style),)  # the name goes on below
        text_column = column + self.ruler.cells(shown)
        text = Span(text_column, row[len(shown) :], style)
        return (Span(column, shown, label.style), text)

    def _wrap(self, text: str) -> list[str]:
        """Rows of a text; the first is shorter by the stamp that stands beside it."""
        lead = "." * self.columns.lead
        first, *others = wrap(lead + text, self.columns.text_width, self.ruler)
        return [first[len(lead) :], *others]

    # -- Lines between items ---------------------------------------------------

    def of_day(self, day: date) -> Row:
        """`── Friday 20 November 2026 ─────`."""
        return self._rule(captions.days(day), "dim", lambda rest: 2)

    def of_unread(self, count: int) -> Row:
        """`───── 3 new since you looked ───`."""
        return self._rule(captions.unread(count), "marker", lambda rest: rest - 3)

    def of_earlier(self) -> Row:
        """`─────────── above: said earlier ───`."""
        return self._rule(captions.EARLIER, "dim", lambda rest: rest - 3)

    def of_past(self, state: State, talk: str) -> Row:
        """What there is above the first line: `loading older lines ...`."""
        if state == "loading":
            words = captions.fit(captions.LOADING, self.columns.width, self.ruler)
            return (Span(0, words, "dim"),)
        caption = captions.FULL if state == "full" else captions.beginning(talk)
        room = self.columns.width - self.ruler.cells(self.signs.event) - 1
        words = f"{self.signs.event} {captions.fit(caption, room, self.ruler)}"
        return (Span(0, self.ruler.cut(words, self.columns.width), "dim"),)

    def _rule(
        self, caption: captions.Caption, style: str, left_of: Callable[[int], int]
    ) -> Row:
        """A line over the whole width, with the longest words that leave it one."""
        width = self.columns.width
        for words in caption:
            rest = width - self.ruler.cells(words) - 2
            if rest >= 4:
                left = self.signs.rule(left_of(rest), self.ruler)
                right = self.signs.rule(rest - left_of(rest), self.ruler)
                return (Span(0, f"{left} {words} {right}", style),)
        return (Span(0, self.signs.rule(width, self.ruler), style),)


def mark(row: Row, wanted: str, ruler: Ruler) -> Row:
    """The row with `wanted`, in any case, standing out."""
    return tuple(piece for span in row for piece in _marked(span, wanted, ruler))


def _marked(span: Span, wanted: str, ruler: Ruler) -> Iterator[Span]:
    column = span.column
    pieces = re.split(f"({re.escape(wanted)})", span.text, flags=re.IGNORECASE)
    for number, text in enumerate(pieces):
        if text:
            is_found = number % 2 == 1  # split gives what is between, found, between
            yield Span(column, text, "bar" if is_found else span.style)
            column += ruler.cells(text)


class Drawn:
    """What was drawn last, because most of a screen stays as it was.

    A key changes one row of the picture; drawing the others anew was most of the
    time from key to echo. So a pane is kept while nothing that it depends on has
    changed, and each item of a talk while the columns and my name are the same.
    """

    MOST = 1_000  # items; a few screens, so that paging is quick too

    def __init__(self) -> None:
        self._panes: dict[str, tuple[object, list[Row]]] = {}
        self._rows: Rows | None = None
        self._items: dict[int, tuple[Item, list[Row]]] = {}

    def pane(
        self, name: str, what: tuple[object, ...], draw: Callable[[], list[Row]]
    ) -> list[Row]:
        """The rows of that pane; `what` is everything that they depend on."""
        before, drawn = self._panes.get(name, (None, []))
        if before != what:
            drawn = draw()
            self._panes[name] = what, drawn
        return drawn

    def items(self, rows: Rows) -> DrawnItems:
        """The items as these columns show them."""
        if rows != self._rows or len(self._items) > self.MOST:
            self._rows, self._items = rows, {}
        return DrawnItems(rows, self._items)


class DrawnItems:
    """Items in the columns of one picture."""

    def __init__(self, rows: Rows, kept: dict[int, tuple[Item, list[Row]]]) -> None:
        self._rows = rows
        self._kept = kept

    def draw(self, number: int, item: Item) -> list[Row]:
        """The rows of an item, drawn now or kept from before."""
        before, drawn = self._kept.get(number, (None, []))
        if before is not item:
            drawn = self._rows.of_item(item)
            self._kept[number] = item, drawn
        return drawn
