"""The chat: nothing typed is lost, nothing is shown twice, losses are told once."""

import pytest

from messages import (
    Bye,
    Error,
    Joined,
    Left,
    Notice,
    Ok,
    Ping,
    Pong,
    Said,
    Say,
    Tell,
    Told,
    Users,
    Welcome,
    Who,
)
from tui.chat import Chat
from tui.events import Connecting, Ended, Lost, Quit, Send
from tui.wording import body

HI = Say("k1", "#lobby", "hi")


def welcome(seq=0, resumed="no", name="ana"):
    return Welcome("1", name, "log", seq, resumed)


def said(seq, sender, text, id="", room="#lobby"):
    return Said(seq, 1_700_000_000_000, room, sender, text, id)


def lost(attempt=1, why="the connection broke"):
    return Lost(why, 10.0, attempt)


def chat_of(*events, name="ana"):
    """A chat that has heard these events."""
    chat = Chat(name, "lab:5000", now=lambda: 0.0)
    chat.items = []
    chat.on_item = chat.items.append
    for event in events:
        chat.receive(event)
    return chat


def online(*events):
    people = Users("", "#lobby", ("ana", "bob"))
    return chat_of(welcome(), people, *events)


def shown(chat):
    """What was shown, in any chat, after the greeting."""
    lines = [body(item, chat.name) for item in chat.items]
    return [line for line in lines if not line.startswith("* you are in")]


# -- Lines on their way ------------------------------------------------------------


def test_a_line_is_pending_until_the_server_shows_it_to_its_author():
    chat = online()
    assert chat.ask(HI) == [Send(HI)]
    assert (chat.pending.lines, shown(chat)) == ([HI], [])
    chat.receive(said(1, "ana", "hi", "k1"))
    assert (chat.pending.lines, shown(chat)) == ([], ["ana: hi"])


def test_somebody_elses_line_with_the_same_id_settles_nothing():
    chat = online()
    chat.ask(HI)
    chat.receive(said(1, "bob", "hello", "k1"))
    assert chat.pending.lines == [HI]


def test_a_private_line_comes_back_too():
    chat = online()
    chat.ask(Tell("k1", "bob", "psst"))
    chat.receive(Told(1, 0, "ana", "bob", "psst", "k1"))
    assert (chat.pending.lines, shown(chat)) == ([], ["[Private to bob]: psst"])


def test_a_line_typed_before_we_are_in_waits_and_is_sent_then():
    chat = chat_of()
    assert chat.ask(HI) == []
    assert chat.receive(welcome()) == [Send(HI)]


def test_after_a_loss_all_pending_requests_are_sent_again_in_order():
    chat = online()
    asked = [HI, Who("k2", "#lobby"), Tell("k3", "bob", "two")]
    for request in asked:
        chat.ask(request)
    chat.receive(lost())
    assert chat.receive(welcome(5, "yes")) == [Send(request) for request in asked]


def test_a_line_that_the_server_had_already_is_shown_once():
    chat = online(said(4, "bob", "before"))
    chat.ask(HI)
    chat.receive(lost())
    chat.receive(welcome(6, "yes"))
    missed = [said(5, "ana", "hi", "k1"), said(6, "bob", "after")]
    for line in [*missed, said(5, "ana", "hi", "k1")]:  # the last: the answer again
        chat.receive(line)
    assert shown(chat)[-3:] == ["* reconnected", "ana: hi", "bob: after"]
    assert not chat.pending


def test_a_line_stored_before_a_loss_without_replay_is_still_shown():
    chat = online()
    chat.ask(HI)
    chat.receive(lost())
    chat.receive(welcome(9, "no"))
    chat.receive(said(5, "ana", "hi", "k1"))
    chat.receive(said(8, "bob", "said before we came back"))
    assert shown(chat)[-1] == "ana: hi"


def test_a_refused_line_is_told_with_its_reason():
    chat = online()
    chat.ask(HI)
    chat.receive(Error("k1", "muted", "you are muted until 14:00"))
    assert shown(chat) == ["! not sent: you are muted until 14:00: hi"]
    assert not chat.pending


def test_a_line_that_overtook_the_hello_stays_pending():
    chat = online()
    chat.ask(HI)
    chat.receive(Error("k1", "not-logged-in", "say hello first"))
    assert (chat.pending.lines, shown(chat)) == ([HI], [])


def test_a_refused_question_is_told_without_a_text():
    chat = online()
    chat.ask(Who("k1", "#nowhere"))
    chat.receive(Error("k1", "no-such-room", "there is no such room"))
    assert shown(chat) == ["! there is no such room"]


def test_lines_said_before_we_came_are_not_shown():
    chat = chat_of(welcome(seq=7), said(7, "bob", "old"), said(8, "bob", "new"))
    assert shown(chat) == ["bob: new"]


# -- People ------------------------------------------------------------------------


def test_who_arrives_is_told_once_who_is_there():
    chat = chat_of(welcome(), Users("", "#lobby", ("ana", "bob", "mei")))
    chat.receive(lost())
    chat.receive(welcome())
    chat.receive(Users("", "#lobby", ("ana", "bob")))
    words = [body(item, "ana") for item in chat.items]
    assert words[0] == "* you are in #lobby with bob and mei"
    assert sum("you are in" in line for line in words) == 1
    assert list(chat.roster) == ["ana", "bob"]


def test_only_news_about_others_is_announced():
    chat = online(
        Joined("#lobby", ("ana", "bob")),
        Joined("#lobby", ("mei", "bob")),
        Left("#lobby", "lost", ("mei", "sam", "ana")),
        Left("#lobby", "quit", ("sam",)),
    )
    assert shown(chat) == ["* mei joined", "* mei left (connection lost)"]
    assert "ana" in chat.roster


def test_people_of_other_rooms_are_not_ours():
    chat = online(Joined("#help", ("mei",)), Left("#help", "quit", ("bob",)))
    assert shown(chat) == []
    assert list(chat.roster) == ["ana", "bob"]


def test_the_answer_to_who_is_a_line():
    chat = online()
    chat.ask(Who("k1", "#lobby"))
    chat.receive(Users("k1", "#lobby", ("ana", "bob", "mei")))
    assert shown(chat) == ["* 3 people in #lobby: ana, bob, mei"]
    assert not chat.pending


# -- The connection ----------------------------------------------------------------


def test_a_loss_is_told_once_however_many_tries_fail():
    chat = online()
    for attempt in (1, 2, 3):
        chat.receive(lost(attempt))
        chat.receive(Connecting("lab:5000"))
    chat.receive(welcome(resumed="yes"))
    assert shown(chat) == [
        "! offline, trying again: the connection broke",
        "* reconnected",
    ]
    chat.receive(lost(why="the cable is out"))
    assert shown(chat)[-1] == "! offline, trying again: the cable is out"


def test_that_the_connection_is_back_is_good_news_and_says_how_long_it_took():
    clock = iter(range(0, 100, 9))
    chat = Chat("me", "lab:5000", now=lambda: next(clock))
    for event in (welcome(), lost(), welcome(resumed="yes")):
        chat.receive(event)
    told = chat.talks.current.scrollback.last
    assert told.kind == "ok"
    assert told.text == "reconnected after 18 s"  # the loss was noted at 9 s of them


def test_a_server_without_our_old_lines_is_told_as_a_gap():
    chat = online(lost(), welcome(resumed="no"))
    assert shown(chat)[-1] == "* reconnected, lines said in between are missing here"


def test_coming_in_late_for_the_first_time_is_no_reconnection():
    chat = chat_of(lost(why="no server there"), welcome())
    assert shown(chat) == ["! offline, trying again: no server there"]


def test_a_server_that_greets_again_is_not_quoted_again():
    greeting = Notice("What is said here is kept.")
    chat = online(greeting, lost(), welcome(), greeting, Notice("Lunch!"))
    assert [line for line in shown(chat) if "kept" in line] == [f"* {greeting.text}"]
    assert shown(chat)[-1] == "* Lunch!"


def test_the_end_is_told_and_ends_the_program():
    chat = online()
    assert chat.receive(Ended("you were kicked")) == [Quit(1)]
    assert shown(chat) == ["! you were kicked"]


def test_the_servers_goodbye_to_our_quit_ends_the_program():
    assert online().receive(Bye("quit")) == [Quit(0)]


@pytest.mark.parametrize(
    "message", [Ping("1"), Pong("1"), Ok("k9"), Bye("shutdown"), Error("", "", "")]
)
def test_what_the_receiver_deals_with_asks_nothing_of_us(message):
    assert online().receive(message) == []


# -- Foreign names and texts -------------------------------------------------------


def test_nothing_foreign_can_steer_the_terminal():
    evil = "\x1b[2J\r\u202e\0x"
    chat = chat_of(
        welcome(name="a\x1bna"),
        Users("", "#lobby", (evil,)),
        Users("k1", "#" + evil, (evil,)),
        said(1, evil, evil),
        Told(2, 0, evil, evil, evil),
        Joined("#lobby", ("mei\n" + evil,)),
        Left("#lobby", evil, (evil,)),
        Notice(evil),
        Error("", "odd", evil),
        lost(why=evil),
        Ended(evil),
    )
    everything = "\n".join(shown(chat))
    assert everything.count("^[[2J") >= 9
    assert "\u202e" not in everything
    assert everything.replace("\n", "").isprintable()


def test_a_name_or_a_reason_is_one_row():
    chat = online(Joined("#lobby", ("mei\nbob: I cheated",)), lost(why="a\nb"))
    assert all("\n" not in line for line in shown(chat))
