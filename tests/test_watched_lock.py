"""A lock that says who holds it, how often it was taken and how long that lasted."""

import threading

import pytest
from conftest import PATIENCE

from sight.lock import WatchedLock
from sight.motion import motion
from sight.seat import Seat, my_seat


@pytest.fixture
def now(monkeypatch):
    """A clock that stands still unless told to go on."""

    class Clock:
        now = 1000.0

        def __call__(self):
            return self.now

    clock = Clock()
    monkeypatch.setattr("sight.lock.perf_counter", clock)
    monkeypatch.setattr("sight.motion.perf_counter", clock)
    motion.set(0)  # at this clock's time
    return clock


@pytest.fixture
def lock():
    return WatchedLock(threading.Lock(), "clients_lock", "clients")


@pytest.fixture(autouse=True)
def ana():
    """This thread's seat."""
    before = my_seat()
    seat = Seat("ana").take()
    seat.where = "answers Who"
    yield seat
    before.take()


def test_nobody_holds_it_before_and_after(lock):
    assert lock.holder is None
    with lock:
        pass
    assert lock.holder is None
    assert lock.taken == 1


def test_inside_it_says_who_holds_it_and_the_seat_says_so_too(lock, ana):
    with lock:
        assert lock.holder is ana
        assert ana.where == "HOLDS clients_lock"
    assert ana.where == "answers Who"


def test_an_exception_inside_lets_go_of_it(lock, ana):
    with pytest.raises(KeyError), lock:
        raise KeyError
    with lock:
        assert lock.taken == 2
    assert ana.where == "answers Who"


def test_the_longest_hold_is_kept(lock, now):
    for seconds in (0.2, 0.5, 0.1):
        with lock:
            now.now += seconds
    assert lock.longest_hold == pytest.approx(0.5)
    assert lock.longest_wait == 0


def test_what_slow_motion_makes_long_is_no_figure(lock, now, monkeypatch):
    monkeypatch.setattr(motion, "linger", lambda: None)
    with lock:  # it begins
        motion.set(0.5)
        now.now += 1.0
    with lock:  # it lasts
        now.now += 1.0
    with lock:  # it ends
        now.now += 1.0
        motion.set(0)
    assert lock.longest_hold == 0
    with lock:
        now.now += 0.1
    assert lock.longest_hold == pytest.approx(0.1)


class Turnstile:
    """A lock that somebody else has just now, at the first try."""

    def __init__(self, at_wait):
        self._at_wait = at_wait

    def acquire(self, blocking=True):
        if blocking:
            self._at_wait()
        return blocking

    def release(self):
        pass


def test_who_finds_it_taken_waits_and_the_longest_wait_is_kept(now, ana):
    seen = []

    def wait():
        seen.append(ana.where)
        now.now += 3.0

    lock = WatchedLock(Turnstile(wait), "clients_lock", "clients")
    with lock:
        seen.append(ana.where)
    assert seen == ["WAITS clients_lock", "HOLDS clients_lock"]
    assert ana.where == "answers Who"
    assert lock.longest_wait == pytest.approx(3.0)
    assert lock.longest_hold == 0


def test_it_lets_only_one_in(lock):
    counts = []

    def count():
        for _ in range(200):
            with lock:
                counts.append(len(counts))

    threads = [threading.Thread(target=count) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    assert counts == list(range(800))
    assert lock.taken == 800
