"""Comings and goings: told at once when it is quiet, else together."""

from hypothesis import given
from hypothesis import strategies as st

from chat.presence import FRAME_NAMES, PERIOD, Presence, split
from messages import Joined, Left
from protocol import MAX_PAYLOAD, encode


def test_in_a_quiet_room_it_is_told_at_once():
    presence = Presence()
    presence.join("#lobby", "ana")
    assert presence.is_waiting
    assert presence.due(0.0) == [("#lobby", [Joined("#lobby", ("ana",))])]
    assert not presence.is_waiting


def test_what_follows_within_the_period_is_told_together():
    presence = Presence()
    presence.join("#lobby", "ana")
    presence.due(10.0)
    presence.join("#lobby", "bob")
    assert presence.due(10.0 + PERIOD / 2) == []
    assert presence.is_waiting
    presence.leave("#lobby", "ana", "quit")
    assert presence.due(10.0 + PERIOD) == [
        ("#lobby", [Left("#lobby", "quit", ("ana",)), Joined("#lobby", ("bob",))])
    ]
    assert presence.due(11.0) == []


def test_a_busy_room_does_not_hold_up_another():
    presence = Presence()
    presence.join("#lobby", "ana")
    presence.due(10.0)
    presence.join("#lobby", "bob")
    presence.join("#cellar", "mei")
    assert [room for room, _ in presence.due(10.1)] == ["#cellar"]


def test_who_went_and_came_back_is_in_both_and_here_at_the_end():
    presence = Presence()
    presence.leave("#lobby", "ana", "lost")
    presence.join("#lobby", "ana")
    ((_, reports),) = presence.due(0.0)
    assert reports == [Left("#lobby", "lost", ("ana",)), Joined("#lobby", ("ana",))]


def test_who_came_and_went_is_gone_at_the_end():
    presence = Presence()
    presence.join("#lobby", "ana")
    presence.leave("#lobby", "ana", "quit")
    assert presence.due(0.0) == [("#lobby", [Left("#lobby", "quit", ("ana",))])]


def test_each_reason_has_a_report_of_its_own():
    presence = Presence()
    for name, why in [("ana", "quit"), ("bob", "lost"), ("mei", "quit")]:
        presence.leave("#lobby", name, why)
    ((_, reports),) = presence.due(0.0)
    assert reports == [
        Left("#lobby", "quit", ("ana", "mei")),
        Left("#lobby", "lost", ("bob",)),
    ]


def test_a_thousand_who_come_at_once_cost_a_few_frames_and_each_one_fits():
    presence = Presence()
    names = [f"{n:03}".rjust(20, "\U00020000") for n in range(1_000)]
    for name in names:
        presence.join("#lobby", name)
    ((_, reports),) = presence.due(0.0)
    assert len(reports) == 2
    assert [name for report in reports for name in report.names] == names
    assert all(len(encode(report)) <= MAX_PAYLOAD for report in reports)


def test_rooms_that_come_and_go_are_not_remembered_for_ever():
    presence = Presence()
    for number in range(1_000):
        presence.join(f"#r{number}", "ana")
        assert presence.due(float(number))
    assert len(presence._told_at) == 1


def test_no_names_need_no_part():
    assert split([]) == []
    assert list(map(len, split(["x"] * (FRAME_NAMES + 1)))) == [FRAME_NAMES, 1]


class Watcher:
    """What somebody who heard every report believes."""

    def __init__(self, here):
        self.here = set(here)
        self.told = []  # when, per batch

    def hear(self, now, told):
        for _, reports in told:
            self.told.append(now)
            for report in reports:
                if isinstance(report, Joined):
                    self.here |= set(report.names)
                else:
                    self.here -= set(report.names)


@given(
    here=st.sets(st.sampled_from("abcd")),
    steps=st.lists(st.tuples(st.sampled_from("abcd"), st.integers(0, 400))),
    start=st.floats(0, 1e6),
)
def test_who_hears_every_report_knows_who_is_here(here, steps, start):
    presence, watcher, members, now = Presence(), Watcher(here), set(here), start
    for name, milliseconds in steps:
        if name in members:
            members.remove(name)
            presence.leave("#lobby", name, "quit")
        else:
            members.add(name)
            presence.join("#lobby", name)
        now += milliseconds / 1000
        watcher.hear(now, presence.due(now))
    watcher.hear(now + 2 * PERIOD, presence.due(now + 2 * PERIOD))

    assert watcher.here == members
    assert not presence.is_waiting
    gaps = [b - a for a, b in zip(watcher.told, watcher.told[1:], strict=False)]
    assert all(gap >= PERIOD for gap in gaps)
