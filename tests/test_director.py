"""The director: first the question, then the incident, then why; and what fits."""

import pytest

from demo.director import LETTERS, ROWS, WIDTH, Director
from demo.incidents import INCIDENTS
from demo.program import HINTS

ONE, TWO = INCIDENTS["1"], INCIDENTS["2"]


class Wall:
    """A director, what it lets happen, and a clock that is set by hand."""

    def __init__(self):
        self.played = []
        self.now = 0.0
        self.director = Director(
            ("first hint", "second"), self.played.append, self.time
        )

    def time(self):
        return self.now

    def press(self, *keys):
        return [self.director.press(key) for key in keys]

    @property
    def text(self):
        return " ".join(self.director.caption())


@pytest.fixture
def wall():
    return Wall()


def test_hints_take_turns_from_when_somebody_looks(wall):
    wall.now = 100.0
    assert wall.text == "first hint"
    wall.now = 109.0
    assert wall.text == "second"
    wall.now = 117.0
    assert wall.text == "first hint"


def test_a_digit_asks_and_nothing_happens_yet(wall):
    assert wall.press("1") == [True]
    assert ONE.question in wall.text
    for answer in ONE.answers:
        assert answer in wall.text
    assert not wall.played


@pytest.mark.parametrize("key", [*LETTERS, "enter", "1"])
def test_an_answer_lets_it_happen(wall, key):
    wall.press("1", key)
    assert wall.played == [ONE]
    assert ONE.title in wall.text
    assert "Look at" in wall.text


def test_the_seconds_are_counted_while_it_happens(wall):
    wall.press("1", "a")
    wall.now += 3.0
    assert "(3 s)" in wall.text


def test_then_it_is_told_what_was_seen_and_why(wall):
    wall.press("1", "c")
    wall.director.tell("Bo was cut off.")
    assert "Right: c" in wall.text
    assert "Seen: Bo was cut off." in wall.text
    assert f"Why: {ONE.why}" in wall.text


@pytest.mark.parametrize(
    ("key", "verdict"),
    [("c", "Right: c  Bo"), ("a", "Not a, but c  Bo"), ("enter", "It is c  Bo")],
)
def test_the_guess_is_judged(wall, key, verdict):
    wall.press("1", key)
    wall.director.tell("")
    assert verdict in wall.text


def test_escape_drops_a_question(wall):
    wall.press("1", "escape")
    assert wall.text == "first hint"
    assert wall.press("a") == [False]
    assert not wall.played


def test_another_digit_asks_another_question(wall):
    wall.press("1", "2")
    assert TWO.question in wall.text
    wall.press("b")
    assert wall.played == [TWO]


def test_one_incident_at_a_time(wall):
    wall.press("1", "a")
    assert wall.press("2", "1") == [True, True]
    assert wall.played == [ONE]
    assert ONE.title in wall.text


@pytest.mark.parametrize("key", ["escape", "enter"])
def test_what_was_told_can_be_put_away(wall, key):
    wall.press("1", "a")
    wall.director.tell("")
    assert wall.press(key) == [True]
    assert wall.text == "first hint"


def test_what_was_told_makes_room_for_the_next_question(wall):
    wall.press("1", "a")
    wall.director.tell("")
    wall.press("2")
    assert TWO.question in wall.text


@pytest.mark.parametrize("before", [[], ["1"], ["1", "a"]])
def test_all_other_keys_are_the_dashboards(wall, before):
    wall.press(*before)
    assert wall.press(" ", "w", "q", "?", "0", "d") == [False] * 6


def test_everything_that_was_told_is_kept_for_the_summary(wall):
    wall.press("1", "a")
    wall.director.tell("one")
    wall.press("2", "b")
    wall.director.tell("two")
    kept = [(told.incident, told.guess, told.happened) for told in wall.director.told]
    assert kept == [(ONE, "a", "one"), (TWO, "b", "two")]


# -- What fits -----------------------------------------------------------------------


def fits(caption):
    assert len(caption) <= ROWS, caption
    assert max(map(len, caption)) <= WIDTH, caption


@pytest.mark.parametrize("incident", INCIDENTS.values(), ids=lambda row: row.title)
def test_each_caption_fits_into_its_box(incident):
    wall = Wall()
    wall.press(incident.key)
    fits(wall.director.caption())
    wall.press("a")
    fits(wall.director.caption())


def test_each_hint_fits_into_its_box():
    for hint in HINTS:
        director = Director((hint.format(address="NAME 127.0.0.1:65535"),), print)
        fits(director.caption())


def test_on_a_wide_screen_the_rows_are_longer():
    wall = Director((HINTS[0],), print, width=lambda: 100)
    assert WIDTH < max(map(len, wall.caption())) <= 100


@pytest.mark.parametrize(("happened", "has_room"), [("x", True), ("x " * 150, False)])
def test_where_there_is_room_the_next_keys_are_told(wall, happened, has_room):
    wall.press("1", "a")
    wall.director.tell(happened)
    assert wall.director.caption()[-1].startswith("1-9") == has_room
