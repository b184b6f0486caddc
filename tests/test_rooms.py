"""Who is in which room."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat.refusal import Refusal
from chat.rooms import Rooms, only_room
from chat.session import Session


def session(name):
    return Session(name, name, name, outbox=None)


ANA, BOB, MEI = map(session, ("ana", "bob", "mei"))


def test_members_stand_in_the_order_of_their_coming():
    rooms = Rooms()
    for who in (MEI, ANA, BOB):
        rooms.enter("#lobby", who)
    assert rooms.members("#lobby") == (MEI, ANA, BOB)
    assert rooms.names("#lobby") == ["mei", "ana", "bob"]


def test_entering_twice_is_entering_once():
    rooms = Rooms()
    rooms.enter("#lobby", ANA)
    rooms.enter("#lobby", ANA)
    assert rooms.members("#lobby") == (ANA,)


def test_the_view_of_the_scribe_follows_every_change():
    rooms = Rooms()
    rooms.enter("#lobby", ANA)
    before = rooms.members("#lobby")
    rooms.enter("#lobby", BOB)
    assert rooms.members("#lobby") == (ANA, BOB)
    assert rooms.leave("#lobby", ANA)
    assert rooms.members("#lobby") == (BOB,)
    assert before == (ANA,), "who walks an older view is not disturbed"


def test_the_view_is_made_once_for_many_lines():
    rooms = Rooms()
    rooms.enter("#lobby", ANA)
    assert rooms.members("#lobby") is rooms.members("#lobby")


def test_who_was_not_there_cannot_leave():
    rooms = Rooms()
    rooms.enter("#lobby", ANA)
    assert not rooms.leave("#lobby", BOB)
    assert not rooms.leave("#cellar", ANA)
    assert rooms.has("#lobby", ANA)


def test_an_empty_room_leaves_nothing_behind():
    rooms = Rooms()
    rooms.enter("#cellar", ANA)
    rooms.leave("#cellar", ANA)
    assert rooms._members == {}
    assert rooms.members("#cellar") == ()


def test_two_sessions_of_one_name_are_two_people():
    rooms = Rooms()
    rooms.enter("#lobby", ANA)
    assert not rooms.has("#lobby", session("ana"))


@given(
    st.lists(
        st.tuples(st.booleans(), st.sampled_from(["#a", "#b"]), st.sampled_from("xyz"))
    )
)
def test_all_views_agree_after_any_coming_and_going(steps):
    people = {name: session(name) for name in "xyz"}
    rooms, expected = Rooms(), set()
    for enters, room, name in steps:
        if enters:
            rooms.enter(room, people[name])
            expected.add((room, name))
        else:
            assert rooms.leave(room, people[name]) == ((room, name) in expected)
            expected.discard((room, name))
        for where in ("#a", "#b"):
            assert {(where, s.name) for s in rooms.members(where)} == {
                pair for pair in expected if pair[0] == where
            }
    for name, who in people.items():
        assert {(room, name) for room in rooms.of(who)} == {
            pair for pair in expected if pair[1] == name
        }


@pytest.mark.parametrize("room", ["#lobby", "#LOBBY", "＃lobby"])
def test_the_lobby_is_found_however_it_is_written(room):
    assert only_room(room) == "#lobby"


@pytest.mark.parametrize("room", ["", "lobby", "#cellar", "#lobby ", "x" * 60_000])
def test_there_is_no_other_room(room):
    with pytest.raises(Refusal, match="#lobby is the only room") as refusal:
        only_room(room)
    assert refusal.value.code == "no-such-room"
