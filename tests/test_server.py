"""What people experience: one real server, real sockets, the wire's own words."""

import logging
import socket
import threading

import pytest
from conftest import PATIENCE, Peer, expected

from chat.log import open_log
from chat.refusal import StorageError
from messages import (
    Bye,
    Error,
    Hello,
    Join,
    Joined,
    Leave,
    Left,
    Ok,
    Ping,
    Pong,
    Quit,
    Said,
    Say,
    Tell,
    Told,
    Users,
    Welcome,
    Who,
)
from net.limits import Limits
from protocol import VERSION, encode

SESSION = "00112233445566778899aabbccddeeff"


def say(text, id="k1"):
    return Say(id, "#lobby", text)


def codes(reports):
    return [r.code for r in reports if isinstance(r, Error | Bye)]


# -- Talking -----------------------------------------------------------------------


def test_a_line_reaches_everybody_and_its_author_knows_it_by_its_id(join):
    ana, bob = join("ana"), join("bob")
    ana.send(say("привет 👋", "k7"))

    heard = bob.hear(Said)
    assert (heard.room, heard.sender, heard.text) == ("#lobby", "ana", "привет 👋")
    own = ana.hear(Said)
    assert own == heard
    assert own.id == "k7"


def test_an_empty_room_is_the_lobby_and_a_room_is_found_in_any_case(join):
    ana = join("ana")
    ana.send(Say("k1", "", "one"), Say("k2", "#LOBBY", "two"))
    assert [ana.hear(Said).room, ana.hear(Said).room] == ["#lobby", "#lobby"]


def test_everybody_sees_the_same_lines_in_the_same_order(join):
    people = [join(name) for name in ("ana", "bob", "mei", "sam")]
    threads = [
        threading.Thread(
            target=person.send, args=[say(f"{n} {i}", f"k{i}") for i in range(100)]
        )
        for n, person in enumerate(people)
    ]
    for thread in threads:
        thread.start()
    seen = [[person.hear(Said) for _ in range(400)] for person in people]

    assert all(lines == seen[0] for lines in seen)
    seqs = [line.seq for line in seen[0]]
    assert seqs == sorted(set(seqs))
    for thread in threads:
        thread.join(PATIENCE)


def test_a_private_line_reaches_both_sides_and_nobody_else(join):
    ana, bob, mei = join("ana"), join("bob"), join("mei")
    ana.send(Tell("k1", "BOB", "psst"), say("aloud", "k2"))

    told = bob.hear(Told)
    assert (told.sender, told.to, told.text) == ("ana", "bob", "psst")
    assert ana.hear(Told) == told
    assert mei.next().text == "aloud"  # and nothing before it


def test_a_private_line_to_oneself_comes_once(join):
    ana = join("ana")
    ana.send(Tell("t1", "ana", "note"), Ping("after"))
    assert ana.hear(Told).text == "note"
    ana.send(say("next", "k2"))
    assert isinstance(next(r for r in ana.reports if not isinstance(r, Pong)), Said)


def test_a_private_line_to_nobody_is_refused(join):
    ana = join("ana")
    ana.send(Tell("k1", "nobody\x1b", "hi"))
    refused = ana.hear(Error)
    assert (refused.id, refused.code) == ("k1", "no-such-user")


def test_a_line_sent_again_keeps_its_seq_and_is_told_to_its_author_alone(join):
    ana, bob = join("ana"), join("bob")
    ana.send(say("once"), say("once"), say("end", "k2"))

    first, again, end = (ana.hear(Said) for _ in range(3))
    assert again.seq == first.seq
    assert [bob.hear(Said).text, bob.hear(Said).text] == ["once", "end"]
    assert end.seq > first.seq


def test_the_same_id_of_two_people_is_two_lines(join):
    ana, bob = join("ana"), join("bob")
    ana.send(say("from ana"))
    assert bob.hear(Said).sender == "ana"
    bob.send(say("from bob"))
    assert bob.hear(Said).sender == "bob"


def test_a_line_of_4000_characters_passes_and_one_more_does_not(join):
    ana = join("ana")
    ana.send(say("漢" * 4000, "k1"))
    assert ana.hear(Said).text == "漢" * 4000
    ana.send_payload(b"say\0k2\0\0" + b"x" * 4001)
    assert ana.hear(Error).code == "bad-text"


# -- Coming and going --------------------------------------------------------------


def test_a_newcomer_learns_who_is_here_and_the_others_learn_of_it(join, connect):
    ana = join("ana")
    bob = connect()
    bob.send(Hello(VERSION, "bob", SESSION))

    welcome = bob.next()
    assert isinstance(welcome, Welcome)
    assert (welcome.name, welcome.resumed) == ("bob", "no")
    assert "history=memory" in welcome.facts
    assert bob.next() == Users("", "#lobby", ("ana", "bob"))
    assert ana.hear_joined("bob") == Joined("#lobby", ("bob",))


def test_who_quits_is_answered_and_announced_and_the_name_is_free_at_once(join):
    ana, bob = join("ana"), join("bob")
    bob.send(Quit())
    assert bob.rest()[-1] == Bye("quit")
    assert ana.hear(Left) == Left("#lobby", "quit", ("bob",))
    join("bob")
    assert ana.hear_joined("bob")


@pytest.mark.parametrize("vanish", [Peer.close, Peer.reset])
def test_who_vanishes_is_announced_as_lost(join, vanish):
    ana, bob = join("ana"), join("bob")
    vanish(bob)
    assert ana.hear(Left) == Left("#lobby", "lost", ("bob",))


def test_a_taken_name_is_asked_again_on_the_same_connection(join, connect):
    join("ana")
    other = connect()
    other.send(Hello(VERSION, "Ana"))
    assert other.next().code == "name-taken"
    other.send(Hello(VERSION, "bob"))
    assert other.next().name == "bob"


def test_two_hundred_ask_for_one_name_and_exactly_one_gets_it(server, connect):
    peers = [connect() for _ in range(200)]
    for peer in peers:
        peer.send(Hello(VERSION, "ana"))
    answers = [peer.next() for peer in peers]
    assert sum(isinstance(answer, Welcome) for answer in answers) == 1
    assert codes(answers) == ["name-taken"] * 199


@pytest.mark.parametrize("name", ["ＡＮＡ", "ANA", "аna", "server", "a\u202eb", ""])
def test_nobody_can_pose_as_somebody_else(join, connect, name):
    join("ana")
    other = connect()
    other.send(Hello(VERSION, name))
    assert other.next().code in {"name-taken", "bad-name"}


def test_who_asks_learns_who_is_here_sorted(join):
    ana, _bob = join("mei"), join("bob")
    ana.send(Who("w1"), Who("w2", "#lobby"), Who("w3", "#nowhere"))
    answers = [ana.hear(Users) for _ in range(3)]
    assert answers[0] == Users("w1", "", ("bob", "mei"))
    assert answers[1] == Users("w2", "#lobby", ("bob", "mei"))
    assert answers[2] == Users("w3", "#nowhere", ())


def test_who_left_the_room_neither_hears_nor_speaks_there_until_back(join):
    ana, bob = join("ana"), join("bob")
    bob.send(Leave("l1", "#lobby"))
    assert bob.hear(Ok).id == "l1"
    assert ana.hear(Left) == Left("#lobby", "left", ("bob",))

    bob.send(say("unheard", "k1"))
    assert bob.next() == Error("k1", "not-in-room", "you are not in #lobby")
    ana.send(say("unheard too"))
    assert ana.hear(Said).sender == "ana"
    bob.send(Join("j1", "#lobby"))
    assert bob.next() == Ok("j1")  # and not ana's line
    assert bob.next() == Users("", "#lobby", ("ana", "bob"))


def test_the_same_secret_is_welcome_whatever_its_case(join):
    assert join("ana", session=SESSION.upper()).welcome.name == "ana"


# -- What the peer gets wrong --------------------------------------------------------


def test_before_hello_nothing_is_served_but_ping_and_quit(connect):
    peer = connect()
    peer.send(say("too early"), Who("w1"), Ping("t"), Quit())
    early, who, pong, bye = peer.rest()
    assert (early.id, early.code) == ("k1", "not-logged-in")
    assert (who.id, who.code) == ("w1", "not-logged-in")
    assert (pong, bye) == (Pong("t"), Bye("quit"))


def test_a_second_hello_and_another_version_are_refused(join, connect):
    ana = join("ana")
    ana.send(Hello(VERSION, "bob"))
    assert ana.next().code == "already-logged-in"
    stranger = connect()
    stranger.send(Hello("2", "bob"))
    assert codes(stranger.rest()) == ["version"]


def test_a_wrong_message_is_refused_and_the_connection_stays(join):
    ana = join("ana")
    for payload in (
        b"nope",
        b"say\0k1\0\0\xff",
        b"say\0k2\0\0a\x1b[2Jb",
        b"say\0?\0\0x",
    ):
        ana.send_payload(payload)
    ana.send(say("still here"))
    refused = [ana.hear(Error).code for _ in range(4)]
    assert refused == ["bad-verb", "bad-utf8", "bad-text", "bad-field"]
    assert ana.hear(Said).text == "still here"


def test_ten_wrong_messages_in_a_row_end_it_and_nine_do_not(join):
    ana = join("ana")
    for _ in range(9):
        ana.send_payload(b"nope")
    ana.send(Ping("sense"))
    for _ in range(10):
        ana.send_payload(b"nope")
    assert codes(ana.rest()) == ["bad-verb"] * 19 + ["bad-frame"]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        ("00000000", "bad-frame"),
        ("00010001", "frame-too-large"),
        ("00ffffff", "frame-too-large"),
        ("ffffffff", "frame-too-large"),
    ],
)
def test_a_frame_that_cannot_be_ends_the_connection_on_its_header(join, data, code):
    ana = join("ana")
    ana.send_bytes(encode(say("before")) + bytes.fromhex(data))
    said, bye = ana.rest()
    assert (said.text, bye.code) == ("before", code)


@pytest.mark.parametrize(
    ("first", "answer"),
    [
        (b"GET / HTTP/1.1\r\nHost: x\r\n\r\n", b"HTTP/1.0 400"),
        (bytes.fromhex("16030100f8010000f40303"), b"\x15\x03\x01\x00\x02\x02\x46"),
        (b"SSH-2.0-OpenSSH_9.2\r\n", b"This is a Homeroom chat server"),
        (b"hello?\n", b"This is a Homeroom chat server"),
    ],
)
def test_a_stranger_gets_an_answer_it_can_show_and_is_closed(connect, first, answer):
    stranger = connect()
    stranger.send_bytes(first)
    assert stranger.raw_rest().startswith(answer)


def test_bytes_one_at_a_time_make_a_line(join):
    ana = join("ana")
    for byte in encode(say("dribble")):
        ana.send_bytes(bytes([byte]))
    assert ana.hear(Said).text == "dribble"


def test_two_hundred_frames_in_one_segment_are_all_heard_in_order(join):
    ana = join("ana")
    ana.send(*[say(str(i), f"k{i}") for i in range(200)])
    assert [ana.hear(Said).text for _ in range(200)] == [str(i) for i in range(200)]


def test_a_frame_cut_at_any_byte_harms_nobody_and_leaves_no_thread(join):
    ana = join("ana")
    frame = encode(say("never whole"))
    for cut in range(len(frame)):
        victim = join(f"bob{cut}")
        victim.send_bytes(frame[:cut])
        victim.reset() if cut % 2 else victim.close()

    gone = set()
    while len(gone) < len(frame):
        gone |= set(ana.hear(Left).names)
    ana.send(say("unharmed"))
    assert ana.hear(Said).text == "unharmed"
    for thread in threading.enumerate():
        if thread.name.startswith("reader bob"):
            thread.join(PATIENCE)
            assert not thread.is_alive()


def test_the_answers_to_what_was_said_before_come_before_the_bye(join):
    ana = join("ana")
    ana.send(say("one", "k1"), Who("w1"), say("two", "k2"), Quit())
    said = [r.text for r in (*ana.rest(),) if isinstance(r, Said)]
    assert said == ["one", "two"]


# -- Deadlines -----------------------------------------------------------------------


SHORT = Limits(first_byte=0.1, login=0.4, drain=0.05)


def test_a_peer_that_says_nothing_is_sent_away(start_server, connect):
    silent = connect(start_server(SHORT))
    assert codes(silent.rest()) == ["login-timeout"]


def test_a_peer_that_never_logs_in_is_sent_away(start_server, connect):
    peer = connect(start_server(SHORT))
    peer.send(Ping("1"))
    assert codes(peer.rest()) == ["login-timeout"]


def test_a_frame_must_end_in_time_however_slowly_it_grows(start_server, join):
    limits = Limits(frame=0.3, drain=0.05)  # and all the time to log in
    ana = join("ana", start_server(limits))
    ana.send_bytes(b"\0\0\0\x10say")
    assert codes(ana.rest()) == ["bad-frame"]


def test_who_does_not_answer_a_ping_is_gone_and_who_does_stays(start_server, connect):
    limits = Limits(ping_after=0.2, silence=2.0, drain=0.05)
    server = start_server(limits)
    ana, dead = connect(server), connect(server)
    ana.log_in("ana")
    dead.send(Hello(VERSION, "bob"))

    left = ana.hear(Left)  # ana answers pings while waiting (conftest)
    assert left == Left("#lobby", "lost", ("bob",))
    ana.send(say("alive"))
    assert ana.hear(Said).text == "alive"


# -- Too much ------------------------------------------------------------------------


def test_who_floods_is_held_up_and_loses_nothing(start_server, join):
    server = start_server(rate=100.0, burst=5)
    ana = join("ana", server)
    ana.send(*[say(str(i), f"k{i}") for i in range(40)])
    assert [ana.hear(Said).text for _ in range(40)] == [str(i) for i in range(40)]


def test_a_flood_does_not_hold_up_others(start_server, join):
    server = start_server(rate=0.001, burst=4)  # hello takes one
    bob = join("bob", server)
    ana = join("ana", server)
    ana.send(*[say(str(i), f"k{i}") for i in range(10)])
    assert [bob.hear(Said).text for _ in range(3)] == ["0", "1", "2"]
    bob.send(say("unharmed"))
    assert bob.hear(Said).text == "unharmed"  # and not ana's fourth


def test_one_too_many_is_told_so(start_server, join, connect):
    server = start_server(max_clients=2)
    join("ana", server)
    join("bob", server)
    assert codes(connect(server).rest()) == ["full"]


def test_who_stops_reading_is_dropped_and_nobody_else_notices(start_server, join):
    server = start_server(Limits(outbox_bytes=1 << 18, linger=0.1, drain=0.05))
    ana, mei = join("ana", server), join("mei", server)
    join("bob", server, receive_buffer=4096)  # and never reads again
    bobs_outbox = server.chat.clients["bob"].outbox

    for i in range(10_000):
        ana.send(say("x" * 4000, f"k{i}"))
        assert mei.hear(Said).id == f"k{i}"
        if bobs_outbox.is_slow:
            break
    assert mei.hear(Left) == Left("#lobby", "slow", ("bob",))
    ana.send(say("unharmed", "end"))
    assert mei.hear(Said).text == "unharmed"


def test_the_slow_one_finds_the_reason_when_it_reads_again(start_server, join):
    server = start_server(Limits(outbox_bytes=1 << 18, linger=PATIENCE, drain=0.05))
    ana = join("ana", server)
    bob = join("bob", server, receive_buffer=4096)
    bobs_outbox = server.chat.clients["bob"].outbox
    for i in range(5000):
        ana.send(say("x" * 4000, f"k{i}"))
        ana.hear(Said)
        if bobs_outbox.is_slow:
            break
    assert bob.rest()[-1].code == "slow-consumer"


# -- Our own mistakes ----------------------------------------------------------------


def test_a_bug_ends_one_request_alone_and_is_logged_once(join, caplog, monkeypatch):
    ana = join("ana")
    monkeypatch.setattr("chat.enquiries.Enquiries.who", lambda *_: 1 / 0)
    ana.send(Who("w1"), say("still here"))

    assert ana.hear(Error) == Error("w1", "internal", "the server made a mistake")
    assert ana.hear(Said).text == "still here"
    assert expected(caplog, "could not answer Who") == 1


def test_a_log_that_cannot_be_written_refuses_lines_and_recovers(start_server, join):
    class Full:
        def __init__(self, log):
            self.log = log
            self.is_full = True

        def __getattr__(self, name):
            return getattr(self.log, name)

        def append(self, *args):
            if self.is_full:
                raise StorageError("the disk is full")
            return self.log.append(*args)

    full = Full(open_log("memory"))
    ana = join("ana", start_server(log=full))
    logging.getLogger("homeroom").disabled = True  # the refusal is not a crash
    try:
        ana.send(say("lost"))
        assert ana.hear(Error).code == "storage"
    finally:
        logging.getLogger("homeroom").disabled = False
    full.is_full = False
    ana.send(say("kept"))
    assert ana.hear(Said).text == "kept"


# -- The end -------------------------------------------------------------------------


def test_everybody_hears_of_the_end_also_who_never_said_hello(server, join, connect):
    ana, silent = join("ana"), connect()
    silent.send(Ping("1"))
    assert silent.next() == Pong("1")
    server.chat.stop()
    assert codes(ana.rest()) == ["shutdown"]
    assert codes(silent.rest()) == ["shutdown"]
    server.thread.join(PATIENCE)
    assert server.exit_code == 0


def test_who_does_not_read_cannot_keep_the_server_from_stopping(start_server, join):
    server = start_server(Limits(outbox_bytes=1 << 24, stall=60, linger=60))
    ana = join("ana", server)
    join("bob", server, receive_buffer=4096)
    for i in range(1500):
        ana.send(say("x" * 4000, f"k{i}"))
        ana.hear(Said)
    assert server.chat.clients["bob"].outbox.waiting_bytes
    server.chat.stop()
    server.thread.join(PATIENCE)  # much less than bob would be waited for
    assert not server.thread.is_alive()


def test_every_thread_has_a_name(server, join):
    join("ana")
    names = {thread.name for thread in threading.enumerate()}
    assert {"scribe", "flusher", "clock", "reader ana"} <= names


def test_a_connection_works_over_ipv6_too(start_server):
    from net.listener import open_listeners

    try:
        (listener,) = open_listeners("::1", 0)
    except OSError:
        pytest.skip("this machine has no IPv6")
    with listener, socket.create_connection(listener.getsockname()[:2]):
        assert listener.getsockname()[0] == "::1"
