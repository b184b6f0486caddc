"""Torture, group C: too much, from one or from many."""

from contextlib import suppress
from time import monotonic

import pytest

from messages import (
    LOBBY,
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
    Said,
    Say,
    Tell,
    Users,
    Welcome,
    Who,
)
from protocol import VERSION, encode
from torture.peers import Crowd
from torture.scenario import scenario
from torture.sender import Sender

RATE, BURST = 10, 40  # messages a second, and at once: chat/settings.py
PERIOD = 0.25  # seconds between two batches: chat/presence.py
PLACES = 64  # for one address: chat/settings.py
# Milliseconds: 50 lines a second to a thousand are all that two cores can do, with the
# thousand on the same machine; their coming is on top of that.
A_CLASS_COMES = 500
ELSEWHERE, FAR_AWAY = "127.0.0.2", "127.0.0.3"
OTHER_MACHINES = "torture.faults:only_one_local_address"  # that is what these two are


def seconds_for(count, cost=1):
    """What so many messages take at least: each waits until it can be paid."""
    hello = 1
    return max(0.0, (hello + (count - 1) * cost + 1 - BURST) / RATE)


@pytest.fixture
def connect_from(connect):
    """Connect from another of this machine's addresses, if it has others (Linux)."""

    def connect_from(source, server):
        try:
            return connect(server, source=source)
        except OSError:
            pytest.skip(f"this machine cannot call from {source}")

    return connect_from


@scenario(
    25,
    "10,000 lines at once: read slowly, none lost, bye flood after a minute",
    timeout=240,  # that minute, and a busy machine
)
def test_who_says_ten_thousand_lines_at_once_is_read_slowly(
    stage, join, unharmed, figure, is_torture
):
    quick = {"constants": {"chat.flood.PATIENCE": 0.5}}
    server = stage(
        *[] if is_torture else ["--rate", "2"],
        before="torture.faults:never_late",
        **{} if is_torture else quick,
    )
    lines = [encode(Say(f"k{n}", LOBBY, f"line {n}")) for n in range(10_000)]
    with unharmed(server):
        bob = join("bob", server)
        with Sender(bob.sock, b"".join(lines)):
            *heard, bye = bob.reports
    served = [r.id for r in heard if isinstance(r, Said) and r.sender == "bob"]
    assert served == [f"k{n}" for n in range(len(served))]
    assert BURST - 1 <= len(served) < 10_000
    assert (type(bye), bye.code) == (Bye, "flood")
    figure("served", len(served), "lines", at_most=BURST + 62 * RATE)


@scenario(26, "1,000 call from one address: 64 stay, others still get in")
def test_one_address_cannot_take_all_the_places(
    stage, connect_from, unharmed, figure, is_torture
):
    server = stage(before=OTHER_MACHINES)
    size = 1_000 if is_torture else 150
    with unharmed(server):
        began = monotonic()
        peers = [connect_from(ELSEWHERE, server) for _ in range(size)]
        figure("called in", monotonic() - began, "s")
        for number, peer in enumerate(peers):
            with suppress(OSError):  # refused and closed already
                peer.send(Hello(VERSION, f"many{number}"))
        answers = [next(peer.reports) for peer in peers]
        connect_from(FAR_AWAY, server).log_in("mei")
    kinds = [type(answer) for answer in answers]
    assert (kinds.count(Welcome), kinds.count(Bye)) == (PLACES, size - PLACES)
    assert {answer.code for answer in answers if isinstance(answer, Bye)} == {"full"}


@scenario(27, "1,000 behind one address that may be so many: all in within 10 s")
def test_a_school_behind_one_address_gets_in(
    stage, connect_from, unharmed, figure, is_torture
):
    size = 1_000 if is_torture else 100
    server = stage("--max-per-address", size + 1, before=OTHER_MACHINES)
    connect_from(ELSEWHERE, server)  # or skip
    with unharmed(server, at_most=A_CLASS_COMES):
        began = monotonic()
        with Crowd(server.port, size, source=ELSEWHERE) as crowd:
            crowd.wait_until_in()
            figure("all in after", monotonic() - began, "s", at_most=10)
    assert crowd.gone == 0


@scenario(28, "one joins and leaves all the time: a batch every 250 ms, not more")
def test_coming_and_going_all_the_time_is_told_in_batches(
    shared_stage, join, unharmed, figure, is_torture
):
    rounds = 100 if is_torture else 21
    with unharmed(shared_stage):
        began = monotonic()
        ana, bob = join("ana", shared_stage), join("bob", shared_stage)
        ana.send(Join("j1", "#loop"))
        ana.hear(Ok)
        bob.send(*[Join("", "#loop"), Leave("", "#loop")] * rounds)
        bob.send(Join("last", "#loop"))
        while bob.hear(Ok).id != "last":
            pass
        took = monotonic() - began
        bob.send(Say("", "#loop", "that was fun"))
        told = comings_and_goings(ana, "that was fun")
    assert took >= seconds_for(2 * rounds + 1)
    assert 0 < len(told) <= 2 * (took / PERIOD + 2), "goings and comings of a batch"
    figure("frames for 100 times", 100 * len(told) / rounds)


def comings_and_goings(peer, last_line):
    """The frames about #loop that a peer gets before it hears a line."""
    told = []
    for report in peer.reports:
        if isinstance(report, Said) and report.text == last_line:
            return told
        if isinstance(report, Joined | Left) and report.room == "#loop":
            told.append(report)
    raise AssertionError("the line never came")


@scenario(29, "1,000 come in at 9:00: all in within 10 s, told in batches")
def test_a_thousand_who_come_at_once_are_told_of_in_batches(
    stage, unharmed, figure, is_torture
):
    size = 1_000 if is_torture else 150
    server = stage()
    with unharmed(server, at_most=A_CLASS_COMES):
        began = monotonic()
        with Crowd(server.port, size) as crowd:
            crowd.wait_until_in()
            took = monotonic() - began
    frames = crowd.frames["joined"] / size
    figure("all in after", took, "s", at_most=10)
    figure("frames of comings each", frames)
    # Each of these is at most four a second; each one alone would be `size`.
    assert frames <= took / PERIOD + 3


@scenario(30, "messages to 1,000 names, and who again and again: at the rate of lines")
def test_private_lines_count_as_lines_and_who_counts_as_four(
    shared_stage, join, unharmed, figure, is_torture
):
    tells, asks = (150, 40) if is_torture else (45, 11)
    with unharmed(shared_stage):
        began = monotonic()
        ana, bob = join("ana", shared_stage), join("bob", shared_stage)
        ana.send(*[Tell(f"t{n}", f"nobody{n}", "psst") for n in range(tells)])
        bob.send(*[Who(f"w{n}") for n in range(asks)])
        answers = [bob.hear(Users) for _ in range(asks)]
        assert monotonic() - began >= seconds_for(asks, cost=4)
        figure("who", asks / (monotonic() - began), "a second")
        errors = [ana.hear(Error) for _ in range(tells)]
        assert monotonic() - began >= seconds_for(tells)
        figure("tell", tells / (monotonic() - began), "a second")
    assert [answer.id for answer in answers] == [f"w{n}" for n in range(asks)]
    assert {error.code for error in errors} == {"no-such-user"}


@scenario(31, "a flood of pings: answered at the rate of lines")
def test_pings_are_answered_at_the_rate_of_lines(
    shared_stage, join, unharmed, figure, is_torture
):
    pings = 200 if is_torture else 44
    with unharmed(shared_stage):
        began = monotonic()
        bob = join("bob", shared_stage)
        bob.send(*[Ping(f"p{n}") for n in range(pings)])
        pongs = [bob.hear(Pong).token for _ in range(pings)]
        took = monotonic() - began
    assert pongs == [f"p{n}" for n in range(pings)]
    assert took >= seconds_for(pings)
    figure("pongs", pings / took, "a second")
