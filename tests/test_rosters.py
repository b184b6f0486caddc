"""The lists that newcomers get: whole, whatever happened since they were made."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat import rosters
from chat.presence import FRAME_NAMES
from chat.rooms import RoomBook
from chat.rosters import Rosters
from chat.session import NOWHERE, Session
from messages import LOBBY, Users
from protocol import Decoder, decode_report


def person(name):
    return Session(name, name, name, NOWHERE)


class House:
    """A room, told to the rosters as attendance tells it."""

    def __init__(self, people=0):
        self.rooms = RoomBook()
        self.rosters = Rosters(self.rooms)
        self.people = []
        for number in range(people):
            self.enter(f"p{number:04}")

    def enter(self, name):
        self.people.append(person(name))
        self.rooms.enter(LOBBY, self.people[-1])
        self.rosters.came(LOBBY, name)

    def leave(self, place):
        self.rooms.leave(LOBBY, self.people.pop(place))
        self.rosters.changed(LOBBY)

    def rename(self, place, name):
        self.people[place].name = name
        self.rosters.changed(LOBBY)

    def reports(self):
        return [decode_report(p) for p in Decoder().feed(self.rosters.frames(LOBBY))]

    def names_told(self):
        first, *rest = self.reports()
        assert isinstance(first, Users)
        return [name for report in (first, *rest) for name in report.names]


def test_a_class_gets_one_sorted_list():
    house = House(30)
    house.enter("ada")
    (users,) = house.reports()
    assert users.names == tuple(sorted(one.name for one in house.people))


def test_who_came_since_is_told_behind_the_list():
    house = House(FRAME_NAMES + 1)
    before = house.reports()
    house.enter("ada")
    *same, joined = house.reports()
    assert same == before
    assert joined.names == ("ada",)


def test_the_list_of_many_is_made_once_for_many_newcomers(monkeypatch):
    house, made = House(FRAME_NAMES + 1), []
    make = rosters.roster_frames
    monkeypatch.setattr(
        rosters, "roster_frames", lambda *given: made.append(1) or make(*given)
    )
    for number in range(2 * FRAME_NAMES + 1):
        house.enter(f"q{number}")
        house.rosters.frames(LOBBY)
    assert len(made) == 2


@pytest.mark.parametrize("size", [2, FRAME_NAMES + 2])
def test_nobody_is_told_who_left_or_is_called_otherwise(size):
    house = House(size)
    house.names_told()
    house.leave(0)
    assert "p0000" not in house.names_told()
    house.rename(0, "ada")
    assert "p0001" not in house.names_told()
    assert "ada" in house.names_told()


@given(
    steps=st.lists(
        st.one_of(
            st.tuples(st.just("enter"), st.integers(0, 10**6)),
            st.tuples(st.just("leave"), st.integers(0, 10**6)),
            st.tuples(st.just("rename"), st.integers(0, 10**6)),
            st.just(("look", 0)),
        ),
        max_size=12,
    )
)
def test_everybody_is_told_once_whatever_happens(steps):
    house = House(FRAME_NAMES)
    for count, (step, number) in enumerate(steps):
        match step:
            case "enter":
                house.enter(f"new{count}")
            case "leave":
                house.leave(number % len(house.people))
            case "rename":
                house.rename(number % len(house.people), f"other{count}")
            case _:
                pass
        told = house.names_told()
        assert sorted(told) == sorted(one.name for one in house.people)
