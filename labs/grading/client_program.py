"""A client that runs, and all that passes between it and us.

    trial --type--> standard input  ─┐        ┌─ standard output --> thread output
                                     │ client │
    trial --tell--> its connection  ─┘        └─ what it sends ----> thread requests

We are its server, its user, and the others in the room. Two threads note what it prints
and what it sends; the trial waits on one condition for either, and for the end.
"""

from __future__ import annotations

import socket
import subprocess
import threading
from collections.abc import Callable
from contextlib import suppress
from time import monotonic
from typing import IO, Any, TypeVar

from explain.frames import spell
from labs.grading.peer import CRUMB_PAUSE, agrees, pattern
from labs.grading.stages import Failure
from labs.grading.subject import end, start
from messages import Ping, Pong, Request
from protocol import HEADER, Decoder, ProtocolError, decode_request, encode

KEPT = 5  # of what came, beside a failure
RequestT = TypeVar("RequestT")
FoundT = TypeVar("FoundT")


class ClientProgram:
    """One run of the client under test."""

    def __init__(self, words: list[str], patience: float) -> None:
        """Raises Failure if it cannot be started."""
        self.patience = patience  # seconds, for whatever should come at once
        self._sock: socket.socket | None = None
        self._sent = b""
        self._changed = threading.Condition()
        # _changed must be held when using these:
        self._printed = bytearray()
        self._requests: list[Request] = []
        self._fault = ""  # what it sent that is no request
        self._streams = 0  # that have not ended: its output, its connection
        self._process = start(
            words,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        self._output = threading.Thread(target=self._note_output, name="output")
        self._hearing = threading.Thread(target=self._note_requests, name="requests")
        self._output.start()

    def close(self) -> None:
        """End it, and both threads."""
        end(self._process)
        if self._sock:
            with suppress(OSError):  # it may have hung up itself
                self._sock.shutdown(socket.SHUT_RDWR)
            self._hearing.join()
            self._sock.close()
        self._output.join()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe:
                with suppress(OSError):  # what it never read
                    pipe.close()

    # -- What we do to it ----------------------------------------------------------

    def take_call(self, listener: socket.socket, within: float) -> None:
        """Wait until it connects. Raises Failure."""
        listener.settimeout(within)
        try:
            self._sock, _ = listener.accept()
        except TimeoutError:
            expected = "a call to {host} {port}"
            raise self.failure(expected, f"nobody, for {within:.0f} s") from None
        self._sock.settimeout(self.patience)
        self._sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._hearing.start()

    def type_line(self, line: str) -> None:
        self._write_input((line + "\n").encode())

    def end_input(self) -> None:
        if self._process.stdin:
            with suppress(OSError):  # it has ended before us
                self._process.stdin.close()

    def _write_input(self, data: bytes) -> None:
        if pipe := self._process.stdin:
            try:
                pipe.write(data)
                pipe.flush()
            except OSError:
                raise self.failure("a client that reads its standard input") from None

    def tell(self, *reports: Any) -> None:
        """Say as its server, in one piece."""
        self.tell_crumbs(b"".join(map(encode, reports)), [])

    def tell_crumbs(self, data: bytes, sizes: list[int]) -> None:
        """Send pieces of these sizes, and then the rest, so that each is one recv."""
        self._sent = data
        assert self._sock, "it has called"
        with suppress(OSError):  # it hung up: that is seen by what does not come
            for size in sizes:
                self._sock.sendall(data[:size])
                threading.Event().wait(CRUMB_PAUSE)
                data = data[size:]
            self._sock.sendall(data)

    def hang_up(self) -> None:
        if self._sock:
            with suppress(OSError):  # it may have been quicker
                self._sock.shutdown(socket.SHUT_WR)

    # -- What it must do -----------------------------------------------------------

    def expect(self, kind: type[RequestT], **wanted: Any) -> RequestT:
        """Wait for a request of this kind with these fields. Raises Failure."""

        def find() -> RequestT | None:
            for request in self._requests:
                if isinstance(request, kind) and agrees(request, wanted):
                    return request
            return None

        found = self._wait(find, pattern(kind, wanted), self._spelled)
        with self._changed:
            self._requests = [r for r in self._requests if r is not found]
        return found

    def see(self, *texts: str, count: int = 1) -> None:
        """Wait until it has printed each text so often. Raises Failure."""
        expected = "on its standard output: " + " and ".join(
            repr(t[:40]) for t in texts
        )
        self._wait(
            lambda: all(self.shown(text) >= count for text in texts) or None,
            expected,
            lambda: self.last_lines()[-KEPT:],
        )

    def has_seen(self, text: str, within: float) -> bool:
        """Whether it has printed this, or does in so many seconds."""
        with self._changed:
            return self._changed.wait_for(lambda: self.shown(text) > 0, within)

    def shown(self, text: str) -> int:
        """How often it has printed this so far."""
        return bytes(self._printed).decode(errors="replace").count(text)

    def check_printed(self, is_right: bool, expected: str) -> None:
        if not is_right:
            raise self.failure(expected, *self.last_lines()[-KEPT:])

    def wait_for_end(self) -> int:
        """Wait until the program has ended; its exit code. Raises Failure."""
        try:
            return self._process.wait(2 * self.patience)
        except subprocess.TimeoutExpired:
            expected = f"the end of the program within {2 * self.patience:.0f} s"
            raise self.failure(expected, "it runs on") from None

    def last_lines(self) -> list[str]:
        return bytes(self._printed).decode(errors="replace").splitlines()

    def failure(self, expected: str, *came: str) -> Failure:
        return Failure(expected, came, self._sent)

    def _wait(
        self,
        find: Callable[[], FoundT | None],
        expected: str,
        came: Callable[[], list[str]],
    ) -> FoundT:
        deadline = monotonic() + self.patience
        with self._changed:
            while (found := find()) is None:
                left = deadline - monotonic()
                if self._fault:
                    raise self.failure(expected, *came(), self._fault)
                if not self._streams:
                    raise self.failure(expected, *came(), "the end of the program")
                if left <= 0:
                    silence = f"nothing more, for {self.patience:.1f} s"
                    raise self.failure(expected, *came(), silence)
                self._changed.wait(left)
        return found

    def _spelled(self) -> list[str]:
        return [spell(encode(r)[HEADER.size :]) for r in self._requests[-KEPT:]]

    # -- The two threads -----------------------------------------------------------

    def _note_output(self) -> None:
        self._follow(self._read_output)

    def _note_requests(self) -> None:
        self._follow(self._read_requests)

    def _follow(self, read: Callable[[], None]) -> None:
        with self._changed:
            self._streams += 1
        try:
            read()
        finally:
            with self._changed:
                self._streams -= 1
                self._changed.notify_all()

    def _read_output(self) -> None:
        pipe: IO[bytes] | None = self._process.stdout
        while pipe and (data := pipe.read1(65_536)):  # type: ignore[attr-defined]
            with self._changed:
                self._printed += data
                self._changed.notify_all()

    def _read_requests(self) -> None:
        decoder = Decoder()
        while data := self._receive():
            try:
                for payload in decoder.feed(data):
                    self._note(decode_request(payload))
            except ProtocolError as wrong:
                with self._changed:
                    self._fault = f"{wrong.text}: {data[:24].hex(' ')}"
                    self._changed.notify_all()
                return

    def _receive(self) -> bytes:
        assert self._sock, "it has called"
        self._sock.settimeout(None)
        try:
            return self._sock.recv(65_536)
        except OSError:
            return b""

    def _note(self, request: Request) -> None:
        if isinstance(request, Ping):
            assert self._sock, "it has called"
            self._sock.sendall(encode(Pong(request.token)))
            return
        with self._changed:
            self._requests.append(request)
            self._changed.notify_all()
