"""The input line and what is said above it."""

import pytest
from states import (
    Lesson,
    candidates,
    commands_that_match,
    history_search,
    question,
    several_lines,
)

from tui.frame import Frame
from tui.keys import Key, Typed
from tui.prompt import input_rows, notice_rows, rows_wanted
from tui.width import Ruler

RULER = Ruler()
NOW = 100.0  # time.monotonic()


def lines(rows, width):
    return list(Frame(width, tuple(rows), (0, 0)).lines())


def typed(model, width=40, height=1):
    rows, cursor = input_rows(model, width, height, RULER)
    return lines(rows, width), cursor


def above(model, width=40, height=12):
    return lines(notice_rows(model, width, height, RULER, NOW), width)


# -- The input -----------------------------------------------------------------------


def test_an_empty_line_says_what_it_is_for():
    model = Lesson().model
    assert typed(model) == (["> Message #lobby   (F1 help)"], (0, 2))
    assert typed(model, 20) == (["> Message #lobby"], (0, 2))
    assert typed(model, 12) == ([">"], (0, 2))
    assert typed(model, 5) == ([""], (0, 0))


def test_the_cursor_stands_behind_the_typed_text():
    lesson = Lesson()
    lesson.types("漢字 ok")
    assert typed(lesson.model) == (["> 漢字 ok"], (0, 9))


def test_a_long_line_scrolls_and_says_so():
    lesson = Lesson()
    lesson.types("I think the bug is in the buffer")
    assert typed(lesson.model, 20) == (["> …is in the buffer"], (0, 19))


def test_several_lines_take_several_rows_around_the_cursor():
    model = several_lines()
    assert rows_wanted(model) == 5
    assert typed(model, 40, 3) == (
        ["…     buffer += data", "      show(buffer)", "  but it hangs"],
        (2, 14),
    )
    for _ in range(2):
        model.press(Key("home"))
    assert typed(model, 40, 3) == (
        ["> mine is:", "  while data := sock.recv(1024):", "…     buffer += data"],
        (0, 2),
    )


def test_in_one_row_several_lines_are_one():
    assert typed(several_lines(), 40, 1)[0] == [
        "> …= data⏎    show(buffer)⏎but it hangs"
    ]


def test_a_search_shows_its_word():
    model = Lesson().model
    model.press(Key("ctrl-f"))
    model.press(Typed("recv"))
    assert typed(model) == (["search: recv"], (0, 12))
    assert typed(model, 12) == (["recv"], (0, 4))


def test_a_search_in_the_history_shows_its_word_and_what_it_found():
    rows, cursor = typed(history_search())
    assert rows == ["(search: wh) /who"]
    assert cursor == (0, len("(search: wh"))


def test_several_lines_are_asked_about_where_one_looks():
    model = question()
    assert above(model, 200) == [model.hint]


@pytest.mark.parametrize("height", [1, 2, 5])
@pytest.mark.parametrize("text", ["", "one", "one\ntwo\nthree"])
def test_the_input_fills_its_rows_and_has_its_cursor_in_them(text, height):
    lesson = Lesson()
    lesson.model.editor.insert(text)
    for width in range(1, 40):
        rows, (row, column) = input_rows(lesson.model, width, height, RULER)
        assert len(rows) == height
        assert 0 <= row < height
        assert 0 <= column < width
        for span in (span for row in rows for span in row):
            assert span.column + RULER.cells(span.text) <= width


# -- Above ---------------------------------------------------------------------------


def test_nothing_to_say_takes_no_row():
    assert above(Lesson().model) == []


def test_a_hint_takes_a_quarter_of_the_screen_at_most():
    model = Lesson().model
    model.hint = "unknown command /hlep, did you mean /help?"
    assert above(model) == ["unknown command /hlep, did you mean", "/help?"]
    assert above(model, 20, 8) == ["unknown command", "/hlep, did you mean"]
    assert above(model, 20, 3) == ["unknown command"]
    assert above(model, 20, 1) == []


def test_completions_are_told_unless_there_is_a_hint():
    model = candidates()
    assert above(model) == [model.candidates]
    assert "dora" in model.candidates
    model.hint = "no such name"
    assert above(model) == ["no such name"]


def test_a_slash_shows_up_to_five_commands():
    model = commands_that_match()
    assert len(above(model, 80, 24)) == 5
    assert len(above(model, 80, 12)) == 3
    assert above(model, 80, 3) == []
    assert above(model, 80, 8) == [
        " /msg NAME [TEXT]  talk with one person only",
        " /who              see who is here",
    ]
    assert above(model, 20, 8) == [" /msg NAME [TEXT]", " /who"]


def test_the_help_needs_no_notices():
    model = Lesson().model
    model.hint, model.help_top = "unknown command", 0
    assert above(model) == []
