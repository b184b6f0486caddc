from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.keys import PASTE_LIMIT, Click, Key, KeyDecoder, Paste, Typed, Wheel

ESC = "\x1b"
MOUSE = 409
# What curses.keyname said on ncurses 6.4 and xterm-256color.
NCURSES = {258: b"KEY_DOWN", 263: b"KEY_BACKSPACE", 410: b"KEY_RESIZE", 550: b"kLFT5"}
NCURSES[MOUSE] = b"KEY_MOUSE"
# Numbers and names of PDCurses 3.9 (curses.h and keyname.c).
PDCURSES = {0x1A1: b"ALT_A", 0x1BB: b"CTL_LEFT", 0x1C2: b"KEY_A2", 0x1F8: b"ALT_BKSP"}


def decoder(*, windows=False):
    names = PDCURSES if windows else NCURSES
    return KeyDecoder(lambda number: names.get(number, b""), windows=windows)


def feed(*events, windows=False):
    """Events for what arrived in one go; a string stands for its characters."""
    return decoder(windows=windows).feed(split(events))


def split(events):
    for event in events:
        yield from event if isinstance(event, str) else [event]


def test_letters_that_arrive_together_are_one_text():
    assert feed("héllo 漢") == [Typed("héllo 漢")]


def test_a_key_between_letters_splits_the_text():
    assert feed("ab", 258, "cd") == [Typed("ab"), Key("down"), Typed("cd")]


@pytest.mark.parametrize(
    ("char", "name"),
    [
        ("\r", "enter"),
        ("\n", "ctrl-j"),
        ("\t", "tab"),
        ("\x7f", "backspace"),
        ("\x08", "ctrl-h"),
        ("\x01", "ctrl-a"),
        ("\x1a", "ctrl-z"),
        ("\x1f", "ctrl-_"),
        ("\x1c", "ctrl-\\"),
        ("\x00", "ctrl-space"),
    ],
)
def test_control_characters_are_keys(char, name):
    assert feed(char) == [Key(name)]


@pytest.mark.parametrize(
    ("arrives", "name"),
    [
        ("x", "alt-x"),
        ("X", "alt-X"),
        ("é", "alt-é"),
        (" ", "alt-space"),
        ("\r", "alt-enter"),
        ("\x7f", "alt-backspace"),
        ("\x01", "ctrl-alt-a"),
        (263, "alt-backspace"),
        (550, "ctrl-alt-left"),
    ],
)
def test_a_key_right_after_escape_was_pressed_with_alt(arrives, name):
    assert feed(ESC, arrives) == [Key(name)]


def test_escape_alone_is_a_key_once_nothing_follows():
    keys = decoder()
    assert keys.feed([ESC]) == []
    assert keys.is_waiting
    assert keys.patience_s < 0.1
    assert keys.expire() == [Key("escape")]
    assert not keys.is_waiting
    assert keys.feed("x") == [Typed("x")]


def test_escape_twice_is_one_escape_and_one_that_waits():
    keys = decoder()
    assert keys.feed(ESC + ESC) == [Key("escape")]
    assert keys.expire() == [Key("escape")]


def test_alt_with_a_bracket_is_a_key_once_nothing_follows():
    keys = decoder()
    assert keys.feed(ESC + "[") == []
    assert keys.expire() == [Key("alt-[")]
    assert feed(ESC + "O\r") == [Key("alt-O"), Key("enter")]


def test_nothing_expires_when_nothing_waits():
    keys = decoder()
    assert not keys.is_waiting
    assert keys.expire() == []


@pytest.mark.parametrize(
    ("sequence", "name"),
    [
        ("[A", "up"),
        ("OA", "up"),
        ("[H", "home"),
        ("[1~", "home"),
        ("OP", "f1"),
        ("[1;5D", "ctrl-left"),
        ("[1;2A", "shift-up"),
        ("[1;8B", "ctrl-alt-shift-down"),
        ("[3;5~", "ctrl-delete"),
        ("[5~", "pageup"),
        ("[24~", "f12"),
        ("[1;5H", "ctrl-home"),
        ("[Z", "shift-tab"),
        ("Ow", "home"),
        ("OM", "enter"),
        ("[97;5u", "ctrl-a"),
        ("[13;3u", "alt-enter"),
        ("[27u", "escape"),
        ("[9;2u", "shift-tab"),
        ("[97;133u", "ctrl-a"),
        ("[97:65;5:1u", "ctrl-a"),
        ("[27;5;13~", "ctrl-enter"),
    ],
)
def test_keys_that_curses_does_not_know_are_read_from_their_codes(sequence, name):
    assert feed(ESC + sequence + "x") == [Key(name), Typed("x")]


def test_a_plain_letter_sent_as_a_code_is_text():
    assert feed(ESC + "[97u" + ESC + "Oj") == [Typed("a*")]


@pytest.mark.parametrize(
    "sequence",
    [
        *("[I", "[O", "[99~", "[1;5y", "[?1;2c", "[>0;276;0c", "[0 q", "[[A", "Oz"),
        *(
            "[<0;10;10m",
            "[<35;1;1M",
            "[<1;1;1M",
            "[<0;10M",
            "[<64M",
            "[57399u",
            "[1114112u",
            "[133u",
            "[0n",
            "[u",
            "[~",
        ),
        "[" + "9" * 500 + "~",
    ],
)
def test_unknown_codes_are_swallowed_and_never_typed(sequence):
    assert feed(ESC + sequence + "x") == [Typed("x")]


def test_a_code_that_breaks_off_is_swallowed_and_what_follows_counts():
    assert feed(ESC + "[1;é") == [Typed("é")]
    assert feed(ESC + "[1;", 258) == [Key("down")]
    assert feed(ESC + "[1;" + ESC + "[A") == [Key("up")]


def test_a_resize_interrupts_nothing():
    assert feed(ESC, 410, "[A") == [Key("resize"), Key("up")]
    assert feed(ESC + "[200~a", 410, "b" + ESC + "[201~") == [
        Key("resize"),
        Paste("ab"),
    ]


def test_an_unknown_number_does_nothing():
    assert feed("a", 9999, "b") == [Typed("ab")]


# ---- paste ----


def paste(text):
    return f"{ESC}[200~{text}{ESC}[201~"


def test_a_paste_is_one_event_and_presses_no_key():
    assert feed("a", paste("/quit\r\x03\ttwo"), "b") == [
        Typed("a"),
        Paste("/quit\n\x03\ttwo"),
        Typed("b"),
    ]


def test_every_kind_of_line_end_becomes_a_newline():
    assert feed(paste("a\rb\r\nc\nd")) == [Paste("a\nb\nc\nd")]


def test_an_empty_paste_is_nothing():
    assert feed(paste("")) == []


def test_a_paste_waits_longer_than_an_escape_and_ends_when_its_end_got_lost():
    keys = decoder()
    assert keys.feed(f"{ESC}[200~half") == []
    assert keys.is_waiting
    assert keys.patience_s > 1
    assert keys.expire() == [Paste("half")]
    assert not keys.is_waiting
    assert keys.feed(f"{ESC}[201~x") == [Typed("x")]


def test_function_keys_inside_a_paste_are_not_pressed():
    assert feed(f"{ESC}[200~a", 258, f"b{ESC}[201~") == [Paste("ab")]


def test_a_paste_longer_than_the_limit_is_cut_and_still_ends():
    assert feed(paste("x" * (PASTE_LIMIT + 10)), "y") == [
        Paste("x" * PASTE_LIMIT),
        Typed("y"),
    ]
    exact = "x" * PASTE_LIMIT
    assert feed(paste(exact)) == [Paste(exact)]


# ---- mouse ----


@pytest.mark.parametrize("start", [ESC + "[<", MOUSE], ids=["screen", "xterm"])
@pytest.mark.parametrize(
    ("report", "event"),
    [
        ("64;10;12M", Wheel(-3)),
        ("65;10;12M", Wheel(3)),
        ("80;10;12M", Wheel(-3)),  # with Ctrl held
        ("0;10;12M", Click(11, 9)),
        ("0;0;0M", Click(0, 0)),  # no terminal should, but who knows
    ],
)
def test_the_mouse_is_read_where_curses_eats_its_first_letters_and_where_not(
    start, report, event
):
    assert feed("a", start, report, "b") == [Typed("a"), event, Typed("b")]


def test_the_button_that_is_let_go_and_the_other_buttons_do_nothing():
    assert feed(MOUSE, "0;3;4m", MOUSE, "2;3;4M", ESC + "[<32;1;1M", "x") == [
        Typed("x")
    ]


def test_a_mouse_report_that_breaks_off_is_given_up():
    keys = decoder()
    assert keys.feed([MOUSE, *"0;3"]) == []
    assert keys.is_waiting
    assert keys.expire() == []
    assert keys.feed("4") == [Typed("4")]


# ---- Windows ----


def test_the_two_halves_of_an_emoji_are_joined():
    assert feed("a\ud83d", "\ude00b") == [Typed("a😀b")]
    assert feed(paste("\ud83d\ude00")) == [Paste("😀")]


def test_a_half_without_its_other_half_is_dropped():
    assert feed("a\ud83db\ude00c") == [Typed("abc")]


def test_windows_has_its_own_codes_for_the_same_keys():
    events = feed(0x1A1, 0x1BB, 0x1C2, 0x1F8, windows=True)
    names = [event.name for event in events]
    assert names == ["alt-a", "ctrl-left", "up", "alt-backspace"]


# ---- anything ----

STREAM = st.lists(
    st.sampled_from(
        [*NCURSES, 9999, "<", ESC, ESC, "[", "[", "O", "200~", "201~", "1;5"]
    )
    | st.sampled_from(["A", "~", "u", ";", "97", "\r", "\x9b", "\ud83d", "\ude00", "é"])
    | st.sampled_from([paste("x\ry"), ESC + "[200~", ESC + "[201~", ESC + "[1;5D"])
    | st.characters(exclude_categories=[]),
    max_size=30,
).map(lambda events: list(split(events)))


@given(STREAM, st.lists(st.integers(0, 60)))
def test_it_does_not_matter_in_which_pieces_the_keys_arrive(stream, cuts):
    whole, pieces = decoder(), decoder()
    edges = [0, *sorted(cuts), len(stream)]
    found = []
    for start, end in pairwise(edges):
        found += pieces.feed(stream[start:end])
    found += pieces.expire()
    assert join(found) == join(whole.feed(stream) + whole.expire())


def join(events):
    joined = []
    for event in events:
        if joined and isinstance(event, Typed) and isinstance(joined[-1], Typed):
            event = Typed(joined.pop().text + event.text)
        joined.append(event)
    return joined


@given(STREAM)
def test_whatever_arrives_only_text_is_typed(stream):
    keys = decoder()
    for event in keys.feed(stream) + keys.expire():
        if isinstance(event, Typed):
            assert event.text
            event.text.encode()
            assert not any(c < " " or "\x7f" <= c <= "\x9f" for c in event.text)
    assert not keys.is_waiting
