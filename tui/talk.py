"""One talk: a room, or the private lines with one person.

    scrollback   what was said, in rows of no width yet
    viewport     which part of it is read just now
    past         how much of what was said before is fetched
    editor       the line being typed here; another talk has another draft
    roster       who is in the room; nobody in a private talk
    marker       where the unread lines begin

A talk that is not on the screen counts what arrives. Coming back shows a line where
the unread ones begin. A peek (nothing typed, nothing scrolled) does not move it.

One law: a line is in a talk once, however it comes, said now, sent once more, caught
up or fetched. Its `seq` tells, and that counts anew where another log begins.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import islice
from typing import Literal

from tui import captions
from tui.editor import Editor
from tui.past import Past, State
from tui.roster import Roster
from tui.rows import Drawn
from tui.scrollback import Item, Place, Scrollback, Viewport
from tui.style import NickColours

MOST_SPEAKERS = 1_000  # remembered; the last ones
MOST_FOLDED = 1_000  # names in one coming and going; then the next begins
RECENT = 600.0  # seconds; the coming and going of who spoke since then matters

Rule = Literal["past", "earlier", "day", "unread"]  # lines that stand above an item


class Talk:
    """What the model keeps of one room or one person."""

    def __init__(self, name: str, editor: Editor) -> None:
        self.name = name  # "#lobby" or "bob", as shown
        self.topic = ""
        self.known_topic = ""  # the last one told: the same again is no news
        self.roster = Roster()
        self.is_entered = False  # the first list of who is here has come
        self.scrollback = Scrollback()
        self.viewport = Viewport()
        self.past = Past()
        self.editor = editor
        self.colours = NickColours()
        self.drawn = Drawn()
        self.unread = 0  # lines that arrived while another talk was shown
        self.mentions = 0  # of those, the ones that name me, or are private
        self.marker: int | None = None  # the first unread item
        self.new_count = 0  # how many were unread when I came back
        self._newest_seq = 0  # of the lines here
        self._log_start: int | None = None  # items before this one have other seqs
        self._spoke_at: dict[str, float] = {}  # who, when; the last speaker last
        self.was_seen = False  # it has been on the screen
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
        if len(self._spoke_at) > MOST_SPEAKERS:
            del self._spoke_at[next(iter(self._spoke_at))]
        if not self._is_shown:
            if self.marker is None:
                self.marker = self.scrollback.end
            self.unread += 1
            self.mentions += item.is_mention or self.is_private
        self._newest_seq = max(self._newest_seq, item.seq)
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
        if len(item.names) + len(item.gone) > MOST_FOLDED:
            return False
        people = {*item.names, *item.gone}
        recent = {n for n, at in self._spoke_at.items() if at > item.time - RECENT}
        return item.kind == "presence" and not people & recent

    # -- The past --------------------------------------------------------------

    def has_line(self, seq: int) -> bool:
        """Whether the line of that number is here already."""
        is_old = 0 < seq <= self._newest_seq  # else there is nothing to look for
        return is_old and any(item.seq == seq for item in self._lines())

    @property
    def oldest_seq(self) -> int | None:
        """Of the lines here; None if there is none."""
        return next((item.seq for item in self._lines() if item.seq), None)

    def _lines(self) -> Iterable[Item]:
        """The items whose numbers are those of the log that is written now."""
        if self._log_start is None:
            return self.scrollback
        skipped = max(self._log_start - self.scrollback.first, 0)
        return islice(self.scrollback, skipped, None)

    def begin_log(self) -> None:
        """What comes now is numbered anew; nothing can be fetched above the rest."""
        self._log_start, self._newest_seq = self.scrollback.end, 0
        self.turn_past("none")

    def turn_past(self, state: State, lines: Sequence[Item] = ()) -> list[Item]:
        """Put older lines above the first, those that are new; return them.

        Whoever reads there goes on reading the same rows.
        """
        first, oldest = self.scrollback.first, self.oldest_seq
        before = len(self.rules_above(first))
        new = [line for line in lines if oldest is None or line.seq < oldest]
        self.past.state = state
        self.scrollback.prepend(new)
        self._newest_seq = max(self._newest_seq, *(line.seq for line in new), 0)
        self.viewport.make_up(first, before - len(self.rules_above(first)))
        return new

    def absorb(self, other: Talk) -> None:
        """Put all of another talk before this one: both are with one person now."""
        self.turn_past("none")
        self.scrollback.prepend(list(other.scrollback))
        self._newest_seq = max(self._newest_seq, other._newest_seq)
        self.unread += other.unread
        self.mentions += other.mentions

    def rules_above(self, number: int) -> list[Rule]:
        """What stands above that item, from top to bottom, a row each."""
        if not (first := self.scrollback.first) <= number < self.scrollback.end:
            return []
        item = self.scrollback[number]
        before = self.scrollback[number - 1] if number > first else None
        day = captions.day_of(item.time)
        is_new_day = day and (not before or day != captions.day_of(before.time))
        stands: dict[Rule, bool] = {
            "past": before is None and self.past.is_told,
            "earlier": bool(before and before.is_past and not item.is_past),
            "day": bool(is_new_day),
            "unread": number == self.marker,
        }
        return [rule for rule, is_there in stands.items() if is_there]

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
        self.was_seen = self._is_shown = self._is_peek = True
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
    came, went = set(item.names), set(item.gone)
    gone = dict.fromkeys((*before.gone, *item.gone))
    names = dict.fromkeys((*before.names, *item.names))
    return replace(
        item,
        names=tuple(name for name in names if name not in went),
        gone=tuple(name for name in gone if name not in came),
    )
