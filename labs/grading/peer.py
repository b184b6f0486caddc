"""A client that we play: it says what a trial needs, and judges what comes.

    ana.send(Say("k1", "#lobby", "hi"))
    said = ana.hear(Said, text="hi")          waits; Failure if it does not come
    ana.check(said, sender="ana1", id="k1")   Failure if it is another one

What was not asked for (who came, notices, topics) may come at any time and is only
kept. That something did *not* come is seen when something later has come.
"""

from __future__ import annotations

import socket
import struct
import threading
from contextlib import suppress
from dataclasses import fields
from time import monotonic
from typing import Any, TypeVar

from explain.frames import Wrong, explain, spell
from labs.grading.stages import Failure
from messages import Bye, Error, Hello, Joined, Left, Message, Ping, Pong, Report

from messages import Welcome  # isort: skip
from protocol import (
    HEADER,
    VERSION,
    Decoder,
    FrameError,
    MessageError,
    decode_report,
    encode,
    verb_of,
)

KEPT = 4  # of what came, beside a failure
CRUMB_PAUSE = 0.003  # seconds, for the other side to read one byte alone

ReportT = TypeVar("ReportT", bound=Report)


class Peer:
    """One connection to the server, and everything that came over it."""

    def __init__(
        self,
        address: tuple[str, int],
        patience: float,
        name: str = "",
        buffer: int | None = None,
    ) -> None:
        self.name = name
        self.heard: list[Report] = []
        self._came: list[str] = []
        self._sent = b""
        self._patience = patience
        self._decoder = Decoder()
        self._waiting: list[Report] = []
        self._sock = socket.socket()
        self._sock.settimeout(patience)
        if buffer:
            self._sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer)
        try:
            self._sock.connect(address)
        except OSError as failure:
            self._sock.close()
            raise self.failure("a server that takes our call", str(failure)) from None
        self._sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    # -- Saying --------------------------------------------------------------------

    def send(self, *messages: Message) -> None:
        """Send frames in one piece."""
        self.send_bytes(b"".join(map(encode, messages)))

    def send_payload(self, payload: bytes) -> None:
        self.send_bytes(HEADER.pack(len(payload)) + payload)

    def send_bytes(self, data: bytes) -> None:
        self._sent = data
        self._came.clear()
        self._write(data)

    def send_crumbs(self, data: bytes, sizes: list[int]) -> None:
        """Send pieces of these sizes, and then the rest, so that each is one recv."""
        self._sent = data
        self._came.clear()
        for size in sizes:
            self._write(data[:size])
            threading.Event().wait(CRUMB_PAUSE)
            data = data[size:]
        self._write(data)

    def _write(self, data: bytes) -> None:
        try:
            self._sock.sendall(data)
        except TimeoutError:
            raise self.failure("a server that reads what we send") from None
        except OSError:
            pass  # it hung up; what it said before that is still to be read

    # -- Hearing -------------------------------------------------------------------

    def hear(self, kind: type[ReportT], **wanted: Any) -> ReportT:
        """Wait for a report of this kind with these fields. Raises Failure."""
        expected = pattern(kind, wanted)
        deadline = monotonic() + self._patience
        while True:
            report = self._next(deadline, expected)
            if isinstance(report, kind) and agrees(report, wanted):
                return report
            if isinstance(report, Bye) or _refuses(report, wanted):
                raise self.failure(expected)

    def hear_name(self, kind: type[Joined] | type[Left], name: str) -> Joined | Left:
        """Wait for news of this kind about somebody, unless they have come already."""
        for news in self.heard:
            if isinstance(news, kind) and name in news.names:
                return news
        expected = pattern(kind, {"names": name})
        deadline = monotonic() + self._patience
        while not isinstance(report := self._next(deadline, expected), kind) or (
            name not in report.names
        ):
            pass
        return report

    def hear_end(self) -> None:
        """Wait until the server closes the connection."""
        deadline = monotonic() + self._patience
        try:
            while True:
                self._next(deadline, "the end of the connection")
        except EndOfStream:
            pass

    def check(self, report: Report, **wanted: Any) -> None:
        """Raise Failure unless the report has these fields."""
        if not agrees(report, wanted):
            raise Failure(pattern(type(report), wanted), [_spell(report)], self._sent)

    def check_once(self, kind: type[Report], **wanted: Any) -> None:
        """Raise Failure if what came so far has such a report twice."""
        found = [r for r in self.heard if isinstance(r, kind) and agrees(r, wanted)]
        if len(found) > 1:
            expected = f"{pattern(kind, wanted)}, once"
            raise Failure(expected, map(_spell, found), self._sent)

    def check_never(self, kind: type[Report], **wanted: Any) -> None:
        """Raise Failure if such a report is among what came so far."""
        found = [r for r in self.heard if isinstance(r, kind) and agrees(r, wanted)]
        if found:
            raise Failure(f"no {verb_of(kind)} for {self.name}", map(_spell, found))

    def failure(self, expected: str, *came: str) -> Failure:
        return Failure(expected, [*self._came[-KEPT:], *came], self._sent)

    def _next(self, deadline: float, expected: str) -> Report:
        while not self._waiting:
            self._receive(deadline, expected)
        report = self._waiting.pop(0)
        self._came.append(_spell(report))
        self.heard.append(report)
        return report

    def _receive(self, deadline: float, expected: str) -> None:
        try:
            self._sock.settimeout(max(0.001, deadline - monotonic()))
            data = self._sock.recv(1 << 18)
        except TimeoutError:
            silence = f"nothing more, for {self._patience:.1f} s"
            raise self.failure(expected, silence) from None
        except OSError:
            data = b""
        finally:
            self._sock.settimeout(self._patience)
        if not data:
            end = self.failure(expected, "the end of the connection")
            raise EndOfStream(end.expected, end.came, end.sent)
        self._take(data)

    def _take(self, data: bytes) -> None:
        try:
            for payload in self._decoder.feed(data):
                self._read(payload)
        except FrameError as wrong:
            raise self.failure(
                "frames", f"{wrong.text}: {data[:16].hex(' ')}"
            ) from None

    def _read(self, payload: bytes) -> None:
        try:
            report = decode_report(payload)
        except MessageError as wrong:
            if wrong.code == "bad-verb":
                return  # there will be more verbs: ignored, as the page says
            raise self.failure("frames as in PROTOCOL.md", *_fault(payload)) from None
        if isinstance(report, Ping):
            self._write(encode(Pong(report.token)))
        else:
            self._waiting.append(report)

    # -- Coming and going ----------------------------------------------------------

    def log_in(self) -> Welcome:
        self.send(Hello(VERSION, self.name))
        return self.hear(Welcome, name=self.name)

    def hang_up(self) -> None:
        """End the stream as a closed program does: FIN, and nothing unread."""
        with suppress(OSError):  # the server may have been quicker
            self._sock.shutdown(socket.SHUT_WR)

    def reset(self) -> None:
        """Vanish as a killed program does: RST instead of FIN."""
        linger = struct.pack("ii", 1, 0)
        self._sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        self._sock.close()

    def close(self) -> None:
        self._sock.close()


class EndOfStream(Failure):
    """The server has hung up."""


# -- Words ---------------------------------------------------------------------------


def pattern(kind: type[Any], wanted: dict[str, Any]) -> str:
    """What is waited for, as the wire's page writes it: `said | seq | ... | hi`."""
    parts = [str(wanted.get(f.name, f"<{f.name}>")) for f in fields(kind)]
    parts = [repr(part)[1:-1][:40] for part in parts]
    return " | ".join([verb_of(kind), *parts]).replace("<sender>", "<from>")


def _spell(report: Report) -> str:
    return spell(encode(report)[HEADER.size :])


def _fault(payload: bytes) -> list[str]:
    """A payload that cannot be read, and where it is wrong."""
    frame = HEADER.pack(len(payload)) + payload
    try:
        list(explain(frame))
    except Wrong as wrong:
        place = f"byte {wrong.at}: expected {wrong.expected}, found {wrong.found}"
        return [spell(payload), place]
    return [spell(payload)]


def agrees(message: Message, wanted: dict[str, Any]) -> bool:
    return all(getattr(message, name) == value for name, value in wanted.items())


def _refuses(report: Report, wanted: dict[str, Any]) -> bool:
    """Whether this says that what is waited for will never come."""
    return isinstance(report, Error) and report.id == wanted.get("id")
