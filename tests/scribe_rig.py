"""The scribe alone, for tests of what it does: all jobs first, then the work.

    work(scribe, hello(ana), post(ana, "hi"), Gone(ana, "quit"))

run() works off what was put on the test's own thread, so every batch is what the test
says it is. An outbox here is a list.
"""

import threading

import pytest

from chat.jobs import Describe, Enter, Move, Post, Stop
from chat.log import open_log
from chat.rooms import RoomBook
from chat.scribe import Scribe
from chat.session import Session
from messages import Said, Told
from protocol import Decoder, decode_report


class Outbox:
    """Keeps what is pushed; whole frames only, or decoding fails."""

    def __init__(self):
        self.pushes = []
        self.last_words = None

    def push(self, frames):
        assert frames
        assert self.last_words is None
        self.pushes.append(frames)

    def finish(self, last_words=b"", *, wakes_reader=True):
        self.last_words, self.wakes_reader = last_words, wakes_reader

    def reports(self, *kinds):
        found = []
        for frames in self.pushes:
            decoder = Decoder()
            found += [decode_report(payload) for payload in decoder.feed(frames)]
            assert not decoder.is_inside_frame, "a push was cut inside a frame"
        return [r for r in found if isinstance(r, kinds or object)]


class Clock:
    now = 1000.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock(monkeypatch):
    clock = Clock()
    monkeypatch.setattr("chat.attendance.time.monotonic", clock)
    return clock


@pytest.fixture
def log():
    log = open_log("memory")
    yield log
    log.close()


@pytest.fixture
def scribe(log):
    return Scribe(log, RoomBook(), threading.Lock())


@pytest.fixture
def ana():
    return person("ana")


@pytest.fixture
def bob():
    return person("bob")


def person(name):
    return Session(name, name, f"{name}'s", Outbox())


def work(scribe, *jobs):
    for job in (*jobs, Stop()):
        scribe.put(job)
    scribe.run()


def enter(scribe, *people):
    """Let them in, and forget what they were told of it."""
    work(scribe, *map(hello, people))
    for session in people:
        session.outbox.pushes.clear()


def post(author, text, id="", to=None, room="#lobby"):
    via = author.outbox
    return Post(author, via, id, text, room="" if to else room, to=to)


def move(session, id, room, enters=True):
    return Move(session, session.outbox, id, room, enters)


def topic(session, id, room, text):
    return Describe(session, session.outbox, id, room, text)


def hello(session, **more):
    return Enter(session, session.outbox, **more)


def texts(session):
    return [report.text for report in session.outbox.reports(Said, Told)]
