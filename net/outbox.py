"""What waits to be sent to one peer, and the rule for a peer that does not read.

Any thread may push; nobody ever waits. Bytes go straight into the kernel while it
takes them. What it does not take is kept here, and the flusher sends it on:

    scribe --push--> kernel has room?  --yes--> gone
                          |no
                          v
                     [ waiting ] <--flush-- flusher, when the socket drains

A peer that lets a mebibyte wait, or takes nothing for ten seconds, is cut off with
`bye slow-consumer`; so is the fattest when too much waits for all (net/flusher.py).
Nobody else notices: that is the whole point of this file. The textbook server calls
sendall() under the clients lock, and one sleeping laptop stops the class.

An outbox never closes the socket. It hangs up, which wakes the reader, and the
reader closes: with one closer, a descriptor cannot be reused under another's feet.
"""

from __future__ import annotations

import socket
import threading
from collections import deque
from time import monotonic
from typing import Protocol

from messages import Bye
from net.limits import Limits
from protocol import encode
from sight.seat import Seat
from sight.tap import tap

# Linux and macOS can ask one send() not to wait, while recv() on the same socket
# still waits by itself. Windows cannot: there the whole socket does not block.
DONT_WAIT: int = getattr(socket, "MSG_DONTWAIT", 0)

NOTHING: deque[bytes] = deque(maxlen=0)  # for all outboxes in which nothing waits


class Watcher(Protocol):
    """Whoever calls flush() once the socket takes bytes again: the flusher."""

    def watch(self, outbox: Outbox) -> None: ...


class Outbox:
    """A bounded queue of whole frames in front of one socket."""

    def __init__(
        self,
        sock: socket.socket,
        watcher: Watcher,
        limits: Limits,
        seat: Seat | None = None,
    ) -> None:
        self.seat = seat or Seat("a peer")  # whose it is, for who watches
        self._sock = sock
        self._watcher = watcher
        self._limits = limits
        self.is_drained = False  # the last words are out, or never will be
        self.is_slow = False  # it was cut off because it did not read

        self._lock = threading.Lock()
        # _lock must be held when using these; no call under it ever waits. What only
        # few need is made when they do: a thousand idle peers would pay for it.
        self._waiting = NOTHING  # the first may be sent in part
        self._drain: threading.Event | None = None  # of who waits for is_drained
        self._waiting_bytes = 0
        self._deadline = 0.0  # monotonic; when the peer must have taken something
        self._is_ending = False  # the last words are spoken, nothing is accepted
        self._wakes_reader = True  # at the end

    def fileno(self) -> int:
        return self._sock.fileno()

    @property
    def waiting_bytes(self) -> int:
        return self._waiting_bytes

    def push(self, frames: bytes) -> None:
        """Send whole frames, now or later; the order of pushes is kept."""
        with self._lock:
            if self._is_ending:
                return
            if tap.is_open:
                tap.note_out(self.seat, frames)
            if not self._waiting:
                frames = self._send(frames)
            if frames:
                self._keep(frames)

    def finish(self, last_words: bytes = b"", *, wakes_reader: bool = True) -> None:
        """Send what waits and the last words, and hang up within `linger` seconds.

        The first to finish has the last word.
        """
        with self._lock:
            if not self._is_ending:
                self._wakes_reader = wakes_reader
                self._end(last_words)

    def wait_until_drained(self, seconds: float) -> bool:
        """Whether the last words were out by then, or would never be."""
        with self._lock:
            if self.is_drained:
                return True
            drain = self._drain = self._drain or threading.Event()
        return drain.wait(seconds)

    def flush(self) -> bool:
        """Send what the kernel takes; whether something still waits."""
        with self._lock:
            while self._waiting:
                chunk = self._waiting.popleft()
                self._waiting_bytes -= len(chunk)
                rest = self._send(chunk)
                if len(rest) < len(chunk) and not self._is_ending:
                    self._deadline = monotonic() + self._limits.stall
                if rest:
                    self._waiting.appendleft(rest)
                    self._waiting_bytes += len(rest)
                    return True
            if self._is_ending:
                self._hang_up()
            return False

    def expire(self, now: float) -> None:
        """Cut off a peer whose time is up (from the flusher)."""
        with self._lock:
            if not self._waiting or now < self._deadline:
                return
            if self._is_ending:
                self._abandon()
            else:
                self._refuse_slow_peer()

    def cut_off(self) -> int:
        """Cut off a peer for whom too much waits; return how many bytes went."""
        with self._lock:
            if self._is_ending:
                return 0  # it is going already, within `linger` seconds
            waited = self._waiting_bytes
            self._refuse_slow_peer()
            return waited - self._waiting_bytes

    def abandon(self) -> None:
        """Throw away what waits and accept nothing more: the socket is gone."""
        with self._lock:
            self._abandon()

    # -- With the lock held ------------------------------------------------------

    def _keep(self, frames: bytes) -> None:
        if not self._waiting:
            self._deadline = monotonic() + self._limits.stall
        self._wait(frames)
        if self._waiting_bytes > self._limits.outbox_bytes:
            self._refuse_slow_peer()

    def _refuse_slow_peer(self) -> None:
        self.is_slow = True
        # The first chunk may be half sent: dropping it would garble the bye.
        while len(self._waiting) > 1:
            self._waiting_bytes -= len(self._waiting.pop())
        self._end(encode(Bye("slow-consumer", "you did not read what was sent")))

    def _end(self, last_words: bytes) -> None:
        self._is_ending = True
        if tap.is_open and last_words:
            tap.note_out(self.seat, last_words)
        if not self._waiting and not (last_words := self._send(last_words)):
            return self._hang_up()
        self._deadline = monotonic() + self._limits.linger
        return self._wait(last_words)

    def _wait(self, data: bytes) -> None:
        if self._waiting is NOTHING:
            self._waiting = deque()
        self._waiting.append(data)
        self._waiting_bytes += len(data)
        # Only now: a flusher that is just forgetting us must see that bytes wait.
        if len(self._waiting) == 1:
            self._watcher.watch(self)

    def _send(self, data: bytes) -> bytes:
        """Give the kernel what it takes; return the rest."""
        try:
            return data[self._sock.send(data, DONT_WAIT) :]
        except (BlockingIOError, InterruptedError):
            return data
        except OSError:  # reset, or closed: the reader hears of it too
            self._abandon()
            return b""

    def _abandon(self) -> None:
        self._is_ending = True
        self._waiting.clear()
        self._waiting_bytes = 0
        self._wakes_reader = True
        self._hang_up()

    def _hang_up(self) -> None:
        """Wake the reader, which closes; a blocked recv() does not notice close().

        After a bye only our side of reading is shut, so that the kernel still
        delivers it; the reader does the rest (Connection.close).
        """
        self.is_drained = True
        if self._drain:
            self._drain.set()
        if not self._wakes_reader:
            return
        try:
            self._sock.shutdown(socket.SHUT_RD)
        except OSError:
            pass  # the peer was faster
