"""A history that cannot be written, told to the operator without flooding the terminal.

    the disk is full     ... database or disk is full; lines refused: 3
    ten seconds later    ... database or disk is full; lines refused by now: 214
    space returns        the history can be written again; lines refused: 230

Only the scribe uses it.
"""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic

from chat.journal import journal
from chat.refusal import StorageError

AGAIN = 10.0  # seconds until the operator hears of the same trouble again


class Trouble:
    """Counts what is refused, and says so now and then."""

    def __init__(self, now: Callable[[], float] = monotonic) -> None:
        self._now = now
        self._refused = 0  # lines, since it began
        self._tell_at = 0.0  # not before that

    def note(self, failure: StorageError, lines: int) -> None:
        """So many lines could not be written."""
        is_new = not self._refused
        self._refused += lines
        if is_new or self._now() >= self._tell_at:
            by_now = "" if is_new else " by now"
            journal.error("%s; lines refused%s: %d", failure, by_now, self._refused)
            self._tell_at = self._now() + AGAIN

    def end(self) -> None:
        """A line was written."""
        if self._refused:
            sentence = "the history can be written again; lines refused: %d"
            journal.warning(sentence, self._refused)
            self._refused = 0
