"""What a request orders the scribe to do: from messages to jobs.

A reader looks at everything that one person's request alone can be wrong in: is
there such a name, may they speak, is the text in order. What depends on the order of
things, like who is in a room when a line is said there, only the scribe can know.
"""

from __future__ import annotations

from time import monotonic

from chat.jobs import Describe, Job, Move, Post, Question, Reply
from chat.names import check_room, name_key
from chat.register import Register
from chat.requests import check_answer, check_question
from chat.rooms import check_topic
from chat.rules import HouseRules
from chat.session import Outbox, Session
from messages import LOBBY, Answer, Ask, Join, Leave, Say, SetTopic, Tell

Order = Join | Leave | SetTopic | Ask | Answer


class Orders:
    """Any thread may call anything here."""

    def __init__(self, register: Register, rules: HouseRules) -> None:
        self._register = register
        self._rules = rules

    def post_of(self, session: Session, via: Outbox, line: Say | Tell) -> Post:
        """Make of a line what the scribe can store and tell. Raises Refusal."""
        session.active_at = now = monotonic()
        self._rules.check_voice(session, now)
        if isinstance(line, Say):
            room = name_key(line.room or LOBBY)
            return Post(session, via, line.id, line.text, room)
        return Post(session, via, line.id, line.text, to=self._register.find(line.to))

    def job_of(self, session: Session, via: Outbox, request: Order) -> Job:
        """The same of any other request. Raises Refusal."""
        session.active_at = now = monotonic()
        match request:
            case Join(id, room):
                return Move(session, via, id, check_room(room), enters=True)
            case Leave(id, room):
                return Move(session, via, id, name_key(room), enters=False)
            case SetTopic(id, room, text):
                self._rules.check_voice(session, now)
                return Describe(session, via, id, name_key(room), check_topic(text))
            case Ask(id, to, kind, detail):
                self._rules.check_voice(session, now)  # the detail is a text
                question = check_question(kind, detail)
                return Question(session, via, id, self._register.find(to), *question)
            case Answer(id, req, answer, detail):
                return Reply(session, via, id, req, *check_answer(answer, detail))
