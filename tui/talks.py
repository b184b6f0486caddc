"""All open talks in their order, and the one that is shown.

    1 #lobby    2 bob 3!    3 mei        Alt+2 goes to bob, Alt+A to the next unread

The first talk is always there. A room's talk is open while one is in the room; a
private talk opens with its first line, or when somebody asks for it, and closes with
/close. What was said in a talk is kept as long as it is open.

Anybody may open a private talk by writing, under one name after the other: so there are
only so many. Then one is closed for the next: of those that were never looked at the
oldest, and never the one that is shown, or where something is being typed. The server
still has its lines.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from tui.editor import Editor
from tui.roster import compared
from tui.talk import Talk

MOST_TALKS = 100  # a server allows half as many rooms


class Talks:
    """Talks are counted from 1, as the keys that go there."""

    def __init__(self, first: str, new_editor: Callable[[], Editor]) -> None:
        self._new_editor = new_editor
        self._talks = [Talk(first, new_editor())]
        self._index = 0
        self.current.look()

    @property
    def current(self) -> Talk:
        return self._talks[self._index]

    def __iter__(self) -> Iterator[Talk]:
        return iter(self._talks)

    def __len__(self) -> int:
        return len(self._talks)

    def number(self, talk: Talk) -> int:
        return self._talks.index(talk) + 1

    @property
    def unread(self) -> list[tuple[int, Talk]]:
        """The talks with unread lines and their numbers."""
        return [(n, talk) for n, talk in enumerate(self._talks, 1) if talk.unread]

    def find(self, name: str) -> Talk | None:
        wanted = compared(name)
        return next((t for t in self._talks if compared(t.name) == wanted), None)

    def open(self, name: str) -> Talk:
        """The talk of that name; a new one comes last."""
        if not (talk := self.find(name)):
            talk = Talk(name, self._new_editor())
            self._talks.append(talk)
            self._close_one_if_too_many()
        return talk

    def _close_one_if_too_many(self) -> None:
        """Make room for the talk that was opened last."""
        kept = {self._talks[0], self._talks[-1], self.current}
        rest = [t for t in self._talks if t not in kept and not t.editor.text]
        if rest and len(self._talks) > MOST_TALKS:
            self.close(min(rest, key=lambda talk: (not talk.is_private, talk.was_seen)))

    def show(self, talk: Talk) -> None:
        if talk is not self.current:
            self.current.look_away()
            self._index = self._talks.index(talk)
            talk.look()

    def go(self, number: int) -> bool:
        """Show the talk of that number; whether there is one."""
        if not 1 <= number <= len(self._talks):
            return False
        self.show(self._talks[number - 1])
        return True

    def step(self, by: int) -> None:
        """Show the next talk or, with -1, the one before; around the end."""
        self.show(self._talks[(self._index + by) % len(self._talks)])

    def go_to_unread(self) -> bool:
        """Show the next unread talk, those that name me first; whether there is one."""
        waiting = self._talks[self._index + 1 :] + self._talks[: self._index]
        for talk in sorted(waiting, key=lambda talk: not talk.mentions):
            if talk.unread:
                self.show(talk)
                return True
        return False

    def rename(self, old: str, new: str) -> None:
        """The talk with somebody goes on under their new name.

        If there was one with somebody who had that name before, they become one.
        """
        talk, other = self.find(old), self.find(new)
        if not talk or not talk.is_private:
            return
        talk.name = new
        if other and other is not talk:
            talk.absorb(other)
            if other is self.current:
                self.show(talk)
            self.close(other)

    def close(self, talk: Talk) -> bool:
        """Close a talk, and show the one before it; the first one stays."""
        index = self._talks.index(talk)
        if index == 0:
            return False
        if talk is self.current:
            self.show(self._talks[index - 1])
        shown = self.current
        self._talks.remove(talk)
        self._index = self._talks.index(shown)
        return True
