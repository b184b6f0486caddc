"""The scribe: batches, their order, and their end."""

import threading

from scribe_rig import enter, hello, move, post, texts, work

from chat.jobs import Gone, Stop
from chat.rooms import RoomBook
from chat.scribe import MAX_BATCH, Scribe


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
