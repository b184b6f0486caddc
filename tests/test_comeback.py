"""Losing the server and coming back: told in words, and counted."""

from messages import Said, Say, Tell, Told, Users, Welcome
from tui.events import Lost, Send
from tui.model import Model
from tui.wording import body

FACTS = ("history=off",)
LOST = Lost("the cable is out", 10.0, 1)


class Person:
    """A model with a clock on the wall."""

    def __init__(self):
        self.clock = 0.0
        self.model = Model("ana", "lab:5000", now=lambda: self.clock)
        self.model.receive(Welcome("1", "ana", "log", 3, "no", FACTS))
        self.model.receive(Users("", "#lobby", ("ana", "bob")))

    def says(self, seq, text="hi", sender="bob", id=""):
        self.model.receive(Said(seq, 0, "#lobby", sender, text, id))

    def loses_and_finds(self, seq, after=9.0, resumed="yes"):
        self.model.receive(LOST)
        self.clock += after
        welcome = Welcome("1", "ana", "log", seq, resumed, FACTS)
        return self.model.receive(welcome)

    def shown(self, talk=None):
        talk = talk or self.model.talk
        return [body(item, "ana") for item in talk.scrollback][1:]


def test_what_was_missed_is_counted_as_it_comes():
    ana = Person()
    ana.loses_and_finds(seq=6)
    assert ana.shown()[-1] == "* reconnected after 9 s"
    ana.says(5, "one")
    ana.says(6, "two")
    ana.says(7, "this is new")
    assert ana.shown()[-4:] == [
        "* reconnected after 9 s, 2 lines caught up",
        "bob: one",
        "bob: two",
        "bob: this is new",
    ]


def test_each_talk_counts_its_own():
    ana = Person()
    ana.model.chat.talks.open("bob")
    ana.loses_and_finds(seq=6)
    ana.says(5, "one")
    ana.model.receive(Told(6, 0, "bob", "ana", "psst"))
    bob = ana.model.chat.talks.find("bob")
    assert [body(item, "ana") for item in bob.scrollback][1:] == [
        "* reconnected after 9 s, 1 line caught up",
        "[Private from bob]: psst",
    ]


def test_my_own_lines_are_not_caught_up_but_sent():
    ana = Person()
    ana.model.receive(LOST)
    ana.model.submit("typed while offline")
    waiting = [Send(Say("k1", "#lobby", "typed while offline"))]
    assert ana.loses_and_finds(seq=3) == waiting
    ana.says(4, "typed while offline", "ana", "k1")
    assert ana.shown()[-2:] == ["* reconnected after 9 s", "ana: typed while offline"]


def test_what_was_missed_stands_below_the_unread_line_of_another_talk():
    ana = Person()
    ana.says(4)
    ana.model.submit("/msg bob")
    ana.loses_and_finds(seq=6)
    ana.says(5, "missed")
    lobby = ana.model.chat.lobby
    assert lobby.unread == 1
    assert lobby.scrollback[lobby.marker].text == "missed"


def test_minutes_away_are_told_in_minutes():
    ana = Person()
    ana.loses_and_finds(seq=3, after=190.0)
    assert ana.shown()[-1] == "* reconnected after 3 min"


def test_another_log_counts_from_its_own_beginning():
    ana = Person()
    for seq in (4, 5, 6):
        ana.says(seq, f"old {seq}")
    ana.loses_and_finds(seq=4, resumed="no")
    for seq in (5, 6):
        ana.says(seq, f"new {seq}")
    assert ana.shown()[-3:] == [
        "* reconnected after 9 s, lines said in between are missing here",
        "bob: new 5",
        "bob: new 6",
    ]


def test_a_name_that_is_taken_meanwhile_is_told_once_and_tried_on():
    ana = Person()
    ana.model.receive(LOST)
    taken = 'the name "ana" is taken'
    for attempt in (2, 3):
        ana.model.receive(Lost(taken, 10.0, attempt, is_refusal=True))
    ana.model.receive(Lost("no server there", 10.0, 4))
    assert ana.shown()[-2:] == [
        "! offline, trying again: the cable is out",
        f"! {taken}; trying on, /nick NAME tries another",
    ]


def test_private_lines_that_wait_follow_whom_they_are_for():
    ana = Person()
    ana.model.submit("/msg bob psst")
    ana.model.chat.rename("bob", "rob")
    assert ana.model.chat.pending.lines == [Tell("k1", "rob", "psst")]
    assert ana.model.chat.waiting_in(ana.model.chat.talks.find("rob"))
