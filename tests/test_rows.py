"""One item in rows: columns where there is room, and never a row too wide."""

import time
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.layout import columns
from tui.rows import Rows, mark
from tui.sanitize import make_safe, make_safe_line
from tui.scrollback import Item
from tui.signs import ASCII, UNICODE
from tui.width import Ruler

RULER = Ruler()
NOON = time.mktime((2026, 11, 20, 12, 5, 0, 0, 0, -1))
URL = "https://docs.python.org/3/library/socket.html#socket.socket.recv"


def rows(width, longest=8, signs=UNICODE):
    return Rows(columns(width, longest), RULER, signs, "me", lambda name: f"<{name}>")


def said(text, sender="ana", kind="said", **more):
    return Item(kind, NOON, text, sender, **more)


def lines(drawn):
    """Each row as text, by cells."""
    for row in drawn:
        line = ""
        for span in row:
            line += " " * (span.column - RULER.cells(line)) + span.text
        yield line.rstrip()


def shown(width, item, signs=UNICODE):
    return list(lines(rows(width, signs=signs).of_item(item)))


def test_from_fifty_cells_names_have_a_column():
    text = "recv gives half a line, so keep a buffer and look"
    assert shown(50, said(text)) == [
        "12:05     ana  recv gives half a line, so keep a",
        "               buffer and look",
    ]


def test_below_fifty_cells_the_name_stands_before_the_text():
    text = "recv gives half a line, so keep a buffer"
    assert shown(40, said(text)) == [
        "12:05 ana: recv gives half a line, so",
        "  keep a buffer",
    ]
    assert shown(20, said("recv gives half a line")) == [
        "ana: recv gives",
        " half a line",
    ]


def test_further_rows_use_the_width_that_the_stamp_leaves():
    """40 cells in both, as in the mock-up; 34 of them in the first row."""
    text = "exactly. TCP has no messages, and a second row of thirty-eight cells"
    first, second = shown(40, said(text))
    assert first == "12:05 ana: exactly. TCP has no messages,"
    assert second == "  and a second row of thirty-eight cells"
    assert len(first) == len(second) == 40


def test_a_long_name_is_cut_in_its_column():
    assert shown(64, said("hi", "dave_the_long_name")) == ["12:05  dave_th…  hi"]
    ascii_row = shown(64, said("hi", "dave_the_long_name"), ASCII)
    assert ascii_row == ["12:05  dave_th~  hi"]


def test_who_names_me_has_a_sign_and_a_style():
    item = said("me: look", is_mention=True)
    assert shown(64, item) == ["12:05 >     ana  me: look"]
    assert shown(20, item) == ["> ana: me: look"]
    for width in (64, 20):
        (row,) = rows(width).of_item(item)
        assert {span.style for span in row if "ana" in span.text} == {"mention"}


@pytest.mark.parametrize(
    ("item", "wide", "narrow"),
    [
        (Item("info", NOON, "hello"), "12:05         ·  hello", "· hello"),
        (Item("ok", NOON, "hello"), "12:05         ·  hello", "· hello"),
        (Item("alert", NOON, "hello"), "12:05         !  hello", "! hello"),
        (
            Item("presence", NOON, names=("ana", "bob"), gone=("mei",)),
            "12:05         ·  ana and bob joined; mei left",
            "· ana and bob joined; mei left",
        ),
    ],
)
def test_what_happens_has_a_sign_for_a_name(item, wide, narrow):
    assert shown(64, item) == [wide]
    assert shown(39, item) == [narrow]


def test_every_kind_of_text_has_its_style():
    def style(item):
        return rows(64).of_item(item)[0][-1].style

    assert style(said("hi")) == "normal"
    assert style(said("hi", kind="told")) == "normal"
    assert style(Item("info", NOON, "hi")) == "dim"
    assert style(Item("ok", NOON, "hi")) == "ok"
    assert style(Item("alert", NOON, "hi")) == "error"


def test_names_have_their_colours_and_mine_is_bold():
    def name_style(sender):
        row = rows(64).of_item(said("hi", sender))[0]
        return next(span.style for span in row if span.text == sender)

    assert name_style("ana") == "<ana>"
    assert name_style("me") == "bold"


def test_a_line_on_its_way_says_so_and_has_no_time():
    assert list(lines(rows(64).of_pending("hi"))) == ["             me  hi (sending)"]
    assert list(lines(rows(40).of_pending("hi"))) == ["      me: hi (sending)"]


def test_only_spaces_stand_before_the_rest_of_a_url():
    drawn = shown(60, said(URL))
    assert len(drawn) == 2
    assert "".join(line[16:] for line in drawn) == URL
    assert drawn[1][:16].isspace()


@pytest.mark.parametrize("width", [80, 49, 39, 20, 13])
def test_a_forged_line_inside_a_text_is_set_in(width):
    drawn = shown(width, said("hi\nbob: I cheated\n12:06 bob: I cheated"))
    assert all(row.startswith(" ") for row in drawn if "cheated" in row)


def test_a_day_line_begins_at_the_left_and_an_unread_line_ends_at_the_right():
    (day,) = lines([rows(40).of_day(date(2026, 11, 20))])
    assert day == "── Friday 20 November 2026 ─────────────"
    (unread,) = lines([rows(40).of_unread(3)])
    assert unread == "───────────── 3 new since you looked ───"


def test_a_narrow_rule_has_fewer_words_and_then_none():
    def day(width):
        return next(lines([rows(width).of_day(date(2026, 11, 20))]))

    assert day(24) == "── Fri 20 Nov 2026 ─────"
    assert day(16) == "── 20 Nov ──────"
    assert day(10) == "──────────"


def test_what_is_searched_stands_out_and_nothing_moves():
    (row,) = rows(64).of_item(said("漢字 recv and RECV"))
    marked = mark(row, "recv", RULER)
    assert list(lines([marked])) == list(lines([row]))
    assert [span.text for span in marked if span.style == "bar"] == ["recv", "RECV"]


texts = st.text(max_size=80) | st.sampled_from(["漢字" * 40, "a " * 60, URL, "\n\n"])


@given(st.integers(10, 100), texts, texts, st.booleans(), st.sampled_from("🎉 漢ab"))
def test_no_row_is_wider_than_its_screen(width, name, text, is_mention, wanted):
    item = said(make_safe(text), make_safe_line(name), is_mention=is_mention)
    sheet = rows(width)
    drawn = [*sheet.of_item(item), *sheet.of_pending(item.text)]
    drawn += [mark(row, wanted, RULER) for row in drawn]
    for row in drawn:
        end = 0
        for span in row:
            assert span.column >= end
            end = span.column + RULER.cells(span.text)
        assert end <= width


def test_what_somebody_does_begins_with_their_name():
    waves = said("/me waves")
    assert shown(50, waves) == ["12:05       *  ana waves"]
    assert shown(40, waves) == ["12:05 * ana waves"]
    assert shown(40, said("/me waves", is_mention=True)) == ["12:05 > * ana waves"]
    assert list(lines(rows(40).of_pending("/me waves"))) == [
        "      * me waves (sending)"
    ]
