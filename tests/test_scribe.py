"""The scribe alone: what it stores, whom it tells, and in which order.

All jobs are put first, then run() works them off on the test's own thread, so every
batch is what the test says it is. An outbox here is a list.
"""

import threading

import pytest

from chat.frames import MAX_CHUNK, roster_frames
from chat.jobs import Close, Enter, Gone, Move, Post, Stop
from chat.log import open_log
from chat.presence import FRAME_NAMES, PERIOD
from chat.rooms import RoomBook
from chat.scribe import MAX_BATCH, Scribe
from chat.session import Session
from chat.welcome import Greeting
from messages import Error, Joined, Left, Notice, Ok, Said, Told, Users, Welcome
from protocol import MAX_PAYLOAD, Decoder, decode_report


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


def hello(session, **more):
    return Enter(session, session.outbox, **more)


def texts(session):
    return [report.text for report in session.outbox.reports(Said, Told)]


# -- Lines -----------------------------------------------------------------------


def test_lines_that_wait_are_sent_to_each_in_one_piece(scribe, ana, bob):
    enter(scribe, ana, bob)
    work(scribe, *[post(ana, str(n)) for n in range(100)])
    assert len(ana.outbox.pushes) == len(bob.outbox.pushes) == 1
    assert ana.outbox.pushes == bob.outbox.pushes
    assert texts(bob) == [str(n) for n in range(100)]
    seqs = [said.seq for said in bob.outbox.reports()]
    assert seqs == list(range(1, 101))


def test_a_piece_ends_between_two_frames_before_it_gets_too_large(scribe, ana):
    enter(scribe, ana)
    work(scribe, *[post(ana, "漢" * (n % 50) * 80 or "x") for n in range(200)])
    assert len(ana.outbox.reports(Said)) == 200  # reports() checks every push
    assert len(ana.outbox.pushes) > 2
    assert max(map(len, ana.outbox.pushes)) <= MAX_CHUNK


def test_more_jobs_than_a_batch_holds_are_all_done_in_order(scribe, ana):
    enter(scribe, ana)
    work(scribe, *[post(ana, str(n)) for n in range(2 * MAX_BATCH + 5)])
    assert texts(ana) == [str(n) for n in range(2 * MAX_BATCH + 5)]


def test_private_lines_between_public_ones_keep_everybodys_order(scribe, ana, bob):
    mei = person("mei")
    enter(scribe, ana, bob, mei)
    work(
        scribe,
        post(ana, "1"),
        post(ana, "2 to bob", to=bob),
        post(bob, "3"),
        post(bob, "4 to ana", to=ana),
        post(ana, "5 to myself", to=ana),
        post(mei, "6"),
    )
    assert texts(ana) == ["1", "2 to bob", "3", "4 to ana", "5 to myself", "6"]
    assert texts(bob) == ["1", "2 to bob", "3", "4 to ana", "6"]
    assert texts(mei) == ["1", "3", "6"]


def test_a_double_goes_to_its_author_alone_with_its_first_number(scribe, ana, bob):
    enter(scribe, ana, bob)
    work(scribe, post(ana, "once", "k1"), post(ana, "once", "k1"), post(ana, "x"))
    assert texts(bob) == ["once", "x"]
    first, again, _ = ana.outbox.reports(Said)
    assert again == first


def test_a_double_of_a_private_line_goes_to_its_author_alone(scribe, ana, bob):
    enter(scribe, ana, bob)
    work(scribe, post(ana, "psst", "k1", to=bob), post(ana, "psst", "k1", to=bob))
    assert (texts(ana), texts(bob)) == (["psst", "psst"], ["psst"])


def test_who_is_not_in_the_room_is_refused_and_the_others_are_not(scribe, ana, bob):
    enter(scribe, ana)
    work(scribe, post(bob, "let me in", "k1"), post(ana, "mine"))
    assert bob.outbox.reports() == [Error("k1", "not-in-room", "you are not in #lobby")]
    assert texts(ana) == ["mine"]


def test_a_room_whose_name_fills_a_frame_is_refused_like_any_other(scribe, ana):
    enter(scribe, ana)
    work(scribe, post(ana, "x", "k1", room="#" + "r" * (MAX_PAYLOAD - 12)))
    (refusal,) = ana.outbox.reports()
    assert refusal.code == "not-in-room"
    assert refusal.text.startswith("you are not in #rrr")


# -- When the log fails ----------------------------------------------------------


def test_lines_that_cannot_be_stored_are_refused_and_shown_to_nobody(
    scribe, log, ana, bob, caplog
):
    enter(scribe, ana, bob)
    log._db.execute("PRAGMA query_only = ON")
    work(scribe, post(ana, "lost", "k1"), post(bob, "lost too", "k2"))
    text = "the line could not be stored: say it again"
    assert ana.outbox.reports() == [Error("k1", "storage", text)]
    assert bob.outbox.reports() == [Error("k2", "storage", text)]
    assert "2 lines refused" in caplog.text

    log._db.execute("PRAGMA query_only = OFF")
    work(scribe, post(ana, "kept", "k1"))
    assert texts(bob) == ["kept"]


# -- People ----------------------------------------------------------------------


def test_a_newcomer_is_told_everything_before_the_first_line(scribe, log, ana, bob):
    notices = Notice("nothing is kept"), Notice("Lesson 3 is at ten")
    scribe.attendance.greeting = Greeting(("history=memory",), notices)
    enter(scribe, ana)
    work(scribe, post(ana, "before"), hello(bob), post(ana, "after"))
    assert bob.outbox.reports()[:5] == [
        Welcome("1", "bob", log.id, 1, "no", ("history=memory",)),
        Users("", "#lobby", ("ana", "bob")),
        *notices,
        bob.outbox.reports(Said)[0],
    ]
    assert texts(bob) == ["after"]


def test_many_newcomers_at_once_are_told_in_one_report(scribe, clock, ana):
    enter(scribe, ana)
    clock.now += PERIOD
    crowd = [person(f"p{n:03}") for n in range(FRAME_NAMES)]
    work(scribe, *map(hello, crowd))
    (joined,) = ana.outbox.reports()
    assert joined == Joined("#lobby", tuple(s.name for s in crowd))


def test_presence_within_the_period_waits_for_the_clock(scribe, clock, ana, bob):
    enter(scribe, ana)  # that was told just now
    work(scribe, hello(bob))
    assert ana.outbox.reports() == []
    clock.now += PERIOD
    scribe.tick()
    work(scribe)
    assert ana.outbox.reports() == [Joined("#lobby", ("bob",))]


def test_a_tick_with_nothing_to_tell_is_no_job(scribe):
    scribe.tick()
    assert scribe._jobs.empty()


def test_last_words_come_after_the_answers_and_the_others_learn_why(
    scribe, clock, ana, bob
):
    enter(scribe, ana, bob)
    clock.now += PERIOD
    outbox, line = bob.outbox, post(bob, "one", "k1")
    work(scribe, line, Gone(bob, "quit"), Close(outbox, b"bye"), post(ana, "two"))
    bob.outbox = outbox
    assert texts(bob) == ["one"]
    assert bob.outbox.last_words == b"bye"
    assert not bob.outbox.wakes_reader, "the reader asked for it: it is awake"
    assert texts(ana) == ["one", "two"]
    assert ana.outbox.reports(Left) == [Left("#lobby", "quit", ("bob",))]


def test_leaving_and_entering_a_room_are_answered(scribe, ana, bob):
    enter(scribe, ana, bob)
    leave, back = (move(bob, id, "#lobby", id == "j1") for id in ("l1", "j1"))
    work(scribe, leave, post(ana, "unheard"), back, post(ana, "heard"))
    assert bob.outbox.reports(Ok, Users, Said)[:-1] == [
        Ok("l1"),
        Ok("j1"),
        Users("", "#lobby", ("ana", "bob")),
    ]
    assert texts(bob) == ["heard"]


def test_entering_again_changes_nothing_and_tells_the_list_again(scribe, ana, bob):
    enter(scribe, ana, bob)
    work(scribe, move(ana, "m1", "#lobby"))
    assert ana.outbox.reports() == [Ok("m1"), Users("", "#lobby", ("ana", "bob"))]
    assert bob.outbox.reports() == []


def test_who_is_not_there_cannot_leave(scribe, ana):
    enter(scribe, ana)
    work(scribe, move(ana, "m1", "#cellar", enters=False))
    assert ana.outbox.reports() == [
        Error("m1", "not-in-room", "you are not in #cellar")
    ]


def test_the_lock_of_the_clients_is_free_while_people_are_told(log, ana):
    lock = threading.Lock()
    ana.outbox.push = lambda _: seen.append(lock.locked())
    seen = []
    jobs = hello(ana), post(ana, "x"), move(ana, "m1", "#x"), Gone(ana, "quit")
    work(Scribe(log, RoomBook(), lock), *jobs)
    assert seen
    assert not any(seen)


def test_what_was_put_before_the_stop_is_done_and_nothing_after(scribe, ana):
    enter(scribe, ana)
    for job in (post(ana, "before"), Stop(), post(ana, "after")):
        scribe.put(job)
    scribe.run()
    assert texts(ana) == ["before"]


# -- Rosters ---------------------------------------------------------------------


@pytest.mark.parametrize("count", [0, 1, FRAME_NAMES, FRAME_NAMES + 1, 1_700])
def test_a_roster_of_any_size_arrives_sorted_and_whole(count):
    names = [f"p{n:04}" for n in range(count)]
    frames = roster_frames("#lobby", "w1", names[::-1])
    users, *more = map(decode_report, Decoder().feed(frames))
    assert (users.id, users.room) == ("w1", "#lobby")
    assert {type(report) for report in more} <= {Joined}
    assert [n for report in (users, *more) for n in report.names] == names
