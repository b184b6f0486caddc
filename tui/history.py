"""What was entered before, and two ways back: step by step, or by searching.

    Enter ---> History ---> Recall          Up, Down; the draft waits at the end
                      '---> HistorySearch   Ctrl+R and some letters of it

One History serves the lines being typed in all talks; each of them has its own
Recall, because each has its own draft. An entry is kept exactly as it was entered,
newlines included; who draws it makes it safe first.
"""

from __future__ import annotations

from dataclasses import dataclass

from tui.keys import Key, Paste, Typed
from tui.motions import one_left

LIMIT = 500  # entries


class History:
    """All that was entered, oldest first; the same twice in a row is kept once."""

    def __init__(self) -> None:
        self._entries: list[str] = []

    def add(self, text: str) -> None:
        if text and self._entries[-1:] != [text]:
            self._entries.append(text)
            del self._entries[:-LIMIT]

    def __len__(self) -> int:
        return len(self._entries)

    def __getitem__(self, index: int) -> str:
        return self._entries[index]

    def search(self, query: str, before: int) -> int | None:
        """The newest entry before that index with `query` in it, in any case.

        An empty query is nowhere: whoever has not said yet what they seek.
        """
        wanted = query.casefold()
        for index in reversed(range(min(before, len(self)))):
            if wanted and wanted in self[index].casefold():
                return index
        return None


class Recall:
    """One draft's walk through the history. None: the way ends here."""

    def __init__(self, history: History) -> None:
        self._history = history
        self._steps = 0  # back from the newest; 0 is the draft
        self._draft = ""

    def older(self, text: str) -> str | None:
        """The entry before; `text` is what stands in the line now."""
        return self._go(self._steps + 1, text)

    def newer(self, text: str) -> str | None:
        """The entry after; behind the newest comes the draft as it was left."""
        return self._go(self._steps - 1, text)

    def end(self) -> None:
        """The line was sent or thrown away: the next walk starts at the newest."""
        self._steps = 0

    def _go(self, steps: int, text: str) -> str | None:
        if not 0 <= steps <= len(self._history):
            return None
        if self._steps == 0:
            self._draft = text
        self._steps = steps
        return self._history[-steps] if steps else self._draft


# ---- Ctrl+R ----


@dataclass(frozen=True, slots=True)
class SearchEnded:
    """`text` replaces the line, None leaves it; then `key` is still to be done."""

    text: str | None
    key: Key | None = None


class HistorySearch:
    """From Ctrl+R to the entry that was sought.

    Enter takes the entry into the line and does not send it, as in WeeChat: what
    was found by three letters may not be what was meant. Any other key, such as
    Left, takes it too and then does its work.
    """

    def __init__(self, history: History) -> None:
        self._history = history
        self._query = ""
        self._found: int | None = None  # the entry shown
        self._is_failing = False  # the entry shown does not hold the query

    @property
    def prompt(self) -> str:
        """`(search: cur) concurrent is not parallel`; not yet safe to draw."""
        state = "nothing found" if self._is_failing else "search"
        return f"({state}: {self._query}) {self._shown or ''}"

    def press(self, event: Key | Typed | Paste) -> SearchEnded | None:
        """Do what the key means here; None while the search goes on."""
        match event:
            case Typed(text) | Paste(text):
                self._type(text)
            case Key("ctrl-r"):
                self._look_further()
            case Key("backspace" | "ctrl-h"):
                self._query = self._query[: one_left(self._query, len(self._query))]
                self._look(len(self._history))
            case Key("escape" | "ctrl-g" | "ctrl-c"):
                return SearchEnded(None)
            case Key("enter"):
                return SearchEnded(self._shown)
            case Key():
                return SearchEnded(self._shown, event)
        return None

    @property
    def _shown(self) -> str | None:
        return None if self._found is None else self._history[self._found]

    def _type(self, text: str) -> None:
        """More letters: stay at the entry shown if they fit it, else look before it."""
        self._query += text
        self._look(len(self._history) if self._found is None else self._found + 1)

    def _look(self, before: int) -> None:
        found = self._history.search(self._query, before)
        self._is_failing = found is None and self._query != ""
        if not self._is_failing:
            self._found = found

    def _look_further(self) -> None:
        """Show an older entry that reads differently; an equal one looks like none."""
        index = self._found
        while index is not None and self._history[index] == self._shown:
            index = self._history.search(self._query, index)
        if index is not None:
            self._found = index
