"""One talk: a room, or the private lines with one person.

    scrollback   what was said, in rows of no width yet
    viewport     which part of it is read just now
    editor       the line being typed here; another talk has another draft
    marker       where the unread lines begin

A talk that is not on the screen counts what arrives. Coming back shows a line where
the unread ones begin. A peek (nothing typed, nothing scrolled) does not move it.
"""

from __future__ import annotations

from dataclasses import replace

from tui.editor import Editor
from tui.rows import Drawn
from tui.scrollback import Item, Place, Scrollback, Viewport
from tui.style import NickColours

RECENT = 600.0  # seconds; the coming and going of who spoke since then matters


class Talk:
    """What the model keeps of one room or one person."""

    def __init__(self, name: str, editor: Editor) -> None:
        self.name = name  # "#lobby" or "bob", as shown
        self.topic = ""
        self.scrollback = Scrollback()
        self.viewport = Viewport()
        self.editor = editor
        self.colours = NickColours()
        self.drawn = Drawn()
        self.unread = 0  # lines that arrived while another talk was shown
        self.mentions = 0  # of those, the ones that name me, or are private
        self.marker: int | None = None  # the first unread item
        self.new_count = 0  # how many were unread when I came back
        self._spoke_at: dict[str, float] = {}  # who, when; the last speaker last
        self._is_shown = False
        self._is_peek = True

    @property
    def is_private(self) -> bool:
        return not self.name.startswith("#")

    @property
    def speakers(self) -> list[str]:
        """Who has spoken here, the last one first; for completion."""
        return list(reversed(self._spoke_at))

    # -- Lines -----------------------------------------------------------------

    def hear(self, item: Item) -> None:
        """Take in a line that somebody said."""
        self._spoke_at.pop(item.sender, None)
        self._spoke_at[item.sender] = item.time
        if not self._is_shown:
            if self.marker is None:
                self.marker = self.scrollback.end
            self.unread += 1
            self.mentions += item.is_mention or self.is_private
        self.scrollback.append(item)

    def note(self, item: Item) -> None:
        """Take in something that is no line: it is not counted as unread."""
        last = self.scrollback.last
        if last and self._is_folded(last) and self._is_folded(item):
            self.scrollback.replace_last(fold(last, item))
        else:
            self.scrollback.append(item)

    def _is_folded(self, item: Item) -> bool:
        """Whether a coming or going is noise; not of somebody we just talked with."""
        people = {*item.names, *item.gone}
        recent = {n for n, at in self._spoke_at.items() if at > item.time - RECENT}
        return item.kind == "presence" and not people & recent

    # -- Looking ---------------------------------------------------------------

    def show(self, number: int, row: int = 0) -> None:
        """Begin the screen with that row of that item, and stay there."""
        self.viewport.hold(Place(number, row), self.scrollback.end)

    def show_unread(self) -> bool:
        """Begin the screen where the unread lines begin; whether there are any."""
        if self.marker is not None:
            self.show(self.marker)
        return self.marker is not None

    def show_mention(self, by: int) -> bool:
        """Begin the screen with the next line that names me, or with -1 the last."""
        kept, place = self.scrollback, self.viewport.place
        here = place.item if place else kept.end
        older = range(min(here, kept.end) - 1, kept.first - 1, -1)
        newer = range(max(here + 1, kept.first), kept.end)
        numbers = older if by < 0 else newer
        found = next((n for n in numbers if kept[n].is_mention), None)
        if found is not None:
            self.show(found)
        return found is not None

    def look(self) -> None:
        """This talk comes onto the screen."""
        self._is_shown, self._is_peek = True, True
        self.new_count += self.unread
        self.unread = self.mentions = 0

    def look_away(self) -> None:
        """Another talk is shown from now on."""
        self._is_shown = False
        if not self._is_peek:
            self.forget_marker()

    def stay(self) -> None:
        """Something is done here: it was more than a peek."""
        self._is_peek = False

    def forget_marker(self) -> None:
        """All that was said so far is read."""
        self.marker, self.new_count = None, 0


def fold(before: Item, item: Item) -> Item:
    """Two comings and goings as one; who came and went is only gone."""
    gone = tuple(dict.fromkeys((*before.gone, *item.gone)))
    gone = tuple(name for name in gone if name not in item.names)
    names = tuple(dict.fromkeys((*before.names, *item.names)))
    names = tuple(name for name in names if name not in item.gone)
    return replace(item, names=names, gone=gone)
