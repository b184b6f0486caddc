"""Everything on the screen, as data; both faces of the client show this.

    receiver --receive(event)-->  +-------+
    keys     --press(key)------>  | Model |  --> [Send, Reconnect, Quit, ...]
    lines    --submit(line)---->  +-------+
                                      ^
                    view, plain mode: they only look

The talk with the server is `tui.chat`; here is the person's side: the line being
typed, what commands and keys do, where in the past one reads, and leaving.

Rules: one thread. No socket, no terminal, no waiting; the time is asked of `now`.
What a line or key cannot do becomes the hint, and the line stays to be mended.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import messages
from tui import keys, past, pressed, typed, wording
from tui.bell import Bell
from tui.chat import Chat
from tui.commands import COMMANDS, Command, Refused, help_text
from tui.complete import Completer, latest_speakers_first, matching_commands
from tui.editor import Editor
from tui.events import (
    Effect,
    Ended,
    Entered,
    Event,
    InputEnded,
    Lost,
    Quit,
    Reveal,
    Ring,
    Send,
)
from tui.history import History, HistorySearch
from tui.killring import KillRing
from tui.lag import Lag
from tui.preferences import ROWS, Preferences
from tui.roster import Roster
from tui.sanitize import make_safe_line
from tui.scrollback import Place
from tui.search import Search
from tui.talk import Talk
from tui.typed import Asked
from tui.wire import Wire

LEAVING = (keys.Key("ctrl-c"), keys.Key("ctrl-d"))
HINT_S = 5.0  # seconds; then a hint has been read, and what it offered is over


class Model:
    """One person in front of one chat."""

    def __init__(
        self,
        name: str,
        address: str,
        preferences: Preferences | None = None,
        now: Callable[[], float] = time.time,
        monotonic: Callable[[], float] = time.monotonic,
        wire: Wire | None = None,
    ) -> None:
        """`now` is the wall clock, for what bears no time of the server's."""
        self.preferences = preferences or Preferences()
        history, kills = History(), KillRing()  # shared by all talks
        self.chat = Chat(name, address, now, lambda: Editor(history, kills), monotonic)
        self.completer = Completer(self._likely_names, COMMANDS)
        self.lag = Lag()
        self.wire = wire or Wire()
        self._bell = Bell(self.preferences.bell)
        self._monotonic = monotonic
        self._hint = ""
        self._hint_at = 0.0  # since when, by `monotonic`
        self.help_top: int | None = None  # the help is open, from this row on
        self.search: Search | None = None
        self._place_before: Place | None = None  # where one was reading
        self.history_search: HistorySearch | None = None
        self.question: Asked | None = None  # to be answered before anything is sent
        self._history = history
        self.are_panes_hidden = False
        self.is_leaving = False
        self._has_said_goodbye = False
        self._is_warned = False  # the last key was Ctrl+C

    @property
    def talk(self) -> Talk:
        """The talk that is shown."""
        return self.chat.talks.current

    @property
    def has_screen(self) -> bool:
        """Whether talks are apart; else lines of all of them come one by one."""
        return self.chat.has_screen

    @has_screen.setter
    def has_screen(self, has_screen: bool) -> None:
        self.chat.has_screen = has_screen

    @property
    def roster(self) -> Roster:
        """Who is where the shown talk is."""
        return self.chat.roster_of(self.talk)

    @property
    def editor(self) -> Editor:
        return self.talk.editor

    @property
    def hint(self) -> str:
        """A sentence about the last key or line, until the next or for a while."""
        return self._hint

    @hint.setter
    def hint(self, sentence: str) -> None:
        self._hint = sentence
        if sentence:
            self._hint_at = self._monotonic()

    @property
    def hint_ends_at(self) -> float | None:
        """When the hint goes, by `monotonic`; None: it stays as long as it is true."""
        is_lasting = self.search or self.question or self.is_leaving
        return self._hint_at + HINT_S if self._hint and not is_lasting else None

    @property
    def candidates(self) -> str:
        """What Tab could make of the word, in one line."""
        return make_safe_line(self.completer.hint(self.editor))

    @property
    def matching(self) -> tuple[Command, ...]:
        """The commands that begin as the line does."""
        return tuple(matching_commands(self.editor.text, COMMANDS))

    def _likely_names(self) -> list[str]:
        others = [name for name in self.roster if not self.chat.is_me(name)]
        rooms = [talk.name for talk in self.chat.talks if not talk.is_private]
        return [*latest_speakers_first(others, self.talk.speakers), *rooms]

    # -- What comes in ---------------------------------------------------------

    def receive(self, event: Event) -> list[Effect]:
        """Take in what the receiver, or in plain mode the keyboard, has put."""
        match event:
            case Entered(line):
                return self.submit(line)
            case InputEnded():
                return [] if self.is_leaving else self.leave()
            case _:
                self._note_lag(event)
                effects = self.chat.receive(event)
                if self.chat.hint:
                    self.hint, self.chat.hint = self.chat.hint, ""
                shown = self._fetch_shown()
                return [*self._leave_when_done(), *effects, *shown, *self._ring()]

    def submit(self, line: str) -> list[Effect]:
        """Do what a line asks; if that cannot be, the hint says why."""
        self.hint = ""
        try:
            return typed.submit(self, line)
        except Refused as refused:
            self.hint = make_safe_line(str(refused))
            return []

    def press(self, key: keys.Input) -> list[Effect]:
        """Do what one key, or one paste, means."""
        self.hint = ""
        self.lag.be_used()
        was_warned, self._is_warned = self._is_warned, False
        if key in LEAVING and was_warned:
            return self.leave()
        return [*pressed.press(self, key), *self._fetch_shown()]

    def tick(self) -> list[Effect]:
        """Do what is due by now; see `next_deadline` in tui/view.py."""
        now = self._monotonic()
        if self.hint_ends_at is not None and now >= self.hint_ends_at:
            self.hint, self._is_warned = "", False
        tokens = self.lag.take_ping(now)
        return [Send(messages.Ping(token)) for token in tokens]

    def _note_lag(self, event: Event) -> None:
        match event:
            case messages.Welcome():
                self.lag.arrive(self._monotonic())
            case messages.Pong(token):
                self.lag.hear_pong(token, self._monotonic())
            case Lost() | Ended():
                self.lag.depart()
            case _:
                pass

    def _ring(self) -> list[Effect]:
        """The bell, for what has just been heard, if the person wants it."""
        return [
            Ring()
            for item in self.chat.take_heard()
            if self._bell.rings(
                is_own=item.sender == self.chat.name,
                is_mention=item.is_mention or item.kind == "told",
                now=self._monotonic(),
            )
        ]

    def choose(self, what: str, choice: str) -> None:
        """Change a preference, until the end of this run. Raises Refused."""
        row = ROWS[what]
        if choice not in row.choices:
            raise Refused(wording.usage(what, "|".join(row.choices)))
        chosen: dict[str, Any] = {what: choice}
        self.preferences = replace(self.preferences, **chosen)
        self._bell = Bell(self.preferences.bell)
        self.chat.note("info", wording.chosen(what, choice))

    def greet(self) -> None:
        """Say what somebody must know who is here for the first time."""
        for sentence in wording.FIRST_STEPS:
            self.chat.note("info", sentence)

    # -- Reading ---------------------------------------------------------------

    def fetch_older(self) -> list[Effect]:
        """What was said before the first line of the talk that is shown."""
        return past.ask_older(self.chat, self.talk)

    def _fetch_shown(self) -> list[Effect]:
        """A private talk that comes onto the screen has a past, as a room has."""
        if not (self.talk.is_private and self.has_screen):
            return []
        return past.ask_newest(self.chat, self.talk)

    def open_help(self) -> None:
        """Show what there is to type: over the screen, or as lines."""
        if self.has_screen:
            self.help_top = 0
        else:
            self.chat.note("info", help_text())

    def start_search(self, search: Search) -> list[Effect]:
        self.search = search
        self._place_before = self.talk.viewport.place
        return self.show_hit(search)

    def show_hit(self, search: Search) -> list[Effect]:
        """Go where the search has come to, or say that it found nothing."""
        self.hint = wording.NOT_FOUND if search.has_failed else ""
        if search.hit is None:
            return []
        self.talk.show(search.hit)
        return [Reveal()]

    def end_search(self, *, goes_back: bool) -> None:
        self.search = None
        if goes_back:
            self.talk.viewport.go_back(self._place_before)

    def start_history_search(self) -> None:
        self.history_search = HistorySearch(self._history)

    # -- Leaving ---------------------------------------------------------------

    def leave(self) -> list[Effect]:
        """Leave politely, after what is on its way; asked twice, at once."""
        if self.is_leaving:
            return [Quit(0)]
        self.is_leaving = True
        self.hint = wording.leaving(len(self.chat.pending.lines))
        return self._leave_when_done()

    def warn(self) -> list[Effect]:
        """The first Ctrl+C: it clears the line, and says what a second one does."""
        if self.is_leaving:
            return self.leave()
        self.editor.clear()
        self._is_warned = True
        self.hint = wording.leave_hint(len(self.chat.pending.lines))
        return []

    def _leave_when_done(self) -> list[Effect]:
        if not self.is_leaving or self.chat.pending:
            return []
        if not self.chat.is_online:
            return [Quit(0)]
        if self._has_said_goodbye:
            return []  # the server's bye is on its way
        self._has_said_goodbye = True
        return [Send(messages.Quit())]
