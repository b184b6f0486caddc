"""The door: who may come in, who must go, and that nobody can keep it from closing."""

import threading

import pytest
from tcp_rig import PATIENCE, read_exactly, read_rest, tcp_pair

from messages import Bye, Ping
from net.door import MOST_LEAVING, Door
from net.limits import Limits
from protocol import Decoder, decode_report, encode

FULL = Bye("full", "too many are connected", retry=10)


class Watcher:
    def watch(self, outbox):
        pass  # nothing here fills a socket


class Clock:
    now = 1000.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock(monkeypatch):
    clock = Clock()
    monkeypatch.setattr("net.door.monotonic", clock)
    monkeypatch.setattr("net.connection.monotonic", clock)
    return clock


@pytest.fixture
def knock():
    """knock(door, address) -> the connection or None, and the peer's end."""
    made = []

    def knock(door, address="10.0.0.7"):
        ours, peer = tcp_pair()
        made.extend([ours, peer])
        return door.admit(ours, address), peer

    yield knock
    for sock in made:
        sock.close()


def make(most=10, per_address=5):
    return Door(Watcher(), Limits(), most, per_address)


def report(peer):
    head = read_exactly(peer, 4)
    (payload,) = Decoder().feed(head + read_exactly(peer, int.from_bytes(head, "big")))
    return decode_report(payload)


def test_one_too_many_is_told_so_until_somebody_goes(knock):
    door = make(most=2)
    first, _ = knock(door)
    assert knock(door)[0]
    refused, peer = knock(door)
    assert refused is None
    assert read_rest(peer) == encode(FULL)
    door.forget(first)
    assert knock(door)[0]


def test_who_is_turned_away_has_a_moment_to_hear_why(knock, clock):
    door = make(most=0)
    _, peer = knock(door)
    ((_, refused),) = door._leaving
    door.check_pulses()
    peer.sendall(encode(Ping("p1")))  # said before it heard: no reset may answer it
    assert read_rest(peer) == encode(FULL)
    clock.now += Limits().drain
    door.check_pulses()
    assert not door._leaving
    assert refused._sock.fileno() == -1


def test_a_crowd_that_is_turned_away_takes_few_descriptors(knock, clock):
    door = make(most=0)
    peers = [knock(door)[1] for _ in range(MOST_LEAVING + 3)]
    assert len(door._leaving) == MOST_LEAVING
    assert all(read_rest(peer) == encode(FULL) for peer in peers)
    door.empty(Bye("shutdown"), 0.0)
    assert not door._leaving


def test_one_address_cannot_take_all_the_places(knock):
    door = make(per_address=2)
    first, _ = knock(door, "10.0.0.7")
    assert knock(door, "10.0.0.7")[0]
    assert knock(door, "10.0.0.7")[0] is None
    assert knock(door, "10.0.0.8")[0]
    door.forget(first)
    assert knock(door, "10.0.0.7")[0]
    assert knock(door, "10.0.0.7")[0] is None


@pytest.mark.parametrize("address", ["127.0.0.1", "127.9.9.9", "::1"])
def test_programs_on_this_machine_may_be_many(knock, address):
    door = make(per_address=1)
    assert all(knock(door, address)[0] for _ in range(5))


def test_who_is_turned_away_takes_no_place(knock):
    door = make(most=1)
    first, _ = knock(door)
    for _ in range(5):
        knock(door)
    door.forget(first)
    assert knock(door)[0]
    assert door._addresses == {"10.0.0.7": 1}


def test_addresses_of_who_went_are_not_kept(knock):
    door = make()
    for number in range(3):
        connection, _ = knock(door, f"10.0.0.{number}")
        door.forget(connection)
    assert len(door._addresses) == 0


def test_a_socket_that_is_gone_already_is_no_connection():
    door = make()
    ours, peer = tcp_pair()
    peer.close()
    ours.close()
    assert door.admit(ours, "10.0.0.7") is None
    assert door.everybody() == []


def test_who_is_silent_is_pinged_and_then_sent_away(knock, clock):
    door = make()
    connection, peer = knock(door)
    connection.pulse.is_logged_in = True
    connection.pulse.hear(clock.now, is_inside_frame=False, had_frames=True)
    clock.now += 21
    door.check_pulses()
    ping = report(peer)
    assert isinstance(ping, Ping)
    assert ping.token
    clock.now += 25
    door.check_pulses()
    assert report(peer) == Bye("ping-timeout", "no answer any more")
    door.check_pulses()  # it is not closed yet: the reader does that
    connection.close(None)
    assert read_rest(peer) == b""


def test_who_says_nothing_at_all_is_sent_away(knock, clock):
    door = make()
    _connection, peer = knock(door)
    clock.now += 4
    door.check_pulses()
    assert report(peer).code == "login-timeout"


def test_emptying_sends_everybody_away_and_waits_for_them(knock):
    door = make()
    guests = [knock(door) for _ in range(3)]

    def leave(connection):
        assert connection.receive() == b""  # as a reader that is told to stop
        door.forget(connection)

    readers = [threading.Thread(target=leave, args=[c]) for c, _ in guests]
    for reader in readers:
        reader.start()
    door.empty(Bye("shutdown"), PATIENCE)
    assert door.is_empty.is_set()
    assert [report(peer).code for _, peer in guests] == ["shutdown"] * 3
    for reader in readers:
        reader.join(PATIENCE)


def test_emptying_does_not_wait_for_who_will_not_go(knock):
    door = make()
    _connection, peer = knock(door)
    door.empty(Bye("shutdown"), 0.05)
    assert not door.is_empty.is_set()
    assert report(peer).code == "shutdown"


def test_emptying_an_empty_house_does_not_wait():
    emptying = threading.Thread(target=make().empty, args=[Bye("shutdown"), 60.0])
    emptying.start()
    emptying.join(PATIENCE)
    assert not emptying.is_alive()


def test_a_newcomer_makes_it_not_empty_again(knock):
    door = make()
    connection, _ = knock(door)
    door.forget(connection)
    assert door.is_empty.is_set()
    knock(door)
    assert not door.is_empty.is_set()
