"""Sitting on a lock: for so long, or until the demo ends; and only here."""

import threading

import pytest
from conftest import PATIENCE
from lock_order import RankedLock, take_violations

from demo.textbook import sitting_on
from sight.lock import WatchedLock


@pytest.fixture
def lock():
    ranked = RankedLock("server.py clients_lock")
    return WatchedLock(ranked, "clients_lock", "clients")


def test_in_the_block_the_lock_is_held_and_after_it_no_more(lock):
    has_ended = threading.Event()
    with sitting_on(lock, PATIENCE, has_ended):
        assert lock.holder.name == "sitter"
        has_ended.set()
    assert lock.holder is None


def test_the_block_begins_when_the_lock_is_held_and_not_before():
    order, is_inside = [], threading.Event()

    class Door:
        def __enter__(self):
            is_inside.wait(0.1)  # nobody is inside yet: all of it passes
            order.append("held")

        def __exit__(self, *_):
            pass

    with sitting_on(Door(), 0.0, threading.Event()):
        order.append("inside")
        is_inside.set()
    assert order == ["held", "inside"]


def test_it_is_held_for_so_long_whatever_the_block_does(lock):
    with sitting_on(lock, 0.05, threading.Event()):
        pass
    assert lock.longest_hold >= 0.05
    assert lock.holder is None


def test_an_error_in_the_block_leaves_no_sitter_behind(lock):
    has_ended = threading.Event()
    has_ended.set()
    with pytest.raises(ValueError, match="oh"), sitting_on(lock, PATIENCE, has_ended):
        raise ValueError("oh")
    assert "sitter" not in {thread.name for thread in threading.enumerate()}


def test_the_watch_over_the_locks_knows_that_it_is_on_purpose(lock):
    with sitting_on(lock, 0.0, threading.Event()):
        pass
    assert not take_violations()
