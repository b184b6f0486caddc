"""What a chat is, in one file: who is where, which lines there are, who must hear what.

    model.answer(ana, payload)    what comes of one payload of hers, told to `expected`
    model.expected[bob].events    what bob must hear, in this order, and nothing else
    model.expected[bob].closings  the answers to what he asked, in any order

It knows no sockets, no threads and no time, so it is one place to read the rules of
docs/PROTOCOL.md again. What makes a name, a topic or a field a good one is not told
here a second time: the server's own pure functions say it, which have tests.
"""

from chat.names import check_name, check_room, name_key
from chat.refusal import Refusal
from chat.requests import MOST_KEPT, check_answer, check_question
from chat.rooms import check_topic
from chat.visit import MOST_MISTAKES
from messages import (
    LOBBY,
    Answer,
    Ask,
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
from protocol import VERSION, MessageError, decode_request
from torture.chat_values import (
    Expected,
    Heard,
    Line,
    Over,
    Person,
    Question,
    id_of,
)


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
        now = len(self.lines)
        person = Person(name, key, secret, rooms={LOBBY: now}, known=now)
        self.people[key] = person
        self._tell(person, self._users(LOBBY), *self._topic(LOBBY))
        return person

    def come_back(self, person):
        """By another connection, whether the old one is still there or not."""
        person.is_here = True
        self.expected.pop(person, None)  # that was for the old one
        for room in person.rooms:
            self._tell(person, self._users(room), *self._topic(room))
        for place in range(person.known, len(self.lines)):
            line = self.lines[place]
            is_mine = line.author is person
            is_there = place >= person.rooms.get(line.room, len(self.lines))
            if is_mine or line.reader is person or is_there:
                self._tell(person, Heard(line, line.id if is_mine else ""))
        for question in self.questions:
            self._remind(person, question)

    def drop(self, person):
        """The connection breaks; the session stays."""
        person.is_here = False

    def end(self, person):
        for question in list(self.questions):
            if person in (question.asker, question.to) and not question.is_over:
                self._settle(question)
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
                del person.rooms[name_key(room)]
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
        if line:
            return self._tell(person, Heard(line, id))
        line = Line(person, id, room, person.name, to.name if to else "", to, text)
        self.lines.append(line)
        for one in {person, to} if to else self._members(room):
            self._tell(one, Heard(line, id))
        return None

    def _join(self, person, id, room):
        person.rooms.setdefault(room, len(self.lines))
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
            self._check_member(person, where, "forbidden")
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
        question = self._same(person, to, kind, detail)
        if not question:
            if to is person:
                raise Refusal("bad-field", "")
            if kind == "room":
                self._check_member(person, detail)
            if sum(q.asker is person for q in self.questions) >= MOST_KEPT:
                raise Refusal("throttled", "")
            question = Question(person, to, kind, detail)
            self.questions.append(question)
            self._remind(to, question)
        self._close(person, id, "ok")
        self.expected[person].asked.append((id, question))

    def _same(self, *asked):
        for q in self.questions:
            if (q.asker, q.to, q.kind, q.detail) == asked and not q.is_over:
                return q
        return None

    def _reply(self, person, id, req, *answer):
        for question in self.questions:
            if question.req == req and question.to is person:
                break
        else:
            raise Refusal("no-such-request", "")
        if not question.is_over:
            question.answer = answer
            self._settle(question)
        if not question.answer:
            raise Refusal("no-such-request", "")
        self._close(person, id, "ok")

    def _settle(self, question):
        """It is answered, or one of the two has left."""
        question.is_over = True
        self.questions.remove(question)  # and in again, as the youngest
        self.questions.append(question)
        for one in (question.asker, question.to):
            self._remind(one, question)

    def _remind(self, person, question):
        """Tell what there is to tell one person of it."""
        q, is_asker = question, person is question.asker
        if person is q.to and not q.is_over:
            self._tell(person, (q, q.asker.name, q.kind, q.detail, "asked"))
        elif person in (q.asker, q.to) and q.is_over and not q.answer:
            other = q.to if is_asker else q.asker
            self._tell(person, (q, other.name, "expired", ""))
        elif is_asker and q.answer:
            self._tell(person, (q, q.to.name, *q.answer))

    # -- Helpers ---------------------------------------------------------------------

    def _find(self, name):
        if found := self.people.get(name_key(name)):
            return found
        raise Refusal("no-such-user", "")

    def _check_member(self, person, room, code="not-in-room"):
        if room not in person.rooms:
            raise Refusal(code, "")

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
