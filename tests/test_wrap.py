from hypothesis import given
from hypothesis import strategies as st

from tui.sanitize import make_safe
from tui.width import Ruler, graphemes
from tui.wrap import wrap

TEXTS = st.text(st.sampled_from("ab  \n漢👍é\u0323🇧🇷")) | st.text()


def rows(text, width):
    return wrap(text, width, Ruler())


def test_a_line_that_fits_is_one_row():
    assert rows("hello you", 9) == ["hello you"]


def test_a_long_line_breaks_at_a_space_and_the_space_disappears():
    assert rows("hello you there", 9) == ["hello you", "there"]
    assert rows("hello    you", 7) == ["hello", "you"]


def test_no_text_is_one_empty_row():
    assert rows("", 10) == [""]
    assert rows("a\n\nb\n", 10) == ["a", "", "b", ""]


def test_a_newline_always_ends_the_row():
    assert rows("one two\nthree", 7) == ["one two", "three"]


def test_pasted_code_keeps_its_indentation():
    assert rows("if x:\n    y = 1  # why", 12) == ["if x:", "    y = 1  #", "why"]


def test_indentation_wider_than_the_row_makes_no_empty_row():
    assert rows("        deep", 6) == ["deep"]


def test_a_word_longer_than_a_row_fills_what_is_left_and_goes_on():
    assert rows("see https://example.org/a/b now", 10) == [
        "see https:",
        "//example.",
        "org/a/b",
        "now",
    ]


def test_a_word_that_fits_a_row_is_not_cut():
    assert rows("a wonderful", 9) == ["a", "wonderful"]


def test_wide_characters_never_stick_out():
    assert rows("漢字漢字", 5) == ["漢字", "漢字"]


def test_a_character_wider_than_the_row_shows_as_a_question_mark():
    assert rows("a漢b", 1) == ["a", "?", "b"]
    assert rows("漢", 1) == ["?"]


def test_only_spaces_are_an_empty_row():
    assert rows(" " * 30, 10) == [""]


@given(TEXTS, st.integers(1, 12))
def test_no_row_is_wider_than_the_screen(text, width):
    assert all(Ruler().cells(row) <= width for row in rows(make_safe(text), width))


@given(TEXTS, st.integers(2, 12))
def test_nothing_but_spaces_is_lost(text, width):
    safe = make_safe(text)
    if all(Ruler().cells(piece) <= width for piece in graphemes(safe)):
        kept = "".join(rows(safe, width)).replace(" ", "")
        assert kept == safe.replace(" ", "").replace("\n", "")


@given(TEXTS, st.integers(1, 12))
def test_wrapping_a_row_again_changes_nothing(text, width):
    for row in rows(make_safe(text), width):
        assert rows(row, width) == [row]


@given(TEXTS, st.integers(1, 12))
def test_no_row_begins_with_an_accent_of_the_row_before(text, width):
    first = [row[:1] for row in rows(make_safe(text), width)]
    assert "\u0323" not in first


def test_the_work_grows_with_the_text_not_with_its_square():
    asked = 0

    class CountingRuler(Ruler):
        def cells(self, text):
            nonlocal asked
            asked += len(text)
            return super().cells(text)

    for text in ("漢" * 4000, "x" * 4000, "ab " * 1300):
        asked = 0
        wrap(text, 60, CountingRuler())
        assert asked < 8 * len(text)
