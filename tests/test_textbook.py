"""Sitting on a lock: while a block runs, and nowhere else."""

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
    with sitting_on(lock):
        assert lock.holder.name == "sitter"
    assert lock.holder is None


def test_who_wants_it_meanwhile_waits_for_the_end_of_the_block(lock):
    order, wants_it = [], threading.Event()

    def want():
        wants_it.set()
        with lock:
            order.append("mine")

    other = threading.Thread(target=want)
    with sitting_on(lock):
        other.start()
        wants_it.wait(PATIENCE)
        order.append("still held")
    other.join(PATIENCE)
    assert order == ["still held", "mine"]


def test_the_block_begins_when_the_lock_is_held_and_not_before():
    order, is_inside = [], threading.Event()

    class Door:
        def __enter__(self):
            is_inside.wait(0.1)  # nobody is inside yet: all of it passes
            order.append("held")

        def __exit__(self, *_):
            pass

    with sitting_on(Door()):
        order.append("inside")
        is_inside.set()
    assert order == ["held", "inside"]


def test_an_error_in_the_block_leaves_no_sitter_behind(lock):
    with pytest.raises(ValueError, match="oh"), sitting_on(lock):
        raise ValueError("oh")
    assert "sitter" not in {thread.name for thread in threading.enumerate()}


def test_the_watch_over_the_locks_knows_that_it_is_on_purpose(lock):
    with sitting_on(lock):
        pass
    assert not take_violations()
