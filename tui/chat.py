"""The chat as one person has it: who is here, what was said, what is on its way.

    Say k1 --ask--> pending --Send--> server
                       |
    Said k1 --receive--+--settled--> the talk it belongs to

Three promises are kept here. A typed line is pending until the server shows it to
its author, or refuses it with a reason; a lost connection changes nothing about
that. There is no local echo: everybody sees lines in the server's one order. And
the connection is told in words, once per loss, not once per try.

Foreign names and texts are made safe here, where they enter, and nowhere else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from messages import (
    LOBBY,
    Bye,
    Error,
    Joined,
    Left,
    Notice,
    Report,
    Said,
    Say,
    Tell,
    Told,
    Users,
    Welcome,
)
from tui import bell, wording
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
from tui.pending import Asked, Line, Pending
from tui.roster import Roster, compared
from tui.sanitize import make_safe, make_safe_line
from tui.scrollback import Item, Kind
from tui.talk import Talk
from tui.talks import Talks


class Chat:
    """What the server and this person have told each other, sorted into talks."""

    def __init__(
        self,
        name: str,
        address: str,
        now: Callable[[], float],
        new_editor: Callable[[], Editor] = Editor,
    ) -> None:
        """`now` is the wall clock, for what bears no time of the server's."""
        self.name = make_safe_line(name)
        self.connection: Connection = Connecting(address)
        self.roster = Roster()
        self.pending = Pending()
        self.talks = Talks(LOBBY, new_editor)
        self._now = now
        self.on_item: Callable[[Item], None] = lambda _: None  # each once, as it comes
        self._shown_seq = 0  # the highest seq in any scrollback
        self._was_online = False
        self._has_met_people = False  # the first list of who is here has come
        self._is_loss_told = False
        self._lost_at = 0.0  # by the wall clock
        self._heard: list[Item] = []  # lines since the model last asked
        self._greeting = ""  # the notice that was shown last

    @property
    def is_online(self) -> bool:
        return isinstance(self.connection, Online)

    def is_me(self, name: str) -> bool:
        return compared(name) == compared(self.name)

    def spelled(self, name: str) -> str:
        """The name as its owner writes it, if they are here."""
        return self.roster.spelled(name) or make_safe_line(name)

    def ask(self, request: Asked) -> list[Effect]:
        """Send a request; without a connection it waits for the next one."""
        self.pending.add(request)
        return [Send(request)] if self.is_online else []

    def waiting_in(self, talk: Talk) -> list[Line]:
        """The lines of that talk that the server has not shown yet."""
        return [line for line in self.pending.lines if self._place(line) is talk]

    def _place(self, line: Line) -> Talk | None:
        return self.talks.find(line.to if isinstance(line, Tell) else line.room)

    def note(self, kind: Kind, sentence: str) -> None:
        """Put a sentence of our own into the talk that is shown."""
        item = Item(kind, self._now(), sentence)
        self.talks.current.note(item)
        self.on_item(item)

    def _note_everywhere(self, kind: Kind, sentence: str) -> None:
        """The same into every talk: what is said there may have been missed."""
        item = Item(kind, self._now(), sentence)
        for talk in self.talks:
            talk.note(item)
        self.on_item(item)

    # -- The connection --------------------------------------------------------

    def receive(self, event: Report | Connecting | Lost | Ended) -> list[Effect]:
        """Take in one event, in the order the receiver saw them."""
        match event:
            case Connecting():
                self.connection = event
            case Lost():
                self._lose(event)
            case Ended(why):
                self.connection = event
                self.note("alert", make_safe_line(why))
                return [Quit(1)]
            case Welcome():
                return self._enter(event)
            case Bye(code="quit"):
                return [Quit(0)]
            case _:
                self._read(event)
        return []

    def _lose(self, lost: Lost) -> None:
        self.connection = lost
        if not self._is_loss_told:
            self._is_loss_told, self._lost_at = True, self._now()
            self._note_everywhere("alert", wording.lost(make_safe_line(lost.why)))

    def _enter(self, welcome: Welcome) -> list[Effect]:
        self.name = make_safe_line(welcome.name)
        self.connection, self._is_loss_told = Online(), False
        is_resumed = welcome.resumed == "yes"
        if self._was_online:
            lasted = self._now() - self._lost_at
            sentence = wording.reconnected(lasted, is_resumed=is_resumed)
            self._note_everywhere("ok", sentence)
        self._was_online = True
        if not is_resumed:
            # Of a resumed log the missed lines are still to come, up to this number.
            self._shown_seq = welcome.seq
        return [Send(asked) for asked in self.pending]

    # -- What the server reports -----------------------------------------------

    def _read(self, report: Report) -> None:
        match report:
            case Said() | Told():
                self._hear(report)
            case Users():
                self._list(report)
            case Joined(room, names) if room == LOBBY:
                self._announce(joined=self.roster.add(self._others(names)))
            case Left(room, why, names) if room == LOBBY:
                gone = self.roster.remove(self._others(names))
                self._announce(gone=gone, why=make_safe_line(why))
            case Error():
                self._refuse(report)
            case Notice(text):
                self._note_notice(make_safe(text))
            case _:
                pass  # the receiver answers pings, and tells of other byes as Lost

    def _note_notice(self, text: str) -> None:
        """Show it, unless it only greets again after a reconnect."""
        is_repeated, self._greeting = text == self._greeting, text
        if not is_repeated:
            self.note("info", text)

    def _hear(self, line: Said | Told) -> None:
        sender = make_safe_line(line.sender)
        # The ids of others are their own business.
        is_settled = sender == self.name and self.pending.settle(line.id) is not None
        if line.seq <= self._shown_seq and not is_settled:
            return  # a double: a line that was sent again is answered again
        self._shown_seq = max(line.seq, self._shown_seq)
        text = make_safe(line.text)
        item = Item("said", line.time / 1000, text, sender)
        if isinstance(line, Told):
            item = replace(item, kind="told", to=make_safe_line(line.to))
        self._put(item)

    def _put(self, item: Item) -> None:
        """Into the talk where it was said; a private line opens one."""
        is_mine = item.sender == self.name
        name = LOBBY if item.kind == "said" else item.to if is_mine else item.sender
        is_mention = not is_mine and bell.is_mention(item.text, self.name)
        item = replace(item, is_mention=is_mention)
        self.talks.open(name).hear(item)
        self._heard.append(item)
        self.on_item(item)

    def take_heard(self) -> list[Item]:
        """The lines that were heard since this was asked before."""
        heard, self._heard = self._heard, []
        return heard

    def _list(self, users: Users) -> None:
        names = [make_safe_line(name) for name in users.names]
        if users.id:
            self.pending.settle(users.id)
            self.note("info", wording.people(make_safe_line(users.room), names))
        elif users.room == LOBBY:
            self.roster.replace(names)
            if not self._has_met_people:
                self._has_met_people = True
                others = self._others(self.roster)
                self.note("info", wording.arrival(LOBBY, others))

    def _others(self, names: Iterable[str]) -> list[str]:
        return [safe for name in names if (safe := make_safe_line(name)) != self.name]

    def _announce(
        self,
        joined: tuple[str, ...] = (),
        gone: tuple[str, ...] = (),
        why: str = "",
    ) -> None:
        """Tell of comings and goings: the room, and the private talks with them."""
        if not (joined or gone):
            return
        item = Item("presence", self._now(), why, names=joined, gone=gone)
        self.talks.open(LOBBY).note(item)
        for name in (*joined, *gone):
            if talk := self.talks.find(name):
                talk.note(item)
        self.on_item(item)

    def _refuse(self, error: Error) -> None:
        if error.code == "not-logged-in" and error.id in self.pending:
            return  # sent while a new connection said hello: the welcome resends it
        why = wording.refusal(error.code, make_safe_line(error.text), error.retry)
        match self.pending.settle(error.id):
            case Say(text=text) | Tell(text=text):
                self.note("alert", wording.not_sent(make_safe(text), why))
            case _:
                self.note("alert", why)
