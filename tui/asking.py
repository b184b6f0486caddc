"""Requests: what people ask each other, in both directions, of every kind.

    zoe asks   Asked -----> in the list, said in a line, the bar above the input
                              /yes, /no --Answer--> ok --> what that kind promises
    I ask      Ask --ok---> in the list --Answered--> yes, no, expired: out of it

One list for all kinds; what a yes does stands in two tables below, by kind. Requests
are answered one by one, the oldest first, or by name.

Rules: who is ignored asks in vain and is not told so. A request ends when the server
says so; the bar forgets it when its time is over, also without a connection. Whoever
is typing is never moved to another talk by somebody else's answer.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from messages import Answer, Answered, Ask, Asked, Join
from tui import news
from tui.events import Effect
from tui.roster import compared
from tui.sanitize import make_safe_line
from tui.scrollback import Item

if TYPE_CHECKING:
    from tui.chat import Chat

MOST_REQUESTS = 100  # open ones; of more the oldest is forgotten
PATIENCE_S = 60.0  # how long a server keeps a request; one of mine does not tell


@dataclass(frozen=True, slots=True)
class Request:
    """One question that is open."""

    req: str  # the server's name for it
    name: str  # the other one
    kind: str
    detail: str  # of `chat`: why; of `room`: which
    until: float  # time.monotonic()
    is_mine: bool  # I asked
    is_answered: bool = False  # and the server has not taken it yet


class Requests:
    """All that are open, the oldest first."""

    def __init__(self) -> None:
        self._open: dict[str, Request] = {}

    def add(self, request: Request) -> bool:
        """Take it in; whether it is new, for the same can be asked again."""
        is_new = request.req not in self._open
        if is_new and len(self._open) == MOST_REQUESTS:
            self.settle(next(iter(self._open)))
        self._open[request.req] = request
        return is_new

    def settle(self, req: str) -> Request | None:
        """Forget it; return it if it was open."""
        return self._open.pop(req, None)

    def open(self, now: float) -> list[Request]:
        return [request for request in self._open.values() if request.until > now]

    def asked_of_me(self, now: float, name: str = "") -> list[Request]:
        """What waits for my yes or no; of one person, if there is a name."""
        return [
            request
            for request in self.open(now)
            if not (request.is_mine or request.is_answered)
            and (not name or compared(request.name) == compared(name))
        ]

    def note_answer(self, req: str) -> None:
        """It is answered: nothing to be asked again while the answer is on its way."""
        self._open[req] = replace(self._open[req], is_answered=True)

    def rename(self, old: str, new: str) -> None:
        for req, request in self._open.items():
            if compared(request.name) == compared(old):
                self._open[req] = replace(request, name=new)

    def forget(self) -> None:
        """Another server, or the same without its memory: nothing is open there."""
        self._open.clear()


# -- What the server reports -------------------------------------------------------


def hear_question(chat: Chat, asked: Asked) -> None:
    """Somebody asks: in the list, in a line, and with the bell."""
    name, detail = make_safe_line(asked.sender), make_safe_line(asked.detail)
    if name in chat.ignored:
        return
    until = chat.monotonic() + asked.expires
    kind = make_safe_line(asked.kind)
    request = Request(asked.req, name, kind, detail, until, is_mine=False)
    if not chat.requests.add(request):
        return
    sentence = f"{news.finished(news.asked(name, kind, detail))} {news.YES_OR_NO}"
    chat.call(Item("info", chat.now(), sentence, name, is_mention=True))


def hear_asked(chat: Chat, ask: Ask, req: str) -> None:
    """The server has passed on what I ask."""
    name, until = make_safe_line(ask.to), chat.monotonic() + PATIENCE_S
    detail = make_safe_line(ask.detail)
    request = Request(req, name, ask.kind, detail, until, is_mine=True)
    if chat.requests.add(request):
        chat.note("info", news.ask_sent(name, ask.kind, detail))


def hear_answer(chat: Chat, answered: Answered) -> list[Effect]:
    """What I asked, or was asked, is settled."""
    if not (request := chat.requests.settle(answered.req)):
        return []  # of somebody ignored, or long forgotten
    is_yes = answered.answer == "yes"
    if request.is_mine:
        effects = AFTER_MY_YES.get(request.kind, _stay)(chat, request) if is_yes else []
        answer, kind, detail = answered.answer, request.kind, request.detail
        chat.note("info", news.answered(request.name, answer, kind, detail))
        return effects
    chat.note("info", news.asked_in_vain(request.name))
    return []


def hear_answered(chat: Chat, answer: Answer) -> list[Effect]:
    """The server has taken my answer."""
    request = chat.requests.settle(answer.req)
    if not request or answer.answer != "yes":
        return []
    return AFTER_THEIR_YES.get(request.kind, _stay)(chat, request)


# -- What a yes does, kind by kind -------------------------------------------------


def _open_talk(chat: Chat, request: Request) -> list[Effect]:
    talk = chat.talks.open(request.name)
    if chat.has_screen and not chat.talks.current.editor.text:
        chat.talks.show(talk)
    return []


def _go_there(chat: Chat, request: Request) -> list[Effect]:
    return chat.ask(Join(chat.pending.new_id(), request.detail))


def _stay(_chat: Chat, _request: Request) -> list[Effect]:
    return []


Deed = Callable[["Chat", Request], list[Effect]]

AFTER_MY_YES: dict[str, Deed] = {"chat": _open_talk, "room": _stay}  # I had asked
AFTER_THEIR_YES: dict[str, Deed] = {"chat": _open_talk, "room": _go_there}  # they had
