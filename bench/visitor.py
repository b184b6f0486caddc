"""Somebody who misses a thousand lines and comes back, again and again.

What comes is only kept while others are measured, and read when they are done: they
share this thread, and must not wait for our sums.
"""

from __future__ import annotations

import socket
from dataclasses import replace
from itertools import pairwise
from time import perf_counter

from bench.crowd import PATIENCE_S, READ_BYTES, Crowd
from bench.stream import Broken, Faults
from messages import Hello, Said, Welcome
from protocol import VERSION, Decoder, decode_report, encode

HELLO = Hello(VERSION, "visitor", session="0123456789abcdef" * 2)


class Visit:
    """One time that they are here: a socket, and all bytes that came."""

    def __init__(self, crowd: Crowd, hello: Hello) -> None:
        self._crowd = crowd
        self._began = perf_counter()
        self.heard = bytearray()
        self.lines = 0
        self.seconds = 0.0  # from the call to the last bytes
        address = ("127.0.0.1", crowd.server.port)
        self.sock = socket.create_connection(address, PATIENCE_S)
        self.sock.sendall(encode(hello))
        crowd.attend(self)

    def read(self) -> None:
        data = self.sock.recv(READ_BYTES)
        if not data:
            raise Broken("the server hung up on the visitor")
        seam = self.heard[-4:]  # a verb may come in two pieces
        self.heard += data
        self.lines += (seam + data).count(b"said\0")
        self.seconds = perf_counter() - self._began

    def end(self) -> None:
        self._crowd.forget(self)
        self.sock.close()

    def welcome(self) -> Welcome | None:
        """What they were welcomed with, once they were."""
        for payload in Decoder().feed(bytes(self.heard)):
            if payload.startswith(b"welcome\0"):
                welcome = decode_report(payload)
                assert isinstance(welcome, Welcome)
                return welcome
        return None

    def faults(self, missed: int) -> Faults:
        """What is wrong with the replay: every number must follow the one before."""
        reports = map(decode_report, Decoder().feed(bytes(self.heard)))
        numbers = [r.seq for r in reports if isinstance(r, Said)]
        steps = [b - a for a, b in pairwise(numbers)]
        return Faults(
            lost=sum(step - 1 for step in steps if step > 1)
            + max(missed - len(numbers), 0),
            doubled=steps.count(0),
            disordered=sum(step < 0 for step in steps),
        )


class Visitor:
    """Comes, goes, and comes back to the same place in the log."""

    def __init__(self, crowd: Crowd, missed: int) -> None:
        self._crowd = crowd
        self._missed = missed
        self._hello = self._first_visit()
        self._visit: Visit | None = None
        self._visits: list[Visit] = []  # those that are over

    def look(self) -> None:
        """Come; with all that was missed, go and come again. After each turn."""
        if self._visit and self._visit.lines >= self._missed:
            self.leave()
        if not self._visit:
            self._visit = Visit(self._crowd, self._hello)

    def stay(self) -> None:
        """Wait for what is still to come, and go. Raises Broken."""
        while self._visit and self._visit.lines < self._missed:
            if not self._crowd.turn(PATIENCE_S):
                raise Broken("a replay did not come to its end")
        self.leave()

    def leave(self) -> None:
        if self._visit:
            self._visit.end()
            self._visits.append(self._visit)
        self._visit = None

    @property
    def delays(self) -> list[float]:
        """Seconds from each call to the last line that was missed."""
        return [visit.seconds for visit in self._visits]

    def faults(self) -> Faults:
        return sum((v.faults(self._missed) for v in self._visits), Faults())

    def _first_visit(self) -> Hello:
        """Come once, to miss everything after; what to say at the next visits."""
        visit = Visit(self._crowd, HELLO)
        try:
            while not (welcome := visit.welcome()):
                if not self._crowd.turn(PATIENCE_S):
                    raise Broken("the visitor was not welcomed")
        finally:
            visit.end()
        return replace(HELLO, since=welcome.seq, log=welcome.log)
