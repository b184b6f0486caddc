"""The picture: right at 80x24, and still a picture at 1x1."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from states import RECV, STATES, Lesson, help_open, panes_hidden, talk

from messages import Ok, Welcome
from protocol import encode
from tui.events import Ended, Lost, Point, Reveal, Scroll
from tui.keys import Key, Paste
from tui.signs import ASCII
from tui.style import nick_style
from tui.view import next_deadline, point, reveal, scroll, view
from tui.width import Ruler

RULER = Ruler()


def screen(model, width, height, now=100.0):
    return list(view(model, width, height, RULER, now).lines())


def page(model, count, width=80, height=10):
    scroll(model, Scroll(pages=count), width, height, RULER, 100.0)


def lesson_of(count):
    lesson = Lesson()
    for number in range(1, count + 1):
        lesson.says("14:01", "ana", f"line {number}")
    return lesson


# -- What stands where ---------------------------------------------------------------


def test_a_whole_screen():
    lesson = Lesson(people=("ana", "you"))
    lesson.says("14:01", "ana", f"see {RECV}")
    lesson.sends("will test it")
    lesson.sends("/hlep")
    assert screen(lesson.model, 76, 10) == [
        " #lobby  Sockets lab: write your own client                         F1 help",
        " " * 60 + "│2 online",
        "── Friday 20 November 2026 ─────────────────────────────────│  ana",
        "14:00     ·  you are in #lobby with ana                     │  you",
        "14:01   ana  see https://docs.python.org/3/library/socket.ht│",
        "             ml#socket.socket.recv                          │",
        "        you  will test it (sending)                         │",
        "unknown command /hlep, did you mean /help?",
        " you@#lobby  online 12 ms",
        "> /hlep",
    ]


def test_the_people_pane_follows_whatever_it_shows():
    """It is kept from picture to picture: each change must reach it by itself."""
    lesson = Lesson(people=("ana", "you"))

    def people(width=80):
        frame = view(lesson.model, width, 10, RULER, 100.0)
        spans = [span for row in frame.rows for span in row if span.column > width - 16]
        return [(span.text, span.style) for span in spans if span.text in "ana bob you"]

    ana, bob = ("ana", nick_style("ana")), ("bob", nick_style("bob"))
    assert people() == [ana, ("you", "bold")]
    lesson.comes("14:02", "bob")
    assert people() == [ana, bob, ("you", "bold")]
    assert people(width=90) == [ana, bob, ("you", "bold")]
    lesson.goes("14:03", "ana")
    assert people() == [bob, ("you", "bold")]
    lesson.model.receive(Welcome("1", "bob", "log", 0, "no"))
    assert people()[0] == ("bob", "bold")
    lesson.loses_the_server()
    assert people() == [("bob", "dim"), ("you", "dim")]


def test_the_cursor_is_in_the_input():
    lesson = Lesson()
    lesson.types("漢字")
    assert view(lesson.model, 40, 5, RULER, 0.0).cursor == (4, 6)


def test_without_utf8_everything_of_ours_is_ascii():
    model = talk()
    model.editor.clear()
    frame = view(model, 80, 24, RULER, 100.0, ASCII)
    assert all(span.text.isascii() for row in frame.rows for span in row)


def test_alone_one_needs_no_list_of_people():
    assert "online" not in screen(Lesson(people=("you",)).model, 80, 24)[1]


def test_f2_leaves_the_messages_alone():
    rows = screen(panes_hidden(), 80, 24)
    assert not any("F1 help" in row for row in rows)
    assert not any("│" in row for row in rows)


def test_the_help_covers_all_but_the_status_and_the_input():
    rows = screen(help_open(), 80, 24)
    assert rows[0].startswith(" Help ")
    assert rows[-2].startswith(" you@#lobby")
    assert rows[-1] == "> I think the bug is in the buffer"
    assert not any("Good morning" in row for row in rows)


# -- Changes by itself ---------------------------------------------------------------


def test_the_countdown_goes_down_with_the_clock():
    lesson = Lesson()
    lesson.loses_the_server()
    assert "retry in 4 s (2nd try)" in screen(lesson.model, 80, 5, now=100.0)[-2]
    assert "retry in 3 s (2nd try)" in screen(lesson.model, 80, 5, now=101.0)[-2]


@pytest.mark.parametrize("now", [96.2, 100.0, 103.999])
def test_the_picture_changes_when_the_deadline_says(now):
    lesson = Lesson()
    lesson.loses_the_server()
    deadline = next_deadline(lesson.model, now)
    assert now < deadline <= now + 1
    before = screen(lesson.model, 80, 5, now)
    assert before == screen(lesson.model, 80, 5, deadline - 0.001)
    assert before != screen(lesson.model, 80, 5, deadline)


def test_a_slow_answer_is_counted_by_the_same_clock():
    model = Lesson().model
    model.lag.arrive(100.0)
    assert next_deadline(model, 100.0) == 100.0
    model.lag.take_ping(100.0)
    assert next_deadline(model, 100.0) == 103.0
    assert "slow: no answer for 3 s" in screen(model, 80, 5, 103.0)[-2]


def test_offline_and_past_the_countdown_nothing_changes_by_itself():
    lesson = Lesson()
    lesson.loses_the_server()
    assert next_deadline(lesson.model, 104.0) is None


# -- Reading older lines -------------------------------------------------------------


def test_what_is_read_does_not_move_when_lines_come():
    lesson = lesson_of(30)
    page(lesson.model, -1)
    before = screen(lesson.model, 80, 10)
    for _ in range(2):
        lesson.says("14:02", "bob", "new")
    after = screen(lesson.model, 80, 10)
    assert after[:8] == before[:8]
    assert after[8].startswith(" v 2 new below: press End   ")


def test_pages_go_to_the_first_line_and_back():
    model = lesson_of(30).model
    bottom = screen(model, 80, 10)
    for _ in range(9):
        page(model, -1)
    assert "you are in" in screen(model, 80, 10)[2]
    for _ in range(9):
        page(model, +1)
    assert screen(model, 80, 10) == bottom


def test_one_row_up_is_one_row():
    model = lesson_of(30).model
    bottom = screen(model, 80, 10)
    scroll(model, Scroll(rows=-1), 80, 10, RULER, 100.0)
    assert "line 24" in bottom[1]
    assert "line 23" in screen(model, 80, 10)[1]


def test_hiding_the_panes_keeps_the_line_one_reads():
    model = lesson_of(30).model
    page(model, -1)
    assert screen(model, 80, 10)[1].split()[:4] == ["14:01", "ana", "line", "18"]
    model.press(Key("f2"))
    assert screen(model, 80, 10)[0].split()[:4] == ["14:01", "ana", "line", "18"]


def test_a_resize_there_and_back_gives_the_same_picture():
    model = talk()
    page(model, -1, 80, 12)
    before = screen(model, 80, 12)
    screen(model, 20, 5)
    assert screen(model, 80, 12) == before


# -- Small screens -------------------------------------------------------------------


def test_below_four_rows_the_status_goes():
    lesson = Lesson()
    lesson.says("14:01", "ana", "hi")
    lesson.types("yes")
    assert screen(lesson.model, 40, 4)[-2:] == [" you@#lobby  online 12 ms", "> yes"]
    assert screen(lesson.model, 40, 3)[-2:] == ["14:01 ana: hi", "> yes"]
    assert screen(lesson.model, 40, 2) == ["14:01 ana: hi", "> yes"]
    assert screen(lesson.model, 40, 1) == ["> yes"]
    assert screen(lesson.model, 9, 3) == ["", "", "yes"]


def test_at_three_rows_trouble_is_still_told():
    lesson = Lesson()
    lesson.model.receive(Ended("kicked"))
    assert screen(lesson.model, 40, 3)[1].startswith(" you@#lobby  offline: kicked")
    assert "slow: 4 s" in screen(STATES["slow"](), 20, 3)[1]


hostile = st.text(max_size=60) | st.sampled_from(
    [
        "漢字" * 40,
        "👩‍👩‍👧‍👦" * 9,
        "e" + "\u0301" * 99,
        "\u202eabc",
        "\x1b[2J",
        "🇧🇷🇧🇷🇧",
        "\n" * 50,
    ]
)


@given(
    st.lists(st.tuples(hostile, hostile), max_size=8),
    hostile,
    st.integers(1, 90),
    st.integers(1, 30),
    st.integers(-3, 1),
    st.sampled_from(["", "lost", "help", "search", "f2"]),
)
def test_every_size_is_a_picture_of_exactly_that_size(
    talk, typed, width, height, pages, what
):
    lesson = Lesson(people=[sender for sender, _ in talk])
    for sender, text in talk:
        lesson.says("14:01", sender, text)
        lesson.model.submit(text)
    if what == "lost":
        lesson.model.receive(Lost("gone", 109.0, 1))
    lesson.model.press(Paste(typed))
    for key in {"help": ["f1"], "search": ["ctrl-f"], "f2": ["f2"]}.get(what, []):
        lesson.model.press(Key(key))
    page(lesson.model, pages, width, height)
    assert_fits(view(lesson.model, width, height, RULER, 100.0), width, height)


@pytest.mark.parametrize("name", STATES)
def test_every_moment_fits_every_screen(name):
    for width in range(1, 100, 3):
        for height in (1, 2, 3, 4, 5, 8, 10, 30):
            frame = view(STATES[name](), width, height, RULER, 100.0)
            assert_fits(frame, width, height)


def assert_fits(frame, width, height):
    assert len(frame.rows) == height
    for row in frame.rows:
        filled = 0
        for span in row:
            assert span.column >= filled
            filled = span.column + RULER.cells(span.text)
        assert filled <= width
    row, column = frame.cursor
    assert 0 <= row < height
    assert 0 <= column < width


def test_the_help_scrolls_to_its_end_and_back():
    model = lesson_of(1).model
    model.press(Key("f1"))
    for _ in range(500):
        scroll(model, Scroll(rows=1), 80, 24, RULER, 100.0)
    last = model.help_top
    scroll(model, Scroll(rows=-1), 80, 24, RULER, 100.0)
    assert model.help_top == last - 1
    scroll(model, Scroll(pages=-100), 80, 24, RULER, 100.0)
    assert model.help_top == 0


def test_lines_seen_before_a_search_are_not_new_below():
    model = lesson_of(100).model
    model.submit("/search 3")
    assert "new below" not in "".join(screen(model, 80, 24))


def test_a_word_far_down_in_a_long_text_is_in_sight_when_it_is_found():
    lesson = lesson_of(3)
    lesson.says("14:01", "bob", "\n".join(f"row {n}" for n in range(100)))
    for word, top in (("row 77", "row 77"), ("row 3", "row 0")):
        assert lesson.model.submit(f"/search {word}") == [Reveal()]
        reveal(lesson.model, 80, 24, RULER, 100.0)
        rows = [row[:64].rstrip() for row in screen(lesson.model, 80, 24)]
        assert any(row.endswith(word) for row in rows)
        assert rows[1].endswith(f"  {top}")
        lesson.model.press(Key("escape"))


def test_a_click_on_a_name_goes_to_the_talk_with_them():
    lesson = Lesson(people=("ana", "you", "zoe"))
    rows = screen(lesson.model, 80, 24)
    row = next(y for y, text in enumerate(rows) if text.endswith("zoe"))
    point(lesson.model, Point(row, 3), 80, 24, RULER, 0.0)  # on the messages
    assert lesson.model.talk.name == "#lobby"
    point(lesson.model, Point(row, 70), 80, 24, RULER, 0.0)
    assert lesson.model.talk.name == "zoe"


def test_a_click_on_a_talk_in_the_status_bar_opens_it_also_while_reading():
    for is_reading in (False, True):
        model = talk()
        if is_reading:
            page(model, -1, 80, 12)
        bar = screen(model, 80, 12)[10]
        point(model, Point(10, 1), 80, 12, RULER, 100.0)
        assert model.talk.name == "#lobby"
        point(model, Point(10, bar.index("bob 1!")), 80, 12, RULER, 100.0)
        assert model.talk.name == "bob"


def test_a_click_on_oneself_or_below_everybody_goes_nowhere():
    lesson = Lesson(people=("ana", "you"))
    rows = screen(lesson.model, 80, 24)
    me = next(y for y, text in enumerate(rows) if text.endswith("you"))
    for row in (me, 20, 23):
        point(lesson.model, Point(row, 70), 80, 24, RULER, 0.0)
    assert lesson.model.talk.name == "#lobby"


def test_f3_shows_the_wire_under_the_messages_and_takes_it_away():
    model = talk()
    before = screen(model, 80, 24)
    model.press(Key("f3"))
    model.wire.received(b"", encode(Ok("k1")))
    model.wire.take()
    rows = screen(model, 80, 24)
    assert rows[12].startswith("── the wire")
    assert rows[21].startswith("< recv #1      9 bytes [00 00 00 05] 6f 6b 00 6b 31")
    assert rows[0] == before[0]
    assert rows[22:] == before[22:]
    assert rows[11] == before[21], "the newest line stays in sight"
    assert screen(model, 80, 9)[0].startswith("── the wire")
    model.press(Key("f3"))
    assert screen(model, 80, 24) == before


def test_pages_stay_with_the_messages_while_the_wire_is_open():
    model = lesson_of(30).model
    model.submit("/wire")
    before = screen(model, 80, 24)
    page(model, -1, 80, 24)
    after = screen(model, 80, 24)
    assert "line 30" in before[11]
    assert "line 20" in after[11]
    assert after[12:22] == before[12:22]
