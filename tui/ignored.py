"""Whom this person does not want to hear; the server is never told.

    /ignore mei     hides her lines, her private lines, her requests, her coming and
                    going, from now on; once more shows them again

A name is ignored as it is compared (`Mei` and `ＭＥＩ` are one), and still after its
owner takes another. What was hidden stays in the server's log.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from tui.roster import compared


class Ignored:
    """The names, as they were written."""

    def __init__(self) -> None:
        self._names: dict[str, str] = {}  # as compared -> as written

    def toggle(self, name: str) -> bool:
        """Ignore somebody, or no longer; whether they are ignored now."""
        if self._names.pop(compared(name), None):
            return False
        self._names[compared(name)] = name
        return True

    def rename(self, old: str, new: str) -> None:
        if self._names.pop(compared(old), None):
            self._names[compared(new)] = new

    def others(self, names: Iterable[str]) -> tuple[str, ...]:
        """Those of them who are not ignored."""
        return tuple(name for name in names if name not in self)

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and compared(name) in self._names

    def __iter__(self) -> Iterator[str]:
        return (self._names[key] for key in sorted(self._names))
