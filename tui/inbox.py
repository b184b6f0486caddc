r"""The inbox: where the receiver thread and the screen meet.

    receiver thread --put--> [ events ] --drain--> screen's thread
                  \                               /
                   one byte --> [ socket pair ] --> readable: wakes its wait
                  /
    a signal's byte (signal.set_wakeup_fd)

The screen sleeps until the keyboard or this inbox is readable. A queue cannot
wake a selector; a socket can, on Windows too (where a pipe cannot).

No wake-up is ever missed, because of one promise, kept under the lock:

    while an event waits, a byte waits.

`put` appends the first event and writes the byte in one step. The bytes are
swallowed in one place only, and only in the step that finds no event waiting. So
an event that arrives before that step is found by it, and one that arrives after
it writes its own byte. A pipe too full for the byte is already a wake-up.

Signals write their byte without the lock (in C, at any moment). It carries no
event, so whoever waits must look at everything a signal may have changed (the
size of the screen, the wish to stop) *after* draining and before waiting again.
A signal handler must not call `put`: it may have interrupted `drain` and would
wait for the lock of its own thread for ever.

`put` never waits. Whoever reads from outside waits for room after it, and reads no
further meanwhile: then the network is full, not the memory, and the server's own send
comes to a stop. The room is counted in bytes, for a hostile server has large frames.
"""

from __future__ import annotations

import contextlib
import selectors
import socket
import threading
import time
from collections import deque
from collections.abc import Iterator
from typing import Generic, TypeVar

Event = TypeVar("Event")

MOST_BYTES = 2_097_152  # of what waits; small events are counted as:
LEAST_BYTES = 200  # so 10,000 of them are as many as there is room for


class Inbox(Generic[Event]):
    """Events for the screen: many threads put, one thread drains and waits."""

    def __init__(self) -> None:
        self._listening, self._waking = socket.socketpair()
        self._listening.setblocking(False)
        self._waking.setblocking(False)
        self._has_room = threading.Event()  # written under the lock
        self._has_room.set()
        self._lock = threading.Lock()  # guards:
        self._events: deque[tuple[Event, int]] = deque()  # and the swallowing of bytes
        self._bytes = 0  # of the events, as they were counted
        self._is_closed = False

    def put(self, event: Event, size: int = 0) -> None:
        """Leave an event and wake the screen; from any thread, never blocks.

        `size` is what it took on the way here, in bytes.
        """
        size = max(size, LEAST_BYTES)
        with self._lock:
            self._events.append((event, size))
            self._count(size)
            if len(self._events) == 1:
                self.wake()

    def wait_for_room(self) -> None:
        """Block while too much waits; not for the thread that drains."""
        self._has_room.wait()

    def drain(self, seconds: float) -> Iterator[Event]:
        """Take what waits, oldest first, for about so long; at least one event.

        The time the caller spends on each event counts: that is what would keep
        keys waiting (a list of 40,000 events is taken in 4 ms and shown in 400).
        What is left keeps the inbox readable, so the next wait returns at once.
        """
        deadline = time.monotonic() + seconds
        while self._has_events():
            yield self._take()  # nobody else takes any
            if time.monotonic() >= deadline:
                return

    def wait(self, timeout: float | None) -> None:
        """Block until something is put, a signal comes, or `timeout` seconds pass."""
        with selectors.DefaultSelector() as selector:
            selector.register(self, selectors.EVENT_READ)
            selector.select(timeout)

    def fileno(self) -> int:
        """What to select on: readable while an event waits."""
        return self._listening.fileno()

    @property
    def wake_fd(self) -> int:
        """What signal.set_wakeup_fd writes to."""
        return self._waking.fileno()

    def close(self) -> None:
        """Stop listening; a `put` that comes later is harmless and unheard."""
        with self._lock:
            self._listening.close()
            self._waking.close()
            self._is_closed = True
            self._count(0)

    def _has_events(self) -> bool:
        with self._lock:
            if not self._events:
                with contextlib.suppress(BlockingIOError):
                    self._listening.recv(4096)
            return bool(self._events)

    def _take(self) -> Event:
        with self._lock:
            event, size = self._events.popleft()
            self._count(-size)
            return event

    def _count(self, size: int) -> None:
        """Note that so much more waits, though not for a screen that is gone."""
        self._bytes += size
        if self._bytes >= MOST_BYTES and not self._is_closed:
            self._has_room.clear()
        elif not self._has_room.is_set():
            self._has_room.set()

    def wake(self) -> None:
        """Wake the screen, with an event or without; from any thread, never blocks."""
        try:
            self._waking.send(b"\0")
        except OSError:
            pass  # full: already a wake-up; closed: nobody listens any more
