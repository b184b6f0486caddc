"""What one person has asked of another: a private chat, to come into a room.

    ana --ask--> r7 --asked--> bob
    ana <--answered yes-- r7 <--answer yes-- bob        or expired, after a minute

One primitive for all kinds: what a `yes` means is the clients' business. A cable may
break at any point of this, so the same ask again is the same request, and who comes
back is told again what they may have missed.

Only the scribe works here. Times are seconds of the monotonic clock.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import count
from time import monotonic

from chat.jobs import Question, Reply
from chat.names import name_key
from chat.refusal import Refusal
from chat.rooms import RoomBook
from chat.session import Session
from messages import Answered, Asked, Error, Ok
from protocol import encode

EXPIRY = 60.0  # seconds
MOST_OPEN = 10  # of one asker, answered ones of the last minute included
LONGEST_DETAIL = 200  # characters
KINDS = ("chat", "room")
ANSWERS = ("yes", "no")


def check_question(kind: str, detail: str) -> tuple[str, str]:
    """Return both as the chat compares them. Raises Refusal."""
    if kind not in KINDS:
        raise Refusal("bad-field", f"one can ask for: {', '.join(KINDS)}")
    _check_detail(detail)
    return kind, name_key(detail) if kind == "room" else detail


def check_answer(answer: str, detail: str) -> tuple[str, str]:
    """Return both. Raises Refusal."""
    if answer not in ANSWERS:
        raise Refusal("bad-field", f"an answer is one of: {', '.join(ANSWERS)}")
    _check_detail(detail)
    return answer, detail


def _check_detail(detail: str) -> None:
    if len(detail) > LONGEST_DETAIL or not detail.isprintable():
        raise Refusal(
            "bad-text", f"a reason is one line of at most {LONGEST_DETAIL} characters"
        )


@dataclass(frozen=True, slots=True)
class _Open:
    """A request of the last minute; `answer` is empty until there is one."""

    req: str
    asked: Question
    deadline: float
    answer: Reply | None = None

    @property
    def asker(self) -> Session:
        return self.asked.session

    def question(self, now: float) -> Asked:
        left = max(1, round(self.deadline - now))
        asked = self.asked
        return Asked(self.req, self.asker.name, asked.kind, asked.detail, left)


class Requests:
    """All requests that are not settled, or have been for less than a minute."""

    def __init__(self, rooms: RoomBook, now: Callable[[], float] = monotonic) -> None:
        self._rooms = rooms
        self._now = now
        self._open: dict[str, _Open] = {}
        self._numbers = count(1)

    @property
    def is_waiting(self) -> bool:
        return bool(self._open)

    def ask(self, requests: list[Question]) -> None:
        for request in requests:
            try:
                req = self._same(request) or self._add(request)
            except Refusal as refusal:
                request.via.push(encode(Error(request.id, refusal.code, refusal.text)))
            else:
                request.via.push(encode(Ok(request.id, (req,))))

    def answer(self, replies: list[Reply]) -> None:
        for reply in replies:
            found = self._open.get(reply.req)
            if not found or found.asked.to is not reply.session:
                text = "nobody asks you that, or not any more"
                frame = encode(Error(reply.id, "no-such-request", text))
            else:
                if not found.answer:
                    self._settle(found, reply)
                frame = encode(Ok(reply.id))
            reply.via.push(frame)

    def remind(self, session: Session) -> None:
        """Tell somebody who is back what they may have missed."""
        for found in self._of(session):
            if found.asker is session and found.answer:
                session.outbox.push(encode(_answered(found.answer)))
            elif found.asked.to is session and not found.answer:
                session.outbox.push(encode(found.question(self._now())))

    def drop(self, session: Session) -> None:
        """End the requests of somebody who left."""
        for found in list(self._of(session)):
            self._end(found)

    def expire(self) -> None:
        """End what nobody has answered in time."""
        for found in list(self._open.values()):
            if found.deadline > self._now():
                return  # the others are younger
            self._end(found)

    def _of(self, session: Session) -> Iterator[_Open]:
        for found in self._open.values():
            if session in (found.asker, found.asked.to):
                yield found

    def _same(self, request: Question) -> str | None:
        """The open request that this one repeats."""
        for found in self._open.values():
            asked = found.asked
            if not found.answer and replace(asked, via=request.via, id=request.id) == (
                request
            ):
                return found.req
        return None

    def _add(self, request: Question) -> str:
        if request.to is request.session:
            raise Refusal("bad-field", "you cannot ask yourself")
        if request.kind == "room" and not self._rooms.has(
            request.detail, request.session
        ):
            raise Refusal("not-in-room", f"you are not in {request.detail} yourself")
        if sum(o.asker is request.session for o in self._open.values()) >= MOST_OPEN:
            raise Refusal("throttled", "you have asked a lot: wait a minute")
        now = self._now()
        made = _Open(f"r{next(self._numbers)}", request, now + EXPIRY)
        self._open[made.req] = made
        request.to.outbox.push(encode(made.question(now)))
        return made.req

    def _settle(self, found: _Open, reply: Reply) -> None:
        self._open[found.req] = replace(found, answer=reply)
        found.asker.outbox.push(encode(_answered(reply)))

    def _end(self, found: _Open) -> None:
        del self._open[found.req]
        if found.answer:
            return
        for one, other in (
            (found.asker, found.asked.to),
            (found.asked.to, found.asker),
        ):
            one.outbox.push(encode(Answered(found.req, other.name, "expired")))


def _answered(reply: Reply) -> Answered:
    return Answered(reply.req, reply.session.name, reply.answer, reply.detail)
