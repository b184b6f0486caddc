import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.commands import COMMANDS, Command
from tui.complete import (
    Completer,
    completions,
    latest_speakers_first,
    matching_commands,
)
from tui.editor import Editor

HERE = ["bob", "ana", "anabel", "andy", "Émile", "ｚｏé"]


def editor_with(screen):
    before, after = screen.split("|")
    editor = Editor()
    editor.insert(before + after)
    editor.cursor = len(before)
    return editor


def screen_of(editor):
    return editor.text[: editor.cursor] + "|" + editor.text[editor.cursor :]


def completer():
    return Completer(lambda: HERE, COMMANDS)


def tab(screen, *directions):
    editor, tabs = editor_with(screen), completer()
    for direction in directions or [+1]:
        tabs.press(editor, direction)
    return screen_of(editor)


@pytest.mark.parametrize(
    ("screen", "expected"),
    [
        ("bo|", "bob: |"),
        ("BO|", "bob: |"),
        ("ｂｏ|", "bob: |"),
        ("e\u0301m|", "Émile: |"),
        ("zoé|", "ｚｏé: |"),
        ("|", "bob: |"),
        ("hi bo|", "hi bob |"),
        ("hi |", "hi bob |"),
        ("hi\nbo|", "hi\nbob |"),
        ("ask @bo|", "ask @bob |"),
        ("@bo|", "@bob |"),
        ("hi an| there", "hi ana | there"),
        ("an|na", "ana: |na"),
        ("/wh|", "/who |"),
        ("/WHI|", "/whisper |"),
        ("/q|", "/quit |"),
        ("/msg bo|", "/msg bob |"),
        ("/w bo|", "/w bob |"),
        ("/msg bob as an|", "/msg bob as ana |"),
        ("/say an|", "/say ana |"),
        ("//an an|", "//an ana |"),
    ],
)
def test_tab_completes_what_can_stand_there(screen, expected):
    assert tab(screen) == expected


@pytest.mark.parametrize(
    "screen",
    ["xy|", "/xy|", "/who an|", "/quit |", "/hlep an|", "/ an|", "hi /wh|", "//|"],
)
def test_tab_leaves_alone_what_nothing_fits(screen):
    editor = editor_with(screen)
    assert not completer().press(editor, +1)
    assert screen_of(editor) == screen


@pytest.mark.parametrize(
    ("arguments", "before", "is_named"),
    [
        *[("NAME ROOM", "/do ", True), ("NAME ROOM", "/do ana ", False)],
        *[("ROOM TEXT", "/do ", False), ("ROOM TEXT", "/do #lab hi ", True)],
    ],
)
def test_names_stand_only_where_the_command_takes_a_name_or_a_text(
    arguments, before, is_named
):
    rows = [Command("do", (), arguments, "")]
    assert (completions(before, lambda: HERE, rows).words != ()) == is_named


def test_tab_again_goes_on_and_comes_round():
    assert tab("hi an|", 1, 1) == "hi anabel |"
    assert tab("hi an|", 1, 1, 1) == "hi andy |"
    assert tab("hi an|", 1, 1, 1, 1) == "hi ana |"


def test_shift_tab_goes_back():
    assert tab("hi an|", 1, 1, -1) == "hi ana |"
    assert tab("hi an|", -1) == "hi andy |"
    assert tab("hi an|", -1, +1) == "hi ana |"


def test_any_other_change_ends_the_cycle():
    editor, tabs = editor_with("an|"), completer()
    tabs.press(editor, +1)
    editor.insert("bo")
    assert tabs.hint(editor) == ""
    tabs.press(editor, +1)
    assert screen_of(editor) == "ana: bob |"


def test_a_tab_that_found_nothing_ends_the_cycle_before_it():
    editor, tabs = editor_with("an|"), completer()
    tabs.press(editor, +1)
    editor.insert("x")
    tabs.press(editor, +1)
    editor.press("backspace")
    tabs.press(editor, +1)
    assert screen_of(editor) == "ana: bob |"


def test_a_cycle_in_another_talk_is_another_cycle():
    here, there, tabs = editor_with("an|"), editor_with("bo|"), completer()
    tabs.press(here, +1)
    tabs.press(there, +1)
    assert (screen_of(here), screen_of(there)) == ("ana: |", "bob: |")


def test_a_whole_cycle_is_one_undo():
    editor, tabs = editor_with("hi an|"), completer()
    for _ in range(5):
        tabs.press(editor, +1)
    editor.press("ctrl-_")
    assert screen_of(editor) == "hi an|"


def test_the_hint_shows_the_choice_while_there_is_one():
    editor, tabs = editor_with("hi an|"), completer()
    assert tabs.hint(editor) == ""
    tabs.press(editor, +1)
    assert tabs.hint(editor) == "ana  anabel  andy"
    editor.press("left")
    assert tabs.hint(editor) == ""
    tabs.press(alone := editor_with("bo|"), +1)
    assert tabs.hint(alone) == ""
    tabs.press(command := editor_with("/wh|"), +1)
    assert tabs.hint(command) == "/who  /whisper"


def test_people_who_come_or_go_do_not_disturb_a_cycle():
    here = ["ana", "anabel"]
    editor, tabs = editor_with("an|"), Completer(lambda: here, COMMANDS)
    tabs.press(editor, +1)
    here[:] = ["zoe"]
    tabs.press(editor, +1)
    assert screen_of(editor) == "anabel: |"


PIECES = [
    "a",
    "an",
    "bo",
    "/",
    "w",
    "@",
    " ",
    "\n",
    "\u0301",
    "🇧",
    "👩",
    "\u200d",
    "漢",
]
TEXTS = st.lists(st.sampled_from(PIECES), max_size=8).map("".join)


@given(TEXTS, TEXTS, st.lists(st.sampled_from([+1, -1]), min_size=1))
def test_completion_never_changes_text_outside_the_word(before, after, directions):
    editor, tabs = Editor(), completer()
    editor.insert(before + after)
    while editor.cursor > len(before):
        editor.press("left")
    before, after = editor.text[: editor.cursor], editor.text[editor.cursor :]
    outside = before[: completions(before, lambda: HERE, COMMANDS).start]
    for direction in directions:
        tabs.press(editor, direction)
        assert editor.text.startswith(outside)
        assert editor.text.endswith(after)
    if editor.text != before + after:
        editor.press("ctrl-_")
    assert editor.text == before + after


@given(st.sampled_from(["", "hi "]), st.text("anbo", max_size=3))
def test_what_tab_puts_in_begins_like_the_word_that_was_there(before, word):
    editor = Editor()
    editor.insert(before + word)
    if completer().press(editor, +1):
        assert editor.text.startswith(before + word)
        assert editor.text[len(before) :].rstrip(": ") in HERE


# ---- who comes first ----


def test_the_last_speaker_comes_first_and_the_silent_ones_by_name():
    names = ["zoe", "Bob", "ana", "cy"]
    senders = ["cy", "ghost", "ZOE", "cy"]
    assert latest_speakers_first(names, senders) == ["cy", "zoe", "ana", "Bob"]


@given(st.sets(st.sampled_from("abcdef")), st.lists(st.sampled_from("abcdxyz")))
def test_everybody_is_named_exactly_once(names, senders):
    assert sorted(latest_speakers_first(names, senders)) == sorted(names)


# ---- the commands above the input ----


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("/wh", ["who", "msg"]),
        ("/WHO", ["who"]),
        ("/exit", ["quit"]),
        ("/", [row.name for row in COMMANDS[:5]]),
        *[("/xyz", []), ("", []), ("hi", []), ("//", []), ("/who ", []), ("/a/b", [])],
        ("say /w", []),
    ],
)
def test_a_slash_shows_the_commands_that_it_may_become(text, names):
    assert [row.name for row in matching_commands(text, COMMANDS)] == names
