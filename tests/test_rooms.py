"""Who is in which room."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat.refusal import Refusal
from chat.rooms import LONGEST_TOPIC, RoomBook, Topic, check_topic
from chat.session import Session


def session(name):
    return Session(name, name, name, outbox=None)


ANA, BOB, MEI = map(session, ("ana", "bob", "mei"))


def test_members_stand_in_the_order_of_their_coming():
    rooms = RoomBook()
    for who in (MEI, ANA, BOB):
        rooms.enter("#lobby", who)
    assert rooms.members("#lobby") == (MEI, ANA, BOB)
    assert rooms.names("#lobby") == ["mei", "ana", "bob"]


def test_entering_twice_is_entering_once():
    rooms = RoomBook()
    rooms.enter("#lobby", ANA)
    rooms.enter("#lobby", ANA)
    assert rooms.members("#lobby") == (ANA,)


def test_the_view_of_the_scribe_follows_every_change():
    rooms = RoomBook()
    rooms.enter("#lobby", ANA)
    before = rooms.members("#lobby")
    rooms.enter("#lobby", BOB)
    assert rooms.members("#lobby") == (ANA, BOB)
    assert rooms.leave("#lobby", ANA)
    assert rooms.members("#lobby") == (BOB,)
    assert before == (ANA,), "who walks an older view is not disturbed"


def test_the_view_is_made_once_for_many_lines():
    rooms = RoomBook()
    rooms.enter("#lobby", ANA)
    assert rooms.members("#lobby") is rooms.members("#lobby")


def test_who_was_not_there_cannot_leave():
    rooms = RoomBook()
    rooms.enter("#lobby", ANA)
    assert not rooms.leave("#lobby", BOB)
    assert not rooms.leave("#cellar", ANA)
    assert rooms.has("#lobby", ANA)


def test_an_empty_room_leaves_nothing_behind():
    rooms = RoomBook()
    rooms.enter("#cellar", ANA)
    rooms.leave("#cellar", ANA)
    assert rooms._members == {}
    assert rooms.members("#cellar") == ()


def test_two_sessions_of_one_name_are_two_people():
    rooms = RoomBook()
    rooms.enter("#lobby", ANA)
    assert not rooms.has("#lobby", session("ana"))


@given(
    st.lists(
        st.tuples(st.booleans(), st.sampled_from(["#a", "#b"]), st.sampled_from("xyz"))
    )
)
def test_all_views_agree_after_any_coming_and_going(steps):
    people = {name: session(name) for name in "xyz"}
    rooms, expected = RoomBook(), set()
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


def test_rooms_are_listed_with_people_and_topic():
    rooms = RoomBook({"#maths": ("mei", "sums")})
    for room, who in [("#a", ANA), ("#maths", ANA), ("#maths", BOB), ("#b", MEI)]:
        rooms.enter(room, who)
    assert rooms.listing() == [("#a", 1, ""), ("#maths", 2, "sums"), ("#b", 1, "")]


def test_a_topic_outlives_the_people_in_its_room():
    rooms = RoomBook()
    rooms.enter("#cellar", ANA)
    rooms.describe("#cellar", Topic("ana", "wine"))
    rooms.leave("#cellar", ANA)
    assert rooms.listing() == []
    assert rooms.topic("#cellar") == Topic("ana", "wine")
    rooms.describe("#cellar", Topic("bob", ""))
    assert rooms.topic("#cellar") is None


def test_neighbours_are_all_who_share_a_room_and_each_once():
    rooms = RoomBook()
    for room, who in [("#a", ANA), ("#b", ANA), ("#a", BOB), ("#b", BOB), ("#c", MEI)]:
        rooms.enter(room, who)
    assert rooms.neighbours(ANA) == {ANA, BOB}
    assert rooms.neighbours(MEI) == {MEI}


@pytest.mark.parametrize("text", ["two\nlines", "\x1b[2J", "x" * (LONGEST_TOPIC + 1)])
def test_a_topic_is_one_short_line(text):
    with pytest.raises(Refusal) as refusal:
        check_topic(text)
    assert refusal.value.code == "bad-text"
    assert check_topic("漢" * LONGEST_TOPIC)
    assert check_topic("") == ""
