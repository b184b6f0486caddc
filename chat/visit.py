"""What a reader knows about its peer, and the patience it has with it.

Only that reader looks at it, so it needs no lock.
"""

from __future__ import annotations

from time import monotonic

from chat.flood import Bucket
from chat.jobs import Post
from chat.refusal import Refusal
from chat.session import Caller, Session
from chat.settings import Settings
from messages import Bye, History, Report, Request, Rooms, Who
from protocol import encode

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

    def __init__(self, settings: Settings, caller: Caller) -> None:
        self.caller = caller
        self.outbox = caller.outbox
        self.session: Session | None = None  # until hello
        self.name = ""  # the latest that they asked for and got
        self.why = ""  # the peer had to go, if it was not the network's fault
        self.posts: list[Post] = []  # what this read has brought for the scribe so far
        self._bucket = Bucket(settings.rate, settings.burst, monotonic())
        self._mistakes = 0  # in a row

    @property
    def member(self) -> Session:
        """Who they are. Raises Refusal before hello."""
        if self.session is None:
            raise Refusal("not-logged-in", "say hello first")
        return self.session

    def send(self, message: Report) -> None:
        self.outbox.push(encode(message))

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
        if cost := COSTS.get(type(request)):
            self._bucket.spend(cost - 1)

    def why_gone(self, *, is_slow: bool) -> str:
        """What the others hear of it."""
        if self.why in {"quit", "flood"}:
            return self.why
        return "slow" if is_slow else "lost"
