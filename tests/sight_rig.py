"""Waiting for a thread to stand somewhere, without looking again and again.

    seats.wait_for(lambda: "recv" in standing(server, "ana").where)

Every Seat that is made from now on rings when its thread writes; the wait looks once
for each ring. `standing` is what the dashboard would show.
"""

import threading
from contextlib import contextmanager

import lock_order
import pytest
from tcp_rig import PATIENCE

from sight.motion import motion
from sight.seat import Seat, my_seat
from sight.tap import tap
from watch.observer import Observer


class Bell:
    """Rung by every seat."""

    def __init__(self):
        self._condition = threading.Condition()

    def ring(self):
        with self._condition:
            self._condition.notify_all()

    def wait_for(self, claim):
        with self._condition:
            assert self._condition.wait_for(claim, PATIENCE), "it never stood there"


@pytest.fixture
def seats(monkeypatch):
    bell = Bell()

    class RingingSeat(Seat):
        def __setattr__(self, name, value):
            super().__setattr__(name, value)
            if name in {"since", "name"}:  # the first is the last of two stores
                bell.ring()

    for home in ("net.connection.Seat", "chat.guard.Seat"):
        monkeypatch.setattr(home, RingingSeat)
    return bell


class Stops:
    """Slow motion without a clock: who comes to a stop waits until it may pass."""

    def __init__(self, seats, server):
        self._seats = seats
        self._server = server
        self._open = threading.Condition()
        self._closed = set()  # pairs of a thread's name and a place

    def walk(self, who, *places):
        """See it stand at each of them, one after the other."""
        for place in places:
            self._seats.wait_for(lambda place=place: where(self._server, who) == place)
            self._pass(who, place)

    def close(self, who, *places):
        self._closed |= {(who, place) for place in places}

    def _pass(self, *stop):
        with self._open:
            self._closed.discard(stop)
            self._open.notify_all()

    def linger(self):
        stop = my_seat().name, my_seat().where
        with lock_order.looking_away(), self._open:
            assert self._open.wait_for(lambda: stop not in self._closed, PATIENCE)


@pytest.fixture
def stops(seats, server, monkeypatch):
    stops = Stops(seats, server)
    monkeypatch.setattr(motion, "linger", stops.linger)
    motion.set(1)
    return stops


@pytest.fixture(autouse=True)
def _nobody_watches_for_ever():
    """Tap and motion belong to the process: the next test finds them as they were."""
    yield
    motion.set(0)
    tap.close()


def standing(server, who):
    """What the dashboard shows of a thread; None: nothing."""
    found = Observer(server.chat).take().standings
    return next((one for one in found if one.who == who), None)


def where(server, who):
    found = standing(server, who)
    return found.where if found else ""


@contextmanager
def held_by(name, lock):
    """Somebody holds the lock meanwhile: for seconds, which nobody may but a test."""
    has_it, may_let_go = threading.Event(), threading.Event()

    def hold():
        Seat(name).take()
        with lock, lock_order.looking_away():
            has_it.set()
            may_let_go.wait(PATIENCE)

    thread = threading.Thread(target=hold)
    thread.start()
    assert has_it.wait(PATIENCE)
    yield
    may_let_go.set()
    thread.join(PATIENCE)
