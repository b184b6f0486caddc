"""Torture, group D: people who do not read, or do not answer any more."""

import ctypes
import os
import signal
import socket
import struct
import sys
import threading
from contextlib import ExitStack
from itertools import product
from pathlib import Path
from time import monotonic

import pytest
from programs import Program

from messages import (
    LOBBY,
    Bye,
    History,
    Join,
    Leave,
    Left,
    Ok,
    Quit,
    Said,
    Say,
)
from protocol import encode
from torture.peers import SMALL, Crowd, frozen, reset
from torture.scenario import scenario

KILOLINE = "x" * 4_000  # the longest text
PORTION = 40  # of them at once: anybody who reads at all takes these
PAGE, PAGES = 80, 4  # of them fill a page of the history; and pages to ask for
ASK_EVERY = 0.004  # seconds; a page of 260 KB is a few milliseconds of work
WAITING = 600_000  # bytes of these pages that the kernel does not take, at the least
MIB = 1 << 20
BRIEF = {"linger": 0.2}  # who does not read will not read the bye either
SO_ATTACH_FILTER = 26  # Linux
DROP_EVERYTHING = struct.pack("HBBI", 0x06, 0, 0, 0)  # BPF: keep 0 bytes of a packet


def wait_for_left(peer, name):
    """Wait until somebody is gone; why."""
    while name not in (left := peer.hear(Left)).names:
        pass
    return left.why


class Talker:
    """Somebody who says long lines, hears everything, and notes who goes."""

    def __init__(self, peer):
        self.peer = peer
        self.said = 0
        self.heard = []  # the numbers of our lines, as they came back
        self.others = []  # the texts of everybody else, but for the witness's
        self.gone = {}  # name -> why

    def say(self, count):
        """So many of the longest lines; portions that a reading peer takes easily."""
        for _ in range(0, count, PORTION):
            lines = [self._next_line() for _ in range(PORTION)]
            self.peer.send(*lines)
            while len(self.heard) < self.said:
                self.hear()

    def hear(self):
        match report := next(self.peer.reports):
            case Said(sender=sender, id=id) if id:
                self.heard.append(int(id[1:]))
            case Said(sender=sender, text=text) if not sender.startswith("unharmed"):
                self.others.append(text)
            case Left(names=names, why=why):
                self.gone |= dict.fromkeys(names, why)
        return report

    def wait_for_left(self, *names, count=0):
        """Until these, or so many, are gone."""
        while not set(names) <= set(self.gone) or len(self.gone) < count:
            self.hear()

    def wait_for(self, text):
        while text not in self.others:
            self.hear()

    def _next_line(self):
        self.said += 1
        return Say(f"k{self.said}", LOBBY, KILOLINE)


@pytest.fixture
def talker(join):
    return lambda server: Talker(join("bob", server))


def pull_cable(sock):
    """Let nothing through any more, neither data nor the acknowledging of it."""
    if not sys.platform.startswith("linux"):
        pytest.skip("needs a socket filter (Linux) to pull a cable")
    code = ctypes.create_string_buffer(DROP_EVERYTHING, len(DROP_EVERYTHING))
    program = struct.pack("HL", 1, ctypes.addressof(code))
    sock.setsockopt(socket.SOL_SOCKET, SO_ATTACH_FILTER, program)


@scenario(32, "one stops reading: out at 1 MiB or after 10 s, nobody else notices")
def test_who_stops_reading_is_dropped_and_nobody_else_notices(
    stage, join, talker, unharmed, figure, is_torture
):
    server = stage("--rate", "0", limits={} if is_torture else {"linger": 20.0})
    with unharmed(server):
        bob, zoe = talker(server), join("zoe", server, receive_buffer=SMALL)
        began = monotonic()
        bob.say(400)
        assert zoe.rest()[-1].code == "slow-consumer"
        bob.wait_for_left("zoe")
        figure("out by 1 MiB after", monotonic() - began, "s", at_most=5)
        if is_torture:
            with frozen(server.port, "mei"):
                began = monotonic()
                bob.say(100)
                bob.wait_for_left("mei")
                figure("out by time after", monotonic() - began, "s", at_most=13)
    assert set(bob.gone.values()) == {"slow"}


@scenario(33, "one stops reading and goes on sending: it is heard until it is dropped")
def test_who_does_not_read_is_heard_until_it_is_dropped(stage, talker, unharmed):
    server = stage("--rate", "0", limits=BRIEF)
    with unharmed(server):
        bob = talker(server)
        with frozen(server.port, "zoe") as zoe:
            bob.say(100)  # and zoe reads none of it
            for number in range(20):
                zoe.sendall(encode(Say("", LOBBY, f"do you hear me? {number}")))
                bob.wait_for(f"do you hear me? {number}")
            assert not bob.gone
            bob.say(300)
            bob.wait_for_left("zoe")


@scenario(34, "500 of 1,000 stop reading: the others notice nothing, memory is bounded")
def test_half_a_class_stops_reading(stage, talker, unharmed, figure, is_torture):
    size, cap = (1_000, 256) if is_torture else (30, 3)  # people, MiB
    server = stage("--rate", "0", limits={**BRIEF, "all_outboxes_bytes": cap * MIB})
    bob = talker(server)
    bob.say(PAGE)
    kernel_before = kernel_mib()
    with Crowd(server.port, size) as crowd, ExitStack() as noticed:
        crowd.wait_until_in()
        usual = usual_delay(unharmed(server).witness, 3 if is_torture else 0)
        figure("usual delay", usual, "ms")
        noticed.enter_context(unharmed(server, at_most=usual + 100))
        before, half = server.rss_mib, size // 2
        server.forget_peak()
        crowd.freeze(half)
        pause = threading.Event()
        for page, index in product(range(PAGES), range(half)):
            crowd.send(index, History(f"h{page}", LOBBY, PAGE + 1, PAGE))
            pause.wait(ASK_EVERY)
        bob.wait_for_left(count=half if is_torture else half - cap * MIB // WAITING)
        assert crowd.gone == 0
        figure("memory", server.peak_rss_mib - before, "MiB", at_most=1.2 * cap)
        figure("kernel", kernel_mib() - kernel_before, "MiB")
    assert set(bob.gone.values()) == {"slow"}
    assert set(bob.gone) <= {f"pupil{n}" for n in range(half)}
    assert len(bob.gone) < half or is_torture, "only what was over the cap had to go"


def usual_delay(witness, seconds):
    """The worst delay while nothing happens: a line to a thousand is some work."""
    with witness:
        threading.Event().wait(seconds)
    return witness.figures["worst_ms"]


def kernel_mib():
    """What TCP keeps for all programs of this machine."""
    for line in Path("/proc/net/sockstat").read_text().splitlines():
        if line.startswith("TCP:"):
            return int(line.split()[-1]) * os.sysconf("SC_PAGE_SIZE") / MIB
    raise AssertionError("/proc/net/sockstat has no TCP")


@scenario(35, "a pulled cable is noticed: idle within 45 s, receiving within 30 s")
def test_a_pulled_cable_is_noticed(stage, join, unharmed, figure, is_torture):
    quick = {"limits": {"ping_after": 0.3, "silence": 1.2}}
    server = stage(**{} if is_torture else quick)
    with unharmed(server):
        bob, zoe = join("bob", server), join("zoe", server)
        for peer in (bob, zoe):  # to where it is quiet
            peer.send(Join("j1", "#quiet"), Leave("l1", LOBBY))
            assert [peer.hear(Ok).id for _ in range(2)] == ["j1", "l1"]
        if is_torture:
            mei, ana = join("mei", server), join("ana", server)
            pull_cable(mei.sock)  # in the lobby, where somebody always talks
        began = monotonic()
        pull_cable(zoe.sock)
        if is_torture:
            assert wait_for_left(ana, "mei") == "lost"
            figure("receiving, gone after", monotonic() - began, "s", at_most=32)
        assert wait_for_left(bob, "zoe") == "lost"
        figure("idle, gone after", monotonic() - began, "s", at_most=46)


@scenario(36, "one says quit and closes its half: it still gets all answers")
def test_who_closes_its_half_still_gets_the_answers(shared_stage, join, unharmed):
    with unharmed(shared_stage):
        bob = join("bob", shared_stage)
        bob.send(Say("k1", LOBBY, "and good night"), Quit())
        bob.sock.shutdown(socket.SHUT_WR)
        *heard, bye = bob.reports  # it ends: the server closes too
    assert "k1" in [report.id for report in heard if isinstance(report, Said)]
    assert (type(bye), bye.code) == (Bye, "quit")


@scenario(
    37,
    "a laptop sleeps longer than its name is kept: nothing lost, or twice",
    long=True,
)
def test_a_laptop_that_slept_long_has_missed_nothing(stage, join, unharmed, figure):
    if os.name == "nt":
        pytest.skip("no SIGSTOP on Windows")
    short = {"ping_after": 0.3, "silence": 1.0}
    server = stage(limits=short, constants={"chat.register.GRACE": 0.5})
    with unharmed(server), Program("client.py", "zoe", server.address) as laptop:
        bob = join("bob", server)
        laptop.expect("you are in #lobby")
        laptop.process.send_signal(signal.SIGSTOP)
        bob.send(Say("", LOBBY, "night 0"))
        assert wait_for_left(bob, "zoe") == "lost"
        bob.send(*[Say("", LOBBY, f"night {n}") for n in range(1, 10)])
        bob.send(Say("", LOBBY, "good morning"))
        while bob.hear(Said).text != "good morning":
            pass
        began = monotonic()
        laptop.process.send_signal(signal.SIGCONT)
        laptop.expect("good morning")
        figure("back after", monotonic() - began, "s")
    nights = [line.rpartition("night ")[2] for line in laptop.lines if "night " in line]
    assert nights == [str(number) for number in range(10)]


@scenario(38, "twenty vanish in the middle of a broadcast: the rest hears all of it")
def test_who_vanishes_within_a_broadcast_harms_nobody(
    stage, talker, unharmed, figure, is_torture
):
    server = stage("--rate", "0", limits=BRIEF)
    rounds = 40 if is_torture else 10
    with unharmed(server):  # the witness hears all of it too
        bob = talker(server)
        zoes = {
            name: frozen(server.port, name) for name in map("zoe{}".format, range(20))
        }
        began = monotonic()
        for number in range(rounds):
            bob.say(PORTION)
            if number < 5:  # two of these vanish, the other ten will be too slow
                reset(zoes[f"zoe{number}"]), reset(zoes[f"zoe{5 + number}"])
        figure("lines", bob.said / (monotonic() - began), "a second")
        bob.wait_for_left(*zoes)
    assert bob.heard == [*range(1, bob.said + 1)]
    assert sorted(bob.gone.values()) == ["lost"] * 10 + ["slow"] * 10
    for zoe in zoes.values():
        zoe.close()
