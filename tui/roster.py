"""Who is here, as far as the server has told us.

Presence comes in batches and may repeat itself: a `joined` can name people whom
the list of `users` had already. So changes return what really changed, and only
that is announced.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import islice

MOST_PEOPLE = 10_000  # listed in one room; who comes then is not listed, nor told
LONGEST_COMPARED = 256  # characters; no name is so long, and each is remembered


class Roster:
    """The people of one room; `Ana` and `ana` are one (PROTOCOL.md, section 5)."""

    def __init__(self) -> None:
        self._names: dict[str, str] = {}  # as compared -> as written

    def replace(self, names: Iterable[str]) -> None:
        """Take over the server's whole list."""
        self._names = {compared(n): n for n in islice(names, MOST_PEOPLE)}

    def add(self, names: Iterable[str]) -> tuple[str, ...]:
        """Return those who were not here before, as many as there is room for."""
        others = (name for name in names if name not in self)
        new = tuple(islice(others, max(MOST_PEOPLE - len(self), 0)))
        self._names.update((compared(name), name) for name in new)
        return new

    def remove(self, names: Iterable[str]) -> tuple[str, ...]:
        """Return those who were here."""
        gone = (self._names.pop(compared(name), None) for name in names)
        return tuple(name for name in gone if name is not None)

    def rename(self, old: str, new: str) -> bool:
        """Whether somebody of the old name was here."""
        if self._names.pop(compared(old), None) is None:
            return False
        self._names[compared(new)] = new
        return True

    def spelled(self, name: str) -> str | None:
        """The name as its owner writes it; None if they are not here."""
        return self._names.get(compared(name))

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and compared(name) in self._names

    def __iter__(self) -> Iterator[str]:
        return (self._names[key] for key in sorted(self._names))

    def __len__(self) -> int:
        return len(self._names)


def compared(name: str) -> str:
    """The form in which two names are the same: `Ana`, `ana` and `ＡＮＡ` are one.

    Of rooms it is the name itself, as the server shows it: `#Physik` is `#physik`.
    """
    return _folded(name[:LONGEST_COMPARED])


@lru_cache(maxsize=4096)  # asked for every line; strangers choose the names
def _folded(name: str) -> str:
    folded = unicodedata.normalize("NFKC", name).casefold()
    return unicodedata.normalize("NFKC", folded)  # case folding can undo a bit of it
