"""Looking for a word in what was said here.

    Ctrl+F or /search WORD     the newest line with the word
    Enter, Up                  the one before it
    Down                       the one after it
    Esc                        back to where one was reading

Pure: it knows a scrollback and gives back the numbers of items.
"""

from __future__ import annotations

from collections.abc import Iterable

from tui.scrollback import Item, Scrollback


class Search:
    """One search in one scrollback."""

    def __init__(self, scrollback: Scrollback, query: str = "") -> None:
        self._scrollback = scrollback
        self.query = query
        self.hit: int | None = None  # the number of the item that was found
        self._refresh()

    @property
    def has_failed(self) -> bool:
        return bool(self.query) and self.hit is None

    def type(self, text: str) -> None:
        self.query += text
        self._refresh()

    def erase(self) -> None:
        self.query = self.query[:-1]
        self._refresh()

    def older(self) -> None:
        """Go to the hit before this one, if there is one."""
        if self.hit is not None:
            found = self._first(range(self.hit - 1, -1, -1))
            self.hit = self.hit if found is None else found

    def newer(self) -> None:
        """Go to the hit after this one, if there is one."""
        if self.hit is not None:
            later = range(self.hit + 1, self._scrollback.end)
            found = self._first(later)
            self.hit = self.hit if found is None else found

    def _refresh(self) -> None:
        self.hit = self._first(range(self._scrollback.end - 1, -1, -1))

    def _first(self, numbers: Iterable[int]) -> int | None:
        if not (wanted := self.query.casefold()):
            return None
        kept = (n for n in numbers if n >= self._scrollback.first)
        return next((n for n in kept if has(self._scrollback[n], wanted)), None)


def has(item: Item, wanted: str) -> bool:
    """Whether somebody said or did it, or is named so; `wanted` is casefolded."""
    return wanted in f"{item.sender} {item.action or item.text}".casefold()
