"""A person in the demo: one connection to the server, spoken to in the wire's words.

    zoe = Person(address, "zoe")
    zoe.log_in()
    zoe.say("hi")
    zoe.hear(Error, code="bad-text")      waits; Gone if the server hung up

A plain blocking socket: what a student's first client looks like. One thread at a time
owns it; only hang_up() may come from another, and ends every wait here at once.

How late is a line? All of the demo runs in one process, so the speaker's clock is the
hearer's clock, and the time travels in the line's id: no table, no lock.
"""

from __future__ import annotations

import re
import socket
from collections import deque
from contextlib import suppress
from math import inf
from time import monotonic
from typing import Any, TypeVar

from messages import (
    LOBBY,
    Bye,
    Error,
    Hello,
    Message,
    Ping,
    Pong,
    Quit,
    Report,
    Said,
    Say,
    Welcome,
)
from protocol import VERSION, Decoder, MessageError, decode_report, encode

PATIENCE = 15.0  # seconds; longer than anything that the demo waits for
LARGEST_READ = 65_536  # bytes
STAMPED = re.compile(r"t-([0-9a-f]+)")
TICKS = 100_000  # a second: the unit of our stamps

ReportT = TypeVar("ReportT", bound=Report)


class Gone(Exception):
    """There is no connection any more, or there never was."""


class Person:
    """One connection. Raises Gone wherever it turns out to be over."""

    def __init__(
        self,
        address: tuple[str, int],
        name: str,
        *,
        secret: str = "",
        receive_buffer: int = 0,  # bytes; 0: what the system likes
    ) -> None:
        self.name = name
        self.worst_delay = 0.0  # seconds from somebody's mouth to our ear
        self.measured_from = 0.0  # monotonic; what was said before does not count
        self.is_harmed = False  # it did not read for a while: delays are its own fault
        self.frames_heard = 0
        self.frames_sent = 0
        self._secret = secret
        self._decoder = Decoder()
        self._waiting: deque[Report] = deque()
        self._sock = socket.socket()
        self._sock.settimeout(PATIENCE)
        if receive_buffer:  # before the call: it is announced then
            self._sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        self._connect(address)

    def _connect(self, address: tuple[str, int]) -> None:
        try:
            self._sock.connect(address)
            self._sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        except OSError as failure:
            self._sock.close()
            raise Gone(str(failure)) from None

    def fileno(self) -> int:
        return self._sock.fileno()

    # -- Saying --------------------------------------------------------------------

    def log_in(self, since: int | None = None, log: str = "") -> Welcome:
        self.send(Hello(VERSION, self.name, self._secret, since, log))
        answer = self.hear_answer()
        if isinstance(answer, Error):
            raise Gone(answer.text)
        return answer

    def say(self, text: str, room: str = LOBBY) -> None:
        """Say it, stamped with the time."""
        self.send(Say(f"t-{int(monotonic() * TICKS):x}", room, text))

    def send(self, *messages: Message) -> None:
        """Send frames in one piece."""
        self.send_bytes(b"".join(map(encode, messages)))
        self.frames_sent += len(messages)

    def send_bytes(self, data: bytes) -> None:
        try:
            self._sock.sendall(data)
        except OSError as failure:
            raise Gone(str(failure)) from None

    # -- Hearing -------------------------------------------------------------------

    def listen(self) -> list[Report]:
        """Wait for bytes; return what they made complete, but for pings: answered."""
        try:
            data = self._sock.recv(LARGEST_READ)
        except OSError as failure:
            raise Gone(str(failure)) from None
        if not data:
            raise Gone("the server hung up")
        now = monotonic()
        return [r for p in self._decoder.feed(data) if (r := self._take(p, now))]

    def hear(self, kind: type[ReportT], **wanted: Any) -> ReportT:
        """Wait for a report of this kind with these fields; forget those before it."""
        while True:
            report = self._next()
            if isinstance(report, kind) and has(report, wanted):
                return report

    def hear_answer(self) -> Welcome | Error:
        """Wait for what is answered to a hello."""
        while not isinstance(report := self._next(), Welcome | Error):
            pass
        return report

    def _next(self) -> Report:
        while not self._waiting:
            self._waiting += self.listen()
        return self._waiting.popleft()

    def take_waiting(self) -> list[Report]:
        """What came along with what was heard, and nobody has asked for."""
        waiting = [*self._waiting]
        self._waiting.clear()
        return waiting

    def _take(self, payload: bytes, now: float) -> Report | None:
        self.frames_heard += 1
        try:
            report = decode_report(payload)
        except MessageError:
            return None  # a verb of a newer server
        if isinstance(report, Ping):
            with suppress(Gone):  # then recv will say so, after the bye
                self.send(Pong(report.token))
            return None
        if isinstance(report, Said):
            self._note_delay(report, now)
        return report

    def _note_delay(self, said: Said, now: float) -> None:
        spoken_at = time_of(said)  # what we missed comes without an id, so no stamp
        if spoken_at >= self.measured_from:
            self.worst_delay = max(self.worst_delay, now - spoken_at)

    # -- Going ---------------------------------------------------------------------

    def quit(self) -> None:
        """Leave as one should: say so, and read until the server has hung up."""
        with suppress(Gone):
            self.send(Quit())
            self.hear(Bye)
        self.close()

    def hang_up(self) -> None:
        """End every wait here, from another thread; who owns us closes."""
        with suppress(OSError):  # it is over already
            self._sock.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Go without a word: what the kernel does for a program that is killed."""
        self._sock.close()


def time_of(said: Said) -> float:
    """When it was said, by one of us; before all time, if it was somebody else."""
    stamp = STAMPED.fullmatch(said.id)
    return int(stamp[1], 16) / TICKS if stamp else -inf


def has(report: Report, wanted: dict[str, Any]) -> bool:
    return all(getattr(report, name) == value for name, value in wanted.items())
