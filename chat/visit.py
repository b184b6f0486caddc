"""What a reader knows about its peer, and the patience it has with it.

Only that reader looks at it, so it needs no lock.
"""

from __future__ import annotations

from time import monotonic

from chat.flood import Bucket
from chat.session import Session
from chat.settings import Settings
from messages import Bye, History, Request, Rooms, Who

MOST_MISTAKES = 10  # in a row, then we hang up
# What is answered with a whole list counts like so many lines.
COSTS: dict[type[Request], int] = {Who: 4, Rooms: 4, History: 4}


class Farewell(Exception):
    """The conversation is over; `bye` is the last message."""

    def __init__(self, code: str, text: str = "", retry: int | None = None) -> None:
        super().__init__(code)
        self.bye = Bye(code, text, retry)


class Visit:
    """One peer's stay, from accept to close."""

    def __init__(self, settings: Settings) -> None:
        self.session: Session | None = None  # until hello
        self.why = ""  # the peer had to go, if it was not the network's fault
        self._bucket = Bucket(settings.rate, settings.burst, monotonic())
        self._mistakes = 0  # in a row

    def pace(self) -> float:
        """Count a message; return how many seconds to hold it up. Raises Farewell."""
        delay = self._bucket.take(monotonic())
        if delay and self._bucket.is_flooding(monotonic()):
            raise Farewell("flood", "too much at once for a minute", retry=60)
        return delay

    def note_mistake(self) -> None:
        """Count a message that made no sense. Raises Farewell at the tenth."""
        self._mistakes += 1
        if self._mistakes == MOST_MISTAKES:
            raise Farewell("bad-frame", "too many mistakes in a row")

    def note_sense(self, request: Request) -> None:
        self._mistakes = 0
        self._bucket.spend(COSTS.get(type(request), 1) - 1)

    def why_gone(self, *, is_slow: bool) -> str:
        """What the others hear of it."""
        if self.why in {"quit", "flood"}:
            return self.why
        return "slow" if is_slow else "lost"
