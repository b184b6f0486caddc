"""What becomes of what I asked: done, or refused with a reason.

    Join k3 --> ok k3      --> the room's talk is shown
    Say k4  --> error k4   --> ! not sent: you are muted, try again in 60 s: hi

Every request gets one closing answer that carries its id. Lines are answered by
themselves (tui/chat.py), and lists by what they list (tui/rooms.py).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from messages import Answer, Ask, Error, Join, Leave, Ok, Rename, Say, Tell
from tui import asking, past, rooms, wording
from tui.events import Effect
from tui.sanitize import make_safe, make_safe_line

if TYPE_CHECKING:
    from tui.chat import Chat


def settle(chat: Chat, ok: Ok) -> list[Effect]:
    """The request of that id is done."""
    if past.finish(chat, ok):
        return []
    match chat.pending.settle(ok.id):
        case Join() as joined:
            rooms.open_room(chat, joined)
        case Leave(room=room):
            rooms.shut_room(chat, room)
        case Ask() as ask:
            asking.hear_asked(chat, ask, ok.details[0] if ok.details else "")
        case Answer() as answer:
            return asking.hear_answered(chat, answer)
        case _:
            pass  # the others are told to everybody: topic, renamed
    return []


def refuse(chat: Chat, error: Error) -> None:
    """The request of that id is not done, and never will be."""
    if past.fail(chat, error):
        return
    if error.code == "not-logged-in" and error.id in chat.pending:
        return  # sent while a new connection said hello: the welcome resends it
    why = wording.refusal(error.code, make_safe_line(error.text), error.retry)
    match chat.pending.settle(error.id):
        case Say(text=text) | Tell(text=text):
            why = wording.not_sent(make_safe(text), why)
        case Rename():
            chat.hint = why  # beside the input, where another name is typed
            return
        case Join(room=room):
            rooms.shut_room(chat, room)
        case Leave(room=room) if error.code in NOT_THERE:
            rooms.shut_room(chat, room)
            return  # as was wanted
        case Answer(req=req):
            chat.requests.settle(req)
        case _:
            pass
    chat.note("alert", why)


NOT_THERE = {"not-in-room", "no-such-room"}
