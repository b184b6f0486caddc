import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui import motions
from tui.width import graphemes

MOTIONS = [
    *(motions.one_left, motions.one_right, motions.word_left, motions.word_right),
    *(motions.space_left, motions.line_start, motions.line_end, motions.line_up),
    *(motions.line_down, motions.text_start, motions.text_end),
    motions.further(motions.line_end, motions.one_right),
]
PIECES = [
    "a",
    "é",
    "_",
    " ",
    "\n",
    "漢",
    "\u0301",
    "\u200d",
    "🇧",
    "🏽",
    "👩",
    "각",
    "\u1161",
]
TEXTS = st.lists(st.sampled_from(PIECES), max_size=20).map("".join)


def boundaries(text):
    places = [0]
    for grapheme in graphemes(text):
        places.append(places[-1] + len(grapheme))
    return places


@given(TEXTS, st.data(), st.sampled_from(MOTIONS))
def test_every_motion_leads_from_between_two_graphemes_to_between_two(
    text, data, motion
):
    places = boundaries(text)
    assert motion(text, data.draw(st.sampled_from(places))) in places


@given(TEXTS, st.integers(0, 30))
def test_the_boundary_is_the_next_place_between_two_graphemes(text, cursor):
    cursor = min(cursor, len(text))
    expected = min(place for place in boundaries(text) if place >= cursor)
    assert motions.boundary(text, cursor) == expected


@given(TEXTS, st.data())
def test_left_and_right_step_over_exactly_one_grapheme(text, data):
    places = boundaries(text)
    index = data.draw(st.integers(0, len(places) - 1))
    assert motions.one_left(text, places[index]) == places[max(index - 1, 0)]
    right = places[min(index + 1, len(places) - 1)]
    assert motions.one_right(text, places[index]) == right


@pytest.mark.parametrize("before", ["👩\u200d", "\u1100", "🇧", "e\u0301", "\u0600"])
def test_nothing_that_surely_begins_a_grapheme_is_ever_part_of_the_one_before(before):
    for code in range(0x10000):
        if motions.SURE_START.match(char := chr(code)):
            assert graphemes(before + char)[-1] == char


def test_up_on_the_first_line_and_down_on_the_last_lead_nowhere():
    assert motions.line_up("one\ntwo", 2) == 2
    assert motions.line_down("one\ntwo", 5) == 5


def test_further_goes_on_where_the_first_motion_has_arrived():
    home = motions.further(motions.line_start, motions.text_start)
    assert home("one\ntwo", 6) == 4
    assert home("one\ntwo", 4) == 0
    assert home("one\ntwo", 0) == 0
