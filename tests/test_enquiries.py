"""Enquiries: who is here, which rooms there are, what was said before."""

import threading
from contextlib import closing

import pytest

from chat.enquiries import Enquiries
from chat.log import open_log
from chat.refusal import Refusal
from chat.register import Register
from chat.rooms import RoomBook
from chat.rules import HouseRules
from chat.session import Caller
from messages import Hello, History, Ok, Past, Roomlist, Users
from protocol import Decoder, decode_report


class Desk:
    """Enquiries over a log, with ana and bob logged in and in the lobby."""

    def __init__(self, log):
        self.log, self.rooms, lock = log, RoomBook(), threading.Lock()
        register = Register({}, lock, lambda _: None, HouseRules())
        self.ana, self.bob = (
            register.log_in(Hello("1", name), Caller(object(), "127.0.0.1"))
            for name in ("ana", "bob")
        )
        for session in (self.bob, self.ana):
            self.rooms.enter("#lobby", session)
        self.enquiries = Enquiries(register, self.rooms, lock, log.archive)

    def say(self, text, room="#lobby"):
        self.log.append([("x", None, room, "mei", text)], 7)

    def past(self, *asked):
        frames = self.enquiries.read_past(self.ana, History("h1", *asked))
        *lines, end = reports(frames)
        return [line.text for line in lines], end

    def refusal_of(self, *asked):
        with pytest.raises(Refusal) as refusal:
            self.past(*asked)
        return refusal.value


def reports(frames):
    return list(map(decode_report, Decoder().feed(frames)))


@pytest.fixture
def desk():
    with closing(open_log("memory")) as log:
        yield Desk(log)


def test_who_is_in_a_room_is_told_sorted_to_whom_it_concerns(desk):
    assert reports(desk.enquiries.who("w1", "#LOBBY")) == [
        Users("w1", "#LOBBY", ("ana", "bob"))
    ]
    assert reports(desk.enquiries.who("w2", "#nowhere")) == [
        Users("w2", "#nowhere", ())
    ]


def test_everybody_is_who_has_a_name_in_whatever_room(desk):
    desk.rooms.leave("#lobby", desk.bob)
    assert reports(desk.enquiries.who("w1", "")) == [Users("w1", "", ("ana", "bob"))]


def test_rooms_are_listed_the_fullest_first_and_then_by_name(desk):
    for room in ("#b", "#a", "#c"):
        desk.rooms.enter(room, desk.ana)
    desk.rooms.enter("#c", desk.bob)
    (listed,) = reports(desk.enquiries.list_rooms("r1"))
    assert isinstance(listed, Roomlist)
    assert listed.rows[::3] == ("#c", "#lobby", "#a", "#b")


def test_a_page_is_closed_by_whether_there_is_more(desk):
    for text in "123":
        desk.say(text)
    assert desk.past("#Lobby", None, 2) == (["2", "3"], Ok("h1", ("yes",)))
    assert desk.past("#Lobby", 2, 2) == (["1"], Ok("h1", ("no",)))


def test_each_line_is_told_under_the_name_that_was_asked_for(desk):
    desk.say("x")
    (line, _) = reports(desk.enquiries.read_past(desk.ana, History("h1", "#LOBBY")))
    assert line == Past("h1", 1, 7, "#LOBBY", "mei", "x")


def test_before_the_first_line_there_is_nothing(desk):
    desk.say("x")
    assert desk.past("#lobby", 0) == ([], Ok("h1", ("no",)))


@pytest.mark.parametrize("room", ["#cellar", "#" + "r" * 60_000])
def test_who_is_not_in_a_room_does_not_read_it(desk, room):
    desk.say("secret", "#cellar")
    assert desk.refusal_of(room).code == "forbidden"


def test_a_name_that_fills_a_frame_has_no_past(desk):
    assert desk.past("x" * 60_000) == ([], Ok("h1", ("no",)))


def test_a_disk_that_cannot_be_read_is_said_in_words(desk, caplog):
    desk.log._db.execute("DROP TABLE lines")
    refusal = desk.refusal_of("#lobby")
    assert (refusal.code, str(refusal)) == (
        "storage",
        "the history cannot be read just now: ask again later",
    )
    assert "cannot read the history" in caplog.text


def test_without_an_archive_there_is_nothing_to_read(desk):
    desk.enquiries._archive = None
    assert desk.refusal_of("#lobby").code == "forbidden"
