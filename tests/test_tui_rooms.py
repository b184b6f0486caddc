"""Rooms in the client: a talk each, with people, a topic and unread lines."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from messages import (
    Error,
    Join,
    Joined,
    Leave,
    Left,
    Ok,
    Rename,
    Renamed,
    Roomlist,
    Said,
    SetTopic,
    Topic,
    Users,
    Welcome,
    Who,
)
from tui.events import CallAs, Lost, Remember, Send
from tui.keys import Key, Typed
from tui.model import Model
from tui.roster import compared
from tui.wording import body

WELCOME = Welcome("1", "ana", "log", 0, "no", ("history=off",))


def online(*events):
    model = Model("ana", "lab:5000", now=lambda: 0.0)
    for event in (WELCOME, Users("", "#lobby", ("ana", "bob", "mei")), *events):
        model.receive(event)
    return model


def enters(model, room="#physik", people=("ana", "bob"), id="k1"):
    """Type /join, and let the server agree."""
    effects = model.submit(f"/join {room}")
    model.receive(Ok(id))
    model.receive(Users("", room, people))
    return effects


def shown(model, talk=None):
    talk = talk or model.talk
    return [body(item, model.chat.name) for item in talk.scrollback]


# -- Entering and leaving ------------------------------------------------------------


@pytest.mark.parametrize("line", ["/join #Physik", "/join physik", "/j PHYSIK"])
def test_a_room_is_entered_in_any_spelling_under_the_name_the_server_gives(line):
    assert online().submit(line) == [Send(Join("k1", "#physik"))]


def test_a_room_is_shown_when_the_server_has_agreed():
    model = online()
    model.submit("/join physik")
    assert model.talk.name == "#lobby"
    model.receive(Ok("k1"))
    model.receive(Users("", "#physik", ("ana", "bob")))
    assert model.talk.name == "#physik"
    assert shown(model) == ["* you are in #physik with bob"]


def test_a_room_that_one_is_in_is_shown_without_asking():
    model = online()
    enters(model)
    model.press(Key("alt-1"))
    assert model.submit("/join physik") == []
    assert model.talk.name == "#physik"


def test_a_refused_room_leaves_no_talk():
    model = online()
    model.submit("/join physik")
    model.receive(Error("k1", "forbidden", "the chat is locked"))
    assert len(model.chat.talks) == 1
    assert shown(model)[-1] == "! the chat is locked"


@pytest.mark.parametrize("line", ["/leave", "/part", "/leave physik", "/close"])
def test_a_room_is_left_and_the_talk_before_is_shown(line):
    model = online()
    enters(model)
    assert model.submit(line) == [Send(Leave("k2", "#physik"))]
    assert model.talk.name == "#physik"
    model.receive(Ok("k2"))
    assert model.talk.name == "#lobby"
    model.receive(Said(1, 0, "#physik", "bob", "too late"))
    assert len(model.chat.talks) == 1


def test_a_room_that_is_gone_already_is_left_too():
    model = online()
    enters(model)
    model.submit("/leave")
    model.receive(Error("k2", "not-in-room", "you are not in #physik"))
    assert len(model.chat.talks) == 1


@pytest.mark.parametrize(
    "line", ["/leave", "/leave #lobby", "/close", "/part ＬＯＢＢＹ"]
)
def test_nobody_leaves_the_lobby(line):
    model = online()
    assert model.submit(line) == []
    assert "/quit leaves" in model.hint


def test_a_server_that_knows_nothing_is_told_where_we_were_before_what_waits():
    model = online()
    enters(model)
    model.receive(Lost("the cable is out", 1.0, 1))
    model.submit("typed while offline")
    sent = [effect.message for effect in model.receive(WELCOME)]
    assert [type(message).__name__ for message in sent] == ["Join", "Say"]
    assert sent[0].room == sent[1].room == "#physik"
    assert all("missing here" in shown(model, talk)[-1] for talk in model.chat.talks)


def test_a_resumed_session_is_in_its_rooms_already():
    model = online()
    enters(model)
    model.receive(Lost("the cable is out", 1.0, 1))
    assert model.receive(Welcome("1", "ana", "log", 0, "yes")) == []


def test_in_lines_a_room_is_entered_at_once_for_the_next_line_may_be_for_it():
    model = online()
    model.chat.has_screen = False
    model.submit("/join physik")
    [sent] = model.submit("hello")
    assert sent.message.room == "#physik"


# -- People --------------------------------------------------------------------------


def test_presence_is_told_in_the_room_where_it_happens():
    model = online()
    enters(model)
    model.receive(Joined("#physik", ("mei", "bob")))
    model.receive(Left("#physik", "left", ("bob",)))
    model.receive(Left("#help", "left", ("bob",)))
    assert shown(model)[-1] == "* [#physik] mei joined; bob left"
    assert list(model.roster) == ["ana", "mei"]
    assert "bob" in model.chat.roster
    assert len(shown(model, model.chat.lobby)) == 1


def test_only_the_lobby_tells_a_private_talk_that_somebody_is_gone():
    model = online()
    enters(model)
    model.submit("/msg bob")
    model.receive(Left("#physik", "left", ("bob",)))
    assert shown(model) == []
    model.receive(Left("#lobby", "quit", ("bob",)))
    assert shown(model) == ["* bob left"]


def test_tab_and_the_people_pane_follow_the_room_that_is_shown():
    model = online()
    enters(model)
    assert list(model.roster) == ["ana", "bob"]
    model.press(Typed("m"))
    model.press(Key("tab"))
    assert model.editor.text == "m"
    model.press(Key("alt-1"))
    model.press(Typed("m"))
    model.press(Key("tab"))
    assert model.editor.text == "mei: "


def test_tab_completes_rooms_where_a_room_is_wanted():
    model = online()
    enters(model)
    model.press(Typed("/leave "))
    model.press(Key("tab"))
    assert model.editor.text == "/leave #lobby "
    model.press(Key("tab"))
    assert model.editor.text == "/leave #physik "


def test_who_asks_about_the_room_that_is_shown():
    model = online()
    enters(model)
    assert model.submit("/who") == [Send(Who("k2", "#physik"))]
    model.receive(Users("k2", "#physik", ("ana", "bob")))
    assert shown(model)[-1] == "* 2 people in #physik: ana, bob"


def test_rooms_are_told_with_their_people_and_topics():
    model = online()
    model.submit("/rooms")
    rows = ("#lobby", "3", "", "#physik", "2", "about recv")
    model.receive(Roomlist("k1", rows))
    assert shown(model)[-1] == "* 2 rooms: #lobby (3), #physik (2, about recv)"
    assert not model.chat.pending


def test_a_mention_in_another_room_counts():
    model = online()
    enters(model)
    model.press(Key("alt-1"))
    model.receive(Said(1, 0, "#physik", "bob", "ana: look"))
    talk = model.chat.talks.find("#physik")
    assert (talk.unread, talk.mentions) == (1, 1)


# -- Topics --------------------------------------------------------------------------


def test_a_topic_is_shown_and_told_once():
    model = online()
    enters(model)
    assert model.submit("/topic about recv") == [
        Send(SetTopic("k2", "#physik", "about recv"))
    ]
    model.receive(Ok("k2"))
    model.receive(Topic("#physik", "ana", "about recv"))
    model.receive(Lost("the cable is out", 1.0, 1))
    model.receive(Welcome("1", "ana", "log", 0, "yes"))
    model.receive(Users("", "#physik", ("ana",)))
    assert model.talk.topic == ""
    model.receive(Topic("#physik", "ana", "about recv"))
    told = [line for line in shown(model) if "about" in line]
    assert told == ["* #physik is about: about recv, says ana"]
    assert model.talk.topic == "about recv"


def test_a_topic_is_asked_for_and_taken_away():
    model = online(Topic("#lobby", "bob", "lunch"))
    model.submit("/topic")
    assert shown(model)[-1] == "* #lobby is about: lunch"
    assert model.submit("/topic -") == [Send(SetTopic("k1", "#lobby", ""))]
    model.receive(Topic("#lobby", "ana", ""))
    assert shown(model)[-1] == "* #lobby has no topic, says ana"


# -- Names ---------------------------------------------------------------------------


def test_a_renamed_person_is_told_in_shared_rooms_and_their_talk_goes_on():
    model = online()
    enters(model)
    model.submit("/msg bob")
    model.receive(Renamed("bob", "rob"))
    assert model.talk.name == "rob"
    assert list(model.chat.roster) == ["ana", "mei", "rob"]
    for talk in model.chat.talks:
        assert shown(model, talk)[-1] == "* bob is now rob"


def test_who_takes_over_a_name_takes_over_the_talk_but_nothing_is_lost():
    model = online()
    model.submit("/msg mei")
    model.receive(Said(1, 0, "#lobby", "bob", "hi"))
    model.chat.talks.find("mei").note(model.chat.lobby.scrollback.last)
    model.submit("/msg bob")
    model.receive(Left("#lobby", "quit", ("mei",)))
    model.receive(Renamed("bob", "mei"))
    assert [talk.name for talk in model.chat.talks] == ["#lobby", "mei"]
    assert shown(model) == ["bob: hi", "* mei left", "* bob is now mei"]


def test_my_own_name_is_asked_for_taken_and_remembered():
    model = online()
    assert model.submit("/nick anna") == [Send(Rename("k1", "anna"))]
    assert model.receive(Renamed("ana", "anna")) == [Remember("anna")]
    assert model.receive(Ok("k1")) == []
    assert model.chat.name == "anna"
    assert "anna" in model.roster
    assert shown(model)[-1] == "* you are anna from now on"


def test_a_refused_name_is_told_beside_the_input():
    model = online()
    model.submit("/nick bob")
    model.receive(Error("k1", "name-taken", 'the name "bob" is taken'))
    assert model.hint == 'the name "bob" is taken'
    assert model.chat.name == "ana"


def test_without_a_connection_the_next_call_is_made_under_the_new_name():
    model = online(Lost("gone", 1.0, 1))
    model.submit("/nick annb")
    assert model.submit("/nick anna") == [CallAs("anna")]
    [asked] = model.receive(Welcome("1", "ana", "log", 0, "yes"))
    assert asked.message.name == "anna"  # for a server that still calls us ana


def test_a_line_sent_under_an_old_name_is_known_again():
    model = online()
    model.submit("hi")
    model.receive(Renamed("ana", "anna"))
    model.receive(Said(1, 0, "#lobby", "ana", "hi", "k1"))
    assert not model.chat.pending


def test_another_line_of_who_has_my_old_name_settles_nothing():
    model = online()
    model.submit("hi")
    model.receive(Renamed("ana", "anna"))
    model.receive(Said(1, 0, "#lobby", "ana", "something else", "k1"))
    assert len(model.chat.pending.lines) == 1


PEOPLE = st.sampled_from(["bob", "mei", "zoe", "ｂｏｂ", "Mei"])


@given(st.lists(st.tuples(st.sampled_from("jlr"), PEOPLE, PEOPLE), max_size=20))
def test_renames_keep_the_roster_consistent(steps):
    """Whatever is told, nobody is listed twice, and a name that is gone is gone."""
    model = online()
    for kind, one, other in steps:
        if kind == "j":
            model.receive(Joined("#lobby", (one,)))
        elif kind == "l":
            model.receive(Left("#lobby", "quit", (one,)))
        else:
            model.receive(Renamed(one, other))
            gone = compared(one) != compared(other)
            assert not (gone and one in model.roster)
    keys = [compared(name) for name in model.roster]
    assert len(keys) == len(set(keys))
    assert "ana" in keys


# -- Whom one ignores ----------------------------------------------------------------


def test_who_is_ignored_is_not_heard_under_any_name():
    model = online()
    model.submit("/ignore BOB")
    model.receive(Said(1, 0, "#lobby", "bob", "hi"))
    model.receive(Renamed("bob", "rob"))
    model.receive(Said(2, 0, "#lobby", "rob", "hi"))
    model.receive(Left("#lobby", "quit", ("rob",)))
    [only] = shown(model)[1:]
    assert only.startswith("* you do not hear bob any more")
    assert "rob" not in model.roster
    model.submit("/ignore")
    assert shown(model)[-1] == "* you ignore rob"


def test_who_is_heard_again_is_heard():
    model = online()
    model.submit("/ignore bob")
    model.submit("/ignore bob")
    model.receive(Said(1, 0, "#lobby", "bob", "hi"))
    assert shown(model)[-1] == "bob: hi"
    model.submit("/ignore")
    assert shown(model)[-1] == "* you ignore nobody"
    model.submit("/ignore ana")
    assert "that is you" in model.hint
