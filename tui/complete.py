"""Tab: the names and commands that can stand where somebody begins to write one.

    "so, an|"  --completions--> start 4, words ana anabel andy, ending " "
        Tab --> "so, ana |"    Tab --> "so, anabel |"    Shift+Tab --> "so, ana |"

What can stand there depends on what stands before it: a command after the first
`/`; a name elsewhere, with a colon where it begins a line, because there one
speaks to somebody; after a command only where its table row takes a name or a text.

Rules: only the word before the cursor is replaced. Names are found as the server
compares them: AN and ａｎ begin ana too. A cycle lasts while the line is as the last
Tab left it, so no other key has to be told about it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from tui.commands import Command
from tui.editor import Editor
from tui.roster import compared

COMMANDS_SHOWN = 5  # above the input, while one is being written

ROOM = ("ROOM", "[ROOM]")
Names = Callable[[], Sequence[str]]  # who may be meant, the likeliest first; rooms last


def latest_speakers_first(names: Iterable[str], senders: Iterable[str]) -> list[str]:
    """`names` in the order of who spoke last, then the silent ones from a to z.

    `senders`: who said each line, the newest line first; strangers among them.
    """
    silent = {compared(name): name for name in sorted(names, key=compared)}
    found = [silent.pop(compared(sender), None) for sender in senders]
    return [*filter(None, found), *silent.values()]


def matching_commands(text: str, rows: Sequence[Command]) -> list[Command]:
    """The rows to show while the word after `/` is being written; else none."""
    if not re.fullmatch(r"/[^/\s]*", text):
        return []
    found = [row for row in rows if _begins(row.name, text[1:])]
    found += [
        row
        for row in rows
        if row not in found and any(_begins(alias, text[1:]) for alias in row.aliases)
    ]
    return found[:COMMANDS_SHOWN]


# ---- what can stand here ----


@dataclass(frozen=True, slots=True)
class Completions:
    """What can replace the word that begins at `start`."""

    start: int
    words: tuple[str, ...]
    ending: str  # what follows the word: it is finished


def completions(before: str, names: Names, rows: Sequence[Command]) -> Completions:
    """What the word that ends `before` may become; `before` ends at the cursor."""
    start = len(before) - len(re.split(r"\s", before)[-1])
    word, line = before[start:], before[:start].lstrip()
    if not line and word.startswith("/"):
        return Completions(start, _command_words(word[1:], rows), " ")
    if not _may_name(line, rows):
        return Completions(start, (), "")
    sign = "@" if word.startswith("@") else ""  # as people call each other elsewhere
    is_room = word.startswith("#") or _wants_room(line, rows)
    likely = [name for name in names() if name.startswith("#") == is_room]
    found = (sign + name for name in likely if _begins(name, word[len(sign) :]))
    return Completions(start, tuple(found), " " if line or sign or is_room else ": ")


def _command_words(beginning: str, rows: Sequence[Command]) -> tuple[str, ...]:
    """Names of commands first: /wh is /who before it is /whisper."""
    words = [row.name for row in rows] + [word for row in rows for word in row.aliases]
    return tuple(f"/{word}" for word in words if _begins(word, beginning))


def _may_name(line: str, rows: Sequence[Command]) -> bool:
    """Whether a name can follow `line`: everywhere, but not for each command."""
    if not line.startswith("/") or line.startswith("//"):
        return True
    return _wanted(line, rows) in ("NAME", "[NAME]", "TEXT", "[TEXT]", *ROOM)


def _wants_room(line: str, rows: Sequence[Command]) -> bool:
    return line.startswith("/") and _wanted(line, rows) in ROOM


def _wanted(line: str, rows: Sequence[Command]) -> str:
    """What the table wants after `line`, which begins with a command."""
    word, *given = line.split()
    for row in rows:
        if word[1:].casefold() in (row.name, *row.aliases):
            wanted = row.arguments.split()[: len(given) + 1]
            return wanted[-1] if wanted else ""
    return ""


def _begins(word: str, beginning: str) -> bool:
    return compared(word).startswith(compared(beginning))


# ---- the key ----


class Completer:
    """What Tab does to an editor, once and again."""

    def __init__(self, names: Names, rows: Sequence[Command]) -> None:
        self._names = names
        self._rows = rows
        self._found = Completions(0, (), "")
        self._turn = 0  # which of the words stands in the line
        self._end = 0  # where its ending ends
        self._left: tuple[str, int] | None = None  # text and cursor after the last Tab

    def press(self, editor: Editor, direction: int) -> bool:
        """Put in the next word (+1, Tab) or the one before (-1, Shift+Tab).

        False if nothing fits: the line is as it was. A whole cycle is one undo.
        """
        goes_on = self._is_as_left(editor)
        if goes_on:
            self._turn += direction
        else:
            self._begin(editor, direction)
        words = self._found.words
        if not words:
            return False
        text = words[self._turn % len(words)] + self._found.ending
        editor.replace(self._found.start, self._end, text, joins=goes_on)
        self._end = self._found.start + len(text)
        self._left = (editor.text, editor.cursor)
        return True

    def hint(self, editor: Editor) -> str:
        """The words of the cycle in one row, `ana  anabel  andy`; "" without choice.

        Names are as the server sent them: not yet safe to draw, not yet cut to fit.
        """
        if len(self._found.words) < 2 or not self._is_as_left(editor):
            return ""
        return "  ".join(self._found.words)

    def _begin(self, editor: Editor, direction: int) -> None:
        before = editor.text[: editor.cursor]
        self._found = completions(before, self._names, self._rows)
        self._turn = 0 if direction > 0 else -1
        self._end = editor.cursor
        self._left = None

    def _is_as_left(self, editor: Editor) -> bool:
        return self._left == (editor.text, editor.cursor)
