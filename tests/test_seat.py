"""Each thread writes down where it stands; in slow motion some linger there."""

import threading
from time import monotonic

import pytest
from conftest import PATIENCE
from sight_rig import held_by, standing, where

from messages import Bye, Said, Say, Who
from net.limits import Limits
from net.pulse import Pulse
from sight.motion import STEPS, Motion, motion
from sight.seat import Seat, my_seat, stand, wait_in
from watch.observer import Observer


def in_a_thread(body):
    """Run it where nobody has a seat yet; what it returned."""
    found = []
    thread = threading.Thread(target=lambda: found.append(body()))
    thread.start()
    thread.join(PATIENCE)
    return found[0]


# -- Seats ---------------------------------------------------------------------------


def test_a_thread_writes_into_the_seat_that_it_has_taken():
    def sit():
        seat = Seat("ana").take()
        before = monotonic()
        stand("decodes")
        return seat.where, seat.since >= before, my_seat() is seat

    assert in_a_thread(sit) == ("decodes", True, True)


def test_two_threads_never_write_into_the_same_seat():
    mine = Seat("ana")

    def sit():
        mine.take()
        stand("recv")
        in_a_thread(lambda: (Seat("bob").take(), stand("queue")))
        return mine.where

    assert in_a_thread(sit) == "recv"


def test_who_has_no_seat_disturbs_nobody():
    seat = Seat("ana")
    assert in_a_thread(lambda: (stand("somewhere"), my_seat())[1]) is not seat
    assert seat.where == ""


# -- Slow motion ---------------------------------------------------------------------


class Arrival(threading.Event):
    """Tells that somebody has begun to wait for it."""

    def __init__(self):
        super().__init__()
        self.has_come = threading.Event()

    def wait(self, timeout=None):
        self.has_come.set()
        return super().wait(timeout)


def test_in_slow_motion_a_thread_lingers_until_the_motion_changes():
    motion.set(1_000)
    arrival = motion._changed = Arrival()
    left = threading.Event()

    def walk():
        Seat("ana", paces=True).take()
        stand("decodes")
        left.set()

    thread = threading.Thread(target=walk)
    thread.start()
    assert arrival.has_come.wait(PATIENCE)
    assert not left.is_set()
    motion.set(0)
    assert left.wait(PATIENCE)
    thread.join(PATIENCE)


def test_a_call_that_waits_by_itself_is_not_slowed_down():
    motion.set(1_000)
    assert in_a_thread(lambda: (Seat("ana", paces=True).take(), wait_in("recv"))[1:])


def test_only_who_is_told_to_goes_slowly():
    motion.set(1_000)
    assert in_a_thread(lambda: (Seat("flusher").take(), stand("select"))[1:])


def test_slower_and_faster_go_through_the_steps_and_stop_at_the_ends():
    slow = Motion()
    seen = []
    for _ in range(5):
        slow.slower()
        seen.append(slow.seconds)
    assert seen == [0.1, 0.5, 2.0, 2.0, 2.0]
    for _ in range(5):
        slow.faster()
        seen.append(slow.seconds)
    assert seen[5:] == [0.5, 0.1, 0.0, 0.0, 0.0]
    assert STEPS[0] == 0.0


# -- In a real server -----------------------------------------------------------------


def test_a_reader_that_nobody_speaks_to_stands_in_recv(seats, server, join):
    join("ana")
    seats.wait_for(lambda: where(server, "ana") == "recv")


@pytest.mark.parametrize(
    ("who", "place"),
    [
        *(("scribe", "queue"), ("flusher", "select"), ("clock", "timer")),
        ("acceptor", "accept"),
    ],
)
def test_a_server_at_rest_waits_where_it_should(seats, server, who, place):
    seats.wait_for(lambda: where(server, who) == place)


def test_who_wants_a_lock_that_is_taken_is_seen_to_wait(seats, server, join):
    ana = join("ana")
    with held_by("teacher", server.chat.clients_lock):
        ana.send(Who("w1"))
        seats.wait_for(lambda: where(server, "ana") == "WAITS clients_lock")
        lock = Observer(server.chat).take().lock
        assert (lock.holder, lock.waiting) == ("teacher", ("ana",))
    assert ana.next().id == "w1"


def test_in_slow_motion_a_reader_is_seen_at_every_step(stops, join):
    ana, places = join("ana"), ("decodes", "answers Who", "HOLDS clients_lock")
    stops.close("ana", *places)
    ana.send(Who("w1"))
    stops.walk("ana", *places)
    assert ana.next().id == "w1"


def test_in_slow_motion_others_are_seen_to_wait_for_the_lock(
    stops, seats, server, join
):
    ana, bob = join("ana"), join("bob")
    stops.close("ana", "HOLDS clients_lock")
    ana.send(Who("w1"))
    seats.wait_for(lambda: where(server, "ana") == "HOLDS clients_lock")
    bob.send(Who("w2"))
    seats.wait_for(lambda: where(server, "bob") == "WAITS clients_lock")
    stops.walk("ana", "HOLDS clients_lock")
    assert (ana.next().id, bob.next().id) == ("w1", "w2")


def test_a_scribe_that_the_disk_lets_wait_is_seen_to_store(seats, server, join):
    ana = join("ana")
    append, may_go_on = server.log.append, threading.Event()

    def slowly(*arguments):
        may_go_on.wait(PATIENCE)
        return append(*arguments)

    server.log.append = slowly
    ana.send(Say("k1", "#lobby", "hi"))
    seats.wait_for(lambda: where(server, "scribe") == "stores 1 line")
    may_go_on.set()
    assert ana.hear(Said).text == "hi"


def test_in_slow_motion_a_line_is_seen_to_walk(stops, join):
    ana, bob = join("ana"), join("bob")
    of_ana = ("decodes", "answers Say")
    of_scribe = ("takes Post", "stores 1 line", "sends to 2")
    stops.close("ana", *of_ana)
    stops.close("scribe", *of_scribe)
    ana.send(Say("k1", "#lobby", "hi"))
    stops.walk("ana", *of_ana)
    stops.walk("scribe", *of_scribe)
    assert bob.hear(Said).text == "hi"


def test_who_does_not_read_has_a_full_outbox(seats, server, join):
    ana, bob = join("ana"), join("bob", receive_buffer=4096)
    for number in range(150):
        ana.send(Say(f"k{number}", "#lobby", "x" * 4_000))
        ana.hear(Said)
    found = standing(server, "bob")
    assert found.is_slow
    assert found.where == "recv"
    assert standing(server, "ana").waiting_bytes == 0
    bob.close()


def test_slow_motion_ends_nobody_for_being_silent(start_server, join):
    """Who lingers reads nothing: no peer may be taken for dead because of it."""
    now = 1000.0
    pulse = Pulse(Limits(), now)
    pulse.is_logged_in = True
    pulse.excuse(now + 100)
    assert pulse.due(now + 101) is None
    assert pulse.due(now + 100 + Limits().silence + 1) == "ping-timeout"


def test_slow_motion_is_over_when_the_server_stops(start_server, join):
    server = start_server()
    ana = join("ana", server)
    motion.set(1_000)
    server.chat.stop()
    assert ana.hear(Bye).code == "shutdown"
    assert motion.seconds == 0
