"""The wire: it remembers little, wakes once, and costs nothing while it is closed."""

import pytest

from messages import Hello, Notice, Ping, Say
from protocol import encode
from tui.wire import KEPT, Wire

PING = encode(Ping("a"))


class Woken:
    """Counts how often the screen was woken."""

    def __init__(self):
        self.count = 0

    def __call__(self):
        self.count += 1


@pytest.fixture
def wire():
    wire = Wire(Woken())
    wire.switch()
    return wire


def calls(entries):
    return [(entry.way, entry.call, entry.size, entry.is_first) for entry in entries]


def test_each_recv_and_each_send_has_its_number():
    wire = Wire()
    wire.switch()
    wire.sent(PING)
    wire.received(b"", PING[:3])
    wire.received(PING[:3], PING[3:] + PING)
    assert calls(wire.take()) == [
        ("send", 1, 10, True),
        ("recv", 1, 3, True),
        ("recv", 2, 17, True),
        ("recv", 2, 17, False),
    ]


def test_what_was_begun_before_the_wire_was_opened_is_understood(wire):
    frame = encode(Notice("hello"))
    wire.received(frame[:6], frame[6:])
    (entry,) = wire.take()
    assert entry.piece.told == "notice hello"
    assert entry.piece.at == 6


def test_a_recv_of_nothing_is_the_end(wire):
    wire.received(b"abc", b"")
    (entry,) = wire.take()
    assert (entry.size, entry.piece) == (0, None)


def test_what_is_sent_is_read_as_a_request_and_what_comes_as_a_report(wire):
    wire.sent(encode(Say("k1", "", "hi")))
    wire.received(b"", encode(Say("k1", "", "hi")))
    said, heard = wire.take()
    assert said.piece.told == "say: hi"
    assert heard.piece.told.startswith("not understood")


def test_it_wakes_once_until_somebody_looks(wire):
    for _ in range(1_000):  # a dribbling cable
        wire.received(b"", PING)
    assert wire._wake.count == 1
    wire.take()
    wire.received(b"", PING)
    assert wire._wake.count == 2


def test_there_is_news_until_it_is_taken(wire):
    assert not wire.has_news
    wire.sent(PING)
    assert wire.has_news
    wire.take()
    assert not wire.has_news
    assert wire.take() == []


def test_it_keeps_the_newest_and_counts_what_it_forgot(wire):
    for _ in range(KEPT + 20):
        wire.received(b"", PING)
    taken = wire.take()
    assert (len(taken), wire.lost, taken[-1].call) == (KEPT, 20, KEPT + 20)
    for _ in range(30):
        wire.received(b"", PING)
    assert (len(wire.take()), wire.lost) == (30, 0)
    assert [entry.call for entry in wire.kept][:: KEPT - 1] == [51, KEPT + 50]
    wire.take()
    assert wire.lost == 0


def test_however_much_one_recv_brings_it_keeps_no_more(wire):
    wire.received(b"", PING * 6_000)
    assert len(wire.take()) == len(wire.kept) == KEPT


def test_opened_again_it_begins_anew(wire):
    wire.received(b"", PING)
    wire.take()
    wire.received(b"", PING)  # and nobody takes it
    wire.switch()
    assert not wire.is_on
    wire.switch()
    assert (wire.is_on, list(wire.kept), wire.take()) == (True, [], [])
    wire.received(b"", PING)
    assert calls(wire.take()) == [("recv", 1, 10, True)]
    assert wire.lost == 0


def test_opened_again_it_wakes_again_although_nobody_had_looked(wire):
    wire.received(b"", PING)
    wire.switch()
    wire.switch()
    wire.received(b"", PING)
    assert wire._wake.count == 2


def test_the_secret_of_a_hello_is_kept_nowhere(wire):
    secret = "0123456789abcdef" * 2
    wire.sent(encode(Hello("1", "ana", secret)))
    wire.received(b"", encode(Hello("1", "ana", secret)))
    assert secret not in repr(wire.take())
    hello, echo = wire.kept
    for entry in (hello, echo):
        assert secret.encode().hex() not in "".join(entry.piece.shown)
        assert entry.piece.shown.count("..") == 32
