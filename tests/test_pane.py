"""Which rows of a talk are in sight: day lines, the unread line, the last page."""

import time

from hypothesis import given, settings
from hypothesis import strategies as st
from states import Lesson, at, talk

from tui.frame import Frame
from tui.pane import Pane
from tui.scrollback import LIMIT, Item
from tui.search import Search
from tui.width import Ruler

RULER = Ruler()


def pane(model, width=60, height=8):
    return Pane(model, width, height, RULER)


def shown(model, width=60, height=8):
    rows = pane(model, width, height).rows()
    assert len(rows) == height
    return list(Frame(width, tuple(rows), (0, 0)).lines())


def lesson_of(count):
    lesson = Lesson()
    for number in range(1, count + 1):
        lesson.says("14:01", "ana", f"line {number}")
    return lesson


def test_the_newest_lines_stand_at_the_bottom():
    assert shown(lesson_of(1).model, height=5) == [
        "",
        "",
        "── Friday 20 November 2026 ─────────────────────────────────",
        "14:00     ·  you are in #lobby with ana and 4 others",
        "14:01   ana  line 1",
    ]


def test_a_day_line_stands_where_the_day_changes():
    lesson = lesson_of(2)
    lesson.says("00:01", "ana", "tomorrow", day=21)
    lesson.says("00:02", "ana", "still tomorrow", day=21)
    assert [line[:14] for line in shown(lesson.model, height=5)] == [
        "14:01   ana  l",
        "14:01   ana  l",
        "── Saturday 21",
        "00:01   ana  t",
        "00:02   ana  s",
    ]


def test_a_server_with_a_mad_clock_has_lines_without_days():
    lesson = lesson_of(0)
    lesson.model.talk.hear(Item("said", float("inf"), "hi", "ana"))
    assert shown(lesson.model, height=2)[-1] == "--:--   ana  hi"


def test_the_unread_line_stands_above_the_first_unread():
    lesson = lesson_of(2)
    talks = lesson.model.chat.talks
    talks.show(talks.open("bob"))
    lesson.says("14:02", "ana", "line 3")
    lesson.says("14:02", "ana", "line 4")
    talks.go(1)
    assert shown(lesson.model, height=4) == [
        "14:01   ana  line 2",
        "───────────────────────────────── 2 new since you looked ───",
        "14:02   ana  line 3",
        "14:02   ana  line 4",
    ]


def test_lines_on_their_way_come_last():
    lesson = lesson_of(1)
    lesson.sends("one")
    lesson.sends("two")
    assert shown(lesson.model, height=3) == [
        "14:01   ana  line 1",
        "        you  one (sending)",
        "        you  two (sending)",
    ]


def test_a_line_of_another_talk_does_not_wait_here():
    lesson = lesson_of(1)
    lesson.sends("/msg bob psst")
    lesson.model.chat.talks.go(1)
    assert shown(lesson.model, height=1) == ["14:01   ana  line 1"]


def test_the_names_of_the_last_speakers_decide_the_column():
    lesson = lesson_of(1)
    lesson.says("14:01", "dave_the_long_name", "hi")
    assert shown(lesson.model, height=1) == ["14:01  dave_t…  hi"]


def test_who_wants_no_stamps_sees_none():
    model = Lesson().model
    model.preferences = type(model.preferences)(stamps="off")
    assert shown(model, height=1) == ["    ·  you are in #lobby with ana and 4 others"]


def test_a_find_near_the_end_leaves_no_empty_rows():
    model = lesson_of(30).model
    model.search = Search(model.talk.scrollback, "line 29")
    model.talk.show(model.search.hit)
    rows = shown(model)
    assert rows[0].endswith("line 23")
    assert rows[-1].endswith("line 30")


def test_what_was_found_stands_out_in_its_line_only():
    model = lesson_of(3).model
    model.search = Search(model.talk.scrollback, "LINE")
    found = [
        (number, span.text)
        for number, row in enumerate(pane(model, height=3).rows())
        for span in row
        if span.style == "bar"
    ]
    assert found == [(2, "line")]


def test_new_lines_below_are_counted_in_lines_not_rows():
    lesson = lesson_of(30)
    viewport = lesson.model.talk.viewport
    viewport.turn(pane(lesson.model).pages, -1)
    assert pane(lesson.model).new_below == 0
    for _ in range(3):
        lesson.says("14:02", "ana", "word " * 40)
    assert pane(lesson.model).new_below == 3


def test_what_is_in_sight_is_not_below():
    model = lesson_of(30).model
    model.talk.show(25)
    assert pane(model).new_below == 0


@given(st.integers(10, 90), st.integers(0, 30), st.integers(-40, 5))
def test_a_pane_has_exactly_its_rows(width, height, rows):
    model = talk()
    drawn = pane(model, width, height)
    model.talk.viewport.scroll(drawn.pages, rows)
    assert len(pane(model, width, height).rows()) == height


@settings(max_examples=20)
@given(st.integers(10, 90), st.integers(1, 30))
def test_a_resize_there_and_back_shows_the_same(width, height):
    model = talk()
    model.talk.viewport.turn(pane(model, 60, 8).pages, -1)
    before = shown(model)
    shown(model, width, height)
    assert shown(model) == before


def test_only_what_is_in_sight_is_measured():
    """Ten thousand lines cost what thirty do, counted in graphemes looked at."""

    def looked_at(count):
        model = Lesson().model
        for number in range(count):
            item = Item("said", at("14:01"), f"漢 {number:05}", "ana")
            model.talk.hear(item)
        asked = []
        ruler = CountingRuler(asked)
        Pane(model, 60, 20, ruler).rows()
        return len(asked)

    assert looked_at(LIMIT) == looked_at(30)


class CountingRuler(Ruler):
    def __init__(self, asked):
        super().__init__()
        self._asked = asked

    def cells(self, text):
        self._asked.append(text)
        return super().cells(text)


def test_a_resize_of_a_long_talk_is_quick():
    """Measured: 0.5 ms on the machine of the benchmarks; the limit is generous."""
    model = Lesson().model
    for number in range(LIMIT):
        model.talk.hear(Item("said", at("14:01"), f"word {number} " * 9, "ana"))
    started = time.perf_counter()
    for width in range(40, 90):
        pane(model, width, 24).rows()
    assert (time.perf_counter() - started) / 50 < 0.025
