"""The words around the messages, from generous to terse."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui import captions
from tui.events import Connecting, Ended, Lost, Online
from tui.width import Ruler

RULER = Ruler()
NOON = time.mktime((2026, 11, 20, 12, 5, 0, 0, 0, -1))

states = st.sampled_from(
    [Connecting("lab:5000"), Online(), Lost("gone", 104.0, 2), Ended("kicked")]
)


def test_the_longest_wording_that_fits_is_shown():
    caption = ("offline: kicked", "offline")
    assert captions.fit(caption, 15, RULER) == "offline: kicked"
    assert captions.fit(caption, 14, RULER) == "offline"
    assert captions.fit(caption, 3, RULER) == "off"


def test_a_day_is_named():
    assert captions.days(captions.day_of(NOON)) == (
        "Friday 20 November 2026",
        "Fri 20 Nov 2026",
        "20 Nov",
    )


@pytest.mark.parametrize("moment", [1e12, 1e300, float("inf"), float("nan")])
def test_a_server_with_a_mad_clock_has_no_days(moment):
    assert captions.day_of(moment) is None


@pytest.mark.parametrize(
    ("state", "waiting", "caption"),
    [
        (Online(), 2, ("online",)),
        (Ended("kicked"), 0, ("offline: kicked", "offline")),
        (
            Connecting("lab:5000"),
            0,
            ("connecting to lab:5000 ...", "connecting ...", "offline"),
        ),
        (
            Lost("gone", 104.0, 2),
            2,
            (
                "offline, 2 lines waiting: retry in 4 s (2nd try), /reconnect now",
                "offline, 2 lines waiting: retry in 4 s (2nd try)",
                "offline, 2 lines waiting: retry in 4 s",
                "offline, 2 lines waiting",
                "offline",
            ),
        ),
    ],
)
def test_the_connection_is_told_in_as_many_words_as_fit(state, waiting, caption):
    assert captions.connection(state, 100.0, waiting) == caption


@given(states, st.integers(0, 2000), st.floats(0, 200))
def test_a_shorter_wording_is_shorter(state, waiting, now):
    lengths = list(map(len, captions.connection(state, now, waiting)))
    assert lengths == sorted(lengths, reverse=True)


def test_the_round_trip_is_told_and_a_slow_one_louder():
    assert captions.online(12, 0) == ("online 12 ms", "online")
    assert captions.online(None, 0) == ("online",)
    assert captions.online(12, 4)[0] == "slow: no answer for 4 s"


def test_new_lines_below_are_counted():
    assert captions.below(14)[0] == "v 14 new below: press End"
    assert captions.below(0)[0] == "v older lines: press End"


def test_other_talks_are_told_with_the_key_that_goes_there():
    long, name, number = captions.activity(2, "bob", 1, is_for_me=True)
    assert (long, name, number) == ("Alt+2 bob 1!", "bob 1!", "2:1!")
    assert captions.activity(10, "bob", 3, is_for_me=False)[0] == "bob 3"


def test_unread_lines_are_counted_where_the_count_is_known():
    assert captions.unread(3)[0] == "3 new since you looked"
    assert captions.unread(0)[0] == "new since you looked"
