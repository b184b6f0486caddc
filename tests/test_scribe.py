"""The scribe: batches, their order, and their end."""

import threading

from scribe_rig import Outbox, enter, hello, move, post, texts, work

from chat.jobs import Enter, Gone, Question, Stop, Sweep
from chat.requests import EXPIRY
from chat.rooms import RoomBook
from chat.scribe import MAX_BATCH, Scribe
from messages import Answered, Asked


def test_more_jobs_than_a_batch_holds_are_all_done_in_order(scribe, ana):
    enter(scribe, ana)
    work(scribe, *[post(ana, str(n)) for n in range(2 * MAX_BATCH + 5)])
    assert texts(ana) == [str(n) for n in range(2 * MAX_BATCH + 5)]


def test_a_tick_with_nothing_to_tell_is_no_job(scribe):
    scribe.tick()
    assert scribe._jobs.empty()


def test_what_was_put_before_the_stop_is_done_and_nothing_after(scribe, ana):
    enter(scribe, ana)
    for job in (post(ana, "before"), Stop(), post(ana, "after")):
        scribe.put(job)
    scribe.run()
    assert texts(ana) == ["before"]


def test_the_lock_of_the_clients_is_free_while_people_are_told(log, ana):
    lock = threading.Lock()
    ana.outbox.push = lambda _: seen.append(lock.locked())
    seen = []
    jobs = hello(ana), post(ana, "x"), move(ana, "m1", "#x"), Gone(ana, "quit")
    work(Scribe(log, RoomBook(), lock), *jobs)
    assert seen
    assert not any(seen)


# -- What it hands on ------------------------------------------------------------


def ask(session, to, id="a1"):
    return Question(session, session.outbox, id, to, "chat", "")


def test_who_comes_back_by_two_connections_is_asked_again_once(scribe, ana, bob):
    enter(scribe, ana, bob)
    work(scribe, ask(ana, bob))
    calls = [Enter(bob, Outbox()) for _ in range(2)]
    work(scribe, *calls)
    assert [asked.sender for asked in bob.outbox.reports(Asked)] == ["ana"]
    assert bob.outbox is calls[-1].via


def test_who_leaves_lets_nobody_wait_for_an_answer(scribe, ana, bob):
    enter(scribe, ana, bob)
    work(scribe, ask(ana, bob), Gone(bob, "quit"))
    assert ana.outbox.reports(Answered) == [Answered("r1", "bob", "expired")]


def test_the_clock_lets_requests_expire(scribe, ana, bob):
    enter(scribe, ana, bob)
    now = 0.0
    scribe._requests._now = lambda: now
    work(scribe, ask(ana, bob))
    now = EXPIRY
    scribe.tick()
    assert scribe.backlog == 1
    work(scribe)
    assert ana.outbox.reports(Answered) == [Answered("r1", "bob", "expired")]


def test_what_is_too_old_is_deleted_when_it_is_time(scribe, log, ana):
    log.append([("x", None, "#lobby", "ana", "old")], 0)
    work(scribe, Sweep())
    assert log.archive.page("#lobby", None, None).lines == []


def test_a_disk_that_cannot_forget_is_said_to_the_operator(scribe, log, ana, caplog):
    log._db.execute("PRAGMA query_only = ON")
    work(scribe, Sweep(), hello(ana))
    assert "nothing was deleted" in caplog.text
    assert ana.outbox.reports()
