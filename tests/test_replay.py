"""The replay: begun by a reader, finished by the scribe, each line once."""

import threading
from contextlib import closing

import pytest

from chat.archive import MOST_MISSED
from chat.log import Membership, open_log
from chat.replay import Replays
from chat.rooms import RoomBook
from chat.session import Session, mark_of
from messages import Hello, Said, Told
from protocol import decode_report

ANA = "a" * 32


class Shelf:
    """Replays over a log, and ana, who is in the lobby."""

    def __init__(self, log):
        self.log, self.rooms = log, RoomBook()
        self.ana = Session("ana", "ana", mark_of(ANA), None)
        self.rooms.enter("#lobby", self.ana)
        self.replays = Replays(log, self.rooms, threading.Lock())

    def say(self, *texts, room="#lobby", to=None):
        for text in texts:
            private = (to, self.ana.mark) if to else ()
            where = None if to else room
            self.log.append([("bob's", None, where, "bob", text, *private)], 1)

    def hello(self, since=0, log=None):
        return Hello("1", "ana", ANA, since, log or self.log.id)

    def begin(self, since=0, session=None):
        return self.replays.read_ahead(self.hello(since), session or self.ana)

    def complete(self, begun, since=0):
        return texts(self.replays.complete(self.ana, since, begun))


def texts(replay):
    reports = [decode_report(frame[4:]) for frame in replay.frames]
    assert all(isinstance(report, Said | Told) for report in reports)
    return [report.text for report in reports]


@pytest.fixture(params=["disk", "memory"])
def shelf(request, tmp_path):
    history = str(tmp_path / "history.db") if request.param == "disk" else "memory"
    with closing(open_log(history)) as log:
        yield Shelf(log)


def test_what_is_said_while_the_reader_reads_ahead_is_told_once(shelf):
    shelf.say("known")
    since = shelf.log.newest
    shelf.say("1", "2")
    begun = shelf.begin(since)
    assert texts(begun) == ["1", "2"]
    shelf.say("3")
    shelf.say("4", to="ana")
    shelf.say("not for ana", room="#cellar")
    assert shelf.complete(begun, since) == ["1", "2", "3", "4"]
    assert shelf.complete(None, since) == ["1", "2", "3", "4"]


def test_a_line_stored_after_the_number_was_taken_and_before_the_reading(
    shelf, monkeypatch
):
    missed = shelf.log.archive.missed
    monkeypatch.setattr(
        shelf.log.archive,
        "missed",
        lambda *what: (shelf.say("just now"), missed(*what))[1],
    )
    begun = shelf.begin()
    monkeypatch.undo()
    assert texts(begun) == ["just now"]
    assert shelf.complete(begun) == ["just now"]


def test_the_scribe_does_not_read_again_what_the_reader_has_read(shelf):
    shelf.say("1")
    begun = shelf.begin()
    shelf.log._db.execute("DELETE FROM lines")
    assert shelf.complete(begun) == ["1"]


def test_who_is_in_other_rooms_by_now_gets_a_replay_of_these(shelf):
    shelf.say("in the lobby")
    begun = shelf.begin()
    shelf.rooms.enter("#maths", shelf.ana, shelf.log.newest)
    shelf.rooms.leave("#lobby", shelf.ana)
    shelf.say("in the lobby, too late")
    shelf.say("in maths", room="#maths")
    assert shelf.complete(begun) == ["in maths"]


def test_who_is_not_here_goes_on_where_they_were(shelf):
    shelf.say("before", room="#maths")
    shelf.log.note([Membership(shelf.ana.mark, "#maths", enters=True)], 1)
    shelf.say("after", room="#maths")
    shelf.say("in the lobby")
    begun = shelf.replays.read_ahead(shelf.hello(), None)
    assert begun.rooms == {"#lobby": 0, "#maths": 1}
    assert texts(begun) == ["after", "in the lobby"]


def test_both_halves_together_are_no_longer_than_one(shelf):
    entry = ("bob's", None, "#lobby", "bob", "x")
    shelf.log.append([entry] * MOST_MISSED, 1)
    begun = shelf.begin()
    assert not begun.has_more
    shelf.say("the newest")
    replay = shelf.replays.complete(shelf.ana, 0, begun)
    assert (len(replay.frames), replay.has_more) == (MOST_MISSED, True)
    assert texts(replay)[-1] == "the newest"


def test_that_there_was_more_is_not_forgotten(shelf):
    entry = ("bob's", None, "#lobby", "bob", "x" * 3_000)
    shelf.log.append([entry] * 400, 1)
    begun = shelf.begin()
    assert shelf.replays.complete(shelf.ana, 0, begun).has_more


@pytest.mark.parametrize("wrong", [{"since": None}, {"since": 1}, {"log": "another"}])
def test_what_cannot_be_continued_is_not_begun(shelf, wrong):
    assert shelf.replays.read_ahead(shelf.hello(**wrong), shelf.ana) is None


def test_a_reader_that_cannot_read_leaves_it_to_the_scribe(shelf):
    shelf.log._db.execute("DROP TABLE lines")
    assert shelf.begin() is None


def test_the_reader_looks_where_somebody_is(shelf):
    shelf.rooms.enter("#maths", shelf.ana, 0)
    shelf.say("in maths", room="#maths")
    begun = shelf.begin()
    assert begun.rooms == {"#lobby": 0, "#maths": 0}
    assert texts(begun) == ["in maths"]
