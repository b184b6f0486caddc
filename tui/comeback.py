"""Losing the server and coming back, as it is told, and what it means for the talks.

    14:07  !  offline, trying again: the connection was lost       once per loss
    14:08  ·  reconnected after 9 s, 2 lines caught up             grows line by line
    14:07     ana  exactly.

    14:08  ·  reconnected, lines said in between are missing here  another log

Each talk has the sentence with a count of its own: a server tells how far its log
goes when it says welcome, and what comes up to there was said while we were away.
A server that knows nothing of us is told again in which rooms we were.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from messages import Welcome
from tui import news, past, rooms, wording
from tui.events import Effect, Lost, Online, Remember, Send
from tui.sanitize import make_safe_line
from tui.scrollback import Item

if TYPE_CHECKING:
    from tui.chat import Chat
    from tui.talk import Talk


class Comeback:
    """What is remembered from one connection to the next."""

    def __init__(self) -> None:
        self._was_online = False
        self._lost_at: float | None = None  # wall clock; None: nothing is lost
        self._refusal = ""  # why the server did not let us in again, as told
        self._last_seq = 0  # what comes up to here was said while we were away
        self._counts: dict[Talk, tuple[int, int]] = {}  # number of the item, lines
        self._away_s = 0.0

    def lose(self, chat: Chat, lost: Lost) -> None:
        """The connection broke, or another try to get in has failed."""
        chat.connection = lost
        why = make_safe_line(lost.why)
        if self._lost_at is None:
            self._lost_at = chat.now()
            past.cut_off(chat)
            chat.note_everywhere("alert", wording.lost(why))
        elif lost.is_refusal and why != self._refusal:
            self._refusal = why
            chat.note("alert", wording.not_let_in(why))

    def enter(self, chat: Chat, welcome: Welcome) -> list[Effect]:
        """We are in. First our rooms, then what waits, for some of it goes there."""
        chat.connection = Online()
        waiting = [Send(request) for request in chat.pending]
        effects = self._take_name(chat, make_safe_line(welcome.name))
        if welcome.resumed == "yes":
            self._catch_up(chat, welcome.seq)
        elif self._was_online:
            effects += self._begin_anew(chat)
        self._was_online, self._lost_at, self._refusal = True, None, ""
        return [*effects, *waiting]

    def _take_name(self, chat: Chat, name: str) -> list[Effect]:
        """The server has the last word on what we are called."""
        old = chat.name
        chat.rename(old, name)
        if name == old or not self._was_online:
            return []
        chat.note_everywhere("info", news.own_name(name))
        return [Remember(name)]

    def _begin_anew(self, chat: Chat) -> list[Effect]:
        """Another log: nothing that we asked of the old server is known here."""
        away_s = self._seconds_away(chat.now())
        sentence = wording.reconnected(away_s, is_resumed=False)
        chat.note_everywhere("ok", sentence)
        chat.requests.forget()
        self._counts = {}
        for talk in chat.talks:
            talk.begin_log()
        return rooms.go_back(chat)

    def _seconds_away(self, now: float) -> float:
        return 0.0 if self._lost_at is None else now - self._lost_at

    def _catch_up(self, chat: Chat, last_seq: int) -> None:
        """Say that we are back, and be ready to count."""
        now = chat.now()
        self._last_seq = last_seq
        self._away_s = self._seconds_away(now)
        item = Item("ok", now, wording.reconnected(self._away_s, is_resumed=True))
        self._counts = {}
        for talk in chat.talks:
            talk.note(item)
            self._counts[talk] = talk.scrollback.end - 1, 0
        chat.on_item(item)

    def count(self, talk: Talk, seq: int) -> None:
        """A line of somebody else has come into that talk."""
        if seq > self._last_seq or talk not in self._counts:
            return
        number, lines = self._counts[talk]
        self._counts[talk] = number, lines + 1
        if talk.scrollback.first <= number:
            text = wording.reconnected(self._away_s, lines + 1, is_resumed=True)
            sentence = replace(talk.scrollback[number], text=text)
            talk.scrollback.replace(number, sentence)
