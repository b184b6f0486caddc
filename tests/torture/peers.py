"""Bad manners, and crowds, for scenarios. The polite Peer is in tests/conftest.py."""

import selectors
import socket
import threading
from collections import Counter
from time import monotonic

from tcp_rig import read_rest, reset

from messages import Hello, Pong, Said, Told
from protocol import HEADER, VERSION, Decoder, decode_report, encode

PATIENCE = 20.0  # seconds; only a failing test waits that long
SMALL = 4_096  # bytes: a receive buffer that is soon full

__all__ = [
    "Crowd",
    "Trickle",
    "call",
    "frame_of",
    "frozen",
    "last_words",
    "lines_until",
    "read_rest",
    "reset",
]


def call(port, receive_buffer=None, source="127.0.0.1"):
    """A connection that has said nothing yet."""
    sock = socket.socket()
    sock.settimeout(PATIENCE)
    if receive_buffer:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
    sock.bind((source, 0))
    sock.connect(("127.0.0.1", port))
    return sock


def frame_of(payload):
    return HEADER.pack(len(payload)) + payload


def frozen(port, name, session=""):
    """Somebody who logs in and never reads again, with hardly room for what comes."""
    sock = call(port, SMALL)
    sock.sendall(encode(Hello(VERSION, name, session)))
    sock.recv(SMALL)  # as far as the welcome, that is
    return sock


def last_words(sock):
    """The last report before the server closed; b"" bytes read as None."""
    try:
        payloads = list(Decoder().feed(read_rest(sock)))
    except ConnectionResetError:
        return None
    return decode_report(payloads[-1]) if payloads else None


def lines_until(peer, text):
    """What a Peer hears others say up to the line `text`, without the witness's."""
    heard = []
    while not heard or heard[-1] != text:
        report = next(peer.reports)
        if isinstance(report, Said | Told) and not report.sender.startswith("unharmed"):
            heard.append(report.text)
    return heard


class Trickle:
    """A thread that sends some bytes, one at a time, with a pause after each."""

    def __init__(self, sock, data, pause):
        self._stopped = threading.Event()
        self.sent = 0
        self._thread = threading.Thread(
            target=self._run, args=[sock, data, pause], name="trickle"
        )
        self._thread.start()

    def _run(self, sock, data, pause):
        for byte in data:
            try:
                sock.sendall(bytes([byte]))
            except OSError:
                return
            self.sent += 1
            if self._stopped.wait(pause):
                return

    def join(self):
        self._thread.join(PATIENCE)

    def stop(self):
        self._stopped.set()
        self.join()


class Crowd:
    """Many people in one thread, who read everything and answer pings.

    `with Crowd(port, 500, "pupil") as crowd: crowd.wait_until_in()`; names are pupil0
    and so on. `crowd.freeze(n)` makes the first n stop reading.
    """

    def __init__(self, port, size, prefix="pupil", source="127.0.0.1"):
        self._port, self._size, self._prefix = port, size, prefix
        self._source = source
        self._selector = selectors.DefaultSelector()
        self._changed = threading.Condition()
        self._is_stopping = False
        self._frozen = 0
        self.socks = []
        self.inside = 0  # have had their welcome
        self.gone = 0  # the server hung up on them
        self.bytes = 0  # heard by all
        self.frames = Counter()  # heard by all, by verb
        self.last_words = {}  # by index: the payload of the bye, for those gone
        self._thread = threading.Thread(target=self._run, name=f"crowd {prefix}")

    def __enter__(self):
        for index in range(self._size):
            sock = call(self._port, source=self._source)
            sock.sendall(encode(Hello(VERSION, f"{self._prefix}{index}")))
            self.socks.append(sock)
            sock.setblocking(False)
            self._selector.register(sock, selectors.EVENT_READ, (index, Decoder()))
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._is_stopping = True
        self._thread.join(PATIENCE)
        for sock in self.socks:
            sock.close()
        self._selector.close()

    def wait_until_in(self, count=None, seconds=PATIENCE):
        """Wait until so many (all) are logged in; the seconds it took."""
        return self._wait(lambda: self.inside >= (count or self._size), seconds)

    def wait_until_gone(self, count, seconds=PATIENCE):
        return self._wait(lambda: self.gone >= count, seconds)

    def freeze(self, count):
        """The first `count` stop reading."""
        self._frozen = count

    def send(self, index, message):
        """As one of them; small messages only, for the socket does not wait."""
        self.socks[index].sendall(encode(message))

    def _wait(self, is_so, seconds):
        began = monotonic()
        with self._changed:
            arrived = self._changed.wait_for(is_so, seconds)
        assert arrived, f"in: {self.inside}, gone: {self.gone}, of {self._size}"
        return monotonic() - began

    def _run(self):
        while not self._is_stopping:
            for key, _ in self._selector.select(0.05):
                index, decoder = key.data
                if index >= self._frozen:
                    self._read(key.fileobj, index, decoder)
                else:
                    self._selector.unregister(key.fileobj)

    def _read(self, sock, index, decoder):
        try:
            data = sock.recv(262_144)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        self.bytes += len(data)
        welcome, gone = False, not data
        for payload in decoder.feed(data):
            verb, _, rest = payload.partition(b"\0")
            if verb == b"ping":
                sock.sendall(encode(Pong(rest.decode())))
            elif verb == b"bye":
                self.last_words[index] = payload
            self.frames[verb.decode()] += 1
            welcome |= verb == b"welcome"
        if gone:
            self._selector.unregister(sock)
        if welcome or gone:
            with self._changed:
                self.inside += welcome
                self.gone += gone
                self._changed.notify_all()
