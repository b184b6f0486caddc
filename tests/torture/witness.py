"""Who chats on, unharmed, while others do their worst: a process of its own.

    speaker 1..6 --say, one every 20 ms, in turns--> server --> listener

Every line carries its number; how long after it was said did the listener hear it?
Six speak in turns, so each stays below the ten lines a second that everybody has. In
a process of its own, because the threads of a test would make it wait for the GIL and
look like a slow server.

    witness.py 12345 unharmed #lobby

Commands on stdin: begin, end. One line of JSON on stdout when it is in, and one for
each measurement.
"""

import json
import queue
import selectors
import socket
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path
from time import monotonic

sys.path.insert(0, str(Path(__file__).resolve().parent.parent.parent))  # run as a file

from messages import Hello, Join, Pong, Say
from protocol import VERSION, Decoder, encode

LOBBY = "#lobby"
INTERVAL = 0.02  # seconds between two lines
SPEAKERS = 6
FEWEST = 10  # lines in a measurement, however short it is
PATIENCE = 15.0  # seconds to wait for the last lines
RECEIVE = 262_144


class Gone(Exception):
    """The server hung up on us."""


class Voice:
    """One person in the chat."""

    def __init__(self, port, name):
        self.sock = socket.create_connection(("127.0.0.1", port))
        self.decoder = Decoder()
        self.sock.sendall(encode(Hello(VERSION, name)))
        self.is_in = False

    def hear(self):
        """The payloads that have come; pings are answered."""
        if not (data := self._receive()):
            raise Gone
        for payload in self.decoder.feed(data):
            verb, _, rest = payload.partition(b"\0")
            if verb == b"ping":
                self.sock.sendall(encode(Pong(rest.decode())))
            self.is_in |= verb == b"welcome"
            assert verb != b"error", rest
            yield verb, rest

    def _receive(self):
        try:
            return self.sock.recv(RECEIVE)
        except ConnectionResetError:
            return b""


class Witness:
    """All seven, and what they have noticed."""

    def __init__(self, port, prefix, room):
        self.room = room
        self.selector = selectors.DefaultSelector()
        self.listener = self._invite(port, f"{prefix}.listener")
        self.speakers = [self._invite(port, f"{prefix}.{n}") for n in range(SPEAKERS)]
        self.prefix = prefix
        self.said_at = []  # monotonic, by the number of the line
        self.delays = []  # seconds, in the order heard
        self.order = []  # numbers, in the order heard
        while not all(v.is_in for v in [self.listener, *self.speakers]):
            self._listen(PATIENCE)
        if room != LOBBY:
            self._move(room)

    def measure(self, is_over):
        """Chat until somebody says that it is over; the figures."""
        self.said_at, self.delays, self.order = [], [], []
        next_at = monotonic()
        while len(self.said_at) < FEWEST or not is_over():
            if (now := monotonic()) >= next_at:
                self._say(now)
                next_at = max(next_at + INTERVAL, now)
            self._listen(max(0.0, next_at - monotonic()))
        deadline = monotonic() + PATIENCE
        while len(self.order) < len(self.said_at) and monotonic() < deadline:
            self._listen(0.1)
        return self._figures()

    def idle(self):
        self._listen(0.05)

    def _invite(self, port, name):
        voice = Voice(port, name)
        self.selector.register(voice.sock, selectors.EVENT_READ, voice)
        return voice

    def _move(self, room):
        """Go where nobody is disturbed; our own lines tell that we are there."""
        for voice in [self.listener, *self.speakers]:
            voice.sock.sendall(encode(Join("", room)))
        self.measure(lambda: True)

    def _say(self, now):
        number = len(self.said_at)
        self.said_at.append(now)
        voice = self.speakers[number % SPEAKERS]
        voice.sock.sendall(encode(Say("", self.room, f"{self.prefix} {number}")))

    def _listen(self, seconds):
        for key, _ in self.selector.select(seconds):
            for verb, rest in key.data.hear():
                if key.data is self.listener and verb == b"said":
                    self._note(rest.split(b"\0"))

    def _note(self, fields):
        author, text = fields[3], fields[4]
        if author.startswith(self.prefix.encode()):
            number = int(text.rpartition(b" ")[2])
            self.order.append(number)
            self.delays.append(monotonic() - self.said_at[number])

    def _is_whole(self):
        """Every line once, and each speaker's as they were said.

        Two lines of two people, said 20 ms apart, may be written down the other way
        round: a busy machine may run the second reader first.
        """
        everything = range(len(self.said_at))
        lines_of = [
            [n for n in self.order if n % SPEAKERS == s] for s in range(SPEAKERS)
        ]
        return sorted(self.order) == list(everything) and all(
            lines == sorted(lines) for lines in lines_of
        )

    def _figures(self):
        delays = sorted(self.delays) or [PATIENCE]
        return {
            "lines": len(self.said_at),
            "heard": len(self.order),
            "is_whole": self._is_whole(),
            "worst_ms": delays[-1] * 1000,
            "p99_ms": delays[int(len(delays) * 0.99) - (len(delays) >= 100)] * 1000,
        }


def main(port, prefix, room):
    commands = queue.Queue()
    witness = Witness(int(port), prefix, room)
    threading.Thread(target=read_commands, args=[commands], daemon=True).start()
    report({"ready": True})
    while True:
        while commands.empty():
            witness.idle()
        if commands.get() is None:
            return
        report(witness.measure(lambda: not commands.empty()))
        if commands.get() is None:
            return


def report(figures):
    print(json.dumps(figures), flush=True)


def read_commands(commands):
    for line in sys.stdin:
        commands.put(line.strip())
    commands.put(None)


# -- In the test's process -----------------------------------------------------------


class Unharmed:
    """The witness of one server: `with unharmed: ...` measures that block."""

    def __init__(self, port, room=LOBBY, prefix="unharmed"):
        self.figures = {}  # of the last block: lines, heard, worst_ms, p99_ms
        self._process = subprocess.Popen(
            [sys.executable, str(Path(__file__)), str(port), prefix, room],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            encoding="utf-8",
        )
        try:
            self._read()
        except BaseException:
            self.close()
            raise

    def __enter__(self):
        self._command("begin")
        return self

    def __exit__(self, failure, *_):
        if failure:  # the first failure is the one that counts
            self._process.kill()
        else:
            self._command("end")
            self.figures = self._read()
            assert self.figures["is_whole"], f"lines were lost: {self.figures}"

    @property
    def is_alive(self):
        return self._process.poll() is None

    def close(self):
        with suppress(OSError):  # it ended by itself
            self._process.stdin.close()
        self._process.wait(PATIENCE)
        self._process.stdout.close()

    def _command(self, word):
        self._process.stdin.write(word + "\n")
        self._process.stdin.flush()

    def _read(self):
        line = self._process.stdout.readline()
        assert line, "the server threw the witness out, or did not let it in"
        return json.loads(line)


if __name__ == "__main__":
    with suppress(Gone):  # no more lines on stdout: that says it
        main(*sys.argv[1:])
