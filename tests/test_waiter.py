import contextlib
import os
import signal
import socket
import threading
import time

import pytest

from tui.inbox import Inbox
from tui.waiter import (
    Waiter,
    limit_to_poll,
    signals_as_in_a_shell,
    wait_for_enter,
)

LONG = 10  # seconds; only a failing test waits that long

posix_only = pytest.mark.skipif(os.name == "nt", reason="a console is no descriptor")


@pytest.fixture
def inbox():
    with contextlib.closing(Inbox()) as box:
        yield box


@pytest.fixture
def keyboard():
    """A pair: (what the waiter watches, what a key is written to)."""
    watched, typed = socket.socketpair()
    with watched, typed:
        yield watched, typed


@pytest.fixture
def waiter(keyboard, inbox):
    with contextlib.closing(Waiter(keyboard[0].fileno(), inbox)) as waiter:
        yield waiter


def seconds_waited(waiter, timeout):
    began = time.monotonic()
    waiter.wait(timeout)
    return time.monotonic() - began


@posix_only
def test_a_key_ends_the_wait(keyboard, waiter):
    threading.Thread(target=keyboard[1].send, args=(b"k",)).start()
    assert seconds_waited(waiter, LONG) < LONG


@posix_only
def test_a_wake_up_ends_the_wait_without_a_deadline(inbox, waiter):
    threading.Thread(target=inbox.put, args=("hello",)).start()
    assert seconds_waited(waiter, None) < LONG


@posix_only
def test_the_deadline_ends_the_wait(waiter):
    assert 0.015 < seconds_waited(waiter, 0.02) < LONG


def test_a_deadline_already_past_does_not_block(waiter):
    assert seconds_waited(waiter, -1) < LONG


@posix_only
def test_a_waiting_key_is_not_taken_away(keyboard, waiter):
    keyboard[1].send(b"k")
    waiter.wait(LONG)
    assert keyboard[0].recv(1) == b"k"


@posix_only
def test_descriptors_above_1023_can_be_waited_for(keyboard, inbox):
    resource = pytest.importorskip("resource")
    if resource.getrlimit(resource.RLIMIT_NOFILE)[0] <= 1200:
        pytest.skip("this shell allows too few descriptors")
    high = 1200
    os.dup2(keyboard[0].fileno(), high)
    try:
        keyboard[1].send(b"k")
        with contextlib.closing(Waiter(high, inbox)) as waiter:
            waiter.wait(LONG)  # select() raises ValueError here
    finally:
        os.close(high)


def test_on_windows_keys_are_looked_for_every_few_milliseconds():
    """The arithmetic of the fallback; that it runs on Windows was not tested."""
    assert [limit_to_poll(timeout) for timeout in (None, 5.0, 0.001)] == [
        0.015,
        0.015,
        0.001,
    ]


@posix_only
def test_enter_on_the_plain_page_is_seen_and_left_to_be_flushed(keyboard):
    """A line may be gone before it is read, and then a read would not come back."""
    watched, typed = keyboard
    typed.send(b"\n")
    with signals_as_in_a_shell() as struck:
        wait_for_enter(watched.fileno(), struck, lambda: False)
    assert watched.recv(1) == b"\n"


@posix_only
def test_after_the_plain_page_a_full_inbox_still_complains_to_nobody(
    inbox, monkeypatch
):
    """Each signal that finds it full would be a traceback on stderr."""
    complaints = []
    monkeypatch.setattr("sys.unraisablehook", complaints.append)
    with contextlib.suppress(BlockingIOError):
        while True:
            inbox._waking.send(bytes(65536))
    before = signal.signal(signal.SIGWINCH, lambda *_: None)
    woken = signal.set_wakeup_fd(inbox.wake_fd, warn_on_full_buffer=False)
    try:
        with signals_as_in_a_shell():
            pass
        signal.raise_signal(signal.SIGWINCH)
    finally:
        signal.set_wakeup_fd(woken)
        signal.signal(signal.SIGWINCH, before)
    assert complaints == []
