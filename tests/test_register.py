"""The register: who bears which name, and which connection speaks for them."""

import threading
from types import SimpleNamespace

import pytest

from chat.jobs import Enter, Gone, Rename
from chat.refusal import Refusal
from chat.register import GRACE, Register
from chat.rules import HouseRules
from chat.session import Caller
from chat.visit import Farewell
from messages import Hello

ANA, BOB = "a" * 32, "b" * 32


@pytest.fixture
def door():
    return Door()


class Door:
    """A register, and the jobs that it hands over."""

    def __init__(self):
        self.clients, self.jobs, self.rules = {}, [], HouseRules()
        lock = threading.Lock()
        put = self.jobs.append
        self.register = Register(self.clients, lock, put, self.rules)

    def enter(self, name, secret="", **more):
        caller = Caller(SimpleNamespace(), "127.0.0.1")
        hello = Hello("1", name, secret, **more)
        return self.register.log_in(hello, caller), caller.outbox

    def refuses(self, name, secret=""):
        with pytest.raises(Refusal) as refusal:
            self.enter(name, secret)
        return refusal.value


def test_a_newcomer_is_found_by_name_and_handed_to_the_scribe(door):
    ana, outbox = door.enter("Ana", ANA, since=7, log="x")
    assert door.register.find("ana") is ana
    assert door.jobs == [Enter(ana, outbox, 7, "x")]


def test_the_secret_and_not_the_name_makes_the_person(door):
    ana, first = door.enter("ana", ANA)
    again, second = door.enter("another.name", ANA.upper())
    assert again is ana
    assert (ana.owner, ana.outbox) == (second, first)  # the scribe moves the outbox
    assert door.refuses("ana", BOB).code == "name-taken"


def test_who_makes_ghosts_without_end_loses_the_oldest(door, monkeypatch):
    monkeypatch.setattr("chat.register.MOST_GHOSTS", 2)
    for number, name in enumerate(["ana", "bob", "mei"]):
        session, outbox = door.enter(name, str(number) * 32)
        door.register.part(session, outbox, "lost", float(number))
    assert sorted(door.clients) == ["bob", "mei"]
    gone = door.jobs[-1]
    assert (type(gone), gone.session.name, gone.why) == (Gone, "ana", "lost")


def test_without_a_secret_nobody_comes_back(door):
    ana, outbox = door.enter("ana")
    door.register.part(ana, outbox, "lost", 0.0)
    other, _ = door.enter("ana")
    assert other is not ana


def test_a_lost_connection_keeps_the_name_for_a_while(door):
    ana, outbox = door.enter("ana", ANA)
    door.register.part(ana, outbox, "lost", 100.0)
    assert "lost the connection" in door.refuses("ana").text
    door.register.bury(100.0 + GRACE - 1)
    assert not any(isinstance(job, Gone) for job in door.jobs)
    door.register.bury(100.0 + GRACE)
    assert door.jobs[-1] == Gone(ana, "lost")
    door.enter("ana")


def test_who_came_back_is_no_ghost_any_more(door):
    ana, outbox = door.enter("ana", ANA)
    door.register.part(ana, outbox, "lost", 100.0)
    door.enter("ana", ANA)
    door.register.bury(1_000.0)
    assert door.register.find("ana") is ana


def test_the_end_of_a_replaced_connection_ends_nothing(door):
    ana, first = door.enter("ana", ANA)
    door.enter("ana", ANA)
    door.register.part(ana, first, "quit", 0.0)
    assert door.register.find("ana") is ana


@pytest.mark.parametrize("why", ["quit", "flood"])
def test_who_goes_for_good_is_gone_at_once(door, why):
    ana, outbox = door.enter("ana", ANA)
    door.register.part(ana, outbox, why, 0.0)
    assert door.jobs[-1] == Gone(ana, why)
    assert door.clients == {}
    other, _ = door.enter("ana", ANA)
    assert other is not ana


def test_a_name_is_given_up_for_another(door):
    ana, outbox = door.enter("ana", ANA)
    door.register.rename(ana, outbox, "n1", "Anna")
    assert door.jobs[-1] == Rename(ana, outbox, "n1", "Anna")
    assert door.register.find("ANNA") is ana
    door.enter("ana")


def test_a_name_can_change_its_letters_case(door):
    ana, outbox = door.enter("ana", ANA)
    door.register.rename(ana, outbox, "n1", "ANA")
    assert door.register.find("ana") is ana


@pytest.mark.parametrize("name", ["bob", "ＢＯＢ", "server", "two words", "аna"])
def test_nobody_becomes_somebody_else_by_renaming(door, name):
    door.enter("bob")
    ana, outbox = door.enter("ana", ANA)
    with pytest.raises(Refusal):
        door.register.rename(ana, outbox, "n1", name)
    assert door.register.find("ana") is ana


def test_a_removed_person_is_gone_whatever_the_connection_does(door):
    ana, outbox = door.enter("ana", ANA)
    assert door.register.remove(ana, "kicked") is outbox
    door.register.part(ana, outbox, "lost", 0.0)
    assert door.register.remove(ana, "kicked") is None
    assert [job for job in door.jobs if isinstance(job, Gone)] == [Gone(ana, "kicked")]


def test_a_locked_door_opens_for_who_was_inside(door):
    ana, outbox = door.enter("ana", ANA)
    door.register.part(ana, outbox, "lost", 0.0)
    door.rules.is_locked = True
    assert door.refuses("bob", BOB).code == "forbidden"
    assert door.enter("ana", ANA)[0] is ana


def test_nobody_of_that_name_is_said_in_words(door):
    with pytest.raises(Refusal, match='there is no "zoe" here'):
        door.register.find("zoe")


def test_a_hello_from_an_address_banned_a_moment_ago_is_too_late(door):
    door.rules.ban("127.0.0.1", "spam")
    with pytest.raises(Farewell) as farewell:
        door.enter("ana", ANA)
    assert (farewell.value.bye.code, farewell.value.bye.text) == (
        "banned",
        "the operator has banned you: spam",
    )
    assert not door.clients


def test_who_is_absent_is_known_since_when(door):
    ana, outbox = door.enter("ana", ANA)
    door.enter("bob", BOB)
    door.register.part(ana, outbox, "lost", 100.0)
    assert door.register.absent() == {ana: 100.0}


def test_a_secret_opens_its_own_session_only(door):
    ana, _ = door.enter("ana", ANA)
    assert door.register.holder_of(ANA.upper()) is ana
    assert door.register.holder_of(BOB) is None
    door.enter("mei")
    assert door.register.holder_of("") is None


def test_a_new_name_is_what_is_given_back_at_the_end(door):
    ana, outbox = door.enter("ana", ANA)
    door.register.rename(ana, outbox, "n1", "anna")
    door.register.part(ana, outbox, "quit", 0.0)
    assert door.clients == {}
    door.register.rename(ana, outbox, "n2", "amy")  # too late
    assert door.clients == {}


def test_a_ghost_that_was_removed_is_not_buried(door):
    ana, outbox = door.enter("ana", ANA)
    door.register.part(ana, outbox, "lost", 0.0)
    door.register.remove(ana, "kicked")
    door.register.bury(GRACE)
    assert door.jobs[1:] == [Gone(ana, "kicked")]


def test_a_taken_name_is_a_ghosts_only_if_its_cable_is_broken(door):
    door.enter("ana", ANA)
    assert "lost" not in door.refuses("ana").text


def test_a_replaced_connection_renames_nobody(door):
    ana, first = door.enter("ana", ANA)
    door.enter("ana", ANA)
    door.register.rename(ana, first, "n1", "anna")
    assert list(door.clients) == ["ana"]
