import sys
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tui.sanitize import make_safe, make_safe_line
from tui.width import is_mark

ANY_TEXT = st.text(st.characters(exclude_categories=[]))
MARKS = "\u0301\u0323\u0308\u1161\u11ab\u20dd\u0cbf\u093f"
TROUBLE = st.text(
    st.sampled_from(
        "ae \n\t\x1b\u200d\ufe0f\u202e\ud83d1👍🏽🏿🇧漢\u1112각ക\u0cd5" + MARKS
    )
)


def test_plain_text_passes_untouched():
    assert make_safe("Hello, {name}: 100% ~ `x`") == "Hello, {name}: 100% ~ `x`"
    assert (
        make_safe("žluťoučký kůň, 漢字, привет, 👍")
        == "žluťoučký kůň, 漢字, привет, 👍"
    )


def test_pasted_code_keeps_its_lines_and_indentation():
    assert make_safe("def f():\n\treturn 1\n") == "def f():\n    return 1\n"
    assert make_safe("def é():\n\treturn 1\n") == "def é():\n    return 1\n"


def test_nobody_writes_over_somebody_elses_words_with_a_carriage_return():
    assert make_safe("hi\rbob: I cheated") == "hi^Mbob: I cheated"


def test_escape_codes_and_bells_are_shown_not_obeyed():
    assert make_safe("\x1b]0;title\x07 \x00\x7f") == "^[]0;title^G ^@^?"
    assert make_safe("é\x1b[2J\x9b2J") == "é^[[2J\ufffd2J"


@pytest.mark.parametrize("steering", "\u202e\u2066\u200f\u061c\u2028\u2029\ufeff\u00ad")
def test_invisible_characters_that_steer_the_row_are_removed(steering):
    assert make_safe(f"ana{steering}bob") == "anabob"


def test_a_hidden_message_in_tags_or_variation_selectors_is_removed():
    hidden = "".join(chr(0xE0000 + ord(char)) for char in "secret")
    assert make_safe(f"hi{hidden}\U000e0100\ufe01") == "hi"


@pytest.mark.parametrize(
    "undefined", ["\ud83d", "\uffff", "\ufdd0", "\ue000", "\u0378"]
)
def test_what_is_no_character_becomes_a_question_mark(undefined):
    assert make_safe(f"a{undefined}b") == "a\ufffdb"


def test_emoji_newer_than_this_python_stay():
    assert make_safe("\U0001fae8 \U0001f6dc") == "\U0001fae8 \U0001f6dc"


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        ("❤\ufe0f", "❤"),
        ("1\ufe0f\u20e3", "1"),
        ("👍🏽", "👍"),
        ("👍\ufe0f🏽🏿", "👍"),
        ("👩\u200d💻", "👩💻"),
        ("🇧🇷", "🇧🇷"),
        ("🏽", "🏽"),
    ],
)
def test_emoji_are_reduced_to_what_every_terminal_measures_alike(sent, shown):
    assert make_safe(sent) == shown


def test_letters_are_composed_even_around_a_removed_joiner():
    assert make_safe("e\u0301") == make_safe("e\u200d\u0301") == "é"
    assert make_safe("\u1112\u1161\u11ab") == "한"


def test_a_tower_of_accents_is_cut_to_four():
    assert make_safe("x" + "\u0323" * 100) == "x" + "\u0323" * 4
    assert make_safe("x" + "\u20dd" * 100 + "y") == "x" + "\u20dd" * 4 + "y"


def test_an_accent_is_never_put_on_the_name_before_it():
    assert make_safe("\u0301hi") == "◌\u0301hi"
    assert make_safe("a\n\u0301 \u0301") == "a\n◌\u0301 ◌\u0301"


def test_a_topic_of_two_lines_shows_as_one():
    assert make_safe_line("one\ntwo") == "one two"


@given(ANY_TEXT | TROUBLE)
@example("\u1161" * 3 + "\u0cbf" + "\u0301" + "\u0cd5")  # a mark kept two apart
@example("x" + "\u20dd" * 3 + "\u0cbf" + "\u20dd" + "\u0cd5")
def test_safe_text_stays_as_it_is(text):
    assert make_safe(make_safe(text)) == make_safe(text)


@given(ANY_TEXT | TROUBLE)
def test_no_text_of_any_stranger_gets_past_the_gate(text):
    safe = make_safe(text)
    safe.encode()  # no half of a UTF-16 pair
    kinds = {unicodedata.category(char) for char in safe if char != "\n"}
    assert not kinds & {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}
    assert unicodedata.is_normalized("NFC", safe)
    assert "\n" not in make_safe_line(text)


@given(ANY_TEXT | TROUBLE)
def test_every_mark_has_a_character_to_stand_on_and_at_most_three_beside_it(text):
    row = 0
    for before, char in zip("\n" + make_safe(text), make_safe(text), strict=False):
        row = row + 1 if is_mark(char) else 0
        assert row <= 4
        assert not (is_mark(char) and before in " \n")


def test_every_code_point_there_is_passes_the_gate_safely():
    for start in range(0, sys.maxunicode, 256):
        safe = make_safe("".join(map(chr, range(start, start + 256))))
        assert make_safe(safe) == safe
        strange = {char for char in safe if not (char.isprintable() or char.isspace())}
        assert all("\U0001f000" <= char <= "\U0001faff" for char in strange)
