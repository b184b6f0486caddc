import wcwidth
from hypothesis import given
from hypothesis import strategies as st

from tui.sanitize import make_safe
from tui.width import Ruler, cell_rule, graphemes

# No Indic letters: their conjuncts are not done here. No CR: LF after it is not either.
LETTERS = "ab1 \n\u0301\u0323\u20e3漢가각\u1112\u1161\u11ab"
EMOJI = "\ufe0f\u200d\u200c👩💻👍❤🏽🏿🇧🇷🇩"
CLUSTERS = st.text(st.sampled_from(LETTERS + EMOJI))
WIDTHS = st.integers(0, 12)


def test_what_a_person_calls_a_character_is_one_grapheme():
    for one in [
        "a",
        "e\u0301",
        "👍🏽",
        "🇧🇷",
        "👩\u200d💻",
        "1\ufe0f\u20e3",
        "\u1112\u1161\u11ab",
    ]:
        assert graphemes(one) == [one]
        assert graphemes(f"x{one}y") == ["x", one, "y"]


def test_a_row_of_flags_is_cut_between_the_flags():
    assert graphemes("🇧🇷🇩🇪🇫") == ["🇧🇷", "🇩🇪", "🇫"]


def test_an_accent_does_not_join_the_line_before_it():
    assert graphemes("a\n\u0301") == ["a", "\n", "\u0301"]


def test_no_text_has_no_graphemes():
    assert graphemes("") == []


@given(CLUSTERS)
def test_graphemes_are_those_of_wcwidth(text):
    assert graphemes(text) == list(wcwidth.iter_graphemes(text))


@given(st.text(st.characters(exclude_categories=[])))
def test_graphemes_joined_are_the_text(text):
    assert "".join(graphemes(text)) == text
    assert "" not in graphemes(text)


def test_without_curses_unicode_says_how_wide_text_is():
    ruler = Ruler()
    assert ruler.cells("hello") == 5
    assert ruler.cells("漢字") == 4
    assert ruler.cells("e\u0301") == 1
    assert ruler.cells("👍") == 2
    assert ruler.cells("\U0001fae8") == 2  # newer than Python 3.11
    assert ruler.cells("🇧🇷") == 2
    assert ruler.cells("\u1112\u1161\u11ab") == 2
    assert ruler.cells("") == 0


@given(st.text(st.sampled_from("aé漢字👍❤привет한ก็क्ष…⏎─│•")))
def test_safe_text_is_as_wide_as_wcwidth_says(text):
    measured = sum(max(wcwidth.wcwidth(char), 0) for char in make_safe(text))
    assert Ruler().cells(make_safe(text)) == measured


def test_curses_is_asked_once_per_character_and_believed():
    asked = []

    def probe(char):
        asked.append(char)
        return 3

    ruler = Ruler(probe)
    assert ruler.cells("漢漢a") == ruler.cells("a漢漢") == 7
    assert asked == ["漢"]


def test_ascii_needs_no_question():
    def probe(char):
        raise AssertionError(char)

    ruler = Ruler(probe)
    assert ruler.cells("plain") == 5
    assert ruler.cut("plain", 2) + ruler.cut_left("plain", 2) == "plin"


def test_a_wide_character_that_would_stick_out_is_cut_off():
    assert Ruler().cut("a漢字", 4) == "a漢"
    assert Ruler().cut_left("漢字a", 4) == "字a"
    assert Ruler().pad("a漢字", 4) == "a漢 "


def test_no_grapheme_is_cut_in_two():
    assert Ruler().cut("👍🏽!", 3) == ""
    assert Ruler().cut_left("xe\u0301", 1) == "e\u0301"


def test_a_negative_width_holds_nothing():
    assert Ruler().cut("abc", -1) == Ruler().cut_left("abc", -1) == ""
    assert Ruler().cut("é漢", -1) == Ruler().cut_left("é漢", -1) == ""


@given(CLUSTERS, WIDTHS)
def test_a_cut_is_the_longest_that_fits(text, width):
    ruler, pieces = Ruler(), graphemes(text)
    beginnings = ["".join(pieces[:n]) for n in range(len(pieces) + 1)]
    ends = ["".join(pieces[n:]) for n in range(len(pieces) + 1)][::-1]
    for cut, choices in ((ruler.cut, beginnings), (ruler.cut_left, ends)):
        fitting = [choice for choice in choices if ruler.cells(choice) <= width]
        assert cut(text, width) == max(fitting, key=len)


@given(CLUSTERS, WIDTHS)
def test_padded_text_fills_its_cells_exactly(text, width):
    assert Ruler().cells(Ruler().pad(text, width)) == width


@given(st.characters(exclude_categories=[]))
def test_no_character_has_a_strange_width(char):
    assert cell_rule(char) in (0, 1, 2)
