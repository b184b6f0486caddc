"""A real server in this process, and peers that speak the wire to it.

    def test_...(server, join):
        ana, bob = join("ana"), join("bob")
        ana.send(Say("k1", "#lobby", "hi"))
        assert bob.hear(Said).text == "hi"

`hear(Kind)` skips what is not of that kind; `next()` skips nothing (but who came, for
that is told in batches), which is how a test proves that something was *not* sent:
the next thing is something else. Every wait has a limit that only a failing test ever
meets.
"""

import logging
import os
import signal
import socket
import struct
import tempfile
import threading
from pathlib import Path

import lock_order
import pytest
from hypothesis import HealthCheck, settings

from chat.log import Log, open_log
from chat.settings import Settings
from messages import Hello, Joined, Notice, Ping, Pong, Users, Welcome
from net.limits import Limits
from net.listener import open_listeners
from protocol import HEADER, VERSION, Decoder, decode_report, encode
from server import ChatServer

# Their fixtures: a scribe without a server; seats that ring; the demo's cast and stage.
pytest_plugins = ["scribe_rig", "sight_rig", "demo_rig"]
PATIENCE = 10.0  # seconds; only a failing test waits that long


def pytest_addoption(parser):
    """What `python tests --torture` asks of pytest (tests/torture)."""
    group = parser.getgroup("torture")
    group.addoption(
        "--torture", action="store_true", help="figures decide, long ones run"
    )
    group.addoption("--scenarios", type=int, nargs="+", default=[], metavar="N")
    group.addoption("--soak", type=float, default=1.0, metavar="MINUTES")


def pytest_configure(config):
    """Hear Ctrl+C and hang-ups, whoever started the tests.

    A script that runs them in the background, or nohup, lets these signals be
    ignored, and every child inherits that: no test of Ctrl+C could ever pass.
    """
    signal.signal(signal.SIGINT, signal.default_int_handler)
    for name in {"SIGHUP", "SIGQUIT"} & set(dir(signal)):
        signal.signal(getattr(signal, name), signal.SIG_DFL)
    # hypothesis would fail an example for taking 0.2 s: a busy machine is no bug.
    settings.register_profile(
        "patient", deadline=None, suppress_health_check=[HealthCheck.too_slow]
    )
    settings.load_profile("patient")
    if not config.getoption("torture"):  # there it would cost what is measured
        _watch_the_locks()


def _watch_the_locks():
    lock_order.install()
    report, path = tempfile.mkstemp(prefix="homeroom-locks-")
    os.close(report)
    os.environ[lock_order.REPORT] = path  # for servers that are started


def pytest_unconfigure():
    if path := os.environ.pop(lock_order.REPORT, None):
        Path(path).unlink()


class Peer:
    """A raw connection to the server, with the wire's words."""

    def __init__(self, port, receive_buffer=None, source="127.0.0.1"):
        self.sock = socket.socket()
        self.sock.bind((source, 0))
        if receive_buffer:
            self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        self.sock.settimeout(PATIENCE)
        self.sock.connect(("127.0.0.1", port))
        self.reports = self._listen()

    def send(self, *messages):
        self.send_bytes(b"".join(map(encode, messages)))

    def send_bytes(self, data):
        self.sock.sendall(data)

    def send_payload(self, payload):
        self.send_bytes(HEADER.pack(len(payload)) + payload)

    def next(self):
        """The very next report, but for the news of who came: it comes in batches."""
        return next(r for r in self.reports if not isinstance(r, Joined))

    def hear(self, kind):
        """The next report of that kind, whatever comes before it."""
        return next(report for report in self.reports if isinstance(report, kind))

    def until(self, kind):
        """All reports up to and with the next one of that kind."""
        heard = [next(self.reports)]
        while not isinstance(heard[-1], kind):
            heard.append(next(self.reports))
        return heard

    def until_joined(self, room):
        """All reports up to and with the next news of who came into a room."""
        heard = self.until(Joined)
        while heard[-1].room != room:
            heard += self.until(Joined)
        return heard

    def hear_joined(self, name):
        return next(
            r for r in self.reports if isinstance(r, Joined) and name in r.names
        )

    def rest(self):
        """Everything until the server closes, but for the news of who came."""
        return [r for r in self.reports if not isinstance(r, Joined)]

    def raw_rest(self):
        """Every byte until the server closes."""
        return b"".join(iter(lambda: self.sock.recv(65536), b""))

    def log_in(self, name, session=""):
        """Say hello and take in what every newcomer is told."""
        self.send(Hello(VERSION, name, session))
        welcome = self.hear(Welcome)
        assert isinstance(self.next(), Users)
        assert isinstance(self.next(), Notice)
        return welcome

    def reset(self):
        """Vanish as a pulled plug does: RST instead of FIN."""
        self.sock.setsockopt(
            socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0)
        )
        self.close()

    def close(self):
        self.sock.close()

    def _listen(self):
        decoder = Decoder()
        while data := self._read():
            for payload in decoder.feed(data):
                report = decode_report(payload)
                if isinstance(report, Ping):
                    self.send(Pong(report.token))
                else:
                    yield report

    def _read(self):
        try:
            return self.sock.recv(65536)
        except ConnectionResetError:
            return b""


class Running:
    """A ChatServer on a thread of its own, with a free port."""

    def __init__(self, log, settings, limits):
        self.log = log
        self.chat = ChatServer(open_listeners("127.0.0.1", 0), log, settings, limits)
        self.port = self.chat.acceptor.port
        self.exit_code = None
        self.thread = threading.Thread(target=self._run, name="server")
        self.thread.start()

    def _run(self):
        self.exit_code = self.chat.run()

    def stop(self):
        self.chat.stop()
        self.thread.join(PATIENCE)
        assert not self.thread.is_alive(), "the server did not stop"
        self.log.close()


@pytest.fixture(autouse=True)
def _locks_in_order():
    """No test may break a rule of lock_order.py, whoever caught the exception."""
    yield
    found = [*lock_order.take_violations(), lock_order.take_report()]
    if any(found):
        pytest.fail("\n\n".join(filter(None, found)), pytrace=False)


@pytest.fixture(autouse=True)
def _own_preferences(tmp_path, monkeypatch):
    """No test reads or writes the preferences of who runs it."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.delenv("HOMEROOM_CONFIG", raising=False)


@pytest.fixture
def start_server(caplog):
    """Start a server: start_server(rate=5, limits=Limits(frame=0.2), history=...)."""
    running = []

    def start(limits=None, history="memory", log: Log | None = None, **options):
        settings = Settings(**{"rate": 0.0, "history": history, **options})
        server = Running(
            log or open_log(history), settings, limits or Limits(drain=0.05)
        )
        running.append(server)
        return server

    yield start
    for server in running:
        server.stop()
    crashes = [r for r in caplog.get_records("call") if r.levelno >= logging.ERROR]
    assert not [r for r in crashes if not hasattr(r, "expected")], "see the log"


@pytest.fixture
def server(start_server):
    return start_server()


@pytest.fixture
def connect(request):
    """Connect a peer that has not said hello."""
    peers = []

    def connect(server=None, **options):
        server = server or request.getfixturevalue("server")
        peers.append(Peer(server.port, **options))
        return peers[-1]

    yield connect
    for peer in peers:
        peer.close()


@pytest.fixture
def join(connect):
    """Connect a peer and log it in."""

    def join(name, server=None, session="", **options):
        peer = connect(server, **options)
        peer.welcome = peer.log_in(name, session)
        return peer

    return join


def expected(caplog, text):
    """Take a log record out of the check for crashes; returns how often it came."""
    records = [r for r in caplog.records if text in r.getMessage()]
    for record in records:
        record.expected = True
    return len(records)
