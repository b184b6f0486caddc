"""Torture, group G: the disk is full, the file is locked, damaged, or another one."""

import os
import resource
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing, contextmanager, suppress
from itertools import product
from time import monotonic

import pytest
from conftest import Peer
from programs import PATIENCE, ROOT

from chat.log import open_log
from messages import (
    Error,
    History,
    Join,
    Ok,
    Past,
    Ping,
    Pong,
    Said,
    Say,
    Tell,
    Told,
    Who,
)
from torture.scenario import scenario

MIB = 1 << 20
FULL = "cannot write the history"
LONG_TEXT = "x" * 4_000
ANA = "a" * 32


@pytest.fixture
def join():
    """join(server, name): a Peer that is logged in."""
    peers = []

    def join(server, name, session=""):
        peers.append(Peer(server.port))
        peers[-1].log_in(name, session)
        return peers[-1]

    yield join
    for peer in peers:
        peer.close()


def kept(history):
    """The texts in a history, whoever has it open."""
    with closing(sqlite3.connect(history)) as db:
        return [text for (text,) in db.execute("SELECT text FROM lines ORDER BY seq")]


def begin(folder, lines=2_000):
    """A history of some size; its path."""
    path = folder / "chat-history.db"
    log = open_log(str(path))
    entries = [("s", f"k{n}", "#lobby", "ana", f"line {n} " * 9) for n in range(lines)]
    log.append(entries, 1)
    log.close()
    return path


def refused(folder, *options, under=()):
    """Try to start a server; the sentence with which it ends."""
    ended = subprocess.run(
        [*under, sys.executable, str(ROOT / "server.py"), "--port", "0", *options],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )
    assert (ended.returncode, ended.stdout) == (2, ""), ended.stderr
    assert ended.stderr.startswith("server: ")
    assert ended.stderr.count("\n") == 1
    return ended.stderr


# -- 53: a full disk -------------------------------------------------------------------


class TinyDisk:
    """A file system of 2 MiB in memory; full as long as the ballast lies on it."""

    def __init__(self, folder):
        self.folder, self.limits = folder, {}
        folder.mkdir()
        command = ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(folder)]
        subprocess.run(command, check=True, capture_output=True)

    def fill(self):
        left = shutil.disk_usage(self.folder).free
        (self.folder / "ballast").write_bytes(b"x" * (left - MIB // 4))

    def free(self, _server):
        (self.folder / "ballast").unlink()

    def close(self):
        subprocess.run(["umount", "-l", str(self.folder)], check=True)


class ShortFiles:
    """Where nobody may mount: no file of the server may grow beyond half a MiB."""

    def __init__(self, folder):
        self.folder, self.limits = folder, {"file_bytes": MIB // 2}
        folder.mkdir()

    def fill(self):
        """It is as good as full from the start."""

    def free(self, server):
        endless = (resource.RLIM_INFINITY, resource.RLIM_INFINITY)
        resource.prlimit(server.pid, resource.RLIMIT_FSIZE, endless)

    def close(self):
        """There is nothing to give back."""


@pytest.fixture
def disk(tmp_path):
    try:
        disk = TinyDisk(tmp_path / "disk")
    except (OSError, subprocess.CalledProcessError):
        disk = ShortFiles(tmp_path / "short")
    yield disk
    disk.close()


def say_until_full(peer):
    """Say long lines until one is refused; the ids of those that came back."""
    stored = []
    for n in range(2_000):
        peer.send(Say(f"k{n}", "", f"{n} {LONG_TEXT}"[:4_000]))
        answer = peer.hear(Said | Error)
        if isinstance(answer, Error):
            assert (answer.id, answer.code) == (f"k{n}", "storage")
            return stored
        stored.append(answer.id)
    raise AssertionError("this disk is never full")


@scenario(53, "the disk is full: lines are refused, all else goes on, and it recovers")
def test_a_full_disk_refuses_lines_and_nothing_else(disk, stage, join, figure):
    server = stage("--rate", "0", folder=disk.folder, **disk.limits)
    ana, bob = join(server, "ana", ANA), join(server, "bob")
    disk.fill()
    stored = say_until_full(ana)
    server.expect(FULL)
    figure("lines stored before", len(stored))

    ana.send(Tell("t1", "bob", LONG_TEXT))
    assert (refusal := ana.hear(Error)).code == "storage", refusal
    ana.send(Ping("p1"), Who("w1"), Join("j1", "#maths"))
    assert ana.hear(Pong) == Pong("p1")
    assert ana.hear(Ok).id == "j1"  # who cannot be noted is let in all the same
    join(server, "mei").send(History("h1", "#lobby", None, 1))
    bob.send(History("h1", "#lobby", None, 1))
    assert bob.hear(Past).id == "h1"

    disk.free(server)
    ana.send(Say("again", "", LONG_TEXT), Tell("t2", "bob", "psst"))
    assert ana.hear(Said).id == "again"
    server.expect("the history can be written again; lines refused: 2")
    assert bob.hear(Told).text == "psst"
    assert server.stop() == 0
    assert len(kept(disk.folder / "chat-history.db")) == len(stored) + 2


# -- 54: a locked file -----------------------------------------------------------------

LOCKER = """
import sqlite3, sys
db = sqlite3.connect(sys.argv[1], isolation_level=None)
db.execute("BEGIN IMMEDIATE")
print("locked", flush=True)
sys.stdin.read()
"""


@contextmanager
def locked(history):
    """Another program writes the history, and takes its time."""
    command = [sys.executable, "-c", LOCKER, str(history)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen(command, text=True, **pipes) as other:
        assert other.stdout.readline() == "locked\n"
        try:
            yield other
        finally:
            other.kill()


@scenario(54, "another program locks the history: 3 s are waited for, more is refused")
def test_a_locked_history_is_waited_for_but_not_for_ever(
    stage, join, tmp_path, figure, is_torture
):
    history = tmp_path / "chat-history.db"
    server = stage("--rate", "0")
    wait_for_a_moment(server, join, history, seconds=3.0 if is_torture else 0.0)
    if not is_torture:
        assert server.stop() == 0
        server = stage("--rate", "0", constants={"chat.log.BUSY": 0.1})
    with locked(history):
        mei = join(server, "mei")
        mei.send(Say("k2", "", "too long"))
        assert mei.hear(Said | Error).code == "storage"
        began = monotonic()
        for n in range(20):  # and nobody waits for each of them anew
            mei.send(Say(f"m{n}", "", "too long"), Join(f"j{n}", f"#room{n}"))
            assert mei.hear(Error).code == "storage"
            assert mei.hear(Ok).id == f"j{n}"
        join(server, "zoe")
        took = monotonic() - began
        figure("20 refusals, 20 rooms and a newcomer", took, "s", at_most=0.5)
    mei.send(Say("k3", "", "free again"))
    assert mei.hear(Said).text == "free again"
    with locked(history):
        mei.send(Say("k4", "", "in vain"), Ping("p2"))
        assert mei.hear(Pong).token == "p2"
        began = monotonic()
        assert server.stop() == 0
        figure("the end", monotonic() - began, "s", at_most=3)
    assert [text for text in kept(history) if text != "in vain"] == [
        "patience",
        "free again",
    ]


def wait_for_a_moment(server, join, history, seconds):
    """A line is said while the file is locked, and stored when it is free."""
    ana, bob = join(server, "ana"), join(server, "bob")
    with locked(history) as other:
        ana.send(Say("k1", "", "patience"), Ping("p1"))
        assert ana.next() == Pong("p1")  # the line waits, its author does not
        bob.send(Who("w1"), History("h1", "#lobby"))
        assert bob.hear(Ok).id == "h1"
        with suppress(subprocess.TimeoutExpired):
            other.wait(seconds)
    for peer in (ana, bob):
        assert peer.hear(Said | Error).text == "patience"


# -- 55: a damaged file ----------------------------------------------------------------


def zeros(path):
    path.write_bytes(bytes(65_536))


def cut_in_half(path):
    os.truncate(path, path.stat().st_size // 2)


def cut_in_its_first_page(path):
    os.truncate(path, 100)


def overwritten(path):
    with path.open("r+b") as file:
        file.seek(path.stat().st_size // 2 // 4096 * 4096)
        file.write(b"\xa5" * 8192)


def of_the_next_version(path):
    with closing(sqlite3.connect(path)) as db:
        db.execute("PRAGMA user_version = 2")


def text(path):
    path.write_text("My holidays. " * 1_000)


@scenario(
    55, "the history is damaged, or none: one sentence, exit 2, and it is left alone"
)
def test_a_damaged_history_is_refused_and_left_alone(tmp_path, figure):
    original = begin(tmp_path)
    spoilt = tmp_path / "spoilt.db"
    harms = (zeros, cut_in_half, cut_in_its_first_page, overwritten, text)
    for harm in (*harms, of_the_next_version):
        shutil.copy(original, spoilt)
        harm(spoilt)
        before = spoilt.read_bytes()
        sentence = refused(tmp_path, "--history", "spoilt.db")
        assert "spoilt.db" in sentence
        assert "move it away" in sentence
        assert spoilt.read_bytes() == before, harm.__name__

    (tmp_path / "folder").mkdir()
    refused(tmp_path, "--history", "folder")
    refused(tmp_path, "--history", "no/such/folder.db")
    refused_though_it_is_there(tmp_path, original)
    figure("kinds of damage", len(harms) + 4)


def refused_though_it_is_there(folder, path):
    """It may only be read; root may write everywhere, until it gives that up."""
    under = ["setpriv", "--bounding-set=-dac_override"] if os.geteuid() == 0 else []
    if under and not shutil.which(under[0]):
        return
    path.chmod(0o444)
    sentence = refused(folder, "--history", path.name, under=under)
    assert "readonly" in sentence
    assert kept(path)


# -- 56: what nobody should read -------------------------------------------------------


@scenario(56, "history is asked for with absurd numbers, and of what is not one's own")
def test_no_question_is_absurd_enough_to_harm(stage, unharmed, join, tmp_path):
    begin(tmp_path)
    server = stage()
    with unharmed(server):
        ana, bob, eve = (join(server, name) for name in ("ana", "bob", "eve"))
        ana.send(Join("j1", "#maths"), Say("k1", "#maths", "among us"))
        ana.send(Tell("t1", "bob", "psst"))
        assert bob.hear(Told).text == "psst"
        assert ana.hear(Ok).id == "j1"

        for where in ("#maths", "＃MATHS", "#nowhere", "#" * 60_000):
            assert page(eve, where) == "forbidden"
        for where in ("ana", "bob", "eve", "", "x" * 60_000, "' OR 1=1 --", "%"):
            assert page(eve, where) == []
        for before, limit in product((None, 0, 1, 10**15 - 1), repeat=2):
            assert len(page(ana, "#maths", before, limit)) <= 1
        assert page(ana, "#maths", None, 10**15 - 1) == ["among us"]
        assert len(page(eve, "#lobby", None, 10**15 - 1)) == 100
        assert page(ana, "bob", 10**15 - 1, 0) == ["psst"]
        for wrong in ("-1", "1e3", "+1", "٣", "9" * 16, "0x1", "NULL"):
            eve.send_payload("\0".join(["history", "h1", "ana", wrong]).encode())
            assert eve.hear(Error).code == "bad-field"
            eve.send(Ping(""))


def page(peer, where, before=None, limit=None):
    """The texts of one page, or the code of its refusal."""
    peer.send(History("h1", where, before, limit))
    *lines, end = peer.until(Ok | Error)
    texts = [report.text for report in lines if isinstance(report, Past)]
    return texts if isinstance(end, Ok) else end.code


# -- 57: another store -----------------------------------------------------------------


@scenario(57, "the history was replaced: the client says that lines are missing")
def test_another_history_is_a_gap_on_the_screen(stage, tmp_path):
    pytest.importorskip("termios")
    from terminal_rig import Rig

    begin(tmp_path).rename(tmp_path / "second.db")  # and its numbers go further
    first = stage("--history", "first.db")
    client = [sys.executable, "client.py", "ana", f"127.0.0.1:{first.port}"]
    with Rig(client) as ana:
        ana.wait_for("online")
        ana.type("of the first\r")
        ana.wait_for("ana  of the first")
        assert first.stop() == 0
        ana.wait_for("retry in")
        second = stage("--history", "second.db", "--port", first.port)
        ana.wait_for("lines said in between are missing here")
        ana.type("of the second\r")
        ana.wait_for("ana  of the second")
        ana.wait_for("ana  of the first")
        assert second.stop() == 0
    assert kept(tmp_path / "first.db") == ["of the first"]
    assert kept(tmp_path / "second.db")[-1:] == ["of the second"]
