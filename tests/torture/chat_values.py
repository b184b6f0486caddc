"""People, lines and questions, as the model of the chat keeps them (chat_model.py)."""

import re
from collections import Counter
from dataclasses import dataclass, field

from messages import Answered, Asked
from protocol import REQUESTS

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
    rooms: dict = field(default_factory=dict)  # -> lines said before they entered
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
    """A line as one person hears it: who comes back is told only their own ids."""

    line: Line
    id: str


@dataclass(eq=False)
class Question:
    """What somebody asks of somebody; its `req` is known when somebody was told it."""

    asker: Person
    to: Person
    kind: str
    detail: str
    req: str | None = None
    answer: tuple | None = None  # what, and a detail
    is_over: bool = False


@dataclass
class Expected:
    """For one person, since the model was asked before."""

    events: list = field(default_factory=list)
    closings: Counter = field(default_factory=Counter)  # of (id, what)
    asked: list = field(default_factory=list)  # pairs of id and question
    pages: list = field(default_factory=list)  # of History: what may be in the answer


class Over(Exception):
    """The connection ends here; the text is the code of the bye."""


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
