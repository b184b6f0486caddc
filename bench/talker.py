"""Somebody who talks: a raw connection that says lines as fast or slowly as asked.

    Talker(port) --say--> server --said--> the client under measurement

He reads what comes back, or the server would take him for dead.
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from time import monotonic

from messages import LOBBY, Hello, Say
from protocol import VERSION, Decoder, encode

BEAT_S = 0.01  # between two handfuls of a steady stream
WINDOW = 500  # lines on their way: the server must not take anybody for too slow


class Talker:
    """Logged in as bob."""

    def __init__(self, port: int) -> None:
        self._sock = socket.create_connection(("127.0.0.1", port), timeout=30)
        self._sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._payloads = self._listen()
        self._sock.sendall(encode(Hello(VERSION, "bob")))
        self._wait_for_payload(b"notice")

    def say(self, *texts: str) -> None:
        """Say lines in one go."""
        lines = (encode(Say("", LOBBY, text)) for text in texts)
        self._sock.sendall(b"".join(lines))

    def hear(self, lines: int) -> None:
        """Wait until so many of the lines said have come back."""
        for _ in range(lines):
            self._wait_for_payload(b"said")

    def say_and_hear(self, texts: list[str]) -> None:
        """Say lines as fast as they come back."""
        for start in range(0, len(texts), WINDOW):
            window = texts[start : start + WINDOW]
            self.say(*window)
            self.hear(len(window))

    @contextmanager
    def saying(self, texts: list[str]) -> Iterator[None]:
        """Say all of it, on a thread of its own, while the with-block runs."""
        with _running(lambda: self.say_and_hear(texts)):
            yield

    @contextmanager
    def talking(self, lines_per_s: int) -> Iterator[None]:
        """Talk steadily, on a thread of its own, while the with-block runs."""
        stopped = threading.Event()
        handful = max(round(lines_per_s * BEAT_S), 1)

        def talk() -> None:
            numbers, due = count(), monotonic()
            while not stopped.wait(max(due - monotonic(), 0.0)):
                texts = [f"line {next(numbers)} of many" for _ in range(handful)]
                self.say_and_hear(texts)
                due += BEAT_S

        with _running(talk):
            try:
                yield
            finally:
                stopped.set()

    def close(self) -> None:
        self._sock.close()

    def _wait_for_payload(self, verb: bytes) -> None:
        while not next(self._payloads).startswith(verb + b"\0"):
            pass

    def _listen(self) -> Iterator[bytes]:
        decoder = Decoder()
        while data := self._sock.recv(1 << 16):
            yield from decoder.feed(data)


@contextmanager
def _running(body: Callable[[], None]) -> Iterator[None]:
    thread = threading.Thread(target=body, name="talker", daemon=True)
    thread.start()
    yield
    thread.join(60)
