"""The bars: whole words as long as there is room, and always the width exactly."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from states import STATES, Lesson, many_talks_unread, private_talk, talk

from tui import captions
from tui.events import Ended, Scroll
from tui.status import status_row, talk_at, title_row
from tui.view import scroll
from tui.width import Ruler

RULER = Ruler()


def status(model, width, new_below=0):
    (span,) = status_row(model, width, RULER, 100.0, new_below)
    return span.text


def title(model, width):
    (span,) = title_row(model, width, RULER)
    return span.text


def split(bar):
    """What stands left and right of the gap."""
    left, _, right = bar.strip().partition("   ")
    return left, right.strip()


# -- The title -----------------------------------------------------------------------


def test_the_title_says_where_and_what_about():
    assert split(title(talk(), 80)) == (
        "#lobby  Sockets lab: write your own client",
        "F1 help",
    )
    assert split(title(private_talk(), 80)) == ("bob  private talk", "F1 help")


def test_a_long_topic_is_cut_and_the_help_goes_below_sixty():
    assert title(talk(), 60).endswith(" F1 help ")
    assert title(talk(), 50) == " #lobby  Sockets lab: write your own client       "
    assert title(talk(), 30) == " #lobby  Sockets lab: write…  "


# -- The status ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("width", "left", "right"),
    [
        (80, "you@#lobby  online 12 ms", "Alt+2 bob 1!"),
        (40, "you@#lobby  online 12 ms", "Alt+2 bob 1!"),
    ],
)
def test_it_says_who_where_how_fast_and_what_is_elsewhere(width, left, right):
    bar = status(talk(), width)
    assert bar.startswith(f" {left} ")
    assert bar.endswith(f" {right} ")


def test_what_goes_first_on_a_narrow_screen():
    assert status(talk(), 39) == " #lobby  online 12 ms     Alt+2 bob 1! "
    assert status(talk(), 34) == " you@#lobby  online 12 ms  bob 1! "
    assert status(talk(), 33) == " #lobby  online 12 ms     bob 1! "
    assert status(talk(), 29) == " #lobby  online 12 ms   2:1! "
    assert status(talk(), 22) == " #lobby  online  2:1! "
    assert status(talk(), 20) == "#lobby online  2:1! "
    assert status(talk(), 15) == " #lobby  online"
    assert status(talk(), 10) == " online   "


def test_of_many_talks_those_for_me_come_first():
    model = many_talks_unread()
    assert "2:3!  3:3!  4:3!  5:3!  6:3!  7:3!  8:1  9:1  10:1 " in status(model, 80)
    assert status(model, 40).endswith(" 2:3!  3:3!  +7 more ")
    model.chat.talks.find("#lab-2").mentions = 1
    for name in ("ana", "bob", "dave_the_long_name", "mei", "sam", "zoe"):
        model.chat.talks.find(name).mentions = 0
    assert status(model, 40).endswith(" 10:1!  2:3  3:3  +6 more ")


def test_trouble_is_told_before_my_name():
    lesson = Lesson()
    lesson.loses_the_server()
    lesson.sends("one")
    lesson.sends("two")
    whole = "offline, 2 lines waiting: retry in 4 s (2nd try), /reconnect now"
    assert status(lesson.model, 80) == f" you@#lobby  {whole}   "
    assert status(lesson.model, 74) == f" #lobby  {whole} "
    assert status(lesson.model, 40) == " #lobby  offline, 2 lines waiting       "
    assert status(lesson.model, 20) == " #lobby  offline    "
    assert status(lesson.model, 10) == " offline  "


def test_a_slow_server_is_told():
    assert "slow: no answer for 4 s" in status(STATES["slow"](), 80)


def test_while_reading_the_way_back_comes_first():
    model = talk()
    scroll(model, Scroll(rows=-3), 80, 12, RULER, 100.0)
    assert split(status(model, 80, 14)) == (
        "v 14 new below: press End",
        "you@#lobby  online 12 ms  Alt+2 bob 1!",
    )
    assert status(model, 54, 14).endswith(" online  Alt+2 bob 1! ")
    assert status(model, 40, 14) == " v 14 new below: press End       online "
    assert status(model, 20, 14) == " v 14 new: End      "
    assert status(model, 20) == " v older: End       "
    assert status(model, 5, 14) == " v 14"


@pytest.mark.parametrize("width", [200, 80, 40])
def test_every_talk_that_is_named_can_be_clicked_on_all_of_its_caption(width):
    model = many_talks_unread()
    bar = status(model, width)
    clicked = [talk_at(model, x, width, RULER, 100.0, 0) for x in range(width)]
    for number, here in enumerate(model.chat.talks, 1):
        is_for_me = bool(here.mentions)
        words = captions.activity(number, here.name, here.unread, is_for_me=is_for_me)
        cells = [
            cell for cell, found in zip(bar, clicked, strict=True) if found is here
        ]
        shown = "".join(cells)
        assert shown in words or not any(f"  {w} " in bar for w in words)


def test_a_click_beside_the_talks_opens_none():
    bar = status(talk(), 80)
    clicked = "".join(
        "x" if talk_at(talk(), x, 80, RULER, 100.0, 0) else " " for x in range(80)
    )
    assert clicked == " " * bar.index("Alt+2") + "x" * len("Alt+2 bob 1!") + " "


@given(
    st.sampled_from(sorted(STATES)), st.integers(1, 120), st.booleans(), st.booleans()
)
def test_every_bar_is_exactly_as_wide_as_the_screen(name, width, is_over, is_reading):
    model = STATES[name]()
    if is_over:
        model.receive(Ended("wrong password"))
    if is_reading:
        scroll(model, Scroll(rows=-1), 80, 3, RULER, 100.0)
    assert RULER.cells(status(model, width, 3)) == width
    assert RULER.cells(title(model, width)) == width
