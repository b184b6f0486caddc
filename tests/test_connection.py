"""One connection alone: what comes out of it, how it ends, and that the bye arrives."""

import os
import socket
import threading
from time import monotonic

import pytest
from tcp_rig import PATIENCE, read_exactly, read_rest, reset, tcp_pair

from messages import Bye, Notice
from net.connection import FIRST_READ, LARGEST_READ, Connection, is_readable
from net.limits import Limits
from protocol import FrameError, encode

LIMITS = Limits(linger=0.2, drain=0.2)


class Watcher:
    def watch(self, outbox):
        pass  # nothing is flushed here


@pytest.fixture
def connect():
    made = []

    def connect(small=False, limits=LIMITS, patience=None, recorder=None):
        ours, peer = tcp_pair(small)
        made.extend([ours, peer])
        made_of = (ours, "1.2.3.4", Watcher(), limits, patience, recorder)
        return Connection(*made_of), peer

    yield connect
    for sock in made:
        sock.close()


def payload(text):
    return encode(Notice(text))[4:]


def running(body, *args):
    thread = threading.Thread(target=body, args=args, daemon=True)
    thread.start()
    return thread


# -- Reading ---------------------------------------------------------------------


def test_payloads_come_out_however_the_bytes_were_cut(connect):
    connection, peer = connect()
    data = encode(Notice("one")) + encode(Notice("two")) + encode(Notice("three"))
    found = connection.payloads()
    peer.sendall(data[:9])
    peer.sendall(data[9:-1])
    assert [next(found), next(found)] == [payload("one"), payload("two")]
    peer.sendall(data[-1:])
    assert next(found) == payload("three")
    peer.close()
    assert list(found) == []


def test_each_read_gives_what_it_completes(connect):
    connection, _ = connect()
    data = encode(Notice("one")) + encode(Notice("two"))
    assert list(connection.cut(data[:5])) == []
    assert list(connection.cut(data[5:-1])) == [payload("one")]
    assert list(connection.cut(data[-1:])) == [payload("two")]


def test_the_whole_frames_before_a_wrong_one_come_first(connect):
    connection, peer = connect()
    peer.sendall(encode(Notice("good")) + bytes(4))
    found = connection.payloads()
    assert next(found) == payload("good")
    with pytest.raises(FrameError):
        next(found)


def test_reads_grow_while_they_come_back_full_and_shrink_again(connect):
    connection, peer = connect()
    peer.sendall(bytes(300_000))
    sizes, total = [], 0
    while total < 300_000:
        sizes.append(len(connection.receive()))
        total += sizes[-1]
    assert sizes[0] <= FIRST_READ
    assert FIRST_READ < max(sizes) <= LARGEST_READ
    peer.sendall(bytes(10))
    assert len(connection.receive()) == 10
    peer.sendall(bytes(20_000))
    assert len(connection.receive()) <= FIRST_READ


@pytest.mark.parametrize("vanish", [socket.socket.close, reset])
def test_a_peer_that_is_gone_reads_as_the_end(connect, vanish):
    connection, peer = connect()
    vanish(peer)
    assert connection.receive() == b""


def test_a_blocked_reader_wakes_when_somebody_else_finishes(connect):
    connection, peer = connect()
    heard = []
    reader = running(lambda: heard.append(connection.receive()))
    connection.finish(Bye("shutdown"))
    reader.join(PATIENCE)
    assert heard == [b""]
    assert read_exactly(peer, len(encode(Bye("shutdown")))) == encode(Bye("shutdown"))


def test_after_the_bye_nothing_more_is_read(connect):
    connection, peer = connect()
    peer.sendall(b"too late")
    connection.finish(Bye("replaced"))
    assert connection.receive() == b""


def test_patience_ends_with_a_silent_peer_and_not_with_a_talking_one(connect):
    connection, peer = connect(patience=0.05)
    peer.sendall(b"hello")
    assert connection.receive() == b"hello"
    assert connection.receive() == b""


def test_the_pulse_learns_that_a_frame_has_begun_and_not_ended(connect):
    connection, peer = connect()
    frame = encode(Notice("whole"))
    peer.sendall(frame + frame[:6])
    found = connection.payloads()
    next(found)
    reader = running(next, found, None)
    while connection.pulse._frame_began_at is None:
        assert reader.is_alive()
    assert connection.pulse.due(monotonic() + LIMITS.frame + 1) == "bad-frame"
    peer.close()
    reader.join(PATIENCE)


def test_while_held_up_its_silence_proves_nothing_and_a_hang_up_ends_it(connect):
    connection, _peer = connect()
    reader = running(connection.hold_up, 60.0)
    while not connection.pulse.is_throttled:
        assert reader.is_alive()
    assert connection.pulse.due(monotonic() + 1000) is None
    connection.finish(Bye("shutdown"))
    reader.join(PATIENCE)
    assert not reader.is_alive()
    assert not connection.pulse.is_throttled


# -- The recorder ----------------------------------------------------------------


class Recorder:
    """Writes down what it is told; `peer` must not have heard of it before."""

    def __init__(self, is_on=True):
        self.is_on = is_on
        self.told = []

    def received(self, begun, data):
        self.told.append((begun, data))

    def sent(self, frame):
        self.told.append(frame)


def test_a_recorder_is_told_what_each_recv_brings_and_what_had_begun(connect):
    connection, peer = connect(recorder=(recorder := Recorder()))
    frame = encode(Notice("one"))
    peer.sendall(frame[:5])
    reading = running(next, found := connection.payloads())
    while not recorder.told:
        assert reading.is_alive()
    peer.sendall(frame[5:])
    reading.join(PATIENCE)
    assert recorder.told == [(b"", frame[:5]), (frame[:5], frame[5:])]
    peer.close()
    assert list(found) == []
    assert recorder.told[2:] == [(b"", b"")]


def test_a_recorder_is_told_what_is_sent_before_an_answer_can_come(connect):
    connection, peer = connect(recorder=(recorder := Recorder()))
    connection.send(Notice("hi"))
    assert recorder.told == [encode(Notice("hi"))]
    assert read_exactly(peer, len(recorder.told[0])) == recorder.told[0]


def test_a_recorder_that_is_off_is_told_nothing(connect):
    connection, peer = connect(recorder=(recorder := Recorder(is_on=False)))
    peer.sendall(b"hello")
    connection.send(Notice("hi"))
    assert connection.receive() == b"hello"
    assert recorder.told == []


# -- Closing ---------------------------------------------------------------------


def test_the_last_words_arrive_although_input_waits_that_nobody_read(connect):
    connection, peer = connect(limits=Limits(linger=PATIENCE, drain=PATIENCE))
    peer.sendall(bytes(100_000))
    closing = running(connection.close, b"bye")
    assert read_rest(peer) == b"bye"
    peer.shutdown(socket.SHUT_WR)
    closing.join(PATIENCE)
    assert not closing.is_alive()
    # A reset, which elsewhere than on Linux destroys what the peer has not read yet:
    assert peer.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR) == 0


def test_a_peer_that_keeps_talking_cannot_keep_it_open(connect):
    connection, peer = connect()
    stop = threading.Event()

    def talk():
        try:
            while not stop.is_set():
                peer.sendall(bytes(1000))
        except OSError:
            pass  # closed at last

    talking = running(talk)
    connection.close(b"bye")
    talking.join(PATIENCE)
    stop.set()
    assert not talking.is_alive()


def test_it_waits_for_the_last_words_of_another_thread(connect):
    connection, peer = connect(limits=Limits(linger=PATIENCE, drain=0.01))
    closing = running(connection.close, None)
    connection.outbox.push(b"answer ")
    connection.outbox.finish(b"bye", wakes_reader=False)
    assert read_rest(peer) == b"answer bye"
    closing.join(PATIENCE)
    assert not closing.is_alive()


def test_it_does_not_wait_for_ever_for_last_words_that_never_come(connect):
    connection, peer = connect()
    connection.close(None)
    assert read_rest(peer) == b""


def test_a_peer_that_takes_nothing_cannot_keep_it_open(connect):
    connection, _peer = connect(small=True)
    connection.outbox.push(bytes(1_000_000))
    closing = running(connection.close, b"bye")
    closing.join(PATIENCE)
    assert not closing.is_alive()
    assert connection.outbox.waiting_bytes == 0


def test_closing_after_the_peer_vanished_is_no_error(connect):
    connection, peer = connect()
    reset(peer)
    connection.close(b"bye")
    connection.outbox.push(b"nobody is there")


def test_who_is_turned_away_hears_why(connect):
    connection, peer = connect()
    connection.turn_away(Bye("full"))
    assert read_rest(peer) == encode(Bye("full"))
    connection.drop()


def test_who_is_turned_away_while_it_talks_hears_why_without_a_reset(connect):
    connection, peer = connect()
    peer.sendall(b"before")
    connection.turn_away(Bye("full"))
    peer.sendall(b"after")  # a closed socket would answer this with a reset
    assert read_rest(peer) == encode(Bye("full"))
    connection.drop()


def test_who_is_turned_away_and_gone_already_is_no_error(connect):
    connection, peer = connect()
    reset(peer)
    connection.turn_away(Bye("full"))
    connection.drop()


# -- The socket ------------------------------------------------------------------


def test_small_lines_go_out_at_once_and_dead_peers_are_noticed(connect):
    connection, _peer = connect()
    option = connection._sock.getsockopt
    assert option(socket.IPPROTO_TCP, socket.TCP_NODELAY)
    assert option(socket.SOL_SOCKET, socket.SO_KEEPALIVE)


def test_the_system_keeps_little_for_a_peer_that_does_not_read(connect):
    connection, _never_reads = connect()
    outbox, sent = connection.outbox, 0
    while not outbox.waiting_bytes:
        outbox.push(bytes(10_000))
        sent += 10_000
    assert sent < 1 << 20, "by itself Linux takes 2.7 to 3.8 MiB here"


def test_waiting_for_input_works_above_descriptor_1023():
    resource = pytest.importorskip("resource")
    if resource.getrlimit(resource.RLIMIT_NOFILE)[0] < 1_600:
        pytest.skip("this process may not have so many descriptors")
    ours, peer = tcp_pair()
    with ours, peer, socket.socket(fileno=os.dup2(ours.fileno(), 1_555)) as high:
        assert not is_readable(high, 0.0)
        peer.sendall(b"!")
        assert is_readable(high, PATIENCE)
