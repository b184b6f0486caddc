"""A server that sends without end, whatever it likes, to who reads and who does not.

    with Tormentor() as server:
        ... python client.py ana server.address
        server.said_everything.wait()      each kind of malice, so often
        server.relent()                    an honest notice, and an end

It reads what the client says, and is polite about a quit. What it sends waits in the
network while the client reads nothing, so `sent` shows how much the client has taken.
"""

import threading
from contextlib import suppress
from itertools import count, islice

from hostile_server import NASTY, HostileServer

from messages import (
    Asked,
    Bye,
    Joined,
    Left,
    Notice,
    Past,
    Renamed,
    Said,
    Told,
    Topic,
    Users,
    Welcome,
)
from protocol import MAX_PAYLOAD, encode
from torture.impostor import raw
from torture.peers import frame_of

RELENTED = "after all that"


def crowd():
    """Invented people come, and half of them leave, for rooms that are and are not."""
    for number in count():
        names = tuple(f"ghost{number}-{n}" for n in range(400))
        yield Joined("#lobby", names)
        yield Left("#lobby", "quit", names[::2])
        yield Left("#nowhere", "lost", names)


def strangers():
    """Everybody writes privately, and asks, once; rooms are invented as well."""
    for number in count(1):
        yield Told(number, 0, f"stranger{number}", "ana", "hello")
        yield Asked(f"r{number}", f"stranger{number}", "chat", "", 10**9)
        yield Users("", f"#room{number}", ("ana",))
        yield Topic("#lobby", f"stranger{number}", f"topic {number}")


def large():
    """As much as there is room for in a frame."""
    yield from (Notice(f"{n} {'x' * 60_000}") for n in range(10))
    for number in count(1):
        names = tuple(f"{number}{n:x}" for n in range(8_000))
        yield Joined("#lobby", names)
        yield Said(number, 0, "#lobby", "n" * 60_000, "hello")
        yield Past("h1", number, 0, "#lobby", "bob", "漢" * 20_000)
        yield Notice(f"{number} {'e' + chr(0x301) * 20_000}")


def nasty():
    """Control characters and what else steers a terminal, as text and as a name."""
    for number in count(1):
        text = NASTY[number % len(NASTY)] or "x"
        yield Said(number, number, "#lobby", text[:100], text)
        yield Renamed(f"ghost{number}", text[:100])


def without_sense():
    """Verbs of another world, bytes that are no text, half a message."""
    while True:
        yield from (raw("no-such-verb", "a"), frame_of(b"\xff"), raw("said", "1"))
        yield from (frame_of(b"x" * MAX_PAYLOAD), raw("users"), frame_of(b"\0" * 99))
        yield raw("welcome", "1")


def misnumbered():
    """Lines numbered backwards, twice, hugely, and not at all."""
    for number in count():
        for seq in (1_000_000 - number, 7, 7, 0):
            yield Said(seq, 10**15 - 1, "#lobby", "bob", f"line {number}")
        for seq in ("-1", "1" * 16, "٣", "1e9", "", "nan"):
            yield raw("said", seq, "0", "#lobby", "bob", "hello")
        yield raw("told", "1", "0" * 20, "bob", "ana", "hello")
    yield Said(10**15 - 1, 0, "#lobby", "bob", "the last")


def myself():
    """Who I am, and where, changes all the time."""
    for number in count():
        yield Welcome("1", f"ana{number % 9}", f"log{number}", 10**15 - 1, "no")
        yield Welcome("1", f"ana{number % 9}", f"log{number}", number, "yes")


# So many frames of each in a round:
MALICE = {crowd: 30, strangers: 1_400, large: 8, nasty: 20, without_sense: 14}
MALICE |= {misnumbered: 44, myself: 6}


class Tormentor(HostileServer):
    """Begins with a welcome; then all kinds of malice in turn, until it relents."""

    def __init__(self, rounds=2):
        super().__init__(random=None)
        self._rounds = rounds
        self._is_relenting = threading.Event()
        self.said_everything = threading.Event()
        self.sent = 0  # bytes

    def relent(self):
        self._is_relenting.set()

    def _harass(self, sock):
        with suppress(OSError), sock:  # it hung up, or the test is over
            sock.settimeout(0.05)
            self._send(sock, encode(Welcome("1", "ana", "log", 0, "no")))
            self._send(sock, encode(Users("", "#lobby", ("ana", "bob"))))
            self._torment(sock, {kind(): some for kind, some in MALICE.items()})
            self._send(sock, encode(Notice(RELENTED)))
            while b"quit" not in self._heard(sock):
                pass
            self._send(sock, encode(Bye("quit")))

    def _torment(self, sock, kinds):
        for number in count(1):
            for kind, some in kinds.items():
                self._send(sock, b"".join(map(as_frame, islice(kind, some))))
            if number >= self._rounds:
                self.said_everything.set()
                if self._is_relenting.is_set():
                    return

    def _send(self, sock, data):
        """All of it, however long the client does not read."""
        left = memoryview(data)
        while left:
            self._heard(sock, waits=False)
            with suppress(TimeoutError):
                taken = sock.send(left)
                left, self.sent = left[taken:], self.sent + taken
            if self._stopped.is_set():
                raise OSError("the test is over")

    def _heard(self, sock, *, waits=True):
        """What the client says, so that it need not keep it."""
        sock.settimeout(0.05 if waits else 0)
        try:
            with suppress(TimeoutError, BlockingIOError):
                if not (data := sock.recv(65_536)):
                    raise OSError("the client has gone")
                return data
        finally:
            sock.settimeout(0.05)
        if self._stopped.is_set():
            raise OSError("the test is over")
        return b""


def as_frame(message):
    return message if isinstance(message, bytes) else encode(message)
