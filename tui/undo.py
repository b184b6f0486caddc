"""What was changed in a text, to be taken back and done again.

                 record            back              again
    "tea" --> Change(1, "e", "o") --> "tea" --> "toa"

A change keeps what was removed and what was put in its place, never the whole
text: a hundred letters typed behind a pasted megabyte cost a hundred letters.
(Whole texts kept for a hundred steps were measured at 100 MB.)

Rules: everything that changes the text records it, or positions lie. What is
remembered is bounded; the oldest is forgotten first. A new change ends `again`.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, replace

LIMIT = 1_000_000  # characters in all changes together; Python takes 1 to 4 bytes each
CHANGE_COST = 200  # characters: what a change of one letter takes in memory besides


@dataclass(frozen=True, slots=True)
class Change:
    """At `start`, counted in code points, `removed` made room for `inserted`."""

    start: int
    removed: str
    inserted: str
    cursor: int  # where it stood before

    @property
    def cost(self) -> int:
        return CHANGE_COST + len(self.removed) + len(self.inserted)

    def apply(self, text: str) -> str:
        return self._swap(text, self.removed, self.inserted)

    def revert(self, text: str) -> str:
        return self._swap(text, self.inserted, self.removed)

    def _swap(self, text: str, old: str, new: str) -> str:
        return text[: self.start] + new + text[self.start + len(old) :]

    def joined(self, later: Change) -> Change | None:
        """Both as one, if the later one touches only what this one inserted."""
        here = later.start - self.start
        there = here + len(later.removed)
        if not 0 <= here <= there <= len(self.inserted):
            return None
        inserted = self.inserted[:here] + later.inserted + self.inserted[there:]
        return replace(self, inserted=inserted)


class Undo:
    """The changes of one text, in both directions."""

    def __init__(self, limit: int = LIMIT) -> None:
        self._limit = limit
        self._done: deque[Change] = deque()
        self._undone: list[Change] = []  # the one to do again first comes last
        self._cost = 0  # of `_done`; what is undone was in it and is not counted twice

    def record(self, change: Change, *, joins: bool = False) -> None:
        """Remember a change; one that `joins` is taken back with the one before."""
        self._undone.clear()
        if joins and self._done and (joined := self._done[-1].joined(change)):
            self._forget(self._done.pop())
            change = joined
        self._push(change)
        while self._cost > self._limit:
            self._forget(self._done.popleft())

    def back(self) -> Change | None:
        """The change to revert now."""
        if not self._done:
            return None
        change = self._done.pop()
        self._forget(change)
        self._undone.append(change)
        return change

    def again(self) -> Change | None:
        """The change to apply now, once more."""
        if not self._undone:
            return None
        change = self._undone.pop()
        self._push(change)
        return change

    def clear(self) -> None:
        self._done.clear()
        self._undone.clear()
        self._cost = 0

    def _push(self, change: Change) -> None:
        self._done.append(change)
        self._cost += change.cost

    def _forget(self, change: Change) -> None:
        self._cost -= change.cost
