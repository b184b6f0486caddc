"""Looking at a real server: what a snapshot says of it, and what it cannot say."""

import pytest
from sight_rig import held_by, standing

from messages import Rename, Said, Say
from net.address import lan_host
from protocol import encode
from sight.tap import tap
from watch.observer import Observer
from watch.privacy import count, keep


@pytest.fixture
def observer(server):
    return Observer(server.chat)


def test_people_and_lines_are_counted(observer, join):
    ana = join("ana")
    join("bob")
    ana.send(Say("k1", "#lobby", "hi"))
    ana.hear(Said)
    snapshot = observer.take()
    assert (snapshot.people, snapshot.lines) == (2, 1)
    assert snapshot.threads >= len(snapshot.standings) == 6


def test_readers_stand_in_the_order_of_their_names(observer, join):
    for name in ("cy", "ana", "Bob"):
        join(name)
    readers = [
        one.who for one in observer.take().standings if one.frames_in is not None
    ]
    assert readers == ["ana", "Bob", "cy"]


def test_who_has_not_said_hello_is_an_address(seats, server, connect):
    connect()
    seats.wait_for(lambda: standing(server, "127.0.0.1"))


def test_who_is_renamed_is_seen_under_the_new_name(seats, server, join):
    ana = join("ana")
    ana.send(Rename("n1", "anna"))
    seats.wait_for(lambda: standing(server, "anna"))
    assert not standing(server, "ana")


def test_looking_takes_no_lock_that_a_reader_may_hold(observer, server, join):
    join("ana")
    with held_by("teacher", server.chat.clients_lock):
        snapshot = observer.take()
        assert observer.names() == ["ana"]
    assert snapshot.lock.holder == "teacher"
    assert snapshot.people == 1


def test_a_text_cannot_move_the_cursor(observer, join):
    ana = join("ana")
    tap.open(keep, count)
    ana.send(Say("k1", "#lobby", "up\u202e\nand\taway"))
    ana.hear(Said)
    ana.send_bytes(encode(Say("k2", "#lobby", "x")).replace(b"x", b"\x1b"))
    ana.next()
    for frame in observer.take().wire:
        assert frame.text.isprintable()


def test_a_record_of_several_lines_is_shown_by_its_first(server):
    log = ("a reader crashed\nTraceback ...\n  File", "bob\x1b joined")
    snapshot = Observer(server.chat, lambda _count: log).take()
    assert snapshot.log == ("a reader crashed", "bob^[ joined")


def test_a_fan_out_is_one_frame_to_so_many(observer, join):
    ana, bob, cy = (join(name) for name in ("ana", "bob", "cy"))
    tap.open(keep, count)
    ana.send(Say("k1", "#lobby", "hi"))
    for peer in (ana, bob, cy):
        peer.hear(Said)
    told = [(f.sender, f.to, f.text.split(" | ")[0]) for f in observer.take().wire]
    assert told[0] == ("ana", "server", "say")
    assert ("server", "*3", "said") in told


def test_how_others_come_in_is_what_they_must_type(start_server):
    here, open_to_all = start_server(), start_server(lan=True)
    for server, host in ((here, "127.0.0.1"), (open_to_all, lan_host())):
        join = f"python client.py NAME {host}:{server.port}"
        assert Observer(server.chat).take().join == join
