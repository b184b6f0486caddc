"""The editor against a model nobody can get wrong: two lists of graphemes."""

from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from tui.editor import BINDINGS, Editor
from tui.width import graphemes

EDITS = [
    *("backspace", "delete", "ctrl-w", "ctrl-u", "ctrl-k", "alt-d", "alt-r", "ctrl-y"),
    *("ctrl-t", "alt-u", "alt-l", "alt-c", "alt-enter"),
]
PIECES = ["a", "b", "_", " ", "\n", "漢", "👍🏽", "🇧🇷", "e\u0301", "one two"]


class ListOfGraphemes(RuleBasedStateMachine):
    """The same line twice: in an Editor, and as two lists beside the cursor."""

    def __init__(self):
        super().__init__()
        self.editor = Editor()
        self.before, self.after = [], []

    @rule(text=st.sampled_from(PIECES))
    def insert(self, text):
        self.editor.insert(text)
        self.before += graphemes(text)

    @rule(key=st.sampled_from(["left", "ctrl-b"]))
    def left(self, key):
        self.editor.press(key)
        self.after[:0] = [self.before.pop()] if self.before else []

    @rule(key=st.sampled_from(["right", "ctrl-f"]))
    def right(self, key):
        self.editor.press(key)
        self.before += [self.after.pop(0)] if self.after else []

    @precondition(lambda self: self.before[-1:] not in ([], ["\n"]))
    @rule()
    def home(self):
        self.editor.press("home")
        while self.before and self.before[-1] != "\n":
            self.after.insert(0, self.before.pop())

    @precondition(lambda self: self.before[-1:] in ([], ["\n"]))
    @rule()
    def home_at_the_start_of_a_line(self):
        self.editor.press("home")
        self.before, self.after = [], self.before + self.after

    @rule(key=st.sampled_from(["backspace", "ctrl-h"]))
    def backspace(self, key):
        self.editor.press(key)
        del self.before[-1:]

    @rule()
    def delete(self):
        self.editor.press("delete")
        del self.after[:1]

    @rule()
    def kill_to_space(self):
        self.editor.press("ctrl-w")
        while self.before and self.before[-1].isspace():
            self.before.pop()
        while self.before and not self.before[-1].isspace():
            self.before.pop()

    @rule()
    def kill_everything_and_yank(self):
        self.editor.press("end")  # nothing killed before joins in
        self.editor.press("alt-r")
        assert self.editor.text == ""
        if self.before or self.after:
            self.editor.press("ctrl-y")
        self.before, self.after = self.before + self.after, []

    @rule(key=st.sampled_from([row.names[0] for row in BINDINGS if row.kind == "kill"]))
    def kill_then_yank_at_the_same_place_restores(self, key):
        self.pause()
        text = self.editor.text
        self.editor.press(key)
        if self.editor.text != text:
            self.editor.press("ctrl-y")
        assert self.editor.text == text
        self.resplit()

    @precondition(lambda self: self.editor.text)
    @rule(key=st.sampled_from(EDITS))
    def undo_of_an_edit_restores(self, key):
        self.pause()
        was = self.screen()
        self.editor.press(key)
        if self.editor.text != was[0]:
            self.editor.press("ctrl-_")
            assert self.screen() == was
        self.resplit()

    @precondition(lambda self: self.editor.text)
    @rule(key=st.sampled_from(EDITS))
    def redo_of_the_undo_of_an_edit_restores(self, key):
        self.pause()
        text = self.editor.text
        self.editor.press(key)
        was = self.screen()
        if was[0] != text:
            self.editor.press("ctrl-_")
            self.editor.press("alt-_")
            assert self.screen() == was
        self.resplit()

    def pause(self):
        """Whatever comes next is a step of its own."""
        self.editor.press("right")
        self.editor.press("left")
        self.resplit()

    def screen(self):
        return self.editor.text, self.editor.cursor

    def resplit(self):
        cursor, text = self.editor.cursor, self.editor.text
        self.before, self.after = graphemes(text[:cursor]), graphemes(text[cursor:])

    @invariant()
    def text_and_cursor_agree(self):
        assert self.editor.text == "".join(self.before + self.after)
        assert self.editor.cursor == len("".join(self.before))

    @invariant()
    def the_cursor_stands_between_graphemes(self):
        text, cursor = self.editor.text, self.editor.cursor
        assert graphemes(text) == graphemes(text[:cursor]) + graphemes(text[cursor:])


TestEditorAgainstListOfGraphemes = ListOfGraphemes.TestCase

WILD = [
    "\u0301",
    "\u200d",
    "🇧",
    "🏽",
    "👩",
    "a",
    " ",
    "\u1112",
    "\u1161",
    "\n",
    "\ud83d",
]
KEYS = [name for row in BINDINGS for name in row.names]


@given(st.lists(st.sampled_from(WILD + KEYS), max_size=40))
def test_whatever_is_typed_the_cursor_stands_between_graphemes(actions):
    editor = Editor()
    for action in actions:
        if action in KEYS:
            editor.press(action)
        else:
            editor.insert(action)
        text, cursor = editor.text, editor.cursor
        assert 0 <= cursor <= len(text)
        assert graphemes(text) == graphemes(text[:cursor]) + graphemes(text[cursor:])


@given(st.lists(st.sampled_from(WILD + KEYS), max_size=40))
def test_undo_to_the_end_and_redo_to_the_end_lead_back_to_the_same_text(actions):
    editor = Editor()
    for action in actions:
        if action in KEYS:
            editor.press(action)
        else:
            editor.insert(action)
    press_until_nothing_changes(editor, "alt-_")
    text = editor.text
    press_until_nothing_changes(editor, "ctrl-_")
    assert editor.text == ""
    press_until_nothing_changes(editor, "alt-_")
    assert editor.text == text


def press_until_nothing_changes(editor, key):
    shown = None
    while shown != (editor.text, editor.cursor):
        shown = (editor.text, editor.cursor)
        editor.press(key)
