"""What a command asks of the server: rooms, people, names, and what was said before.

    "/join physik" --> Join(k3, "#physik") --> pending --> ok, or a reason why not

One function for each row of the command table that is no line and not about the
screen. They join the others in tui/typed.py.

Rules: nothing is shown before the server has agreed, with one exception: in plain
mode the room is entered at once, because the next line of a script may be for it.
What is asked without a connection is done when the server is back, and that is said.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from messages import (
    LOBBY,
    Answer,
    Ask,
    Join,
    Leave,
    Rename,
    Rooms,
    SetTopic,
    Who,
)
from tui import asking, news, past, wording
from tui.commands import Refused
from tui.events import CallAs, Effect
from tui.pending import Awaited, sendable
from tui.roster import compared

if TYPE_CHECKING:
    from tui.model import Model

NO_TOPIC = "-"
KNOWN_KINDS = asking.AFTER_THEIR_YES


def _ask(model: Model, request: Awaited) -> list[Effect]:
    if not model.chat.is_online:
        model.chat.note("info", wording.WAITS)
    return model.chat.ask(request)


def _id(model: Model) -> str:
    return model.chat.pending.new_id()


# -- Rooms -------------------------------------------------------------------------


def join(model: Model, name: str) -> list[Effect]:
    """Enter a room; one where we are is only shown."""
    talks, room = model.chat.talks, compared(f"#{name.removeprefix('#')}")
    if talk := talks.find(room):
        talks.show(talk)
        return []
    if not model.has_screen:
        talks.show(talks.open(room))
    return _ask(model, Join(_id(model), room))


def leave(model: Model, name: str = "") -> list[Effect]:
    """Leave a room, without a name the one that is shown."""
    room = compared(f"#{name.removeprefix('#')}") if name else model.talk.name
    if not room.startswith("#"):
        raise Refused(wording.NO_ROOM)
    if room == LOBBY:
        raise Refused(wording.CANNOT_LEAVE)
    return _ask(model, Leave(_id(model), room))


def rooms(model: Model) -> list[Effect]:
    model.talk.viewport.follow()
    return _ask(model, Rooms(_id(model)))


def who(model: Model) -> list[Effect]:
    """Who is in the room that is shown; in a private talk, everybody."""
    model.talk.viewport.follow()
    room = LOBBY if model.talk.is_private else model.talk.name
    return _ask(model, Who(_id(model), room))


def topic(model: Model, text: str = "") -> list[Effect]:
    """Say what the room is about; without a text, ask."""
    talk = model.talk
    if talk.is_private:
        raise Refused(wording.NO_ROOM)
    if not text:
        model.chat.note("info", news.topic(talk.name, talk.topic, ""))
        return []
    text = "" if text == NO_TOPIC else sendable(text)
    return _ask(model, SetTopic(_id(model), talk.name, text))


def history(model: Model, lines: str = str(past.NEWEST)) -> list[Effect]:
    """Fetch older lines, and show them."""
    talk = model.talk
    if not (lines.isascii() and lines.isdigit() and int(lines)):
        raise Refused(wording.usage("history", "[LINES]"))
    if not model.chat.has_history:
        raise Refused(wording.NO_HISTORY)
    if not model.chat.is_online:
        raise Refused(wording.OFFLINE)
    if talk.past.state in ("beginning", "none", "full"):
        raise Refused(news.beginning(talk.name))
    effects = past.ask_older(model.chat, talk, int(lines))
    talk.past.is_wanted_now = True
    return effects


# -- Requests ----------------------------------------------------------------------


def ask(model: Model, name: str, why: str = "") -> list[Effect]:
    return _ask_person(model, name, "chat", sendable(why))


def invite(model: Model, name: str) -> list[Effect]:
    """Ask somebody into the room that is shown."""
    if model.talk.is_private:
        raise Refused(wording.NO_ROOM)
    if model.talk is model.chat.lobby:
        raise Refused(wording.NO_INVITATION)
    return _ask_person(model, name, "room", model.talk.name)


def _ask_person(model: Model, name: str, kind: str, detail: str) -> list[Effect]:
    if model.chat.is_me(name):
        raise Refused(wording.SELF_TALK)
    return _ask(model, Ask(_id(model), model.chat.spelled(name), kind, detail))


def yes(model: Model, name: str = "") -> list[Effect]:
    return _answer(model, name, "yes")


def no(model: Model, name: str = "") -> list[Effect]:
    return _answer(model, name, "no")


def _answer(model: Model, name: str, answer: str) -> list[Effect]:
    """Answer the oldest question, or the oldest of somebody."""
    chat = model.chat
    asked = chat.requests.asked_of_me(chat.monotonic(), name)
    if not asked:
        nothing = news.nothing_asked_by(name) if name else news.NOTHING_ASKED
        raise Refused(nothing)
    request = asked[0]
    if answer == "yes" and request.kind not in KNOWN_KINDS:
        raise Refused(news.unknown_kind(request.kind))
    chat.requests.note_answer(request.req)
    return _ask(model, Answer(_id(model), request.req, answer))


def requests(model: Model) -> list[Effect]:
    """List what is open, in both directions."""
    chat = model.chat
    open_now = chat.requests.open(chat.monotonic())
    sentences = [
        (news.ask_sent if request.is_mine else news.asked)(
            request.name, request.kind, request.detail
        )
        for request in open_now
    ]
    for sentence in sentences or [news.NO_REQUESTS]:
        chat.note("info", sentence)
    return []


# -- Names -------------------------------------------------------------------------


def nick(model: Model, name: str) -> list[Effect]:
    """Take another name; without a connection the next call is made under it."""
    chat, request = model.chat, Rename(_id(model), name)
    if chat.is_online:
        return chat.ask(request)
    chat.pending.forget(Rename)  # of several only the last is meant
    chat.note("info", news.calling_as(name))
    # Said at the door, where an old name may be taken by now; and asked once inside,
    # where a server that still knows us greets us by the name that we had.
    return [*chat.ask(request), CallAs(name)]


def ignore(model: Model, name: str = "") -> list[Effect]:
    """Hear somebody no more, or again; without a name say who is not heard."""
    ignored = model.chat.ignored
    if not name:
        model.chat.note("info", news.ignoring(list(ignored)))
        return []
    if model.chat.is_me(name):
        raise Refused(wording.SELF_TALK)
    name = model.chat.spelled(name)
    is_ignored = ignored.toggle(name)
    model.chat.note("info", news.ignored(name, is_ignored=is_ignored))
    return []


DEEDS: dict[str, Callable[..., list[Effect]]] = {
    "join": join,
    "leave": leave,
    "rooms": rooms,
    "who": who,
    "topic": topic,
    "history": history,
    "ask": ask,
    "invite": invite,
    "yes": yes,
    "no": no,
    "requests": requests,
    "nick": nick,
    "ignore": ignore,
}
