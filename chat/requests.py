"""What one person has asked of another: a private chat, to come into a room.

    ana --ask--> r7 --asked--> bob
    ana <--answered yes-- r7 <--answer yes-- bob        or expired, after a minute

One primitive for all kinds: what a `yes` means is the clients' business. A cable may
break at any point of this, so the same ask again is the same request, and who comes
back is told again what they may have missed: that is why a request is kept for a
minute more when it is over, which is as long as one may be away.

Only the scribe works here. Times are seconds of the monotonic clock.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import count, takewhile
from time import monotonic

from chat.jobs import Question, Reply
from chat.names import name_key
from chat.refusal import Refusal
from chat.rooms import RoomBook
from chat.session import NOWHERE, Session
from messages import Answered, Asked, Error, Ok
from protocol import encode

EXPIRY = 60.0  # seconds
MOST_KEPT = 10  # of one asker, those that are over included
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
class _Request:
    """One that waits for its answer, or is over: answered, or expired without one."""

    req: str
    asked: Question
    deadline: float
    is_over: bool = False
    answer: Reply | None = None

    def report_to(self, listener: Session, now: float) -> Asked | Answered | None:
        """What there is to tell one of the two, now or when they come back."""
        asker, to = self.asked.session, self.asked.to
        if not self.is_over and listener is to:
            left = max(1, round(self.deadline - now))
            return Asked(self.req, asker.name, self.asked.kind, self.asked.detail, left)
        if self.is_over and not self.answer:
            other = to if listener is asker else asker
            return Answered(self.req, other.name, "expired")
        if self.answer and listener is asker:
            return Answered(self.req, to.name, self.answer.answer, self.answer.detail)
        return None  # they know it: by the `ok` to their own ask, or answer


class Requests:
    """All requests that wait, or have been over for less than a minute."""

    def __init__(self, rooms: RoomBook, now: Callable[[], float] = monotonic) -> None:
        self._rooms = rooms
        self._now = now
        self._kept: dict[str, _Request] = {}  # in the order of their deadlines
        self._numbers = count(1)

    @property
    def is_waiting(self) -> bool:
        return bool(self._kept)

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
            found = self._kept.get(reply.req)
            if found and found.asked.to is reply.session and not found.is_over:
                self._settle(found, reply)
                found = self._kept[reply.req]
            # Given by the same person before: the `ok` to it may have been lost.
            if found and found.answer and found.answer.session is reply.session:
                frame = encode(Ok(reply.id))
            else:
                text = "nobody asks you that, or not any more"
                frame = encode(Error(reply.id, "no-such-request", text))
            reply.via.push(frame)

    def remind(self, session: Session) -> None:
        """Tell somebody who is back what they may have missed."""
        for found in self._of(session):
            self._tell(found, session)

    def drop(self, session: Session) -> None:
        """End the requests of somebody who left."""
        for found in list(self._of(session)):
            if not found.is_over:
                self._settle(found)

    def expire(self) -> None:
        """End what nobody has answered in time, and forget what is over."""
        now = self._now()
        due = takewhile(lambda found: found.deadline <= now, self._kept.values())
        for found in list(due):
            if found.is_over:
                del self._kept[found.req]
            else:
                self._settle(found)

    def _of(self, session: Session) -> Iterator[_Request]:
        for found in self._kept.values():
            if session in (found.asked.session, found.asked.to):
                yield found

    def _same(self, request: Question) -> str | None:
        """The request that this one repeats, if it still waits."""
        for found in self._of(request.session):
            asked = replace(found.asked, via=request.via, id=request.id)
            if asked == request and not found.is_over:
                return found.req
        return None

    def _add(self, request: Question) -> str:
        asker, to = request.session, request.to
        if to is asker:
            raise Refusal("bad-field", "you cannot ask yourself")
        if to.outbox is NOWHERE:
            raise Refusal("no-such-user", f"{to.name} has just left")
        if request.kind == "room" and not self._rooms.has(request.detail, asker):
            raise Refusal("not-in-room", f"you are not in {request.detail} yourself")
        if sum(o.asked.session is asker for o in self._kept.values()) >= MOST_KEPT:
            raise Refusal("throttled", "you have asked a lot: wait a minute")
        made = _Request(f"r{next(self._numbers)}", request, self._now() + EXPIRY)
        self._kept[made.req] = made
        self._tell(made, to)
        return made.req

    def _settle(self, found: _Request, answer: Reply | None = None) -> None:
        del self._kept[found.req]  # and in again, as the youngest
        over = replace(
            found, is_over=True, answer=answer, deadline=self._now() + EXPIRY
        )
        self._kept[over.req] = over
        for listener in (over.asked.session, over.asked.to):
            self._tell(over, listener)

    def _tell(self, found: _Request, listener: Session) -> None:
        if report := found.report_to(listener, self._now()):
            listener.outbox.push(encode(report))
