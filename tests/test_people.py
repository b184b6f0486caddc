"""The people pane."""

import pytest
from states import PEOPLE, Lesson

from tui.frame import Frame
from tui.people import people_rows
from tui.signs import ASCII, UNICODE
from tui.width import Ruler

RULER = Ruler()


def shown(model, height=8, signs=UNICODE):
    rows = people_rows(model, 16, height, RULER, signs)
    return list(Frame(16, tuple(rows), (0, 0)).lines())


def styles(model):
    rows = people_rows(model, 16, 8, RULER)
    return {span.text: span.style for row in rows for span in row}


def test_everybody_is_listed_under_their_number():
    assert shown(Lesson().model) == [
        "│6 online",
        "│  ana",
        "│  bob",
        "│  dave_the_lo…",
        "│  mei",
        "│  sam",
        "│  you",
        "│",
    ]


def test_names_are_sorted_whatever_their_case():
    model = Lesson(people=("bob", "Ana", "mei")).model
    assert shown(model, 4)[1:] == ["│  Ana", "│  bob", "│  mei"]


def test_who_does_not_fit_is_counted():
    assert shown(Lesson().model, 4) == ["│6 online", "│  ana", "│  bob", "│  +4 more"]
    assert shown(Lesson().model, 7)[-1] == "│  you"
    assert shown(Lesson().model, 2) == ["│6 online", "│  +6 more"]
    assert shown(Lesson().model, 1) == ["│6 online"]


def test_my_name_is_bold_and_others_have_colours():
    found = styles(Lesson().model)
    assert found["you"] == "bold"
    assert found["ana"].startswith("nick")


def test_offline_nobody_is_said_to_be_online():
    lesson = Lesson()
    lesson.loses_the_server()
    assert shown(lesson.model)[0] == "│6 last seen"
    assert styles(lesson.model)["ana"] == "dim"


def test_without_utf8_the_border_is_ascii():
    rows = shown(Lesson().model, 5, ASCII)
    assert all(row.startswith("|") and row.isascii() for row in rows)


@pytest.mark.parametrize("count", [1, 2, 20])
def test_every_height_is_filled_exactly(count):
    model = Lesson(people=PEOPLE[:count]).model
    for height in range(30):
        assert len(people_rows(model, 16, height, RULER)) == height
