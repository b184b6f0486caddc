import contextlib
import select
import signal
import socket
import sys
import threading
import time
from collections import deque

import lock_order
import pytest

from tui.inbox import LEAST_BYTES, MOST_BYTES, Inbox

LONG = 10  # seconds; only a failing test waits that long


@pytest.fixture
def inbox():
    with contextlib.closing(Inbox()) as box:
        yield box


def is_readable(inbox):
    return bool(select.select([inbox], [], [], 0)[0])


def test_events_come_out_in_the_order_they_came_in(inbox):
    for event in "abc":
        inbox.put(event)
    assert list(inbox.drain(LONG)) == ["a", "b", "c"]


def test_an_empty_inbox_wakes_nobody(inbox):
    assert not is_readable(inbox)
    assert list(inbox.drain(LONG)) == []


def test_an_event_makes_the_inbox_readable_until_it_is_taken(inbox):
    inbox.put("hello")
    assert is_readable(inbox)
    list(inbox.drain(LONG))
    assert not is_readable(inbox)


def test_many_events_make_one_wake_up(inbox):
    for event in range(100_000):  # far more than a socket's buffer would hold
        inbox.put(event)
    assert inbox._listening.recv(4096) == b"\0"


def test_a_full_pipe_is_a_wake_up_and_not_an_error(inbox):
    with contextlib.suppress(BlockingIOError):
        while True:
            inbox._waking.send(bytes(65536))
    inbox.put("hello")
    assert is_readable(inbox)
    assert list(inbox.drain(LONG)) == ["hello"]


def test_a_slice_without_time_still_takes_one_event(inbox):
    inbox.put("a")
    inbox.put("b")
    assert list(inbox.drain(0)) == ["a"]


def test_what_a_short_slice_leaves_keeps_the_inbox_readable(inbox):
    inbox.put("a")
    inbox.put("b")
    list(inbox.drain(0))
    assert is_readable(inbox)
    assert list(inbox.drain(LONG)) == ["b"]


def test_the_time_spent_on_an_event_counts(inbox, monkeypatch):
    now = [0.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    for event in range(10):
        inbox.put(event)
    taken = []
    for event in inbox.drain(0.004):
        taken.append(event)
        now[0] += 0.001  # the model works on it
    assert taken == [0, 1, 2, 3]


def test_a_drain_given_up_half_way_loses_nothing(inbox):
    inbox.put("a")
    inbox.put("b")
    assert next(inbox.drain(LONG)) == "a"
    assert is_readable(inbox)
    assert list(inbox.drain(LONG)) == ["b"]


# -- Room ----------------------------------------------------------------------------


def has_room(inbox):
    return inbox._has_room.is_set()


def test_there_is_no_room_while_too_much_waits(inbox):
    inbox.put("large", MOST_BYTES - LEAST_BYTES)
    assert has_room(inbox)
    inbox.put("small")
    assert not has_room(inbox)
    assert next(inbox.drain(LONG)) == "large"
    assert has_room(inbox)


def test_ten_thousand_small_events_are_too_much(inbox):
    for number in range(MOST_BYTES // LEAST_BYTES + 1):
        assert has_room(inbox)
        inbox.put(number)
    assert not has_room(inbox)
    list(inbox.drain(LONG))
    assert has_room(inbox)


def test_whoever_waits_for_room_goes_on_when_something_is_taken(inbox):
    inbox.put("large", MOST_BYTES)
    reader = threading.Thread(target=inbox.wait_for_room)
    reader.start()
    assert reader.is_alive()  # nothing but a drain can change that
    list(inbox.drain(LONG))
    reader.join(LONG)
    assert not reader.is_alive()


def test_nobody_waits_for_a_screen_that_is_gone():
    inbox = Inbox()
    inbox.put("large", MOST_BYTES)
    inbox.close()
    inbox.wait_for_room()
    inbox.put("too late")
    inbox.wait_for_room()


# -- Waiting -------------------------------------------------------------------------


def test_a_put_from_another_thread_ends_a_wait(inbox):
    thread = threading.Thread(target=inbox.put, args=("hello",))
    began = time.monotonic()
    thread.start()
    inbox.wait(LONG)
    thread.join()
    assert time.monotonic() - began < LONG
    assert list(inbox.drain(LONG)) == ["hello"]


def test_a_wait_ends_at_its_time_out(inbox):
    began = time.monotonic()
    inbox.wait(0.02)
    assert 0.015 < time.monotonic() - began < LONG


class Meeting(deque):
    """A deque where two who append at the same moment wait for each other."""

    def __init__(self):
        super().__init__()
        self.barrier = threading.Barrier(2)

    def append(self, event):
        super().append(event)
        broken = contextlib.suppress(threading.BrokenBarrierError)
        with broken, lock_order.looking_away():
            self.barrier.wait(0.1)  # the lock keeps the other out: nobody comes


def test_two_puts_at_the_same_moment_wake_the_screen(inbox):
    inbox._events = Meeting()
    threads = [threading.Thread(target=inbox.put, args=(name,)) for name in "ab"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert is_readable(inbox)
    assert sorted(inbox.drain(LONG)) == ["a", "b"]


def test_no_event_is_ever_left_without_a_wake_up(inbox):
    """Four threads race with a consumer that takes only when woken."""
    writers, each = 4, 5_000
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)  # as unfair as it gets
    try:
        threads = [
            threading.Thread(target=put_numbers, args=(inbox, writer, each))
            for writer in range(writers)
        ]
        for thread in threads:
            thread.start()
        taken = take_only_when_woken(inbox, writers * each)
        for thread in threads:
            thread.join()
    finally:
        sys.setswitchinterval(interval)
    for writer in range(writers):
        assert [n for w, n in taken if w == writer] == list(range(each))


def put_numbers(inbox, writer, how_many):
    for number in range(how_many):
        inbox.put((writer, number))


def take_only_when_woken(inbox, how_many):
    taken = []
    while len(taken) < how_many:
        readable, _, _ = select.select([inbox], [], [], LONG)
        assert readable, f"slept over an event after {len(taken)} of {how_many}"
        taken.extend(inbox.drain(0.0001))
    return taken


def test_a_signal_wakes_the_wait_and_leaves_no_event(inbox):
    handler = signal.signal(signal.SIGINT, lambda *_: None)
    woken = signal.set_wakeup_fd(inbox.wake_fd, warn_on_full_buffer=False)
    try:
        signal.raise_signal(signal.SIGINT)
    finally:
        signal.set_wakeup_fd(woken)
        signal.signal(signal.SIGINT, handler)
    assert is_readable(inbox)
    assert list(inbox.drain(LONG)) == []
    assert not is_readable(inbox)


def test_a_late_put_on_a_closed_inbox_is_harmless():
    inbox = Inbox()
    inbox.close()
    inbox.put("too late")


def test_a_closed_inbox_gives_its_sockets_back():
    inbox = Inbox()
    sides = (inbox._listening, inbox._waking)
    inbox.close()
    assert all(isinstance(s, socket.socket) and s.fileno() == -1 for s in sides)


def test_it_wakes_without_an_event_as_well(inbox):
    inbox.wake()
    assert is_readable(inbox)
    assert list(inbox.drain(LONG)) == []
    assert not is_readable(inbox)


def test_a_wake_up_after_the_end_is_unheard():
    box = Inbox()
    box.close()
    box.wake()
