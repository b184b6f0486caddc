"""The outbox alone: what a full socket did not take, and a peer that does not read.

The test is the flusher here: `drain` lets the peer read and flushes, in turn.
"""

import threading

import pytest
from tcp_rig import PATIENCE, read_exactly, read_rest, reset, tcp_pair

from messages import Bye, Notice
from net.limits import Limits
from net.outbox import Outbox
from protocol import Decoder, decode_report, encode

LIMITS = Limits(outbox_bytes=1 << 18, stall=10.0, linger=2.0)
ROOMY = Limits(outbox_bytes=1 << 24)
SLOW = Bye("slow-consumer", "you did not read what was sent")


class Watcher:
    def __init__(self):
        self.watched = []

    def watch(self, outbox):
        self.watched.append(outbox)


class Clock:
    now = 1000.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock(monkeypatch):
    clock = Clock()
    monkeypatch.setattr("net.outbox.monotonic", clock)
    return clock


@pytest.fixture
def pair():
    ours, peer = tcp_pair(small=True)
    with ours, peer:
        yield ours, peer


@pytest.fixture
def ours(pair):
    return pair[0]


@pytest.fixture
def peer(pair):
    return pair[1]


def make(ours, limits=LIMITS):
    return Outbox(ours, Watcher(), limits)


def frame(number, size=5_000):
    return encode(Notice(f"{number} ".ljust(size, ".")))


def stall(outbox):
    """Push until the kernel is full; return the frames pushed."""
    pushed = []
    while not outbox.waiting_bytes:
        pushed.append(frame(len(pushed)))
        outbox.push(pushed[-1])
    return pushed


def drain(outbox, peer):
    """Let the peer read what waits; return the bytes it got."""
    got = b""
    while outbox.flush():  # something waits, so the kernel is full: recv() returns
        got += peer.recv(65_536)
    return got


def everything(outbox, ours, peer):
    """Drain, close, and return all the reports that the peer got, whole."""
    got = drain(outbox, peer)
    ours.close()
    decoder = Decoder()
    reports = [decode_report(p) for p in decoder.feed(got + read_rest(peer))]
    assert not decoder.is_inside_frame, "the last frame is torn"
    return reports


# -- A peer that reads -----------------------------------------------------------


def test_what_the_kernel_takes_waits_nowhere(ours, peer):
    outbox = make(ours)
    outbox.push(b"hello")
    assert read_exactly(peer, 5) == b"hello"
    assert (outbox.waiting_bytes, outbox._watcher.watched) == (0, [])


def test_a_full_socket_is_given_to_the_watcher_once(ours):
    outbox = make(ours)
    stall(outbox)
    outbox.push(frame("more"))
    assert outbox._watcher.watched == [outbox]


def test_who_is_cut_off_for_others_gets_whole_frames_a_bye_and_nothing_more(ours, peer):
    outbox = make(ours)
    stall(outbox)
    for number in range(5):
        outbox.push(frame(number))
    waited = outbox.waiting_bytes
    went = outbox.cut_off()
    assert went >= 4 * len(frame(0))
    assert outbox.waiting_bytes == waited - went
    outbox.push(frame("late"))
    assert everything(outbox, ours, peer)[-1] == SLOW
    assert outbox.is_slow


def test_who_is_leaving_is_not_cut_off(ours, peer):
    outbox = make(ours)
    pushed = stall(outbox)
    outbox.finish(encode(Bye("quit")))
    assert outbox.cut_off() == 0
    assert len(everything(outbox, ours, peer)) == len(pushed) + 1
    assert not outbox.is_slow


def test_every_byte_arrives_in_order_over_many_partial_sends(ours, peer):
    outbox = make(ours, ROOMY)
    frames = [frame(n, size=1 + 97 * n) for n in range(300)]
    for each in frames:
        outbox.push(each)
    assert outbox.waiting_bytes > 1_000_000
    got = drain(outbox, peer)
    ours.close()
    assert got + read_rest(peer) == b"".join(frames)
    assert outbox.waiting_bytes == 0


def test_a_push_while_something_waits_does_not_overtake_it(ours, peer):
    outbox = make(ours)
    pushed = stall(outbox)
    got = peer.recv(65_536)  # room in the kernel again, but older bytes wait
    outbox.push(frame("last"))
    got += drain(outbox, peer)
    ours.close()
    assert got + read_rest(peer) == b"".join(pushed) + frame("last")


def test_frames_of_many_threads_keep_their_order_and_are_never_torn(ours, peer):
    outbox = make(ours, ROOMY)

    def talk(name):
        for n in range(200):
            outbox.push(encode(Notice(f"{name} {n} " + "." * (7 * n))))

    threads = [threading.Thread(target=talk, args=[name]) for name in "abcd"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    words = [r.text.split()[:2] for r in everything(outbox, ours, peer)]
    for name in "abcd":
        assert [n for who, n in words if who == name] == [str(n) for n in range(200)]


# -- A peer that does not read ---------------------------------------------------


def test_too_many_bytes_end_it_with_whole_frames_and_the_reason(ours, peer):
    outbox = make(ours)
    pushed = []
    while not outbox.is_slow:
        pushed.append(frame(len(pushed)))
        outbox.push(pushed[-1])
    assert len(pushed) * len(frame(0)) > LIMITS.outbox_bytes
    assert outbox.waiting_bytes < 2 * len(frame(0)), "what cannot be sent is kept"

    *frames, bye = everything(outbox, ours, peer)
    assert bye == SLOW
    assert [encode(f) for f in frames] == pushed[: len(frames)]


def test_one_push_above_the_limit_arrives_whole_before_the_reason(ours, peer):
    outbox = make(ours)
    frames = [frame(n) for n in range(80)]
    outbox.push(b"".join(frames))
    assert outbox.is_slow
    *got, bye = everything(outbox, ours, peer)
    assert [encode(f) for f in got] == frames
    assert bye == SLOW


def test_not_one_byte_taken_in_time_ends_it(ours, peer, clock):
    outbox = make(ours)
    stall(outbox)
    outbox.expire(clock.now + LIMITS.stall - 0.1)
    assert not outbox.is_slow
    outbox.expire(clock.now + LIMITS.stall)
    assert outbox.is_slow
    assert everything(outbox, ours, peer)[-1] == SLOW


def test_who_takes_some_bytes_gets_new_time(ours, peer, clock):
    outbox = make(ours, ROOMY)
    for n in range(200):
        outbox.push(frame(n))
    began = clock.now
    clock.now += LIMITS.stall - 1
    before = outbox.waiting_bytes
    while outbox.waiting_bytes == before:
        peer.recv(4096)
        assert outbox.flush()
    outbox.expire(began + LIMITS.stall + 1)
    assert not outbox.is_slow
    outbox.expire(clock.now + LIMITS.stall)
    assert outbox.is_slow


def test_who_waits_for_nothing_never_expires(ours):
    outbox = make(ours)
    outbox.push(b"hello")
    outbox.expire(1e12)
    assert not outbox.is_slow
    assert not outbox.is_drained


# -- The end ---------------------------------------------------------------------


def test_the_first_to_finish_has_the_last_word(ours, peer):
    outbox = make(ours)
    outbox.finish(b"first")
    outbox.finish(b"second")
    outbox.push(b"third")
    assert outbox.is_drained
    ours.close()
    assert read_rest(peer) == b"first"


def test_the_last_words_come_after_what_waits(ours, peer):
    outbox = make(ours)
    pushed = stall(outbox)
    outbox.finish(encode(Bye("quit")))
    outbox.push(frame("too late"))
    assert not outbox.is_drained
    reports = everything(outbox, ours, peer)
    assert [encode(r) for r in reports] == [*pushed, encode(Bye("quit"))]
    assert outbox.is_drained
    assert not outbox.is_slow


def test_who_does_not_take_the_last_words_is_left(ours, clock):
    outbox = make(ours)
    stall(outbox)
    outbox.finish(encode(Bye("quit")))
    outbox.expire(clock.now + LIMITS.linger - 0.1)
    assert not outbox.is_drained
    outbox.expire(clock.now + LIMITS.linger)
    assert (outbox.is_drained, outbox.is_slow) == (True, False)


def test_progress_does_not_stretch_the_time_of_the_last_words(ours, peer, clock):
    outbox = make(ours, ROOMY)
    for n in range(200):
        outbox.push(frame(n))
    outbox.finish(encode(Bye("quit")))
    ended = clock.now
    clock.now += 1.0
    before = outbox.waiting_bytes
    while outbox.waiting_bytes == before:
        peer.recv(4096)
        assert outbox.flush()
    outbox.expire(ended + ROOMY.linger)
    assert outbox.is_drained


def test_hanging_up_wakes_the_reader_and_still_delivers_the_bye(ours, peer):
    outbox = make(ours)
    heard = []
    reader = threading.Thread(target=lambda: heard.append(ours.recv(10)), daemon=True)
    reader.start()
    outbox.finish(b"bye")
    reader.join(PATIENCE)
    assert heard == [b""]
    assert read_exactly(peer, 3) == b"bye"


def test_a_reader_that_finishes_by_itself_may_read_on(ours):
    outbox = make(ours)
    outbox.finish(b"bye", wakes_reader=False)
    ours.setblocking(False)
    with pytest.raises(BlockingIOError):
        ours.recv(4)  # nothing has come yet, and it is not the end


def test_a_peer_that_resets_is_noticed_and_harms_nobody(ours, peer):
    outbox = make(ours)
    stall(outbox)
    reset(peer)
    while outbox.flush():
        pass  # the reset is on its way
    assert outbox.is_drained
    outbox.push(b"into the void")
    outbox.finish(b"bye")
    outbox.expire(1e12)
    assert (outbox.waiting_bytes, outbox.is_slow) == (0, False)


def test_an_abandoned_outbox_keeps_nothing_and_takes_nothing(ours):
    outbox = make(ours)
    stall(outbox)
    outbox.abandon()
    outbox.push(b"more")
    assert (outbox.waiting_bytes, outbox.is_drained) == (0, True)
