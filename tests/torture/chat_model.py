"""What a chat is, in a page: who is where, which lines there are, who must hear what.

    model.answer(ana, payload)    what comes of one payload of hers, told to `expected`
    model.expected[bob].events    what bob must hear, in this order, and nothing else
    model.expected[bob].closings  the answers to what he asked, in any order

It knows no sockets, no threads and no time, so it is one place to read the rules of
docs/PROTOCOL.md again. What makes a name, a topic or a field a good one is not told
here a second time: the server's own pure functions say it, which have tests.
"""

import re
from collections import Counter
from dataclasses import dataclass, field

from chat.names import check_name, check_room, name_key
from chat.refusal import Refusal
from chat.requests import MOST_OPEN, check_answer, check_question
from chat.rooms import check_topic
from chat.visit import MOST_MISTAKES
from messages import (
    LOBBY,
    Answer,
    Answered,
    Ask,
    Asked,
    Hello,
    History,
    Join,
    Leave,
    Ping,
    Pong,
    Quit,
    Rename,
    Renamed,
    Rooms,
    Say,
    SetTopic,
    Tell,
    Topic,
    Users,
    Who,
)
from protocol import REQUESTS, VERSION, MessageError, decode_request

IDENTIFIED = {verb.encode() for verb in REQUESTS} - {
    b"hello",
    b"quit",
    b"ping",
    b"pong",
}
ID = re.compile(rb"[A-Za-z0-9_-]{0,64}")


@dataclass(eq=False)
class Person:
    """A session; `is_here` while a connection belongs to it."""

    name: str
    key: str
    secret: str
    is_here: bool = True
    rooms: list = field(default_factory=lambda: [LOBBY])
    known: int = 0  # so many lines of the log came before what is not heard yet


@dataclass(eq=False)
class Line:
    """Something said; its seq is known when somebody has heard it."""

    author: Person
    id: str
    room: str  # empty: a private line
    sender: str
    to: str
    reader: Person | None
    text: str
    seq: int | None = None


@dataclass(frozen=True)
class Heard:
    """A line as one person hears it; a double has the seq of the first, no more."""

    line: Line
    sender: str
    room: str
    to: str
    text: str
    id: str


@dataclass(eq=False)
class Question:
    """What somebody asks of somebody; its `req` is known when somebody was told it."""

    asker: Person
    to: Person
    kind: str
    detail: str
    req: str | None = None
    answer: tuple | None = None  # who, what, detail


@dataclass
class Expected:
    """For one person, since the model was asked before."""

    events: list = field(default_factory=list)
    closings: Counter = field(default_factory=Counter)  # of (id, what)
    asked: list = field(default_factory=list)  # pairs of id and question
    pages: list = field(default_factory=list)  # of History: what may be in the answer


class Over(Exception):
    """The connection ends here; the text is the code of the bye."""


class ChatModel:
    def __init__(self):
        self.people = {}  # by key
        self.lines = []
        self.topics = {}
        self.questions = []
        self.expected = {}
        self.mistakes = 0  # in a row, of who is speaking

    def take_expected(self, person):
        return self.expected.pop(person, None) or Expected()

    # -- Coming and going ------------------------------------------------------------

    def enter(self, name, secret):
        """Somebody new. Raises Refusal."""
        key = check_name(name)
        if key in self.people:
            raise Refusal("name-taken", "")
        person = Person(name, key, secret, known=len(self.lines))
        self.people[key] = person
        self._tell(person, self._users(LOBBY), *self._topic(LOBBY))
        return person

    def come_back(self, person):
        """By another connection, whether the old one is still there or not."""
        person.is_here = True
        self.expected.pop(person, None)  # that was for the old one
        person.rooms = person.rooms or [LOBBY]  # as at first: nobody is nowhere
        for room in person.rooms:
            self._tell(person, self._users(room), *self._topic(room))
        for line in self.lines[person.known :]:
            is_mine = line.author is person
            if is_mine or line.reader is person or line.room in person.rooms:
                id = line.id if is_mine else ""
                heard = Heard(line, line.sender, line.room, line.to, line.text, id)
                self._tell(person, heard)
        for question in self.questions:
            self._remind(person, question)

    def drop(self, person):
        """The connection breaks; the session stays."""
        person.is_here = False

    def end(self, person):
        for question in [q for q in self.questions if person in (q.asker, q.to)]:
            self.questions.remove(question)
            if not question.answer:
                self._tell(question.asker, (question, question.to.name, "expired", ""))
                self._tell(question.to, (question, question.asker.name, "expired", ""))
        del self.people[person.key]
        person.rooms.clear()
        person.is_here = False

    # -- What one payload does -------------------------------------------------------

    def answer(self, person, payload):
        """Note what must come of it. Raises Over."""
        try:
            request = decode_request(payload)
        except MessageError as wrong:
            self._close(person, id_of(payload), wrong.code)
            self.mistakes += 1
            if self.mistakes == MOST_MISTAKES:
                raise Over("bad-frame") from None
            return
        self.mistakes = 0
        try:
            self._do(person, request)
        except Refusal as refusal:
            self._close(person, getattr(request, "id", ""), refusal.code)

    def _do(self, person, request):
        match request:
            case Ping() | Pong() | Quit() | Hello():
                self._do_without_id(person, request)
            case Say(id, room, text):
                self.say(person, id, text, room=name_key(room or LOBBY))
            case Tell(id, to, text):
                self.say(person, id, text, to=self._find(to))
            case Join(id, room):
                self._join(person, id, check_room(room))
            case Leave(id, room):
                self._check_member(person, name_key(room))
                person.rooms.remove(name_key(room))
                self._close(person, id, "ok")
            case SetTopic(id, room, text):
                self._set_topic(person, id, name_key(room), check_topic(text))
            case Who(id) | Rooms(id):
                what = "users" if isinstance(request, Who) else "roomlist"
                self._close(person, id, what)
            case History():
                self._read_past(person, request)
            case Ask(id, to, kind, detail):
                kind, detail = check_question(kind, detail)
                self._ask(person, id, self._find(to), kind, detail)
            case Answer(id, req, answer, detail):
                self._reply(person, id, req, *check_answer(answer, detail))
            case Rename(id, name):
                self._rename(person, id, name)

    def _do_without_id(self, person, request):
        match request:
            case Ping(token):
                self._close(person, token, "pong")
            case Quit():
                raise Over("quit")
            case Hello(version) if version != VERSION:
                raise Over("version")
            case Hello():
                raise Refusal("already-logged-in", "")

    def say(self, person, id, text, *, room="", to=None):
        if room:
            self._check_member(person, room)
        line = next(
            (x for x in self.lines if id and (x.author, x.id) == (person, id)), None
        )
        is_double = line is not None
        name = to.name if to else ""
        if not is_double:
            line = Line(person, id, room, person.name, name, to, text)
            self.lines.append(line)
        audience = {person, to} - {None} if to else self._members(room)
        for one in {person} if is_double else audience:
            self._tell(one, Heard(line, person.name, room, name, text, id))

    def _join(self, person, id, room):
        if room not in person.rooms:
            person.rooms.append(room)
        self._close(person, id, "ok")
        self._tell(person, self._users(room), *self._topic(room))

    def _set_topic(self, person, id, room, text):
        self._check_member(person, room)
        self.topics[room] = Topic(room, person.name, text)
        self._close(person, id, "ok")
        for member in self._members(room):
            self._tell(member, self.topics[room])
        if not text:
            del self.topics[room]

    def _read_past(self, person, asked):
        where = name_key(asked.where)
        if where.startswith("#"):
            self._check_member(person, where)
            page = [line for line in self.lines if line.room == where]
        else:
            page = [line for line in self.lines if self._is_talk(line, person, where)]
        self._close(person, asked.id, "ok")
        self.expected[person].pages.append((asked, page))

    def _is_talk(self, line, person, key):
        if line.room:
            return False
        is_sent = line.author is person and name_key(line.to) == key
        return is_sent or (line.reader is person and name_key(line.sender) == key)

    def _rename(self, person, id, name):
        key = check_name(name)
        if self.people.get(key, person) is not person:
            raise Refusal("name-taken", "")
        del self.people[person.key]
        old, person.name, person.key = person.name, name, key
        self.people[key] = person
        self._close(person, id, "ok")
        for other in self.people.values():
            if other is person or {*other.rooms} & {*person.rooms}:
                self._tell(other, Renamed(old, name))

    # -- What people ask each other --------------------------------------------------

    def _ask(self, person, id, to, kind, detail):
        for question in self.questions:
            same = (question.asker, question.to, question.kind, question.detail)
            if same == (person, to, kind, detail) and not question.answer:
                self._close(person, id, "ok")
                self.expected[person].asked.append((id, question))
                return
        if to is person:
            raise Refusal("bad-field", "")
        if kind == "room":
            self._check_member(person, detail)
        if sum(q.asker is person for q in self.questions) >= MOST_OPEN:
            raise Refusal("throttled", "")
        question = Question(person, to, kind, detail)
        self.questions.append(question)
        self._remind(to, question)
        self._close(person, id, "ok")
        self.expected[person].asked.append((id, question))

    def _reply(self, person, id, req, answer, detail):
        mine = [q for q in self.questions if q.req == req and q.to is person]
        if not mine:
            raise Refusal("no-such-request", "")
        [question] = mine
        if not question.answer:
            question.answer = (person, answer, detail)
            self._remind(question.asker, question)
        self._close(person, id, "ok")

    def _remind(self, person, question):
        """Tell the one whose turn it is to know."""
        if question.answer and person is question.asker:
            who, answer, detail = question.answer
            self._tell(person, (question, who.name, answer, detail))
        elif not question.answer and person is question.to:
            asked = (question.asker.name, question.kind, question.detail)
            self._tell(person, (question, *asked, "asked"))

    # -- Helpers ---------------------------------------------------------------------

    def _find(self, name):
        if found := self.people.get(name_key(name)):
            return found
        raise Refusal("no-such-user", "")

    def _check_member(self, person, room):
        if room not in person.rooms:
            raise Refusal("not-in-room", "")

    def _members(self, room):
        return {p for p in self.people.values() if room in p.rooms}

    def _users(self, room):
        return Users("", room, tuple(sorted(p.name for p in self._members(room))))

    def _topic(self, room):
        return [self.topics[room]] if room in self.topics else []

    def _tell(self, person, *events):
        if person.is_here:
            self.expected.setdefault(person, Expected()).events += events

    def _close(self, person, id, what):
        self.expected.setdefault(person, Expected()).closings[id, what] += 1


def id_of(payload):
    """The id in a payload that is wrong in another way; empty if it is wrong too."""
    verb, *fields = payload.split(b"\0")
    is_known = verb in IDENTIFIED and fields and ID.fullmatch(fields[0])
    return fields[0].decode() if is_known and is_text(payload) else ""


def is_text(payload):
    try:
        payload.decode()
    except UnicodeDecodeError:
        return False
    return True


# What a question looks like to who hears of it: (question, ...) in `events`.
def is_told(event, report):
    """Whether a report is what the model says of a question; learn its `req`."""
    question, *rest = event
    question.req = question.req or report.req
    if rest[-1] == "asked":
        told = isinstance(report, Asked) and (report.sender, report.kind, report.detail)
        rest.pop()
    else:
        told = isinstance(report, Answered) and (
            *(report.sender, report.answer, report.detail),
        )
    return told == tuple(rest) and report.req == question.req
