"""A whole chat without sockets, on a very bad day: hypothesis thinks it out.

People say things and things twice, cables break, sessions are taken over, buried and
removed, names change hands, people move, the server is stopped or killed and opens
the same file again. Whatever happened, in the end each client has seen every line that
was theirs once and in order, none that was not, and knows who is in its rooms.
"""

import shutil
import tempfile
import threading
from itertools import count
from math import inf
from pathlib import Path
from typing import NamedTuple

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule

from chat.jobs import Close, Stop
from chat.log import open_log
from chat.orders import Orders
from chat.refusal import Refusal
from chat.register import Register
from chat.replay import rooms_before
from chat.rooms import RoomBook
from chat.rules import HouseRules
from chat.scribe import Scribe
from chat.session import Caller, mark_of
from messages import (
    Error,
    Hello,
    Join,
    Joined,
    Leave,
    Left,
    Ok,
    Renamed,
    Said,
    Say,
    Tell,
    Told,
    Users,
    Welcome,
)
from protocol import Decoder, decode_report

NAMES = "ana", "bob", "mei", "zoe"
ROOMS = "#lobby", "#a", "#b"


class Truth(NamedTuple):
    """A line that was stored."""

    text: str
    room: str | None
    owners: set[str]  # marks of its author, and of who it is private to


class Cable:
    """An outbox, and the reports that are on their way to the client."""

    def __init__(self):
        self.reports, self.decoder, self.is_over = [], Decoder(), False

    def push(self, frames):
        if not self.is_over:
            self.reports += map(decode_report, self.decoder.feed(frames))

    def finish(self, last_words=b"", *, wakes_reader=True):
        self.push(last_words)
        self.is_over = True


class Client:
    """A client as docs/PROTOCOL.md wants it."""

    def __init__(self, number):
        self.secret = f"{number:032x}"
        self.name = NAMES[number]
        self.old = self.cable = self.session = None
        self.since = self.log = None
        self.base = 0  # after this nothing may be missing
        self.shown = {}  # seq -> where, text
        self.pending = {}  # id -> request
        self.settled = {}  # id -> request
        self.rosters = {}
        self.leaving = {}  # id -> room

    def read(self):
        while self.cable and self.cable.reports:
            self.take(self.cable.reports.pop(0))

    def take(self, report):
        match report:
            case Welcome(_, name, log, seq, resumed):
                self.name, self.log, self.rosters = name, log, {}
                if resumed == "no":
                    self.since = self.base = seq
            case Said(seq, _, room, _, text, id):
                self.show(seq, (room, text), id)
            case Told(seq, _, sender, to, text, id):
                self.show(seq, (f"{sender} to {to}", text), id)
            case Users("", room, names):
                self.rosters[room] = set(names)
            case Joined(room, names):
                self.rosters.get(room, set()).update(names)
            case Left(room, _, names):
                self.rosters.get(room, set()).difference_update(names)
            case Renamed(old, new):
                self.name = new if old == self.name else self.name
                for roster in self.rosters.values():
                    if old in roster:
                        roster.remove(old)
                        roster.add(new)
            case Ok(id) if id in self.leaving:
                del self.rosters[self.leaving[id]]
            case Error(id):
                self.pending.pop(id, None)

    def show(self, seq, line, id):
        is_double = id in self.settled
        if id in self.pending:
            self.settled[id] = self.pending.pop(id)
            is_double = seq <= self.since  # of before a gap
        if is_double:
            assert self.shown.setdefault(seq, line) == line
            return
        assert seq > self.since, "a line twice, or out of its order"
        self.since, self.shown[seq] = seq, line


people = st.integers(0, len(NAMES) - 1)
rooms = st.sampled_from(ROOMS)


class Chat(RuleBasedStateMachine):
    def __init__(self):
        super().__init__()
        self.folder = tempfile.mkdtemp()
        self.clients = [Client(n) for n in range(len(NAMES))]
        self.ids, self.now = count(1), 0.0
        self.truth = {}  # seq -> entry, and the marks of who was in its room
        self.ends = {}  # mark -> the newest seq when its session ended last
        self.open()

    def open(self):
        self.log = open_log(str(Path(self.folder) / "history.db"))
        lock, rules, self.book = threading.Lock(), HouseRules(), RoomBook()
        self.scribe = Scribe(self.log, self.book, lock)
        self.register = Register({}, lock, self.put, rules)
        self.orders = Orders(self.register, rules)
        append, self.log.append = self.log.append, self.append
        self.really_append = append

    def put(self, job):
        self.scribe.put(job)

    def append(self, entries, time):
        stamps = self.really_append(entries, time)
        for seq, entry in zip(stamps.seqs, entries, strict=True):
            if seq not in stamps.doubles:
                assert seq not in self.truth, "a number was given twice"
                session, _, room, _, text, *private = entry
                truth = Truth(text, room, {session, *private[1:]})
                self.truth[seq] = truth, self.hearers_in(room)
        return stamps

    def hearers_in(self, room):
        """Who is there, and who would be if their session had not ended."""
        here = {session.mark for session in self.scribe.attendance._here}
        marks = {mark_of(client.secret) for client in self.clients}
        away = {m for m in marks - here if room in rooms_before(self.log.archive, m, 0)}
        return {session.mark for session in self.book.members(room)} | away

    def send(self, client, request):
        if client.session:
            try:
                is_line = isinstance(request, Say | Tell)
                make = self.orders.post_of if is_line else self.orders.job_of
                self.put(make(client.session, client.cable, request))
            except Refusal as refusal:
                client.cable.reports.append(Error(request.id, refusal.code, ""))

    def utter(self, client, request):
        client.pending[request.id] = request
        self.send(client, request)

    # -- What may happen -----------------------------------------------------------

    @rule(who=people)
    def hello(self, who):
        client = self.clients[who]
        cable = Cable()
        since = None if client.log is None else client.since
        asked = Hello("1", client.name, client.secret, since, client.log or "")
        replays, register = self.scribe.attendance.replays, self.register
        begun = replays.read_ahead(asked, register.holder_of(client.secret))
        try:
            client.session = register.log_in(asked, Caller(cable, "127.0.0.1"), begun)
        except Refusal:  # taken: another one it is, until the next time
            client.name += "x" if len(client.name) < 20 else ""
            return
        client.old, client.cable, client.leaving = client.cable, cable, {}
        for request in list(client.pending.values()):
            self.send(client, request)

    @rule(who=people, times=st.integers(2, 3))
    def hello_by_several_connections_at_once(self, who, times):
        for _ in range(times):
            self.hello(who)

    @rule(who=people, room=rooms)
    def find_something_in_what_the_old_connection_read(self, who, room):
        client = self.clients[who]
        if client.session and client.old:
            late = Leave(f"l{next(self.ids)}", room)
            self.put(self.orders.job_of(client.session, client.old, late))
            self.register.rename(client.session, client.old, "", f"{client.name}y"[:20])

    @rule(who=people, room=rooms)
    def say(self, who, room):
        id = f"k{next(self.ids)}"
        self.utter(self.clients[who], Say(id, room, id))

    @rule(who=people, to=people)
    def tell(self, who, to):
        id = f"k{next(self.ids)}"
        self.utter(self.clients[who], Tell(id, self.clients[to].name, id))

    @rule(who=people)
    def say_again_what_was_answered(self, who):
        for request in list(self.clients[who].settled.values())[-2:]:
            self.send(self.clients[who], request)

    @rule(who=people, room=rooms)
    def join(self, who, room):
        self.send(self.clients[who], Join(f"j{next(self.ids)}", room))

    @rule(who=people, room=rooms)
    def leave(self, who, room):
        client, id = self.clients[who], f"l{next(self.ids)}"
        client.leaving[id] = room
        self.send(client, Leave(id, room))

    @rule(who=people, name=st.sampled_from(NAMES))
    def rename(self, who, name):
        client = self.clients[who]
        if client.session:
            try:
                self.register.rename(client.session, client.cable, "", name)
            except Refusal:
                pass

    @rule(who=people, is_noticed=st.booleans())
    def break_cable(self, who, is_noticed):
        client = self.clients[who]
        if client.session and is_noticed:
            self.register.part(client.session, client.cable, "lost", self.now)
            self.put(Close(client.cable))
        client.session = client.cable = None

    @rule(who=people, why=st.sampled_from(["kicked", "lost"]))
    def remove(self, who, why):
        client = self.clients[who]
        if client.session and (outbox := self.register.remove(client.session, why)):
            self.put(Close(outbox))
            self.ends[mark_of(client.secret)] = inf  # until all is worked off
            client.session = client.cable = None

    @rule()
    def pass_a_minute(self):
        self.now += 61
        for session in list(self.register._ghosts):
            self.ends[session.mark] = inf
        self.register.bury(self.now)

    @rule()
    def work(self):
        self.put(Stop())
        self.scribe.run()
        newest = self.log.newest
        self.ends = {mark: min(end, newest) for mark, end in self.ends.items()}

    @rule(who=people)
    def read(self, who):
        self.clients[who].read()

    @rule(is_killed=st.booleans())
    def restart(self, is_killed):
        if is_killed:
            self.log._files.close()  # and what the scribe has not done is lost
        else:
            self.work()
            self.log.close()
        for client in self.clients:
            client.session = client.cable = None
            self.ends[mark_of(client.secret)] = self.log.newest
        self.open()

    @rule()
    def compare(self):
        """Everybody comes back, and everything is worked off and read."""
        for who in range(len(self.clients)):
            while not self.clients[who].session:
                self.hello(who)
        self.work()
        self.tell_presence()
        for client in self.clients:
            client.read()
            self.check_rosters(client)
            self.check_lines(client)

    # -- What must be so -------------------------------------------------------------

    def tell_presence(self):
        attendance = self.scribe.attendance
        attendance._presence._told_at.clear()  # as if it had been quiet for a while
        attendance.tell_presence()

    def check_rosters(self, client):
        assert client.name == client.session.name
        assert client.rosters == {
            room: set(self.book.names(room)) for room in self.book.of(client.session)
        }

    def check_lines(self, client):
        mark, entries = client.session.mark, self.book.entries(client.session)
        for seq, (entry, hearers) in self.truth.items():
            is_own = mark in entry.owners
            is_due = is_own or seq > entries.get(entry.room, inf)
            if is_due and seq > client.base:
                assert client.shown[seq][1] == entry.text
            # Who comes back to a session that has ended is in the lobby again.
            is_public = entry.room == "#lobby" and seq <= self.ends.get(mark, 0)
            if seq in client.shown:
                assert is_own or is_public or mark in hearers
        assert not client.pending

    def teardown(self):
        self.compare()
        self.log.close()
        shutil.rmtree(self.folder)


TestChat = Chat.TestCase
TestChat.settings = settings(max_examples=100, stateful_step_count=50)
