"""The flusher: it sends on what full sockets did not take, and costs nothing else."""

import socket
import subprocess
import sys
import threading

import lock_order
import pytest
from tcp_rig import PATIENCE, read_exactly, read_rest, tcp_pair

from messages import Bye, Notice
from net.flusher import Flusher
from net.limits import Limits
from net.outbox import Outbox
from protocol import Decoder, decode_report, encode

ROOMY = Limits(outbox_bytes=1 << 24)
BRIEF = Limits(outbox_bytes=1 << 24, linger=0.05)
NO_WAIT = Limits(outbox_bytes=1 << 24, stall=0.05, linger=0.05)
MEBIBYTE = bytes(range(256)) * 4096


class Counting(Flusher):
    """Knows how often it waited, and says when it waits for nobody."""

    def __init__(self):
        super().__init__(Limits())
        self.waits = 0
        self.is_idle = threading.Event()

    def _wait(self, stalled):
        self.waits += 1
        self.is_idle.clear() if stalled else self.is_idle.set()
        return super()._wait(stalled)


@pytest.fixture
def flusher():
    """A flusher that does not run until the test says so."""
    flusher = Counting()
    thread = threading.Thread(target=flusher.run, name="flusher")
    flusher.begin = thread.start
    yield flusher
    flusher.stop()
    if thread.ident is None:
        flusher._wakeup.close()
        return
    thread.join(PATIENCE)
    assert not thread.is_alive(), "stop() did not end it"


@pytest.fixture
def running(flusher):
    flusher.begin()
    return flusher


@pytest.fixture
def pairs():
    made = []

    def make():
        made.append(tcp_pair(small=True))
        return made[-1]

    yield make
    for pair in made:
        for sock in pair:
            sock.close()


def watched(flusher):
    with flusher._lock:
        return set(flusher._stalled)


def test_what_did_not_fit_arrives_once_the_peer_reads(running, pairs):
    ours, peer = pairs()
    outbox = Outbox(ours, running, ROOMY)
    outbox.push(MEBIBYTE)
    outbox.finish(b"bye")
    assert read_exactly(peer, len(MEBIBYTE) + 3) == MEBIBYTE + b"bye"
    assert outbox.wait_until_drained(PATIENCE)


def test_frames_pushed_by_many_threads_while_it_flushes_are_never_torn(running, pairs):
    ours, peer = pairs()
    outbox = Outbox(ours, running, ROOMY)

    def talk(name):
        for n in range(300):
            outbox.push(encode(Notice(f"{name} {n} " + "." * (5 * n))))

    def talk_all():
        threads = [threading.Thread(target=talk, args=[name]) for name in "abcd"]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(PATIENCE)
        outbox.finish(encode(Bye("quit")))
        outbox.wait_until_drained(PATIENCE)
        ours.close()

    talkers = threading.Thread(target=talk_all)
    talkers.start()
    *reports, bye = map(decode_report, Decoder().feed(read_rest(peer)))
    talkers.join(PATIENCE)
    words = [report.text.split()[:2] for report in reports]
    for name in "abcd":
        assert [n for who, n in words if who == name] == [str(n) for n in range(300)]
    assert bye == Bye("quit")


def test_who_never_reads_is_cut_off_in_time_and_nobody_else_notices(running, pairs):
    ours, _never_reads = pairs()
    slow = Outbox(ours, running, NO_WAIT)
    slow.push(MEBIBYTE)
    ours, peer = pairs()
    good = Outbox(ours, running, ROOMY)
    good.push(MEBIBYTE)

    assert slow.wait_until_drained(PATIENCE)
    assert slow.is_slow
    assert read_exactly(peer, len(MEBIBYTE)) == MEBIBYTE
    assert not good.is_slow


def test_a_socket_closed_meanwhile_is_forgotten(running, pairs):
    ours, _peer = pairs()
    outbox = Outbox(ours, running, ROOMY)
    outbox.push(MEBIBYTE)
    ours.close()
    assert outbox.wait_until_drained(PATIENCE)


def test_too_much_for_all_together_ends_the_fattest_and_nobody_else(flusher, pairs):
    flusher._limits = Limits(all_outboxes_bytes=10 * len(MEBIBYTE))
    outboxes = {n: Outbox(pairs()[0], flusher, ROOMY) for n in (1, 4, 8)}
    for mebibytes, outbox in outboxes.items():
        for _ in range(mebibytes):
            outbox.push(MEBIBYTE)
    flusher._relieve(list(outboxes.values()))
    assert [n for n, outbox in outboxes.items() if outbox.is_slow] == [8]
    assert sum(o.waiting_bytes for o in outboxes.values()) < 10 * len(MEBIBYTE)
    flusher._relieve(list(outboxes.values()))
    assert not outboxes[4].is_slow


def test_who_is_going_already_is_not_counted_as_a_relief(flusher, pairs):
    flusher._limits = Limits(all_outboxes_bytes=1)
    going, other = (Outbox(pairs()[0], flusher, ROOMY) for _ in range(2))
    for _ in range(3):
        going.push(MEBIBYTE)
    other.push(MEBIBYTE)
    going.finish(b"bye")
    flusher._relieve([going, other])
    assert (going.is_slow, other.is_slow) == (False, True)


def test_while_it_runs_it_looks_at_how_much_waits_for_all(running, pairs):
    running._limits = Limits(all_outboxes_bytes=2 * len(MEBIBYTE))
    thin, fat = (Outbox(pairs()[0], running, BRIEF) for _ in range(2))
    thin.push(MEBIBYTE)
    for _ in range(3):
        fat.push(MEBIBYTE)
    assert fat.wait_until_drained(PATIENCE)
    assert (fat.is_slow, thin.is_slow) == (True, False)


# -- Two threads meet ------------------------------------------------------------


def test_a_push_between_flush_and_forget_is_not_lost(flusher, pairs):
    ours, peer = pairs()
    outbox = Outbox(ours, flusher, ROOMY)
    assert not outbox.flush()  # the flusher sees nothing waiting ...
    outbox.push(MEBIBYTE)  # ... a thread pushes ...
    flusher._forget(outbox)  # ... and the flusher forgets
    assert watched(flusher) == {outbox}
    flusher.begin()
    assert read_exactly(peer, len(MEBIBYTE)) == MEBIBYTE


@pytest.mark.parametrize("last_words", [None, MEBIBYTE])
def test_a_push_that_is_forgotten_while_it_says_watch_is_not_lost(
    flusher, pairs, last_words
):
    class Meeting:
        def watch(self, outbox):
            flusher.watch(outbox)
            flusher._forget(outbox)  # had seen it empty just before this push

    ours, peer = pairs()
    outbox = Outbox(ours, Meeting(), ROOMY)
    outbox.finish(last_words) if last_words else outbox.push(MEBIBYTE)
    assert watched(flusher) == {outbox}
    flusher.begin()
    assert read_exactly(peer, len(MEBIBYTE)) == MEBIBYTE


class Interrupted(socket.socket):
    """Takes three bytes at a time; during the first send, something else happens."""

    def send(self, data, flags=0):
        taken = super().send(data[:3], flags)
        if meanwhile := self.__dict__.pop("meanwhile", None):
            self.other = threading.Thread(target=meanwhile)
            with lock_order.looking_away():
                self.other.start()
                self.other.join(0.1)  # it must not get through; only a mistake is quick
        return taken


def test_a_push_in_the_middle_of_another_waits_for_its_turn(flusher, pairs):
    ours, peer = pairs()
    with Interrupted(fileno=ours.detach()) as hasty:
        outbox = Outbox(hasty, flusher, ROOMY)
        hasty.meanwhile = lambda: outbox.push(b"second")
        outbox.push(b"first ")
        hasty.other.join(PATIENCE)
        while outbox.flush():
            pass
        assert read_exactly(peer, 12) == b"first second"


# -- What it costs ---------------------------------------------------------------


def test_it_does_nothing_while_nobody_is_stalled(running, pairs):
    ours, peer = pairs()
    outbox = Outbox(ours, running, ROOMY)
    outbox.push(MEBIBYTE)
    read_exactly(peer, len(MEBIBYTE))
    outbox.finish(b"bye")
    assert outbox.wait_until_drained(PATIENCE)

    assert running.is_idle.wait(PATIENCE)  # after the round that forgets the outbox
    before = running.waits
    threading.Event().wait(0.6)  # more than two ticks
    assert running.waits == before


def test_it_looks_at_a_stalled_peer_a_few_times_a_second_only(running, pairs):
    ours, _never_reads = pairs()
    outbox = Outbox(ours, running, Limits(outbox_bytes=1 << 24, stall=0.6, linger=0.1))
    outbox.push(MEBIBYTE)
    assert outbox.wait_until_drained(PATIENCE)
    assert running.waits < 20


STARVED = """
import os, resource, socket, threading
from net.flusher import Flusher
from net.limits import Limits
from net.outbox import Outbox

flusher = Flusher(Limits())
ours, peer = socket.socketpair()
resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))
try:
    while True:
        os.dup(0)
except OSError:
    pass  # not one descriptor is left
threading.Thread(target=flusher.run, daemon=True).start()
outbox = Outbox(ours, flusher, Limits(outbox_bytes=1 << 24))
outbox.push(bytes(3_000_000))
got = 0
peer.settimeout(10)
while got < 3_000_000:
    got += len(peer.recv(65536))
os.write(1, b"all of it")
os._exit(0)  # a thread that ends in Python's own way would need a descriptor
"""


def test_it_works_when_not_one_descriptor_is_left():
    pytest.importorskip("resource")
    child = subprocess.run(
        [sys.executable, "-c", STARVED], capture_output=True, timeout=PATIENCE
    )
    assert (child.stdout, child.stderr) == (b"all of it", b"")
