"""What was said before: fetched a page at a time, from the newest to the beginning.

    enter a room, scroll up, /history --> Send(History) ... past, past, past, ok
                                                  |                       |
                                          kept until it is whole, then put above
                                          the first line: what one reads stays

    unknown --ask--> loading --ok yes--> more --ask--> loading ...
       ^                |------ok no---> beginning
       '--- cut off ----'--- no room --> full

Rules: one page per talk is on its way. What a broken connection cut off is not asked
again by itself: whoever still wants it scrolls. The past is quiet: no bell, nothing
unread. A talk keeps as many lines as its scrollback has room for; older ones never
push out newer ones.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Literal

import messages
from messages import Error, History, Ok
from tui import bell, news, wording
from tui.events import Effect, Send
from tui.sanitize import make_safe, make_safe_line
from tui.scrollback import Item

if TYPE_CHECKING:
    from tui.chat import Chat
    from tui.talk import Talk

NEWEST = 20  # lines, when one enters
PAGE = 100  # lines, when one scrolls; the most a server gives

State = Literal["unknown", "loading", "more", "beginning", "full", "none"]
TOLD = {"loading", "beginning", "full"}  # on the screen, above the first item


class Past:
    """How far back one talk goes."""

    def __init__(self) -> None:
        self.state: State = "unknown"
        self.id = ""  # of the request on its way
        self.lines: list[Item] = []  # of the answer, so far
        self.is_wanted_now = False  # somebody asked in words: show it when it comes

    @property
    def is_told(self) -> bool:
        return self.state in TOLD


def ask_newest(chat: Chat, talk: Talk) -> list[Effect]:
    """Ask for what was said last before one came, once."""
    return ask_older(chat, talk, NEWEST) if talk.past.state == "unknown" else []


def ask_older(chat: Chat, talk: Talk, lines: int = PAGE) -> list[Effect]:
    """Ask for what was said before the first line of that talk, if it can be had."""
    past = talk.past
    if not (chat.is_online and chat.has_history):
        return []
    if past.state not in ("unknown", "more"):
        return []
    if not talk.scrollback.room:
        talk.turn_past("full")
        return []
    past.id, past.lines = chat.pending.new_id("h"), []
    talk.turn_past("loading")
    limit = min(lines, PAGE, talk.scrollback.room)
    return [Send(History(past.id, talk.name, talk.oldest_seq, limit))]


def hear(chat: Chat, line: messages.Past) -> None:
    """Keep one line of the answer until the rest is there."""
    talk = _asked_by(chat, line.id)
    if not talk or len(talk.past.lines) == PAGE:
        return
    name = make_safe_line(line.sender)
    item = Item("said", line.time / 1000, make_safe(line.text), name, seq=line.seq)
    if talk.is_private:
        to = talk.name if chat.is_me(name) else chat.name
        item = replace(item, kind="told", to=to)
    is_mention = not chat.is_me(name) and bell.is_mention(item.text, chat.name)
    room = chat.room_of(talk)
    talk.past.lines.append(
        replace(item, is_mention=is_mention, room=room, is_past=True)
    )


def finish(chat: Chat, ok: Ok) -> bool:
    """Show the answer; whether it was one of ours."""
    if not (talk := _asked_by(chat, ok.id)):
        return False
    past, has_more = talk.past, ok.details[:1] == ("yes",)
    past.id = ""
    shown = [line for line in past.lines if line.sender not in chat.ignored]
    is_full = len(shown) > talk.scrollback.room
    state: State = "full" if is_full else "more" if has_more else "beginning"
    new = talk.turn_past(state, shown)
    for line in new:
        chat.on_item(line)
    if past.is_wanted_now and not new:
        chat.hint = news.beginning(talk.name)
    elif past.is_wanted_now:
        talk.show(talk.scrollback.first)
    past.is_wanted_now = False
    return True


def fail(chat: Chat, error: Error) -> bool:
    """Give up: there is no more to be had; whether it was one of ours."""
    if not (talk := _asked_by(chat, error.id)):
        return False
    talk.past.id = ""
    talk.turn_past("none")
    if talk.past.is_wanted_now:
        chat.hint = wording.refusal(error.code, make_safe_line(error.text), error.retry)
    talk.past.is_wanted_now = False
    return True


def cut_off(chat: Chat) -> None:
    """The connection broke: nothing is loading any more."""
    for talk in chat.talks:
        if talk.past.state == "loading":
            is_new = talk.oldest_seq is None
            talk.past.id, talk.past.is_wanted_now = "", False
            talk.turn_past("unknown" if is_new else "more")


def _asked_by(chat: Chat, id: str) -> Talk | None:
    return next((t for t in chat.talks if id and t.past.id == id), None)
