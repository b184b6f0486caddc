import pytest

from tui.editor import BINDINGS, Editor
from tui.history import History
from tui.killring import KillRing


def editor_with(screen):
    """An editor that shows `screen`; | is the cursor."""
    before, after = screen.split("|")
    editor = Editor()
    editor.insert(before + after)
    editor.cursor = len(before)
    return editor


def screen_of(editor):
    return editor.text[: editor.cursor] + "|" + editor.text[editor.cursor :]


def edit(screen, *keys):
    editor = editor_with(screen)
    for key in keys:
        assert editor.press(key)
    return screen_of(editor)


def type_in(editor, text):
    for char in text:
        editor.insert(char)


@pytest.mark.parametrize(
    ("screen", "key", "expected"),
    [
        ("hel|lo", "left", "he|llo"),
        ("hel|lo", "ctrl-f", "hell|o"),
        ("|hello", "left", "|hello"),
        ("hello|", "right", "hello|"),
        ("hel|lo", "home", "|hello"),
        ("hel|lo", "ctrl-e", "hello|"),
        ("one two|", "alt-b", "one |two"),
        ("one two |", "ctrl-left", "one |two "),
        ("one, two|", "alt-left", "one, |two"),
        ("|one two", "alt-f", "one| two"),
        ("one| two", "ctrl-right", "one two|"),
        ("one|...", "alt-right", "one...|"),
        ("hel|lo", "backspace", "he|lo"),
        ("|hello", "ctrl-h", "|hello"),
        ("hel|lo", "delete", "hel|o"),
        ("hello|", "ctrl-d", "hello|"),
        ("see a/b.c|", "ctrl-w", "see |"),
        ("see  |", "ctrl-w", "|"),
        ("see a/b|", "alt-backspace", "see a/|"),
        ("o|ne two", "alt-d", "o| two"),
        ("one| two", "ctrl-u", "| two"),
        ("one| two", "ctrl-k", "one|"),
        ("ab|cd", "ctrl-t", "acb|d"),
        ("teh|", "ctrl-t", "the|"),
        ("|ab", "ctrl-t", "|ab"),
        ("a|", "ctrl-t", "a|"),
        ("one tw|o", "alt-r", "|"),
        ("|one two", "alt-u", "ONE| two"),
        ("ONE| TWO", "alt-l", "ONE two|"),
        ("one|, tWO_b c", "alt-c", "one, Two_b| c"),
        ("|straße", "alt-u", "STRASSE|"),
        ("one|", "alt-c", "one|"),
        ("a|b", "alt-enter", "a\n|b"),
        ("a|b", "shift-enter", "a\n|b"),
        ("día snake_case|", "alt-b", "día |snake_case"),
        ("one\ntw|o", "home", "one\n|two"),
        ("one\n|two", "ctrl-a", "|one\ntwo"),
        ("on|e\ntwo", "end", "one|\ntwo"),
        ("one|\ntwo", "ctrl-e", "one\ntwo|"),
        ("one\ntw|o", "ctrl-u", "one\n|o"),
        ("one\n|two", "ctrl-u", "one|two"),
        ("o|ne\ntwo", "ctrl-k", "o|\ntwo"),
        ("one|\ntwo", "ctrl-k", "one|two"),
        ("one\ntw|o", "up", "on|e\ntwo"),
        ("on|e\ntwo", "down", "one\ntw|o"),
        ("long line\nab\nlong l|ine", "up", "long line\nab|\nlong line"),
        ("abc\n👍🏽|b", "up", "a|bc\n👍🏽b"),
        ("a👍🏽b|\n漢字ab", "down", "a👍🏽b\n漢字a|b"),
    ],
)
def test_each_key_does_what_fingers_expect(screen, key, expected):
    assert edit(screen, key) == expected


@pytest.mark.parametrize("emoji", ["👍🏽", "🇧🇷", "👩\u200d💻", "e\u0301", "❤\ufe0f"])
def test_the_cursor_never_stops_inside_an_emoji(emoji):
    assert edit(f"a{emoji}|b", "backspace") == "a|b"
    assert edit(f"a|{emoji}b", "delete") == "a|b"
    assert edit(f"a|{emoji}b", "right") == f"a{emoji}|b"
    assert edit(f"a{emoji}|b", "left") == f"a|{emoji}b"
    assert edit(f"a{emoji}|", "ctrl-t") == f"{emoji}a|"


def test_a_letter_before_a_lone_accent_takes_it_along():
    editor = editor_with("|\u0301x")
    editor.insert("e")
    assert screen_of(editor) == "e\u0301|x"


def test_two_halves_of_a_flag_that_meet_are_one_flag():
    assert edit("🇧a|🇷", "backspace") == "🇧🇷|"


def test_what_was_killed_in_a_row_comes_back_as_one():
    assert edit("one two three|", "ctrl-w", "ctrl-w", "ctrl-y") == "one two three|"
    assert (
        edit("one |two three", "alt-d", "alt-d", "home", "ctrl-y") == "two three|one "
    )
    assert edit("a b|c d", "ctrl-k", "ctrl-u", "ctrl-y", "ctrl-y") == "a bc da bc d|"


def test_a_kill_after_something_else_starts_anew():
    assert edit("one two|", "ctrl-w", "left", "ctrl-u", "ctrl-y") == "one| "
    assert edit("one two|", "ctrl-w", "ctrl-k", "ctrl-u", "ctrl-y") == "one |"


def test_the_whole_line_killed_at_its_middle_comes_back_in_order():
    assert edit("one t|wo", "alt-r", "ctrl-y") == "one two|"
    assert edit("one tw|o", "ctrl-w", "alt-r", "ctrl-y") == "one two|"


def test_alt_y_brings_the_kill_before_instead_and_comes_round_again():
    kills = ("ctrl-w", "left", "ctrl-u")  # "two", then "one"
    assert edit("one two|", *kills, "ctrl-y") == "one| "
    assert edit("one two|", *kills, "ctrl-y", "alt-y") == "two| "
    assert edit("one two|", *kills, "ctrl-y", "alt-y", "alt-y") == "one| "
    assert edit("one two|", *kills, "ctrl-y", "alt-y", "ctrl-y") == "twotwo| "


def test_alt_y_after_anything_else_does_nothing():
    kills = ("ctrl-w", "left", "ctrl-u", "ctrl-y")
    assert edit("one two|", *kills, "left", "right", "alt-y") == "one| "
    assert edit("one two|", "alt-y") == "one two|"


def test_undo_takes_back_alt_y_to_what_ctrl_y_had_put_there():
    keys = ("ctrl-w", "left", "ctrl-u", "ctrl-y", "alt-y", "ctrl-_")
    assert edit("one two|", *keys) == "one| "


def test_killed_in_one_talk_put_back_in_another():
    kills = KillRing()
    here, there = Editor(kills=kills), Editor(kills=kills)
    here.insert("code")
    here.press("ctrl-u")
    assert edit_on(there, "ctrl-y") == "code|"


def test_nothing_killed_nothing_yanked():
    assert edit("a|", "ctrl-y") == "a|"
    assert edit("a|", "ctrl-y", "alt-y") == "a|"
    assert edit("one |two", "ctrl-k", "ctrl-k", "ctrl-y") == "one two|"


def test_undo_takes_back_a_run_of_strokes_at_once():
    editor = Editor()
    type_in(editor, "hello")
    editor.press("left")
    type_in(editor, "XY")
    assert editor.press("ctrl-_")
    assert screen_of(editor) == "hell|o"
    assert editor.press("ctrl-_")
    assert screen_of(editor) == "|"
    assert editor.press("ctrl-_")


def test_undo_takes_back_a_paste_but_not_the_strokes_before():
    editor = Editor()
    type_in(editor, "see ")
    editor.insert("pasted\ntext")
    type_in(editor, "!")
    assert edit_on(editor, "ctrl-_") == "see pasted\ntext|"
    assert edit_on(editor, "ctrl-_") == "see |"


def test_undo_takes_back_what_was_put_back_but_not_the_strokes_before():
    editor = editor_with("x|")
    editor.press("ctrl-w")
    type_in(editor, "ab")
    editor.press("ctrl-y")
    assert edit_on(editor, "ctrl-_") == "ab|"


def test_redo_does_again_what_was_undone():
    editor = Editor()
    type_in(editor, "hello")
    editor.press("ctrl-w")
    editor.insert("see you")
    steps = [edit_on(editor, "ctrl-_") for _ in range(3)]
    assert steps == ["|", "hello|", "|"]
    steps = [edit_on(editor, "alt-_") for _ in range(4)]
    assert steps == ["hello|", "|", "see you|", "see you|"]


def test_what_is_typed_after_an_undo_ends_the_redo():
    assert edit("a b|", "ctrl-w", "ctrl-_", "ctrl-t", "alt-_") == "ab |"


def test_strokes_after_a_replacement_are_undone_by_themselves():
    editor = Editor()
    type_in(editor, "an")
    editor.replace(0, 2, "ana: ")
    type_in(editor, "hi")
    assert edit_on(editor, "ctrl-_") == "ana: |"
    assert edit_on(editor, "ctrl-_") == "an|"


def test_undo_brings_back_a_cleared_line():
    editor = editor_with("hel|lo")
    editor.clear()
    assert screen_of(editor) == "|"
    assert edit_on(editor, "ctrl-_") == "hel|lo"


def test_a_sent_line_is_not_undone_into_the_next():
    editor = editor_with("secret|")
    editor.press("backspace")
    assert editor.take() == "secre"
    assert edit_on(editor, "ctrl-_") == "|"


def edit_on(editor, key):
    assert editor.press(key)
    return screen_of(editor)


def test_up_goes_back_through_what_was_sent_and_down_returns_to_the_draft():
    editor = Editor()
    for line in ("first", "second"):
        editor.insert(line)
        editor.take()
    editor.insert("dra")
    assert edit_on(editor, "up") == "second|"
    assert edit_on(editor, "up") == "first|"
    assert edit_on(editor, "up") == "first|"
    assert edit_on(editor, "down") == "second|"
    assert edit_on(editor, "down") == "dra|"
    assert edit_on(editor, "down") == "dra|"


def test_after_a_line_of_the_history_is_sent_up_starts_at_the_end_again():
    editor = Editor()
    for line in ("first", "second"):
        editor.insert(line)
        editor.take()
    editor.press("up")
    editor.press("up")
    assert editor.take() == "first"
    assert edit_on(editor, "up") == "first|"
    assert edit_on(editor, "up") == "second|"


def test_up_goes_through_the_lines_of_a_text_before_it_goes_into_the_history():
    editor = Editor()
    for text in ("first", "two\nlines"):
        editor.insert(text)
        editor.take()
    assert edit_on(editor, "up") == "two\nlines|"
    assert edit_on(editor, "up") == "two|\nlines"
    assert edit_on(editor, "up") == "first|"
    assert edit_on(editor, "down") == "two\nlines|"
    assert edit_on(editor, "down") == "|"


def test_two_talks_share_what_was_entered_but_not_their_drafts():
    history = History()
    here, there = Editor(history), Editor(history)
    here.insert("sent here")
    here.take()
    there.insert("draft there")
    here.insert("draft here")
    assert edit_on(there, "up") == "sent here|"
    assert edit_on(here, "up") == "sent here|"
    assert edit_on(there, "down") == "draft there|"


def test_keys_of_others_are_left_to_them():
    editor = editor_with("hello|")
    for key in ("enter", "tab", "f1", "pageup", "escape", "ctrl-r", "x"):
        assert not editor.press(key)
    assert screen_of(editor) == "hello|"


def test_ctrl_d_on_an_empty_line_is_left_to_the_screen():
    assert not Editor().press("ctrl-d")
    assert editor_with("a|").press("ctrl-d")


def test_no_key_is_bound_twice_and_every_row_has_its_help():
    names = [name for row in BINDINGS for name in row.names]
    assert len(names) == len(set(names))
    assert all(row.help for row in BINDINGS)
