"""Torture, the soak: a whole class talks for a long time, on a bad network.

    python tests --torture 73 --soak 600      ten hours

A hundred pupils say ten lines a second in all, and once a second one of them loses the
connection and calls again. Everybody must be told every line once and in order. Memory,
threads and descriptors must be at the end what they were after the first quarter.
"""

import secrets
import selectors
from time import monotonic

from messages import Hello, Pong, Say
from protocol import VERSION, Decoder, encode
from torture.peers import call
from torture.scenario import scenario

PUPILS = 100
INTERVAL = 0.1  # seconds between two lines
BREAK = 10  # one connection breaks after so many lines
LOOK = 10  # at the server's memory, after so many lines
PATIENCE = 20.0  # seconds for the last lines


class Pupil:
    """Hears everything, once and in order; comes back when the cable breaks."""

    def __init__(self, name, classroom):
        self.name = name
        self.heard = 0  # every line before that number
        self._ahead = set()  # and these
        self._classroom = classroom
        self._session = secrets.token_hex(16)
        self._since, self._log = None, ""
        self.sock = None
        self.call()

    def call(self):
        self.sock = call(self._classroom.port)
        self.is_in, self._decoder = False, Decoder()
        hello = Hello(VERSION, self.name, self._session, self._since, self._log)
        self.sock.sendall(encode(hello))
        self._classroom.selector.register(self.sock, selectors.EVENT_READ, self)

    def lose_connection(self):
        self._classroom.selector.unregister(self.sock)
        self.sock.close()

    def say(self, number):
        self.sock.sendall(encode(Say(f"k{number}", "", str(number))))

    def listen(self):
        data = self.sock.recv(262_144)
        assert data, f"the server hung up on {self.name}"
        for payload in self._decoder.feed(data):
            verb, *fields = payload.decode().split("\0")
            if verb == "ping":
                self.sock.sendall(encode(Pong(fields[0])))
            elif verb == "welcome":
                self._enter(*fields[2:5])
            elif verb == "said":
                self._note(seq=int(fields[0]), number=int(fields[4]))

    def _enter(self, log, seq, resumed):
        assert (resumed == "yes") == bool(self._log), f"{self.name} was forgotten"
        self._log, self.is_in = log, True
        if self._since is None:
            self._since = int(seq)

    def _note(self, seq, number):
        """Two who speak at the same moment may be heard in either order."""
        assert seq > self._since, f"{self.name} heard {number} out of order"
        assert number >= self.heard, f"{self.name} heard {number} twice"
        assert number not in self._ahead, f"{self.name} heard {number} twice"
        self._ahead.add(number)
        while self.heard in self._ahead:
            self._ahead.remove(self.heard)
            self.heard += 1
        assert len(self._ahead) < PUPILS, f"{self.name} never heard {self.heard}"
        self._since = seq
        self._classroom.delays.append(monotonic() - self._classroom.said_at[number])


class Classroom:
    """All of them, in one thread."""

    def __init__(self, port):
        self.port = port
        self.selector = selectors.DefaultSelector()
        self.said_at = []  # monotonic, by the number of the line
        self.delays = []  # seconds from saying to hearing, for everybody who heard
        self.pupils = [Pupil(f"pupil{n}", self) for n in range(PUPILS)]
        self.listen_until(lambda: all(pupil.is_in for pupil in self.pupils))

    def talk(self, seconds, look):
        """Say a line every INTERVAL; look() at the server now and then."""
        began = monotonic()
        while (now := monotonic()) < began + seconds:
            number = len(self.said_at)
            self.said_at.append(now)
            self.pupils[number % PUPILS].say(number)
            if number % BREAK == 0:
                # Far from who spoke just now: what they said must have arrived.
                shift = PUPILS // 2 + number // PUPILS % BREAK
                self._break(self.pupils[(number + shift) % PUPILS])
            if number % LOOK == 0:
                look()
            self._listen_for(began + INTERVAL * (number + 1))
        lines = len(self.said_at)
        self.listen_until(lambda: all(p.heard == lines for p in self.pupils))

    def listen_until(self, is_so):
        deadline = monotonic() + PATIENCE
        while not is_so():
            assert monotonic() < deadline, sorted(p.heard for p in self.pupils)
            self._listen(0.1)

    def close(self):
        for pupil in self.pupils:
            pupil.sock.close()
        self.selector.close()

    def _break(self, pupil):
        pupil.lose_connection()
        pupil.call()

    def _listen_for(self, end):
        while (left := end - monotonic()) > 0:
            self._listen(left)

    def _listen(self, seconds):
        for key, _ in self.selector.select(seconds):
            key.data.listen()


@scenario(73, "a class of 100 talks for long, cables break: all told, memory flat",
          long=True, timeout=0)  # fmt: skip
def test_a_long_day(stage, soak_minutes, figure):
    server = stage()
    classroom = Classroom(server.port)
    looks = []
    try:
        classroom.talk(
            60 * soak_minutes,
            lambda: looks.append((server.rss_mib, server.threads, server.descriptors)),
        )
    finally:
        classroom.close()
    delays = sorted(classroom.delays)
    assert len(delays) == PUPILS * len(classroom.said_at)
    quarter = looks[len(looks) // 4 : -1]
    figure("lines", len(classroom.said_at))
    figure("told", len(delays))
    figure("p99", delays[int(len(delays) * 0.99)] * 1000, "ms", at_most=100)
    figure("worst", delays[-1] * 1000, "ms")
    figure("RSS", looks[-1][0], "MiB")
    figure("RSS change", quarter[-1][0] - quarter[0][0], "MiB", at_most=4)
    figure(
        "most threads", max(threads for _, threads, _ in quarter), at_most=PUPILS + 20
    )
    figure("most descriptors", max(few for _, _, few in quarter), at_most=PUPILS + 40)
    assert server.stop() == 0
