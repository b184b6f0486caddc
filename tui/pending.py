"""What was asked and not yet answered, in order: nothing typed is ever lost.

    Enter --> add --> Send --> ... --> the answer with that id --> settle
               ^                 |
               |            connection lost
               '-- Welcome: sent again, same id, same order

A server keeps lines under their id, so a line that it had already got is not
shown twice (PROTOCOL.md, section 4). A request made while offline simply waits.
History is not among them: what is cut off there is asked again by scrolling.
"""

from __future__ import annotations

import itertools
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace

from messages import (
    Answer,
    Ask,
    Join,
    Leave,
    Rename,
    Rooms,
    Say,
    SetTopic,
    Tell,
    Who,
)
from tui.roster import compared

Line = Say | Tell
Awaited = Line | Join | Leave | Who | Rooms | SetTopic | Ask | Answer | Rename

# What the contract refuses in a text, and half characters, which no encoder takes.
UNSENDABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")


class Pending:
    """Requests on their way, oldest first."""

    def __init__(self) -> None:
        self._waiting: dict[str, Awaited] = {}
        self._numbers = defaultdict[str, Iterator[int]](lambda: itertools.count(1))

    def new_id(self, letter: str = "k") -> str:
        """An id for one request; unique within this run, as sessions are."""
        return f"{letter}{next(self._numbers[letter])}"

    def add(self, request: Awaited) -> None:
        self._waiting[request.id] = request

    def settle(self, id: str) -> Awaited | None:
        """Forget the request of that id; return it if it was waiting."""
        return self._waiting.pop(id, None)

    def forget(self, kind: type[Awaited]) -> None:
        """No request of that kind is wanted any more."""
        for request in list(self):
            if isinstance(request, kind):
                self.settle(request.id)

    @property
    def lines(self) -> list[Line]:
        return [request for request in self if isinstance(request, Say | Tell)]

    def find(self, id: str) -> Awaited | None:
        return self._waiting.get(id)

    def rename(self, old: str, new: str) -> None:
        """Private lines follow whom they are for."""
        for line in self.lines:
            if isinstance(line, Tell) and compared(line.to) == compared(old):
                self._waiting[line.id] = replace(line, to=new)

    def __contains__(self, id: str) -> bool:
        return id in self._waiting

    def __iter__(self) -> Iterator[Awaited]:
        return iter(self._waiting.values())

    def __len__(self) -> int:
        return len(self._waiting)


def sendable(text: str) -> str:
    """The text without control characters and without blank lines around it."""
    return UNSENDABLE.sub("", text).strip("\n").rstrip()
