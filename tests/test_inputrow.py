from hypothesis import given
from hypothesis import strategies as st

from tui.inputrow import cut_to_row
from tui.width import Ruler


def row_of(screen, width):
    """The row shown of `screen`, where | is the cursor; | is at its column."""
    before, after = screen.split("|")
    row, column = cut_to_row(before + after, len(before), width, Ruler())
    shown = Ruler().cut(row, column)
    return shown + "|" + row[len(shown) :]


def test_a_short_line_is_shown_whole():
    assert row_of("hel|lo", 10) == "hel|lo"
    assert row_of("hello|", 6) == "hello|"


def test_a_long_line_shows_its_end_while_typing():
    assert row_of("0123456789|", 6) == "…6789|"


def test_a_long_line_shows_its_start_at_the_start():
    assert row_of("|0123456789", 6) == "|0123…"


def test_a_long_line_shows_both_sides_of_the_cursor():
    assert row_of("0123456789|abcdefghij", 12) == "…6789|abcde…"


def test_a_wide_character_that_does_not_fit_leaves_a_gap_not_a_half():
    assert row_of("漢字漢字|", 6) == "…漢字|"
    assert row_of("漢字漢字|", 7) == "…漢字|"


def test_newlines_and_controls_of_a_paste_are_shown_safely():
    assert row_of("a\nb\x1bc\u202e|", 20) == "a⏎b^[c|"


def test_a_huge_paste_shows_the_same_as_its_part_around_the_cursor():
    assert row_of("漢" * 50_000 + "a|b" + "字" * 50_000, 12) == "…漢a|b字字…"


def test_letters_with_accents_of_their_own_fill_the_row_too():
    assert row_of("e\u0301" * 50 + "|" + "o\u0308" * 50, 12) == "…éééé|ööööö…"


@given(st.text(), st.integers(0, 30), st.integers(0, 30))
def test_the_row_fits_and_the_cursor_is_in_it(text, cursor, width):
    row, column = cut_to_row(text, min(cursor, len(text)), width, Ruler())
    assert Ruler().cells(row) <= max(width - 1, 0)
    assert 0 <= column <= Ruler().cells(row)
    assert "\n" not in row
