"""The wire pane: every byte has its place, at every width."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_pieces import chunks, cuts, reports

from messages import LOBBY, Notice, Ok, Said, Say
from protocol import Decoder, encode
from tui.frame import Frame
from tui.signs import ASCII, UNICODE
from tui.width import Ruler
from tui.wire import Wire
from tui.wirepane import plain_lines, wire_rows

RULER = Ruler()
HI = encode(Said(18, 1_790_000_000_000, LOBBY, "bob", "hi", "k1"))


def opened():
    wire = Wire()
    wire.switch()
    return wire


def hear(wire, *parts):
    """What one recv after the other brings."""
    decoder = Decoder()
    for data in parts:
        wire.received(decoder.unfinished, data)
        list(decoder.feed(data))
    return wire.take()


def lines(entries, width, height=None, signs=UNICODE):
    rows = wire_rows(entries, width, height or 999, RULER, signs)
    shown = [line for line in Frame(width, tuple(rows), (0, 0)).lines() if line]
    return shown if height else shown[1:]


def test_a_frame_that_was_split_says_how_far_it_is_and_where_it_is_complete():
    assert lines(hear(opened(), HI[:7], HI[7:]), 76) == [
        "< recv #1      7 bytes [00 00 00 26] 73 61 69  ... 3 of 38 bytes",
        "< recv #2     35 bytes 64 00 31 + 32 more  -> frame complete: said bob: hi",
    ]


def test_glue_is_seen_as_two_frames_in_one_recv():
    assert lines(hear(opened(), HI + HI), 76) == [
        "< recv #1     84 bytes [00 00 00 26] 73 61 69 64 + 34 more  -> said bob: hi",
        "<                      [00 00 00 26] 73 61 69 64 + 34 more  -> said bob: hi",
    ]


def test_crumbs_are_seen_one_by_one_and_a_length_in_parts_has_its_two_brackets():
    entries = hear(opened(), *(bytes([byte]) for byte in HI[:6]))
    assert lines(entries, 80) == [
        "< recv #1      1 byte  [00  ... 1 of the 4 bytes of a length",
        "< recv #2      1 byte  00  ... 2 of the 4 bytes of a length",
        "< recv #3      1 byte  00  ... 3 of the 4 bytes of a length",
        "< recv #4      1 byte  26]  ... 0 of 38 bytes",
        "< recv #5      1 byte  73  ... 1 of 38 bytes",
        "< recv #6      1 byte  61  ... 2 of 38 bytes",
    ]


def test_what_is_sent_has_the_other_mark():
    wire = opened()
    wire.sent(encode(Say("k1", LOBBY, "hi")))
    assert lines(wire.take(), 76) == [
        "> send #1     20 bytes [00 00 00 10] 73 61 79 00 6b 31 + 10 more  -> say: hi"
    ]


def test_the_end_and_what_is_no_frame_are_told():
    entries = hear(opened(), b"")
    assert lines(entries, 80)[0].endswith("0 bytes the end: the other side has closed")
    wire = opened()
    wire.received(b"", b"HTTP")
    told = "[48 54 54 50]  ! this is no frame"
    assert lines(wire.take(), 80)[0].endswith(told)


def test_below_72_cells_units_are_short_and_below_50_a_piece_has_two_rows():
    entries = hear(opened(), HI[:7], HI[7:])
    assert lines(entries, 60) == [
        "< recv #1      7 B [00 00 00 26] 73 61 69  ... 3 of 38 bytes",
        "< recv #2     35 B 64 +34  -> frame complete: said bob: hi",
    ]
    assert lines(entries, 40) == [
        "< recv #1 7 B  ... 3 of 38 bytes",
        "[00 00 00 26] 73 61 69",
        "< recv #2 35 B  -> said bob: hi",
        "64 00 31 38 00 31 37 39 30 30 + 25 more",
    ]


def test_below_30_cells_it_has_three_of_which_the_last_are_shown():
    entries = hear(opened(), HI[:7], HI[7:])
    assert lines(entries, 20, 2) == ["64 00 31 + 32 more", "-> said bob: hi"]
    assert lines(entries, 20) == [
        "< recv #1 7 B",
        "[00 00 00 26] 73 +2",
        "... 3 of 38 bytes",
        "< recv #2 35 B",
        "64 00 31 + 32 more",
        "-> said bob: hi",
    ]


def test_the_newest_stand_at_the_bottom_under_a_heading():
    entries = hear(opened(), HI, HI, HI)
    shown = lines(entries, 80, 4)
    assert shown[0].startswith("── the wire: [length] begins a frame")
    assert [line[:9] for line in shown[1:]] == ["< recv #1", "< recv #2", "< recv #3"]
    assert lines(entries, 80, 3)[0].startswith("< recv #1"), "small: no heading"
    rows = wire_rows(entries, 80, 9, RULER, UNICODE)
    assert rows[1:6] == [()] * 5


def test_an_empty_wire_says_so():
    assert lines((), 80, 5)[-1] == "nothing has passed yet: say something"


def test_a_length_is_marked_in_reverse_video_as_well():
    (row,) = wire_rows(hear(opened(), HI[:6]), 80, 1, RULER, UNICODE)
    assert [(span.text, span.style) for span in row[1:3]] == [
        ("[00 00 00 26]", "bar"),
        ("73 61", "normal"),
    ]


def test_without_utf8_all_that_is_ours_is_ascii():
    text = "".join(lines(hear(opened(), encode(Notice("x" * 200))), 80, 9, ASCII))
    assert text.isascii()


def test_plain_lines_are_the_widest_form_with_all_that_is_kept():
    first, second = plain_lines(hear(opened(), HI[:7], HI[7:]), 0)
    assert first == "< recv #1      7 bytes [00 00 00 26] 73 61 69  ... 3 of 38 bytes"
    assert second == (
        f"< recv #2     35 bytes {HI[7:].hex(' ')}  -> frame complete: said bob: hi"
    )
    (long,) = plain_lines(hear(opened(), encode(Notice("x" * 1_257))), 0)
    assert " 78 + 1,204 more  -> notice xxx" in long


def test_plain_lines_say_how_much_was_forgotten():
    assert plain_lines((), 1) == ["... 1 piece before this not shown"]


# -- At every size -------------------------------------------------------------------


def named(row):
    """How many bytes a row names: those it shows, and those it counts."""
    shown = [span.text for span in row if span.style in ("bar", "normal")]
    more = [re.fullmatch(r"\+ ?([\d,]+)( more)?", span.text) for span in row]
    rest = [int(found[1].replace(",", "")) for found in more if found]
    return sum(len(text.split()) for text in shown) + sum(rest)


@given(st.lists(reports, min_size=1, max_size=5), cuts, st.integers(20, 120))
def test_the_rows_name_every_byte_once_and_every_end_once(messages, places, width):
    stream = b"".join(map(encode, messages))
    entries = hear(opened(), *chunks(stream, places))
    rows = wire_rows(entries, width, 3 * len(entries) + 1, RULER, UNICODE)[1:]
    assert sum(map(named, rows)) == len(stream)
    ends = [span for row in rows for span in row if span.style == "ok"]
    assert len(ends) == len(messages)
    lengths = " ".join(s.text for row in rows for s in row if s.style == "bar")
    assert lengths.count("[") == lengths.count("]") == len(messages)


@given(st.lists(reports, max_size=5), cuts, st.integers(1, 120), st.integers(1, 20))
def test_every_size_is_filled_exactly(messages, places, width, height):
    entries = hear(opened(), *chunks(b"".join(map(encode, messages)), places))
    rows = wire_rows(entries, width, height, RULER, UNICODE)
    assert len(rows) == height
    for row in rows:
        filled = 0
        for span in row:
            assert span.column >= filled
            filled = span.column + RULER.cells(span.text)
        assert filled <= width


@pytest.mark.parametrize("width", [80, 60, 40, 20])
def test_a_long_text_is_cut_and_never_its_length_or_how_much_there_is(width):
    entries = hear(opened(), encode(Notice("漢字" * 600)), encode(Ok("k1")))
    shown = "\n".join(lines(entries, width))
    assert "[00 00 0e 17]" in shown
    assert "…" in shown
