"""The names of keys: what each number and each escape code means.

    550 (kLFT5) --.
    ESC [ 1;5 D ---+--> ("left", CTRL)
    CTL_LEFT -----'

A *stroke* is a key or a character by its plain name, and the modifiers held with
it as a sum. Tables first, for the spellings differ and the grammar is small. Where
a name is missing the answer is None and the key does nothing.

Tried on ncurses 6.4 as xterm-256color, tmux-256color and linux; the table for
PDCurses is written from its sources and was not tested on Windows.
"""

from __future__ import annotations

import re
from collections.abc import Callable

ESC = "\x1b"

Stroke = tuple[str, int]  # a key's or a character's name; its modifiers, as a sum

SHIFT, ALT, CTRL = 1, 2, 4  # xterm sends this sum plus 1
MODIFIERS = ((CTRL, "ctrl-"), (ALT, "alt-"), (SHIFT, "shift-"))

# ---- tables ----


def _table(*rows: str) -> dict[str, str]:
    """Rows of "ours theirs theirs ..." as a dict from theirs to ours."""
    split = (row.split() for row in rows)
    return {theirs: ours for ours, *names in split for theirs in names}


# ESC [ A, or with modifiers ESC [ 1 ; 5 A. The same letters come after ESC O.
LETTERS = _table("up A", "down B", "right C", "left D", "end F", "home H") | _table(
    "f1 P", "f2 Q", "f3 R", "f4 S", "shift-tab Z"
)
# ESC O w: the number pad, where the terminal's description lacks it.
PAD_LETTERS = LETTERS | _table(
    *("up x", "down r", "right v", "left t", "end q", "home w", "enter M"),
    *("pageup y", "pagedown s", "insert p", "delete n"),
    *("* j", "+ k", ", l", "- m", "/ o", "= X"),
)
# ESC [ 3 ~
NUMBERS = _table(
    *("home 1 7", "end 4 8", "insert 2", "delete 3", "pageup 5", "pagedown 6"),
    *("f1 11", "f2 12", "f3 13", "f4 14", "f5 15", "f6 17", "f7 18", "f8 19"),
    *("f9 20", "f10 21", "f11 23", "f12 24"),
)
# What curses.keyname says after KEY_ or k; whole names where these have neither.
CURSES_WORDS = _table(
    *("up UP ka2", "down DOWN DN kc2", "left LEFT LFT kb1", "right RIGHT RIT kb3"),
    *("home HOME HOM A1 FIND", "end END C1 SELECT"),
    *("pageup PPAGE PRV PREVIOUS A3", "pagedown NPAGE NXT NEXT C3"),
    *("insert IC kpZRO", "delete DC kpDOT", "enter ENTER", "backspace BACKSPACE"),
    *("shift-up SR", "shift-down SF", "shift-tab BTAB kcbt2"),
    *("* kpMUL", "+ kpADD", ", kpCMA", "- kpSUB", "/ kpDIV"),
    *("resize RESIZE", "mouse MOUSE"),
)
# PDCurses on Windows: arrows may come as pad keys (windows-curses#23), and Alt and
# Ctrl are in the name. Written from its curses.h and pdckbd.c, version 3.9;
# not tested on Windows.
WINDOWS_WORDS = CURSES_WORDS | _table(
    *("up A2 PAD8", "down C2 PAD2", "left B1 PAD4", "right B3 PAD6"),
    *("home PAD7", "end PAD1", "pageup PGUP PAD9", "pagedown PGDN PAD3"),
    *("insert INS PAD0", "delete DEL PADSTOP", "enter PADENTER", "backspace BKSP"),
    *("tab TAB", "escape ESC", "* PADSTAR", "+ PADPLUS", "- PADMINUS MINUS"),
    *("/ PADSLASH FSLASH", "` BQUOTE", "[ LBRACKET", "] RBRACKET", "; SEMICOLON"),
    *("' FQUOTE", ", COMMA", ". STOP", "\\ BSLASH", "= EQUAL"),
)
PREFIXES = {"KEY_": 0, "KEY_S": SHIFT, "SHF_": SHIFT, "CTL_": CTRL, "ALT_": ALT, "": 0}

# F13 to F24 are F1 to F12 with the second modifier of these, and so on.
F_MODIFIERS = (0, SHIFT, CTRL, CTRL | SHIFT, ALT, ALT | SHIFT)  # xterm's terminfo
WINDOWS_F_MODIFIERS = (0, SHIFT, CTRL, ALT)

CONTROLS: dict[str, Stroke] = {
    "\x00": (" ", CTRL),
    "\t": ("tab", 0),
    "\r": ("enter", 0),
    ESC: ("escape", 0),
    "\x7f": ("backspace", 0),
}

CSI = re.compile(r"\x1b\[([0-9;:]*)([@-~])")


def stroke_of_character(char: str) -> Stroke | None:
    """What a single character stands for; None for C1 controls."""
    if char in CONTROLS:
        return CONTROLS[char]
    if char < " ":  # \x01 is ctrl-a, \x1f is ctrl-_
        return chr(ord(char) + 0x40).lower(), CTRL
    return None if "\x80" <= char <= "\x9f" else (char, 0)


def _stroke_of_code(code: int) -> Stroke | None:
    """What a code point in an escape code stands for (kitty, xterm)."""
    is_character = 0 < code < 0xD800 or 0xF900 <= code <= 0x10FFFF
    return stroke_of_character(chr(code)) if is_character else None  # or media keys


def stroke_of_sequence(sequence: str) -> Stroke | None:
    if sequence.startswith("\x1bO"):
        return _with(PAD_LETTERS.get(sequence[2:]), 0)
    match = CSI.fullmatch(sequence)
    if match is None:
        return None
    final = match[2]
    fields = [int(field.partition(":")[0] or 0) for field in match[1].split(";")]
    first, one_more, *_ = [*fields, 1]  # no second field: no modifiers
    modifiers = max(one_more - 1, 0) & (SHIFT | ALT | CTRL)
    if final == "u" or (final == "~" and first == 27):
        name, held = _stroke_of_code(fields[-1] if final == "~" else first) or ("", 0)
        return _with(name, held | modifiers)
    if final == "~":
        return _with(NUMBERS.get(str(first)), modifiers)
    return _with(LETTERS.get(final), modifiers)


def _with(name: str | None, modifiers: int) -> Stroke | None:
    return (name, modifiers) if name else None


class KeyNames:
    """Names the numbers of curses' function keys.

    `keyname` is curses.keyname. `windows` says that PDCurses is behind it.
    """

    def __init__(self, keyname: Callable[[int], bytes], windows: bool) -> None:
        self._keyname = keyname
        self._words = WINDOWS_WORDS if windows else CURSES_WORDS
        self._f_modifiers = WINDOWS_F_MODIFIERS if windows else F_MODIFIERS

    def stroke(self, number: int) -> Stroke | None:
        name = self._keyname(number).decode("ascii", "replace")
        if match := re.fullmatch(r"KEY_F\((\d+)\)", name):
            return self._function_stroke(int(match[1]))
        if match := re.fullmatch(r"k([A-Z]+)([2-8]?)", name):  # kLFT5 is ctrl-left
            modifiers = int(match[2] or 2) - 1
            return _with(self._words.get(match[1]), modifiers)
        if re.fullmatch("ALT_[A-Z0-9]", name):
            return name[-1].lower(), ALT
        for prefix, modifiers in PREFIXES.items():
            word = self._words.get(name.removeprefix(prefix))
            if word and name.startswith(prefix):
                return word, modifiers
        return None

    def _function_stroke(self, number: int) -> Stroke | None:
        block, index = divmod(number - 1, 12)
        if 0 <= block < len(self._f_modifiers):
            return f"f{index + 1}", self._f_modifiers[block]
        return None
