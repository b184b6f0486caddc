"""A socket with its outbox: payloads come out of it, frames go into it.

    peer --bytes--> receive(), cut()  one thread, the reader; the only one that closes
    peer <--bytes-- outbox            any thread

A recorder, if there is one and it is on, is told of each recv and each frame to send.

The reader blocks in recv() without a time-out. Whoever wants it to stop hangs up
(Outbox), and the recv() returns.
"""

from __future__ import annotations

import selectors
import socket
from collections.abc import Iterator
from contextlib import suppress
from time import monotonic
from typing import Protocol

from messages import Message
from net.limits import Limits
from net.outbox import DONT_WAIT, Outbox, Watcher
from net.pulse import Pulse
from net.wakeup import BriefSelector
from protocol import Decoder, encode
from sight.seat import Seat, stand, wait_in
from sight.tap import tap

# CPython holds a buffer of the size asked for while recv() waits: with 64 KiB an idle
# client costs 38 KB instead of 22 (measured). So we ask for twice what came last.
FIRST_READ = 2_048  # bytes: a dozen lines
LARGEST_READ = 65_536


class Recorder(Protocol):
    """Whoever looks at the bytes as they pass; asked each time whether it does."""

    is_on: bool

    def received(self, begun: bytes, data: bytes) -> None: ...

    def sent(self, frame: bytes) -> None: ...


class Connection:
    """One peer."""

    def __init__(
        self,
        sock: socket.socket,
        address: str,
        watcher: Watcher,
        limits: Limits,
        patience: float | None = None,  # seconds of silence that end it; see receive
        recorder: Recorder | None = None,
    ) -> None:
        sock.setblocking(bool(DONT_WAIT))
        tune(sock)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, limits.send_buffer)
        self._sock = sock
        self._limits = limits
        self._decoder = Decoder()
        self._read_size = FIRST_READ
        self._patience = patience
        self._recorder = recorder
        self.address = address
        self.seat = Seat(address, paces=True)  # of the reader; see sight/seat.py
        self.outbox = Outbox(sock, watcher, limits, self.seat)
        self.pulse = Pulse(limits, monotonic())

    def payloads(self) -> Iterator[bytes]:
        """Yield what the peer sends, until it is gone or we hang up.

        Raises FrameError.
        """
        while data := self.receive():
            yield from self.cut(data)

    def cut(self, data: bytes) -> Iterator[bytes]:
        """Yield the payloads that one read completes. Raises FrameError after them."""
        had_frames = False
        for payload in self._decoder.feed(data):
            had_frames = True
            if tap.is_open:
                tap.note_in(self.seat, payload)
            yield payload
        self.pulse.hear(
            monotonic(),
            is_inside_frame=self._decoder.is_inside_frame,
            had_frames=had_frames,
        )

    def receive(self) -> bytes:
        """Wait for bytes; empty means that the peer is gone, however it went.

        A server has a clock to end silent peers, a client has only its patience.
        """
        while not self.outbox.is_drained:
            try:
                if self._patience and not is_readable(self._sock, self._patience):
                    return b""
                wait_in("recv")
                data = self._sock.recv(self._read_size)
            except (BlockingIOError, InterruptedError):
                # Windows only, where the socket cannot block (not tested there).
                is_readable(self._sock, 1.0)
                continue
            except OSError:
                return b""
            stand("decodes")
            if self._recorder and self._recorder.is_on:
                self._recorder.received(self._decoder.unfinished, data)
            self._read_size = min(max(2 * len(data), FIRST_READ), LARGEST_READ)
            return data
        return b""

    def hold_up(self, seconds: float) -> None:
        """Do not read on for a while; shorter if we hang up meanwhile."""
        wait_in(f"held up for {seconds:.1f} s")
        self.pulse.is_throttled = True
        self.outbox.wait_until_drained(seconds)
        self.pulse.is_throttled = False

    def send(self, message: Message) -> None:
        frame = encode(message)
        if self._recorder and self._recorder.is_on:
            self._recorder.sent(frame)  # before: its answer must not be seen earlier
        self.outbox.push(frame)

    def finish(self, last_words: Message) -> None:
        """Say bye and hang up, from another thread than the reader."""
        self.outbox.finish(encode(last_words))

    def turn_away(self, last_words: Message) -> None:
        """Say bye to a peer that gets no reader; drop() follows in a moment.

        Not at once: the peer may have said hello already, or be about to, and a
        close before it has read the bye would send a reset (see close).
        """
        self.outbox.finish(encode(last_words), wakes_reader=False)
        with suppress(OSError):  # the peer is gone already
            self._sock.shutdown(socket.SHUT_WR)

    def drop(self) -> None:
        """Close without another word."""
        self.outbox.abandon()
        self._sock.close()

    def close(self, last_words: bytes | None = b"") -> None:
        """Say the last words and close; the reader calls it, once.

        None means that another thread is about to say them. Closing while input
        waits would send a reset, which can destroy the bye in the peer's buffer: so
        read away what comes, for a moment.
        """
        wait_in("closes")
        if last_words is not None:
            self.outbox.finish(last_words, wakes_reader=False)
        if not self.outbox.wait_until_drained(self._limits.linger):
            self.outbox.abandon()
        try:
            self._sock.shutdown(socket.SHUT_WR)
            self._drain(monotonic() + self._limits.drain)
        except OSError:
            pass  # the peer is gone already
        self._sock.close()

    def _drain(self, deadline: float) -> None:
        self._sock.settimeout(max(0.01, deadline - monotonic()))
        while monotonic() < deadline and self._sock.recv(LARGEST_READ):
            pass


def is_readable(sock: socket.socket, seconds: float) -> bool:
    """Wait for input; not select.select, which fails above descriptor 1023."""
    with BriefSelector() as selector:
        selector.register(sock, selectors.EVENT_READ)
        return bool(selector.select(seconds))


def tune(sock: socket.socket) -> None:
    """Set what a chat wants of TCP: small lines at once, dead peers noticed."""
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    if hasattr(socket, "TCP_USER_TIMEOUT"):  # Linux: unacknowledged for 30 s is dead
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, 30_000)
