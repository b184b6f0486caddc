"""The reception: what a reader answers by itself; what the scribe gets, and when."""

import threading

import pytest
from scribe_rig import Outbox

from chat.enquiries import Enquiries
from chat.jobs import Enter, Post, Rename
from chat.log import open_log
from chat.orders import Orders
from chat.reception import Reception
from chat.register import Register
from chat.replay import Replays
from chat.rooms import RoomBook
from chat.rules import HouseRules
from chat.session import Caller
from chat.settings import Settings
from chat.visit import Farewell, Visit
from messages import (
    Error,
    Hello,
    History,
    Join,
    Ok,
    Ping,
    Pong,
    Quit,
    Rooms,
    Say,
    Tell,
    Users,
    Who,
)
from messages import Rename as RenameRequest
from protocol import encode


class Reader:
    """One reader at the reception; `put` is what the scribe has got."""

    def __init__(self, log):
        self.put, self.outbox = [], Outbox()
        lock, rooms, rules = threading.Lock(), RoomBook(), HouseRules()
        self.register = Register({}, lock, self.put.append, rules)
        self.reception = Reception(
            self.register,
            Orders(self.register, rules),
            Enquiries(self.register, rooms, lock, log.archive),
            Replays(log, rooms, lock),
            self.put.append,
        )
        self.visit = Visit(Settings(), Caller(self.outbox, "127.0.0.1"))

    def read(self, *requests):
        """One read brings all of these."""
        for request in requests:
            self.reception.handle(self.visit, encode(request)[4:])
        self.before = list(self.put)
        self.reception.hand_over(self.visit)

    @property
    def heard(self):
        return self.outbox.reports()


@pytest.fixture
def reader():
    log = open_log("memory")
    yield Reader(log)
    log.close()


@pytest.fixture
def ana(reader):
    reader.read(Hello("1", "ana"))
    reader.put.clear()
    return reader


def test_the_lines_of_one_read_are_put_together_when_it_ends(ana):
    ana.read(Say("1", "", "one"), Tell("2", "ana", "two"), Say("3", "", "three"))
    assert ana.before == []
    assert [job.id for job in ana.put] == ["1", "2", "3"]
    ana.read(Say("4", "", "four"))
    assert [job.id for job in ana.put] == ["1", "2", "3", "4"]


@pytest.mark.parametrize(
    "other",
    [Ping("t"), Who("w"), Rooms("r"), History("h", "#lobby"), Join("j", "#x"),
     RenameRequest("n", "anna")],
)  # fmt: skip
def test_what_was_said_before_anything_else_is_with_the_scribe_before_it(ana, other):
    sent = []
    ana.outbox.push = lambda frames: sent.append(len(ana.put))
    ana.read(Say("1", "", "one"), Say("2", "", "two"), other, Say("3", "", "three"))
    assert [job.id for job in ana.before[:2]] == ["1", "2"]
    assert all(count == 2 for count in sent)
    assert isinstance(ana.put[-1], Post)
    assert ana.put[-1].id == "3"


def test_what_was_said_under_the_old_name_is_put_before_the_new_one(ana):
    ana.read(Say("1", "", "by ana"), RenameRequest("2", "anna"), Say("3", "", "x"))
    assert [type(job) for job in ana.put] == [Post, Rename, Post]
    assert ana.visit.name == "anna"


def test_who_says_hello_is_entered_and_known_by_that_name(reader):
    reader.read(Hello("1", "ana"), Say("k1", "", "hi"))
    assert [type(job) for job in reader.put] == [Enter, Post]
    assert (reader.visit.name, reader.visit.session.name) == ("ana", "ana")


def test_a_refused_name_is_none_and_the_next_may_do(ana):
    ana.visit = Visit(Settings(), ana.visit.caller)
    ana.read(Hello("1", "ANA"))
    assert (ana.visit.name, ana.visit.session) == ("", None)
    ana.read(Hello("1", "bob"))
    assert ana.visit.name == "bob"


@pytest.mark.parametrize(
    "request_",
    [Say("r1", "", "x"), Tell("r1", "bob", "x"), Who("r1"), Rooms("r1"),
     Join("r1", "#x"), RenameRequest("r1", "bob")],
)  # fmt: skip
def test_who_has_not_said_hello_gets_nothing_but_a_hint(reader, request_):
    reader.read(request_)
    assert reader.heard == [Error("r1", "not-logged-in", "say hello first")]
    assert reader.put == []


def test_a_ping_is_answered_for_strangers_and_pongs_are_not_answered(reader):
    reader.read(Ping("t1"), Pong("t2"))
    assert reader.heard == [Pong("t1")]


def test_the_reader_answers_by_itself_what_it_can(ana):
    ana.read(Who("w1"), Say("1", "", "x"), Who("w2"))
    assert [users.id for users in ana.outbox.reports(Users, Ok)] == ["w1", "w2"]


def test_a_refusal_names_its_request_and_ends_it_alone(ana):
    ana.read(Tell("t1", "zoe", "x"), Say("1", "", "x"))
    assert [(error.id, error.code) for error in ana.heard] == [("t1", "no-such-user")]
    assert [job.id for job in ana.put] == ["1"]


def test_a_quit_ends_the_visit_and_what_was_said_before_is_not_lost(ana):
    with pytest.raises(Farewell):
        ana.read(Say("1", "", "last"), Quit(), Say("2", "", "too late"))
    ana.reception.hand_over(ana.visit)
    assert [job.id for job in ana.put] == ["1"]


def test_who_is_here_is_not_let_in_again(ana):
    ana.read(Hello("1", "ana"))
    assert [error.code for error in ana.heard] == ["already-logged-in"]


def test_another_version_is_a_farewell(reader):
    with pytest.raises(Farewell) as end:
        reader.read(Hello("9", "ana"))
    assert end.value.bye.code == "version"
