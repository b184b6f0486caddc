"""The bell: it wakes a sleeper, and never holds up who rings."""

import selectors
import signal
import threading

import pytest
from tcp_rig import PATIENCE

from net.wakeup import BriefSelector, Wakeup


@pytest.fixture
def wakeup():
    wakeup = Wakeup()
    yield wakeup
    wakeup.close()


def rings(wakeup, seconds=0.0):
    with BriefSelector() as selector:
        selector.register(wakeup, selectors.EVENT_READ)
        return bool(selector.select(seconds))


def test_a_ring_wakes_a_sleeper(wakeup):
    woken = []
    sleeper = threading.Thread(target=lambda: woken.append(rings(wakeup, PATIENCE)))
    sleeper.start()
    wakeup.ring()
    sleeper.join(PATIENCE)
    assert woken == [True]


def test_a_ring_before_the_sleep_is_not_lost(wakeup):
    wakeup.ring()
    assert rings(wakeup)


def test_it_rings_until_somebody_hushes_it(wakeup):
    wakeup.ring()
    assert rings(wakeup)
    assert rings(wakeup)
    wakeup.hush()
    assert not rings(wakeup)


def test_hushing_a_silent_bell_does_not_wait(wakeup):
    wakeup.hush()
    assert not rings(wakeup)


def test_ringing_without_end_never_waits_and_one_hush_takes_it_all(wakeup):
    for _ in range(100_000):  # far more than the pair can hold
        wakeup.ring()
    assert rings(wakeup)
    wakeup.hush()
    assert not rings(wakeup)


def test_a_signal_handler_may_ring(wakeup):
    before = signal.signal(signal.SIGINT, lambda *_: wakeup.ring())
    try:
        signal.raise_signal(signal.SIGINT)
        assert rings(wakeup, PATIENCE)
    finally:
        signal.signal(signal.SIGINT, before)


def test_ringing_after_the_end_harms_nobody():
    wakeup = Wakeup()
    wakeup.close()
    wakeup.ring()
    wakeup.hush()
