"""The sentences a person reads."""

import time

import pytest

from tui import news, wording
from tui.events import Connecting, Ended, Lost, Online
from tui.scrollback import Item

NOON = time.mktime((2026, 11, 20, 12, 5, 0, 0, 0, -1))


def presence(joined=(), gone=(), why=""):
    return Item("presence", NOON, why, names=joined, gone=gone)


@pytest.mark.parametrize(
    ("item", "words"),
    [
        (Item("said", NOON, "hi", "ana"), "ana: hi"),
        (Item("told", NOON, "hi", "ana", "me"), "[Private from ana]: hi"),
        (Item("told", NOON, "hi", "me", "bob"), "[Private to bob]: hi"),
        (presence(joined=("ana",)), "* ana joined"),
        (presence(joined=("ana", "bob")), "* ana and bob joined"),
        (presence(gone=("ana",), why="quit"), "* ana left"),
        (presence(gone=("ana",), why="lost"), "* ana left (connection lost)"),
        (presence(gone=("ana",), why="bored"), "* ana left (bored)"),
        (presence(("ana", "bob"), ("mei",)), "* ana and bob joined; mei left"),
        (Item("info", NOON, "hi"), "* hi"),
        (Item("ok", NOON, "reconnected"), "* reconnected"),
        (Item("said", NOON, "/me waves", "ana"), "* ana waves"),
        (Item("told", NOON, "/me hums", "b", "me"), "[Private from b]: * b hums"),
        (Item("said", NOON, "/mean", "ana"), "ana: /mean"),
        (Item("said", NOON, "hi", "ana", room="#physik"), "[#physik] ana: hi"),
        (Item("said", NOON, "/me waves", "ana", room="#a"), "[#a] * ana waves"),
        (Item("alert", NOON, "not sent: hi"), "! not sent: hi"),
    ],
)
def test_an_item_is_worded(item, words):
    assert wording.body(item, "me") == words
    assert wording.plain_line(item, "me") == f"[12:05] {words}"


def test_what_was_said_earlier_is_marked_with_its_day():
    item = Item("said", NOON, "hi", "ana", is_past=True)
    assert wording.plain_line(item, "me") == "[2026-11-20 12:05] (earlier) ana: hi"


@pytest.mark.parametrize(
    ("code", "text", "words"),
    [
        ("shutdown", "the server is stopping", "the server is stopping"),
        ("kicked", "", "kicked"),
        ("replaced", "", wording.FAREWELLS["replaced"]),
    ],
)
def test_why_the_server_closed_is_a_sentence(code, text, words):
    assert wording.farewell(code, text) == words


def test_a_line_inside_a_text_cannot_pass_for_a_line_of_its_own():
    item = Item("said", NOON, "hi\n[12:06] bob: I cheated", "ana")
    first, second = wording.plain_line(item, "me").split("\n")
    assert first == "[12:05] ana: hi"
    assert second == "        [12:06] bob: I cheated"


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (-3600.0, "reconnected"),  # somebody set the clock meanwhile
        (0.9, "reconnected"),
        (9.7, "reconnected after 9 s"),
        (119.0, "reconnected after 119 s"),
        (600.0, "reconnected after 10 min"),
        (86_400.0, "reconnected after 24 h"),
    ],
)
def test_how_long_the_connection_was_lost_is_said_roughly(seconds, words):
    assert wording.reconnected(seconds, is_resumed=True) == words
    gap = f"{words}, lines said in between are missing here"
    assert wording.reconnected(seconds, is_resumed=False) == gap


@pytest.mark.parametrize("time_of_day", [1e12, 1e300, float("inf"), float("nan")])
def test_a_server_with_a_mad_clock_hurts_nobody(time_of_day):
    assert len(wording.stamp(time_of_day)) == 5


@pytest.mark.parametrize(
    ("names", "words"),
    [
        ((), ""),
        (("ana",), "ana"),
        (("ana", "bob", "mei"), "ana, bob and mei"),
        (tuple("abcd"), "a, b and 2 others"),
    ],
)
def test_of_many_names_the_first_few_are_told(names, words):
    assert wording.some_of(names) == words


@pytest.mark.parametrize(
    ("others", "words"),
    [
        ([], "you are in #lobby, nobody else is here yet"),
        (["bob"], "you are in #lobby with bob"),
        (["bob", "mei"], "you are in #lobby with bob and mei"),
        (["bob", "mei", "sam", "zoe"], "you are in #lobby with bob and 3 others"),
    ],
)
def test_who_arrives_hears_who_is_there(others, words):
    assert news.arrival("#lobby", others) == words


def test_who_is_answered_with_a_count_and_names():
    names = ["ana", "bob", "mei"]
    assert news.people("#lobby", names) == "3 people in #lobby: ana, bob, mei"
    assert news.people("#lobby", ["ana"]) == "1 person in #lobby: ana"
    assert news.people("", ["ana"]) == "1 person online: ana"


@pytest.mark.parametrize(
    ("state", "waiting", "words"),
    [
        (Connecting("lab:5000"), 0, "connecting to lab:5000 ..."),
        (Connecting("lab:5000"), 1, "connecting to lab:5000 ..., 1 line waiting"),
        (Online(), 2, "online"),
        (Lost("gone", 104.0, 2), 0, "offline: retry in 4 s (2nd try), /reconnect now"),
        (
            Lost("gone", 103.1, 11),
            2,
            "offline, 2 lines waiting: retry in 4 s (11th try), /reconnect now",
        ),
        (Lost("gone", 90.0, 1), 0, "offline: retry in 0 s (1st try), /reconnect now"),
        (Ended("wrong password"), 0, "offline: wrong password"),
    ],
)
def test_the_connection_is_told_in_words(state, waiting, words):
    assert wording.connection(state, 100.0, waiting) == words


def test_a_refusal_is_friendly_where_we_know_the_code():
    assert wording.refusal("no-such-user", "x") == "nobody of that name is here"
    assert wording.refusal("bad-name", "1-20 letters") == "1-20 letters"
    assert wording.refusal("new-in-2030", "") == "new-in-2030"
    assert wording.refusal("busy", "", 5) == "the server is busy, try again in 5 s"


def test_leaving_tells_what_would_be_lost():
    assert wording.leave_hint(0) == "Ctrl+C again leaves"
    assert wording.leave_hint(2) == "Ctrl+C again leaves (2 lines not sent yet)"
    assert "1 line got through" in wording.leaving(1)
