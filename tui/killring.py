"""What was killed, to be put back: by Ctrl+Y the last, by Alt+Y those before it.

    "one two|"  ctrl-w  -->  ring: "two"
    "one |"     ctrl-w  -->  ring: "one two"      in a row they are one kill

A ring, because Alt+Y pressed often enough comes round to the first again. Shared
by the lines being typed in all talks: killed here, put back there.
"""

from __future__ import annotations

from collections import deque

LIMIT = 16  # kills; the largest is a paste


class KillRing:
    """The last kills, in turn."""

    def __init__(self) -> None:
        self._kills: deque[str] = deque(maxlen=LIMIT)  # the one in turn comes last

    @property
    def current(self) -> str:
        """What Ctrl+Y puts back; empty before the first kill."""
        return self._kills[-1] if self._kills else ""

    def add(self, before: str, after: str, *, joins: bool) -> None:
        """Take in what was killed before and after the cursor.

        With `joins` it grows around the kill in turn, in the order it was read.
        """
        if not before and not after:
            return
        middle = self._kills.pop() if joins and self._kills else ""
        self._kills.append(before + middle + after)

    def turn(self) -> str:
        """Step to the kill before; the oldest is followed by the newest."""
        self._kills.rotate(1)
        return self.current
