"""Torture, group F: the end of a server, wanted or not, and its return."""

import os
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
from contextlib import closing
from time import monotonic

import exactly_once
import pytest
from conftest import Peer
from programs import PATIENCE, ROOT

from messages import Bye, Hello, Join, Notice, Said, Say, Welcome
from protocol import VERSION, Decoder, encode
from torture.peers import SMALL, Crowd, call
from torture.scenario import scenario

TEXT = "x" * 4_000
FILLING = 50  # lines of that length at once: far less than an outbox holds
KILLS = 3
STORM = 100  # who are in when it is interrupted


@pytest.fixture
def join():
    """join(port, name): a Peer that is logged in; closed at the end."""
    peers = []

    def join(port, name):
        peers.append(Peer(port))
        peers[-1].log_in(name)
        return peers[-1]

    yield join
    for peer in peers:
        peer.close()


@pytest.fixture
def sleepers(join):
    """sleepers(server, n): so many who do not read, and have much to read."""
    asleep = []

    def put_to_sleep(server, count):
        for n in range(count):
            asleep.append(call(server.port, SMALL))
            hello = Hello(VERSION, f"sleeper{n}")
            asleep[-1].sendall(encode(hello) + encode(Join("j", "#bed")))
        nanny = join(server.port, "nanny")
        nanny.send(Join("j", "#bed"))
        while "all empty" in fullest_outbox(server):  # first the kernel's buffers fill
            for _ in range(FILLING):
                nanny.send(Say("", "#bed", TEXT))
            for _ in range(FILLING):
                nanny.hear(Said)

    yield put_to_sleep
    for sock in asleep:
        sock.close()


def fullest_outbox(server):
    server.type("/stats")
    return server.expect("fullest outbox")


def wait_for_end(server):
    """The exit code, and the seconds since now."""
    began = monotonic()
    code = server.process.wait(PATIENCE)
    return code, monotonic() - began


# -- 46, 47, 48: wanted ends ---------------------------------------------------------


@scenario(46, "the server stops though 100 of 1,000 do not read; all others hear bye")
def test_everybody_hears_bye_and_who_sleeps_holds_up_nobody(
    stage, sleepers, figure, is_torture
):
    readers, others = (900, 100) if is_torture else (90, 10)
    server = stage("--rate", "0")
    with Crowd(server.port, readers) as crowd:
        figure("all in after", crowd.wait_until_in(), "s", at_most=10)
        sleepers(server, others)
        server.process.send_signal(signal.SIGTERM)
        code, seconds = wait_for_end(server)
        crowd.wait_until_gone(readers)
        assert code == 0
        byes = list(crowd.last_words.values())
    assert byes == [encode(Bye("shutdown", "the server is stopping", retry=2))[4:]] * (
        readers
    )
    figure("the end after", seconds, "s", at_most=3)


@scenario(47, "Ctrl+C again: the server ends at once, whomever it waits for")
def test_a_second_ctrl_c_ends_at_once(stage, join, sleepers, figure, is_torture):
    patient = {"constants": {"server.FAREWELL": 600.0}, "limits": {"linger": 600.0}}
    server = stage("--rate", "0", **patient)
    ana = join(server.port, "ana")
    sleepers(server, 3)
    server.process.send_signal(signal.SIGINT)
    assert ana.rest()[-1].code == "shutdown"
    server.process.send_signal(signal.SIGINT)  # else it would wait for ten minutes
    code, seconds = wait_for_end(server)
    assert code == 130
    figure("the end after", seconds, "s", at_most=0.5)

    for _ in range(20 if is_torture else 2):
        nervous = stage("--history", "memory")
        while nervous.is_alive:  # again and again: inside the handler of the one before
            nervous.process.send_signal(signal.SIGINT)
            nervous.process.send_signal(signal.SIGTERM)
        assert nervous.wait() == 130


class LoginStorm:
    """Calls and says hello, again and again, until nobody answers any more."""

    def __init__(self, port):
        self.socks = []
        self._address = ("127.0.0.1", port)
        self._thread = threading.Thread(target=self._rage, name="storm")
        self._thread.start()

    def _rage(self):
        try:
            while True:
                self.socks.append(socket.create_connection(self._address))
                self.socks[-1].settimeout(PATIENCE)
                hello = Hello(VERSION, f"pupil{len(self.socks)}")
                self.socks[-1].sendall(encode(hello))
        except OSError:
            pass  # refused, or reset: it is over

    def end(self):
        """The verbs that each of them has heard."""
        self._thread.join(PATIENCE)
        return [verbs_of(read_to_the_end(sock)) for sock in self.socks]


def read_to_the_end(sock):
    """All bytes until the server hung up, by a reset perhaps; else a time-out."""
    heard = bytearray()
    try:
        while data := sock.recv(262_144):
            heard += data
    except ConnectionError:
        pass
    finally:
        sock.close()
    return bytes(heard)


def verbs_of(data):
    return [payload.split(b"\0")[0] for payload in Decoder().feed(data)]


@scenario(48, "Ctrl+C in a storm of logins: exit 0, and nobody is left hanging")
def test_ctrl_c_in_a_storm_of_logins(stage, figure):
    server = stage("--rate", "0")
    storm = LoginStorm(server.port)
    server.expect(f"pupil{STORM} joined")
    server.process.send_signal(signal.SIGINT)
    code, seconds = wait_for_end(server)
    heard = storm.end()
    assert code == 0
    assert all(verbs[-1] == b"bye" for verbs in heard if b"welcome" in verbs)
    figure("had called", len(heard))
    figure("were in", sum(b"welcome" in verbs for verbs in heard))
    figure("the end after", seconds, "s", at_most=3)


# -- 49: an end that nobody wanted -----------------------------------------------------


class Examined(exactly_once.Stage):
    """At each kill: is everything in the file that its author saw come back?"""

    def __init__(self, folder):
        self.missing = []
        self.seconds = []  # until the next server stood
        self._path = folder / "history.db"
        super().__init__(folder, seed=1)

    def _start_server(self, port):
        if port:
            shown = {t for p in self.people for t in p.shown if t.startswith(p.name)}
            self.missing += sorted(shown - set(texts(self._path)))
        began = monotonic()
        super()._start_server(port)
        self.seconds.append(monotonic() - began)


def texts(path):
    with closing(sqlite3.connect(path)) as db:
        return [text for (text,) in db.execute("SELECT text FROM lines ORDER BY seq")]


@scenario(49, "kill -9 under load: what came back is stored, all resume, nothing twice")
def test_a_killed_server_comes_back_with_everything(tmp_path, figure, is_torture):
    lines = 1_000 if is_torture else 100
    said = {n: [f"{n} {i}" for i in range(lines)] for n in exactly_once.NAMES}
    with Examined(tmp_path) as stage:
        stage.cable.mode = exactly_once.CUTS  # some are stored, and nobody is told
        for person in stage.people:
            person.say(said[person.name])
        for kill in range(KILLS):
            stage.wait_for_settled((kill + 1) * lines * len(said) // (KILLS + 1))
            stage.kill_server()
        stage.wait_for_all_said()
        for name, words in stage.say_last_words().items():
            said[name] += words
        shown = {person.name: list(person.shown) for person in stage.people}
        resumed = [person.takeovers for person in stage.people]
        sent_again = sum(person.resent for person in stage.people)
    verdict = exactly_once.judge(said, shown)
    assert verdict.is_good, str(verdict)
    assert stage.missing == []
    assert min(resumed) >= KILLS
    assert sent_again > 0
    stored = texts(tmp_path / "history.db")
    assert sorted(stored) == sorted(line for lines in said.values() for line in lines)
    figure("lines", len(stored))
    figure("sent again", sent_again)
    figure("port and file again after", max(stage.seconds), "s", at_most=2)


# -- 50, 51, 52 ----------------------------------------------------------------------


@scenario(50, "a restart under load by socket activation refuses nobody")
def test_a_restart_by_socket_activation():
    pytest.skip("there is no socket activation: who calls meanwhile is refused and "
                "calls again by itself (see 49)")  # fmt: skip


@scenario(51, "a second server on the same history refuses to start, and says why")
def test_two_servers_never_write_one_history(stage, tmp_path, join):
    first = stage()
    join(first.port, "ana").send(Say("k1", "", "mine"))
    (tmp_path / "link.db").symlink_to(tmp_path / "chat-history.db")
    for name in ("chat-history.db", "link.db", f"{tmp_path}/./chat-history.db"):
        ended = subprocess.run(
            [sys.executable, ROOT / "server.py", "--port", "0", "--history", name],
            cwd=tmp_path, capture_output=True, text=True, timeout=PATIENCE,
        )  # fmt: skip
        assert (ended.returncode, ended.stdout) == (2, "")
        assert ended.stderr == (
            f"server: another server is using the history {name}: stop it, or choose "
            "another with --history\n"
        )
    first.process.kill()
    assert first.wait() == -signal.SIGKILL
    second = stage()  # nothing of the first is in its way
    assert second.stop() == 0
    assert texts(tmp_path / "chat-history.db") == ["mine"]


@scenario(52, "SIGHUP with broken files: the server says why and keeps what it knew")
def test_broken_files_change_nothing(stage, tmp_path, join):
    motd, bans = tmp_path / "motd.txt", tmp_path / "bans.txt"
    motd.write_text("Lesson 3")
    bans.write_text("eve spam\n")
    server = stage("--motd", motd, "--bans", bans)
    ana = join(server.port, "ana")
    assert ana.hear(Notice).text == "Lesson 3"
    for n, harm in enumerate((garbage, gone, a_folder, a_pipe, endless)):
        harm(motd), harm(bans)
        server.process.send_signal(signal.SIGHUP)
        told = server.expect("stays")
        assert told.count("what it said before stays") == 2, told
        eve, newcomer = Peer(server.port), Peer(server.port)
        eve.send(Hello(VERSION, "eve"))
        assert eve.rest() == [Bye("banned", "the operator has banned you: spam")]
        newcomer.send(Hello(VERSION, f"pupil{n}"))
        assert newcomer.hear(Welcome)
        assert [newcomer.hear(Notice).text for _ in range(2)][1] == "Lesson 3"
        newcomer.close(), eve.close()
    ana.send(Say("k1", "", "still here"))
    assert ana.hear(Said).text == "still here"
    assert server.stop() == 0


def garbage(path):
    path.write_bytes(b"\xff\xfe\x00" * 99)


def gone(path):
    path.unlink()


def a_folder(path):
    path.mkdir()


def a_pipe(path):
    path.rmdir()
    os.mkfifo(path)


def endless(path):
    path.unlink()
    path.symlink_to("/dev/zero")
