"""Names: which there are, and when two of them are the same."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from chat.names import LONGEST_NAME, check_name, name_key
from chat.refusal import Refusal

GOOD = [
    "ana",
    "Zoë",
    "O.Neil-2_b",
    "a.b-c_9",
    "7",
    "Анна",
    "Ελένη",
    "李雷",
    "だれか",
    "タロー",
    "佐々木",
    "김철수",
    "हिन्दी",
    "ภาษา",
    "محمد",
    "שרה",
    "ʻokina",
    "x" * LONGEST_NAME,
    "李" * LONGEST_NAME,
]
BAD = {
    "nothing": "",
    "21 characters": "x" * 21,
    "20 that fold to 40": "ß" * 20,
    "a space": "ana b",
    "spaces around": " ana ",
    "a hard space": "ana\u00a0b",
    "a line": "ana\nb",
    "NUL": "ana\0",
    "an escape": "\x1b[2Jana",
    "a bell of the second set": "ana\x9b",
    "right to left": "a\u202eb",
    "an isolate": "a\u2066b",
    "zero width": "a\u200bna",
    "a joiner": "a\u200dna",
    "a byte order mark": "\ufeffana",
    "a soft hyphen": "a\u00adna",
    "an invisible letter": "\u3164",
    "an invisible letter at the end": "李雷\u3164",
    "an invisible half-width letter": "李雷\uffa0",
    "an invisible mark": "ana\u034f",
    "a variation of a digit": "123\ufe0f",
    "a variation of a character": "李\U000e0100",
    "emoji": "ana👋",
    "mathematics": "a+b",
    "a circled digit": "ana①",
    "a slash": "a/b",
    "an at sign": "@ana",
    "a room": "#ana",
    "a lone surrogate": "ana\ud800",
    "not assigned": "ana\u0378",
    "private use": "ana\ue000",
    "dots only": "...",
    "an accent alone": "\u0301",
    "Cyrillic а in ana": "\u0430na",
    "Greek ο in bob": "b\u03bfb",
    "Latin and CJK": "ana李",
    "Hindi digits in Latin": "ana\u0967",
    "the server": "server",
    "the server in full width": "ＳＥＲＶＥＲ",
    "the server in bold": "𝐬𝐞𝐫𝐯𝐞𝐫",
    "everybody": "ALL",
}


@pytest.mark.parametrize("name", GOOD)
def test_people_may_be_called(name):
    assert check_name(name) == name_key(name)


@pytest.mark.parametrize("name", BAD.values(), ids=BAD)
def test_nobody_may_be_called(name):
    with pytest.raises(Refusal) as refusal:
        check_name(name)
    assert refusal.value.code == "bad-name"
    assert refusal.value.text.isprintable()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ana", "ANA"),
        ("ana", "ＡＮＡ"),
        ("ana", "𝓪𝓷𝓪"),
        ("Zoë", "Zoe\u0308"),
        ("straße", "STRASSE"),
        ("Ωmega"[:1], "\u2126"),  # the letter and the ohm sign
        ("だ", "た\u3099"),
        ("タロ", "ﾀﾛ"),
        ("\u017fam", "sam"),  # long s
    ],
)
def test_two_names_that_look_alike_are_one(one, other):
    assert check_name(one) == check_name(other)


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("x" * 21, "a name has 1 to 20 characters"),
        ("a b", "a name has letters, digits and . _ - only, not U+0020"),
        ("\u0430na", "a name keeps to one script; this mixes Cyrillic and Latin"),
        ("-", "a name needs a letter or a digit"),
        ("All", 'the name "All" is reserved'),
    ],
)
def test_the_owner_learns_why(name, reason):
    with pytest.raises(Refusal) as refusal:
        check_name(name)
    assert refusal.value.text == reason


@given(st.text(max_size=30))
@example("\ud800")
def test_any_text_is_a_name_or_refused(name):
    try:
        key = check_name(name)
    except Refusal:
        return
    assert key == check_name(key), "a key is a name, and its own key"


@given(st.text())
def test_a_key_is_its_own_key(text):
    assert name_key(name_key(text)) == name_key(text)


def test_a_name_made_to_be_slow_is_cut_before_it_is_folded():
    accents = "a" + "\u0300\u0316" * 100_000  # uncut: a minute for all of us
    assert len(name_key(accents)) < 1_000
