"""A server that lets everybody in and then sends the worst it can think of.

    with HostileServer(Random(1)) as server:
        ... python client.py ana server.address

It breaks every rule of docs/PROTOCOL.md but the frames, and now and then those too.
Test double for test_chaos.py; real sockets, one thread per connection.
"""

import socket
import threading
from contextlib import suppress

from messages import (
    Error,
    Joined,
    Left,
    Notice,
    Ok,
    Ping,
    Pong,
    Said,
    Told,
    Users,
    Welcome,
)
from protocol import HEADER, MAX_PAYLOAD, MAX_TEXT, encode

PAUSE = 0.005  # seconds between two volleys
VOLLEY = 20  # frames

NASTY = [
    "",
    "hello",
    "漢字" * 500,
    "\x1b[2J\x1b]0;owned\x07\x1b[?1049l\x1bc",
    "ana: hi\rbob: I cheated\b\b\b\x7f\x9b31m\t\v\f",
    "\u202egnp.exe\u2066\u2069\ufeff\u200b",
    "e" + "\u0301" * 3_900,
    "\u0301" * 5_000,
    "👩‍👩‍👧‍👦" * 200 + "👍🏽❤️1️⃣🇧🇷",
    "\U000e0041\U0001fae8\uffff\U0010ffff\ue000",
    "क्षि" * 300 + "ﷺ" * 20 + "한" * 100,
    "\n" * 3_000,
    "a\n" * 1_500,
    "x" * MAX_TEXT,
    "https://" + "w" * 3_000,
    "x" * 60_000,
    "漢" * 20_000,
    " " * 4_000 + "\u00a0" * 10,
]
NAMES = [
    *(text[:200] for text in NASTY),
    *("ana", "bob", "ana\nbob", "#lobby", "[Private from bob]"),
]
ROOMS = ["#lobby"] * 4 + ["", "#other", *(text[:100] for text in NASTY[2:6])]
NUMBERS = [0, 1, 2, 7, 1_000_000, 10**15 - 1]
PAYLOADS = [
    *(b"\0", b"\0" * 1000, b"said", b"said\0x\0y", b"no-such-verb\0a\0b", b"\xff\xfe"),
    *(b"said\x001\x001\0#lobby\0b\0\x1b[2J", b"users", b"welcome", b"bye\0\0\0nan"),
    *(b"ping\0" + b"t" * 60_000, b"x" * MAX_PAYLOAD, b"error\0" + b"i" * 65),
]
BROKEN_FRAMES = [
    HEADER.pack(0),
    HEADER.pack(MAX_PAYLOAD + 1),
    b"HTTP/1.1 400 No\r\n\r\n",
]


class HostileServer:
    """Listens on a free port until the end of the with-block."""

    def __init__(self, random):
        self._random = random
        self._stopped = threading.Event()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._threads = [threading.Thread(target=self._accept, name="hostile")]
        self.address = f"127.0.0.1:{self._listener.getsockname()[1]}"
        self.frames = 0  # sent so far

    def __enter__(self):
        self._threads[0].start()
        return self

    def __exit__(self, *_):
        self._stopped.set()
        with suppress(OSError):  # wake the accept
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for thread in self._threads:
            thread.join()

    def _accept(self):
        with suppress(OSError):  # closed
            while True:
                sock, _ = self._listener.accept()
                thread = threading.Thread(target=self._harass, args=[sock])
                self._threads.append(thread)
                thread.start()

    def _harass(self, sock):
        with suppress(OSError), sock:  # it hung up, or the test is over
            sock.settimeout(5)
            sock.recv(4096)  # its hello
            sock.sendall(encode(Welcome("1", "ana", "log", 0, "no")))
            sock.sendall(encode(Users("", "#lobby", ("ana", "bob"))))
            while not self._stopped.wait(PAUSE):
                sock.sendall(b"".join(self._frame() for _ in range(VOLLEY)))
                self.frames += VOLLEY

    def _frame(self):
        luck = self._random.random()
        if luck < 0.0002:
            return self._random.choice(BROKEN_FRAMES)
        if luck < 0.1:
            payload = self._random.choice(PAYLOADS)
            return HEADER.pack(len(payload)) + payload
        return encode(self._report())

    def _report(self):
        pick = self._random.choice
        name, room, text, number = pick(NAMES), pick(ROOMS), pick(NASTY), pick(NUMBERS)
        names = [f"{name[:20]}{n}" for n in range(pick([0, 1, 3, 400]))]
        return pick(
            [
                Said(number, number, room, name, text or "x", pick(["", "1", "k1"])),
                Said(number, number, "#lobby", "bob", "an honest line"),
                Told(number, number, name, pick(["ana", name]), text or "x"),
                Joined(room, names),
                Left(room, text[:50], names),
                Users(pick(["", "1"]), room, names),
                Notice(text),
                Error(pick(["", "1"]), name[:20], text, pick([None, *NUMBERS])),
                Ok(pick(["", "1"])),
                Ping(text[:100]),
                Pong(text[:100]),
                Welcome("1", name, room, number, pick(["yes", "no", text]), names[:9]),
            ]
        )
