"""What was asked and not yet answered, in order: nothing typed is ever lost.

    Enter --> add --> Send --> ... --> the answer with that id --> settle
               ^                 |
               |            connection lost
               '-- Welcome: sent again, same id, same order

A server keeps lines under their id, so a line that it had already got is not
shown twice (PROTOCOL.md, section 5). A request made while offline simply waits.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator

from messages import Say, Tell, Who

Line = Say | Tell
Asked = Line | Who

# What the contract refuses in a text, and half characters, which no encoder takes.
UNSENDABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")


class Pending:
    """Requests on their way, oldest first."""

    def __init__(self) -> None:
        self._asked: dict[str, Asked] = {}
        self._numbers = itertools.count(1)

    def new_id(self) -> str:
        """An id for one request; unique within this run, as sessions are."""
        return f"k{next(self._numbers)}"

    def add(self, request: Asked) -> None:
        self._asked[request.id] = request

    def settle(self, id: str) -> Asked | None:
        """Forget the request of that id; return it if it was waiting."""
        return self._asked.pop(id, None)

    @property
    def lines(self) -> list[Line]:
        return [asked for asked in self if not isinstance(asked, Who)]

    def __contains__(self, id: str) -> bool:
        return id in self._asked

    def __iter__(self) -> Iterator[Asked]:
        return iter(self._asked.values())

    def __len__(self) -> int:
        return len(self._asked)


def sendable(text: str) -> str:
    """The text without control characters and without blank lines around it."""
    return UNSENDABLE.sub("", text).strip("\n").rstrip()
