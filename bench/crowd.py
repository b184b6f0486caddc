"""The generator: many clients in one thread, on one selector.

    say ----> send -----> server -----> recv ----> Receiver: the same bytes? ----> turn

It is a process of its own and may fill its core before the server fills the other: so
it measures itself too, and a figure that it limits is marked as a lower bound.
"""

from __future__ import annotations

import socket
from collections import Counter
from collections.abc import Iterable, Sequence
from selectors import EVENT_READ, DefaultSelector
from time import perf_counter
from types import TracebackType
from typing import Protocol

from bench.servers import Server
from bench.stream import DIGITS, Broken, Faults, Receiver, Stream, judge
from messages import LOBBY, Hello, Message, Pong, Said, Say
from protocol import VERSION, encode

PATIENCE_S = 10.0  # without a byte from the server, before a run is given up
READ_BYTES = 1 << 17
TEXT_LENGTH = 100  # characters in a line
READY = "0" * DIGITS + " all of you are here: we begin"  # said once, before the start


class Reads(Protocol):
    """Whoever has a socket, and takes what comes on it."""

    sock: socket.socket

    def read(self) -> None: ...


class Client:
    """Somebody who is connected."""

    def __init__(self, server: Server, name: str, receive_buffer: int = 0) -> None:
        self.name = name
        self.receiver: Receiver | None = None  # before the start there is none
        self.said = 0  # lines since the start
        self._is_mirrored = server.kind.is_mirror
        self._expected = b""
        self._tail = b""  # of what was heard while something is expected
        self._is_ready = False  # to be judged: what comes now must be kept
        self._unsent = b""
        self.sock = socket.socket()
        if receive_buffer:
            self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        self.sock.connect(("127.0.0.1", server.port))
        self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.sock.setblocking(False)
        self.talk_in(LOBBY)

    # -- Saying --------------------------------------------------------------------

    def talk_in(self, room: str, length: int = TEXT_LENGTH) -> None:
        """Where lines go from now on, and how long they are."""
        text = "0" * DIGITS + " " + "x" * (length - DIGITS - 1)
        self._room = room
        frame = self._frame(text)
        self._before, _, self._after = frame.partition(b"0" * DIGITS + b" ")

    def say(self, lines: int = 1) -> None:
        """Say so many lines in one go, numbered."""
        numbers = range(self.said, self.said + lines)
        self.said += lines
        before, after = self._before, self._after
        self.send(b"".join(b"%b%09d %b" % (before, n, after) for n in numbers))

    def begin(self) -> None:
        self.send(self._frame(READY))

    def ask(self, *requests: Message) -> None:
        self.send(b"".join(map(encode, requests)))

    def send(self, data: bytes = b"") -> None:
        """Send this and what is left of earlier; the rest waits. Raises Broken."""
        self._unsent += data
        try:
            while self._unsent:
                self._unsent = self._unsent[self.sock.send(self._unsent) :]
        except BlockingIOError:
            pass  # full: push() goes on
        except OSError as failure:
            raise self._lost(failure) from None

    def _frame(self, text: str) -> bytes:
        if self._is_mirrored:  # as long as what other servers make of it
            return encode(Said(100_000, 10**12, self._room, self.name, text))
        return encode(Say("", self._room, text))

    # -- Hearing -------------------------------------------------------------------

    def expect(self, token: bytes) -> None:
        """From now on only look for these bytes."""
        self._expected, self._tail, self.receiver = token, b"", None
        self._is_ready = False

    @property
    def is_waiting(self) -> bool:
        return bool(self._expected)

    def read(self) -> None:
        """Take what is there; something is. Raises Broken."""
        try:
            data = self.sock.recv(READ_BYTES)
        except OSError as failure:
            raise self._lost(failure) from None
        if not data:
            raise Broken(f"the server hung up on {self.name}")
        if self.receiver:
            self.receiver.take(data)
        else:
            self._look_for(data)

    def listen(self, stream: Stream) -> None:
        """Judge all that comes, and what came after the token already."""
        self.receiver = Receiver(stream)
        self.said = 0
        if self._tail:
            self.receiver.take(self._tail)

    def _lost(self, failure: OSError) -> Broken:
        return Broken(f"{self.name} lost the server: {failure.strerror}")

    def _look_for(self, data: bytes) -> None:
        if b"ping" in data:  # five thousand logins take longer than 45 s somewhere
            self.ask(Pong(""))
        token = self._expected
        if not token and not self._is_ready:
            return  # news of who comes, which nobody judges
        self._tail += data
        if token and token in self._tail:
            self._tail = self._tail.partition(token)[2]
            self._expected, self._is_ready = b"", token == READY.encode()
        elif token:
            self._tail = self._tail[-len(token) :]


class Crowd:
    """All clients, and the loop that serves them."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.clients: list[Client] = []
        self.heard_at: list[float] | None = None  # a time per read, if one asks
        self._selector = DefaultSelector()
        self._silent: list[Client] = []  # they never read

    def __enter__(self) -> Crowd:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for client in [*self.clients, *self._silent]:
            client.sock.close()
        self._selector.close()

    # -- Coming in -----------------------------------------------------------------

    def enter(self, count: int) -> float:
        """Log in so many, one after the other, until all have heard of all.

        Returns the seconds that the logins took.
        """
        first = len(self.clients)
        began = perf_counter()
        for number in range(first, first + count):
            client = Client(self.server, f"guest{number:04}")
            self.clients.append(client)
            self.attend(client)
            if number == first + count - 1 > 0 and self.server.kind.is_ours:
                self.clients[0].expect(client.name.encode())
            self.log_in(client)
        seconds = perf_counter() - began
        self.wait_for(self.clients)  # the first one has been told of the last
        return seconds

    def attend(self, client: Reads) -> None:
        """Call its read() when there is something."""
        self._selector.register(client.sock, EVENT_READ, client)

    def forget(self, client: Reads) -> None:
        """Look at it no more."""
        self._selector.unregister(client.sock)

    def log_in(self, client: Client) -> None:
        client.expect(b"welcome\0")
        client.ask(Hello(VERSION, client.name))
        self.wait_for([client])

    def silence(self, name: str) -> None:
        """Let somebody in who will never read again."""
        client = Client(self.server, name, receive_buffer=4096)
        self._silent.append(client)
        self.attend(client)
        if self.server.kind.is_ours:
            self.clients[0].expect(name.encode())
        self.log_in(client)
        self.forget(client)
        self.wait_for(self.clients[:1])  # until it is told of the newcomer

    def gather(self, audience: Sequence[Client]) -> Stream:
        """Agree on the moment from which on everybody in a room is judged."""
        for client in audience:
            client.expect(READY.encode())
        audience[0].begin()
        self.wait_for(audience)
        stream = Stream()
        for client in audience:
            client.listen(stream)
        return stream

    # -- The loop ------------------------------------------------------------------

    def wait_for(self, clients: Iterable[Client]) -> None:
        """Go on until they have what they expect. Raises Broken."""
        for client in clients:
            while client.is_waiting:
                if not self.turn(PATIENCE_S):
                    raise Broken(f"{client.name} has waited {PATIENCE_S:g} s in vain")

    def turn(self, patience_s: float) -> bool:
        """Read what has come; False if nothing did for so long."""
        events = self._selector.select(patience_s)
        for key, _ in events:
            key.data.read()
            if self.heard_at is not None:
                self.heard_at.append(perf_counter())
        return bool(events)

    def judge(self, audience: Sequence[Client], patience_s: float) -> Faults:
        """What went wrong with them, after those who are odd have caught up.

        A ping is enough to make somebody odd, and nobody else waits for them.
        """
        sent = sent_by(audience)
        receivers = [client.receiver for client in audience if client.receiver]
        while any(r.is_odd and r.faults(sent).lost for r in receivers):
            if not self.turn(patience_s):
                break
        return judge(receivers, sent)

    def push(self) -> None:
        """Send on what did not fit."""
        for client in self.clients:
            client.send()


def sent_by(clients: Iterable[Client]) -> Counter[bytes]:
    """How many lines everybody has said."""
    return Counter({client.name.encode(): client.said for client in clients})


def heard_by_all(clients: Iterable[Client]) -> int:
    """Bytes of the stream that all have who are not odd."""
    receivers = [client.receiver for client in clients]
    return min((r.at for r in receivers if r and not r.is_odd), default=0)
