"""Torture, group E: the machine has no more of something, or plays tricks."""

import os
import signal
import socket
import subprocess
import sys
import threading
from contextlib import suppress
from itertools import cycle, pairwise
from secrets import token_hex
from time import monotonic

import pytest
from conftest import Peer
from programs import ROOT

from messages import (
    LOBBY,
    Bye,
    Error,
    Hello,
    Ping,
    Pong,
    Quit,
    Said,
    Say,
    Users,
    Welcome,
    Who,
)
from protocol import VERSION, encode
from torture.peers import PATIENCE, call, reset
from torture.scenario import scenario

HOUR = 3_600_000  # milliseconds
posix = pytest.mark.skipif(os.name == "nt", reason="POSIX only")


def knock(port, name):
    """Say hello; the connection if it is welcome, and what the server said."""
    peer = Peer(port)
    try:
        peer.send(Hello(VERSION, name))
        answer = next(peer.reports, None)
    except OSError:  # closed already
        answer = None
    if isinstance(answer, Welcome):
        return peer, answer
    peer.close()
    return None, answer


@pytest.fixture
def guests():
    """Whoever was let in; they go at the end."""
    inside = []
    yield inside
    for peer in inside:
        peer.close()


def fill(server, guests, most):
    """Let people in until one is not; the server's answer to that one."""
    for number in range(most):
        peer, answer = knock(server.port, f"guest{number}")
        if not peer:
            return answer
        guests.append(peer)
    raise AssertionError(f"all of {most} got in")


def knock_until_in(server, name):
    """Try again until there is room; how many seconds it took."""
    began = monotonic()
    while not (inside := knock(server.port, name)[0]):
        assert monotonic() - began < PATIENCE, "there is room, and nobody gets in"
    inside.close()
    return monotonic() - began


def complaints(server, text):
    return [line for line in server.lines if text in line]


@posix
@scenario(39, "no descriptor left: no spinning, few words, and it recovers")
def test_without_descriptors_it_waits_and_recovers(
    stage, guests, unharmed, figure, is_torture
):
    server = stage(descriptors=60, constants={"net.descriptors.RESERVE": -1_000})
    seconds, began = (12 if is_torture else 0.3), monotonic()
    with unharmed(server):
        assert fill(server, guests, 60) is None
        server.expect("cannot accept: Too many open files")
        knock_for(server, seconds)
    before = server.cpu_seconds
    knock_for(server, seconds)  # and nobody else talks, for that takes CPU too
    figure("CPU", 100 * (server.cpu_seconds - before) / seconds, "%", at_most=5)
    for guest in guests:
        guest.send(Quit())
        guest.rest()
    figure("recovers in", knock_until_in(server, "late"), "s", at_most=5)
    most = 1 + (monotonic() - began) // 10
    assert len(complaints(server, "cannot accept")) <= most


def knock_for(server, seconds):
    """Keep the queue of those who want to come in full."""
    began, pause, queue = monotonic(), threading.Event(), []
    while monotonic() - began < seconds:
        queue.append(call(server.port))
        pause.wait(0.1)
    for sock in queue:
        sock.close()


@posix
@scenario(40, "no thread can start: bye full, and accepting goes on")
def test_without_threads_newcomers_are_turned_away(stage, guests, unharmed, figure):
    server = stage("--history", "memory", before="torture.faults:few_threads")
    with unharmed(server):
        bye = fill(server, guests, 200)
        figure("got in", len(guests), "people")
        assert isinstance(bye, Bye)
        assert (bye.code, bye.retry) == ("full", 10)
        for number in range(20):
            assert knock(server.port, f"more{number}")[1].code == "full"
        assert len(complaints(server, "cannot start a thread")) == 1
        for guest in guests[:5]:
            guest.send(Quit())
            guest.rest()
        knock_until_in(server, "late")


@scenario(
    41, "100,000 come and go: threads, descriptors, memory are as before", timeout=900
)
def test_who_comes_and_goes_leaves_nothing_behind(stage, unharmed, figure, is_torture):
    times, warm_up = (100_000, 10_000) if is_torture else (300, 100)
    server = stage(constants={"chat.register.GRACE": 0.5})
    with unharmed(server):
        come_and_go(server, warm_up)
        before, memory = resting(server), server.rss_mib
        began = monotonic()
        come_and_go(server, times)
        figure("comings", times / (monotonic() - began), "a second")
        server.settle(lambda: resting(server) <= before, f"back to {before}")
        figure("memory", server.rss_mib - memory, "MiB", at_most=4)
        figure("threads", server.threads)
        figure("descriptors", server.descriptors)


def resting(server):
    return server.threads, server.descriptors


def come_and_go(server, times):
    """Come and go in each of four ways, and wait until the last is forgotten."""
    quiet = resting(server)
    for number, leave in zip(range(times), cycle(WAYS_TO_GO)):
        source = f"127.0.0.{number % 100 + 1}"  # a port is in use for a minute after
        leave(call(server.port, source=source), number)
    server.settle(lambda: resting(server) <= quiet, f"back to {quiet}")


def say_nothing(sock, number):
    sock.close()


def vanish_within_a_frame(sock, number):
    sock.sendall(encode(Hello(VERSION, f"cut{number}"))[:9])
    reset(sock)


def log_in_and_quit(sock, number):
    sock.sendall(encode(Hello(VERSION, f"guest{number}")) + encode(Quit()))
    while sock.recv(65_536):
        pass
    sock.close()


def log_in_and_vanish(sock, number):
    """With a secret to come back with: the server keeps the name for a while."""
    sock.sendall(encode(Hello(VERSION, f"ghost{number}", token_hex(16))))
    sock.recv(1)
    reset(sock)


WAYS_TO_GO = (say_nothing, vanish_within_a_frame, log_in_and_quit, log_in_and_vanish)


@posix
@scenario(42, "accept fails as in a bad network: the server goes on accepting")
def test_accept_may_fail_for_reasons_of_the_network(stage, unharmed):
    server = stage(before="torture.faults:hiccuping_accept")
    with unharmed(server):
        server.process.send_signal(signal.SIGUSR2)
        for number in range(10):
            knock_until_in(server, f"guest{number}")
    assert len(complaints(server, "cannot accept")) <= 1


@scenario(43, "a bug in one command: error internal, and only that request is lost")
def test_a_bug_ends_one_request(stage, join, unharmed):
    server = stage(before="torture.faults:bug_in_who")
    server.expects_traceback = True
    with unharmed(server):
        bob = join("bob", server)
        bob.send(Who("w1"), Say("k1", LOBBY, "is anybody here?"))
        assert (bob.hear(Error).id, bob.hear(Said).text) == ("w1", "is anybody here?")
    server.expect("could not answer Who")
    assert server.stop() == 0
    assert len(complaints(server, "Traceback")) == 1


@posix
@scenario(44, "the clock on the wall jumps by an hour, both ways: nothing happens")
def test_a_clock_that_jumps_disturbs_nobody(stage, join, unharmed):
    server = stage(before="torture.faults:jumping_clock")
    with unharmed(server):
        bob, heard = join("bob", server), []
        for number in range(5):
            bob.send(Say(f"k{number}", LOBBY, "what time is it?"))
            while not (said := bob.hear(Said)).id:
                pass
            heard.append(said)
            server.process.send_signal(signal.SIGUSR2)
            bob.send(Say("", LOBBY, "a moment"), Ping("p1"))
            bob.hear(Pong)
        bob.send(Who("w1"))
        assert "bob" in bob.hear(Users).names
    seqs = [said.seq for said in heard]
    assert seqs == sorted(set(seqs))
    jumps = [abs(b.time - a.time) for a, b in pairwise(heard)]
    assert max(jumps) > HOUR - 60_000, "the clock did not jump"
    assert not [line for line in server.lines if "has disconnected" in line]


@posix
@scenario(45, "stdout and stderr are closed, broken or full: the server lives")
def test_a_server_whose_output_goes_nowhere_lives(
    tmp_path, unharmed, figure, is_torture
):
    for outlet in ("full", "closed", "broken") if is_torture else ("full",):
        with Mute(tmp_path, outlet) as server:
            with unharmed(server):
                for number in range(2_000 if is_torture else 70):
                    knock_until_in(server, f"guest{number}")
            began = monotonic()
            server.process.send_signal(signal.SIGINT)
            assert server.process.wait(PATIENCE) == 0, outlet
            figure(f"{outlet}: stopped after", monotonic() - began, "s", at_most=3)


class Mute:
    """A server that nobody reads: its outlets are closed, broken, or a full pipe."""

    def __init__(self, folder, outlet):
        self.port = free_port()
        self._reader, writer = os.pipe()
        if outlet == "broken":
            os.close(self._reader)
            self._reader = None
        command = [sys.executable, str(ROOT / "server.py"), "--port", str(self.port)]
        if outlet == "closed":
            command = ["sh", "-c", 'exec "$@" >&- 2>&-', "sh", *command]
        if outlet == "full":
            os.set_blocking(writer, False)
            with suppress(BlockingIOError):
                while True:
                    os.write(writer, bytes(65_536))
            os.set_blocking(writer, True)
        self.process = subprocess.Popen(
            command, cwd=folder, stdin=subprocess.DEVNULL, stdout=writer, stderr=writer
        )
        os.close(writer)

    def __enter__(self):
        wait_for(self.port)
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()
        if self._reader is not None:
            os.close(self._reader)


def wait_for(port):
    """Wait until somebody listens there, who cannot tell us so."""
    pause, began = threading.Event(), monotonic()
    while True:
        try:
            return socket.create_connection(("127.0.0.1", port)).close()
        except ConnectionRefusedError:
            assert monotonic() - began < PATIENCE, "nobody listens"
            pause.wait(0.02)


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as finder:
        return finder.getsockname()[1]
