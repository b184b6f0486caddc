"""The line being typed: text, a cursor, and what the keys do to them.

    press("ctrl-w") --> a row of BINDINGS --> kill(space_left) --> text, cursor

An action is one of three verbs (go, delete, kill) applied to a motion of
`tui.motions`. What fits no verb is a method of its own. The keys are those of
Emacs and readline, because shells and other chats have taught them to everybody's
fingers. The table of them is also the help.

The cursor stands between graphemes, never inside one: Backspace removes a whole
👍🏽. The text is kept exactly as typed or pasted, and may have several lines; only
`window` makes it safe to draw. Enter is not here: the screen calls `take` when it
decides to send.

Rule: every change of the text goes through `replace`, which makes it undoable.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from tui.history import History, Recall
from tui.inputrow import cut_to_row
from tui.killring import KillRing
from tui.motions import (
    Motion,
    boundary,
    further,
    line_down,
    line_end,
    line_start,
    line_up,
    one_left,
    one_right,
    space_left,
    text_end,
    text_start,
    word_left,
    word_right,
)
from tui.undo import Change, Undo
from tui.width import Ruler

Action = Callable[["Editor"], None]


class Editor:
    """One line being typed, with its undo.

    Each talk has an editor of its own, so each keeps its draft and its cursor. What
    was entered and what was killed they may share.
    """

    def __init__(
        self, history: History | None = None, kills: KillRing | None = None
    ) -> None:
        self.text = ""
        self.cursor = 0  # index into text, always between two graphemes
        self._history = History() if history is None else history
        self._kills = KillRing() if kills is None else kills
        self._recall = Recall(self._history)
        self._undo = Undo()
        self._last = ""  # what the last action was: "stroke", "kill", "yank" or ""
        self._yanked = (0, 0)  # from where to where, while the last was a yank

    # ---- what the screen calls ----

    def insert(self, text: str) -> None:
        """Put typed or pasted text at the cursor.

        Single strokes in a row are undone together, a paste by itself.
        """
        kind = "stroke" if len(text) == 1 else ""
        joins = kind == self._last == "stroke"
        self.replace(self.cursor, self.cursor, text, joins=joins)
        self._last = kind

    def press(self, name: str) -> bool:
        """Do what the key called `name` means; False if it means nothing here.

        Ctrl-d on an empty line means nothing: the screen may offer to quit.
        """
        binding = next((row for row in BINDINGS if name in row.names), None)
        if binding is None or (name == "ctrl-d" and not self.text):
            self._last = ""
            return False
        text = self.text
        binding.action(self)
        self._last = binding.kind if self.text != text else ""
        return True

    def replace(self, start: int, end: int, text: str, *, joins: bool = False) -> None:
        """Put `text` in the place of what is there; the cursor goes behind it.

        With `joins` it is undone together with the change before. Around the cursor
        two graphemes may have become one, as with an e put before a lone accent:
        then the cursor moves behind it.
        """
        removed = self.text[start:end]
        if removed != text:
            change = Change(start, removed, text, self.cursor)
            self._undo.record(change, joins=joins)
            self.text = change.apply(self.text)
        self.cursor = boundary(self.text, start + len(text))
        self._last = ""

    def take(self) -> str:
        """Empty the line and return what it held, which is now in the history."""
        taken = self.text
        self._history.add(taken)
        self.text, self.cursor, self._last = "", 0, ""
        self._recall.end()
        self._undo.clear()
        return taken

    def clear(self) -> None:
        """Throw the line away; undo brings it back."""
        self._show("")
        self._recall.end()

    def window(self, width: int, ruler: Ruler) -> tuple[str, int]:
        """What one row of `width` cells shows, and the cursor's column in it."""
        return cut_to_row(self.text, self.cursor, width, ruler)

    # ---- what the table's actions call ----

    def _show(self, text: str) -> None:
        self.replace(0, len(self.text), text)

    def _go(self, motion: Motion) -> None:
        self.cursor = motion(self.text, self.cursor)

    def _delete(self, motion: Motion) -> None:
        """Delete from the cursor to where `motion` leads."""
        self.replace(*self._span(motion), "")

    def _kill(self, motion: Motion) -> None:
        self._kill_span(*self._span(motion))

    def _kill_line(self) -> None:
        self._kill_span(0, len(self.text))

    def _kill_span(self, start: int, end: int) -> None:
        """Delete and remember for ctrl-y; kills in a row are remembered as one."""
        before, after = self.text[start : self.cursor], self.text[self.cursor : end]
        self._kills.add(before, after, joins=self._last == "kill")
        self.replace(start, end, "")

    def _span(self, motion: Motion) -> tuple[int, int]:
        """The cursor and where `motion` leads, in their order in the text."""
        there = motion(self.text, self.cursor)
        return min(self.cursor, there), max(self.cursor, there)

    def _yank(self) -> None:
        self._put_back(self.cursor, self.cursor, self._kills.current)

    def _yank_older(self) -> None:
        """Replace what was just put back by the kill before it."""
        if self._last == "yank":
            self._put_back(*self._yanked, self._kills.turn())

    def _put_back(self, start: int, end: int, text: str) -> None:
        self.replace(start, end, text)
        self._yanked = (start, start + len(text))

    def _transpose(self) -> None:
        """Swap the characters around the cursor; at the end, the last two."""
        middle = min(self.cursor, one_left(self.text, len(self.text)))
        start, end = one_left(self.text, middle), one_right(self.text, middle)
        if start < middle:
            swapped = self.text[middle:end] + self.text[start:middle]
            self.replace(start, end, swapped)

    def _change_case(self, change: Callable[[str], str]) -> None:
        start, end = self._span(word_right)
        self.replace(start, end, change(self.text[start:end]))

    def _break_line(self) -> None:
        self.insert("\n")

    def _take_back(self) -> None:
        if change := self._undo.back():
            self.text, self.cursor = change.revert(self.text), change.cursor

    def _do_again(self) -> None:
        if change := self._undo.again():
            self.text = change.apply(self.text)
            self.cursor = boundary(self.text, change.start + len(change.inserted))

    def _up(self) -> None:
        """One line up in a text of several; from the first one, into the history."""
        self._go_or_show(line_up, self._recall.older)

    def _down(self) -> None:
        self._go_or_show(line_down, self._recall.newer)

    def _go_or_show(self, motion: Motion, find: Callable[[str], str | None]) -> None:
        there = motion(self.text, self.cursor)
        if there != self.cursor:
            self.cursor = there
        elif (entry := find(self.text)) is not None:
            self._show(entry)


# ---- the keys ----


def go(motion: Motion) -> Action:
    return lambda editor: editor._go(motion)


def delete(motion: Motion) -> Action:
    return lambda editor: editor._delete(motion)


def kill(motion: Motion) -> Action:
    return lambda editor: editor._kill(motion)


def recase(change: Callable[[str], str]) -> Action:
    return lambda editor: editor._change_case(change)


def _capitalized(text: str) -> str:
    """The first letter or digit large, all after it small; ", ana" is ", Ana"."""
    return re.sub(r"\w.*", lambda match: match[0].capitalize(), text, flags=re.DOTALL)


@dataclass(frozen=True)
class Binding:
    """Keys that do the same, and what they do in the words of the help."""

    keys: str  # names of tui.keys, with spaces between
    help: str
    action: Action
    kind: str = ""  # what the next action must know: see Editor._last

    @property
    def names(self) -> list[str]:
        return self.keys.split()


HOME, END = further(line_start, text_start), further(line_end, text_end)
TO_START, TO_END = further(line_start, one_left), further(line_end, one_right)

BINDINGS = (
    Binding("left ctrl-b", "one character left", go(one_left)),
    Binding("right ctrl-f", "one character right", go(one_right)),
    Binding("home ctrl-a", "to the start of the line", go(HOME)),
    Binding("end ctrl-e", "to the end of the line", go(END)),
    Binding("alt-b ctrl-left alt-left", "one word left", go(word_left)),
    Binding("alt-f ctrl-right alt-right", "one word right", go(word_right)),
    Binding("backspace ctrl-h", "delete the character before", delete(one_left)),
    Binding("delete ctrl-d", "delete the character here", delete(one_right)),
    Binding("ctrl-w", "delete back to a space", kill(space_left), "kill"),
    Binding("alt-backspace", "delete the word before", kill(word_left), "kill"),
    Binding("alt-d ctrl-delete", "delete the word after", kill(word_right), "kill"),
    Binding("ctrl-u", "delete to the start of the line", kill(TO_START), "kill"),
    Binding("ctrl-k", "delete to the end of the line", kill(TO_END), "kill"),
    Binding("alt-r", "delete everything typed", Editor._kill_line, "kill"),
    Binding("ctrl-y", "put back what these deleted", Editor._yank, "yank"),
    Binding("alt-y", "after it: the one deleted before", Editor._yank_older, "yank"),
    Binding("ctrl-t", "swap two characters", Editor._transpose),
    Binding("alt-u", "the word in capitals", recase(str.upper)),
    Binding("alt-l", "the word in small letters", recase(str.lower)),
    Binding("alt-c", "the word with a capital letter", recase(_capitalized)),
    Binding("ctrl-_ ctrl-/", "undo", Editor._take_back),
    Binding("alt-_", "redo", Editor._do_again),
    Binding("up", "one line up, or what was entered before", Editor._up),
    Binding("down", "one line down, or what was entered after", Editor._down),
    Binding("alt-enter shift-enter", "a new line", Editor._break_line, "stroke"),
)
