"""A peer's stay: the patience that its reader has with it."""

import pytest

from chat.flood import PATIENCE
from chat.session import Caller
from chat.settings import Settings
from chat.visit import MOST_MISTAKES, Farewell, Visit
from messages import Bye, History, Ping, Rooms, Say, Who


class Clock:
    now = 1000.0

    def __call__(self):
        return self.now


def visit_of(settings):
    return Visit(settings, Caller(object(), "127.0.0.1"))


@pytest.fixture
def clock(monkeypatch):
    clock = Clock()
    monkeypatch.setattr("chat.visit.monotonic", clock)
    return clock


def test_a_stranger_is_nobody_yet():
    visit = visit_of(Settings())
    assert visit.session is None
    assert not visit.why


def test_nine_mistakes_are_forgiven_and_the_tenth_is_not():
    visit = visit_of(Settings())
    for _ in range(MOST_MISTAKES - 1):
        visit.note_mistake()
    with pytest.raises(Farewell) as end:
        visit.note_mistake()
    assert end.value.bye == Bye("bad-frame", "too many mistakes in a row")


def test_one_good_message_makes_up_for_nine_mistakes():
    visit = visit_of(Settings())
    for _ in range(5):
        for _ in range(MOST_MISTAKES - 1):
            visit.note_mistake()
        visit.note_sense(Ping("p1"))


def test_who_is_fast_is_held_up_and_who_goes_on_for_a_minute_must_go(clock):
    visit = visit_of(Settings(rate=10, burst=3))
    assert [visit.pace() for _ in range(4)] == [0, 0, 0, pytest.approx(0.1)]
    began = clock.now
    while clock.now - began < PATIENCE:
        clock.now += visit.pace()
    clock.now += visit.pace()
    with pytest.raises(Farewell) as end:
        visit.pace()
    assert (end.value.bye.code, end.value.bye.retry) == ("flood", 60)


@pytest.mark.parametrize(
    ("request_", "free"),
    [
        (Say("k1", "#lobby", "hi"), 40),
        (Ping("p1"), 40),
        (Who("w1"), 10),
        (Rooms("r1"), 10),
        (History("h1", "#lobby"), 10),
    ],
)
@pytest.mark.usefixtures("clock")
def test_what_is_answered_with_a_list_takes_more_of_the_patience(request_, free):
    visit, asked = visit_of(Settings(rate=10, burst=40)), 0
    while not visit.pace():
        asked += 1
        visit.note_sense(request_)
    assert asked == free


def test_without_a_rate_nobody_is_held_up(clock):
    visit = visit_of(Settings(rate=0, burst=1))
    assert not any(visit.pace() for _ in range(10_000))


def test_a_farewell_carries_its_bye():
    assert Farewell("quit").bye == Bye("quit")
    assert Farewell("version", "this server speaks version 1").bye.retry is None
