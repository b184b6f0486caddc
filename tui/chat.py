"""The chat as one person has it: who is here, what was said, what is on its way.

    Say k1 --ask--> pending --Send--> server
                       |
    Said k1 --receive--+--settled--> the talk it belongs to

Three promises are kept here. A typed line is pending until the server shows it to
its author, or refuses it with a reason; a lost connection changes nothing about
that. There is no local echo: everybody sees lines in the server's one order. And
the connection is told in words, once per loss, not once per try.

What is no line has files of its own, functions that take the chat: tui/rooms.py,
tui/past.py, tui/asking.py, tui/answers.py.

Foreign names and texts are made safe here, where they enter, and nowhere else.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace

import messages
from messages import (
    LOBBY,
    Answered,
    Asked,
    Bye,
    Error,
    Joined,
    Left,
    Notice,
    Ok,
    Renamed,
    Report,
    Roomlist,
    Said,
    Say,
    Tell,
    Told,
    Topic,
    Users,
    Welcome,
)
from tui import answers, asking, bell, past, rooms
from tui.asking import Requests
from tui.comeback import Comeback
from tui.editor import Editor
from tui.events import (
    Connecting,
    Connection,
    Effect,
    Ended,
    Lost,
    Online,
    Quit,
    Send,
)
from tui.ignored import Ignored
from tui.pending import Awaited, Line, Pending
from tui.roster import Roster, compared
from tui.sanitize import make_safe, make_safe_line
from tui.scrollback import Item, Kind
from tui.talk import Talk
from tui.talks import Talks

MOST_NAMES = 100  # of mine, the last ones; a line on its way may bear an older one


class Chat:
    """What the server and this person have told each other, sorted into talks."""

    def __init__(
        self,
        name: str,
        address: str,
        now: Callable[[], float],
        new_editor: Callable[[], Editor] = Editor,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """`now` is the wall clock, for what bears no time of the server's."""
        self.name = make_safe_line(name)
        self.connection: Connection = Connecting(address)
        self.talks = Talks(LOBBY, new_editor)
        self.lobby = self.talks.current
        self.pending = Pending()
        self.requests = Requests()
        self.ignored = Ignored()
        self.rooms_left: set[str] = set()  # lines from there are too late
        self.now = now
        self.monotonic = monotonic
        self.has_screen = True  # else plain lines
        self.has_history = True  # the server keeps lines to look back at
        self.hint = ""  # a refusal that belongs beside the input
        self.on_item: Callable[[Item], None] = lambda _: None  # each once, as it comes
        self._shown_seq = 0  # the highest seq in any scrollback
        self._comeback = Comeback()
        self._names: tuple[str, ...] = (compared(name),)  # that I have had
        self._heard: list[Item] = []  # what may ring, since the model last asked
        self._greeting = ""  # the notice that was shown last

    @property
    def is_online(self) -> bool:
        return isinstance(self.connection, Online)

    @property
    def roster(self) -> Roster:
        """Everybody who is here: nobody leaves the lobby."""
        return self.lobby.roster

    def roster_of(self, talk: Talk) -> Roster:
        """Who can be meant there; in a private talk anybody."""
        return self.roster if talk.is_private else talk.roster

    def room_of(self, talk: Talk) -> str:
        """How a line of that talk names its room, where talks are not apart."""
        return "" if talk is self.lobby or talk.is_private else talk.name

    def is_me(self, name: str) -> bool:
        return compared(name) == compared(self.name)

    def spelled(self, name: str) -> str:
        """The name as its owner writes it, if they are here."""
        return self.roster.spelled(name) or make_safe_line(name)

    def rename(self, old: str, new: str) -> None:
        """Somebody has another name: what is theirs goes on under it."""
        if self.is_me(old):
            self.name = new
            self._names = (*self._names, compared(new))[-MOST_NAMES:]
        self.talks.rename(old, new)
        self.pending.rename(old, new)
        self.requests.rename(old, new)
        self.ignored.rename(old, new)

    def ask(self, request: Awaited) -> list[Effect]:
        """Send a request; without a connection it waits for the next one."""
        self.pending.add(request)
        return [Send(request)] if self.is_online else []

    def waiting_in(self, talk: Talk) -> list[Line]:
        """The lines of that talk that the server has not shown yet."""
        return [line for line in self.pending.lines if self._place(line) is talk]

    def _place(self, line: Line) -> Talk | None:
        return self.talks.find(line.to if isinstance(line, Tell) else line.room)

    def note(self, kind: Kind, sentence: str, talk: Talk | None = None) -> None:
        """Put a sentence of our own into a talk, else into the one that is shown."""
        item = Item(kind, self.now(), sentence)
        (talk or self.talks.current).note(item)
        self.on_item(item)

    def note_everywhere(self, kind: Kind, sentence: str) -> None:
        """The same into every talk: what is said there may have been missed."""
        item = Item(kind, self.now(), sentence)
        for talk in self.talks:
            talk.note(item)
        self.on_item(item)

    def call(self, item: Item) -> None:
        """Say something to this person alone, with the bell."""
        self.talks.current.note(item)
        self._heard.append(item)
        self.on_item(item)

    def take_heard(self) -> list[Item]:
        """What may ring since this was asked before."""
        heard, self._heard = self._heard, []
        return heard

    # -- The connection --------------------------------------------------------

    def receive(self, event: Report | Connecting | Lost | Ended) -> list[Effect]:
        """Take in one event, in the order the receiver saw them."""
        match event:
            case Connecting():
                self.connection = event
            case Lost():
                self._comeback.lose(self, event)
            case Ended(why):
                self.connection = event
                self.note("alert", make_safe_line(why))
                return [Quit(1)]
            case Welcome():
                return self._enter(event)
            case Bye(code="quit"):
                return [Quit(0)]
            case _:
                return self._read(event)
        return []

    def _enter(self, welcome: Welcome) -> list[Effect]:
        self.has_history = "history=off" not in welcome.facts
        if welcome.resumed != "yes":
            # Of a resumed log the missed lines are still to come, up to this number.
            self._shown_seq = welcome.seq
        return self._comeback.enter(self, welcome)

    # -- What the server reports -----------------------------------------------

    def _read(self, report: Report) -> list[Effect]:
        match report:
            case Said() | Told():
                self._hear(report)
            case messages.Past():
                past.hear(self, report)
            case Ok():
                return answers.settle(self, report)
            case Error():
                answers.refuse(self, report)
            case Asked():
                asking.hear_question(self, report)
            case Answered():
                return asking.hear_answer(self, report)
            case Notice(text):
                self._note_notice(make_safe(text))
            case Users() | Joined() | Left() | Renamed() | Topic() | Roomlist():
                return rooms.read(self, report)
            case _:
                pass  # the receiver answers pings, and tells of other byes as Lost
        return []

    def _note_notice(self, text: str) -> None:
        """Show it, unless it only greets again after a reconnect."""
        is_repeated, self._greeting = text == self._greeting, text
        if not is_repeated:
            self.note("info", text)

    # -- Lines -----------------------------------------------------------------

    def _hear(self, line: Said | Told) -> None:
        is_mine = self._is_settled(line)
        if line.seq <= self._shown_seq and not is_mine:
            return  # a double: a line that was sent again is answered again
        self._shown_seq = max(line.seq, self._shown_seq)
        sender, text = make_safe_line(line.sender), make_safe(line.text)
        is_mine = is_mine or sender == self.name
        item = Item("said", line.time / 1000, text, sender, seq=line.seq)
        if isinstance(line, Told):
            item = replace(item, kind="told", to=make_safe_line(line.to))
            self._put(item, item.to if is_mine else sender, is_mine=is_mine)
        else:
            self._put(item, make_safe_line(line.room), is_mine=is_mine)

    def _is_settled(self, line: Said | Told) -> bool:
        """Whether this is a line of mine that was on its way; then it is no longer.

        The ids of others are their own business, and I may have had another name
        when I sent it, which somebody else has now.
        """
        sent = self.pending.find(line.id)
        is_mine = compared(line.sender) in self._names
        if not (is_mine and isinstance(sent, Say | Tell) and sent.text == line.text):
            return False
        self.pending.settle(line.id)
        return True

    def _put(self, item: Item, where: str, *, is_mine: bool) -> None:
        """Into the talk where it was said; a private line opens one."""
        if compared(where) in self.rooms_left or item.sender in self.ignored:
            return
        talk = self.talks.open(where)
        if talk.has_line(item.seq):
            return  # fetched with the past before it was told
        is_mention = not is_mine and bell.is_mention(item.text, self.name)
        item = replace(item, is_mention=is_mention, room=self.room_of(talk))
        talk.hear(item)
        if not is_mine:
            self._comeback.count(talk, item.seq)
        self._heard.append(item)
        self.on_item(item)
