"""The gate for foreign text: what comes out is safe to draw and to print.

    network, paste, file --> make_safe --> model --> screen, plain mode, log

A terminal obeys what it prints. `alice: hi<CR>bob: I cheated` shows as
`bob: I cheated`, a NUL makes curses raise, U+202E turns the row around, and a
hundred accents on one letter climb over the rows above (all tried with ncurses 6.4).
So every text somebody else wrote passes here once, before anything is stored for
display. Names are not repaired but refused; that is the server's work.

Rules, in the order they are applied:

    kept        newline; everything visible; emoji this Python has not heard of
    shown       TAB as 4 spaces, other controls as ^X, C1 and undefined as U+FFFD
    removed     what is invisible or steers: bidi, joiners, variation selectors,
                tags, soft hyphens; keycap frames and skin tones of emoji, which
                ncurses and the terminal would measure differently
    composed    NFC: one code point per letter where there is one
    limited     4 marks per character (ncurses keeps no more), and none without
                a character to stand on: ◌ is put below it;
                500 characters of what is meant for one row

The price: Persian and Indic joiners and skin tones are lost on the screen. Who
sends or copies text uses the original.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from itertools import groupby, islice

from tui.width import is_emoji, is_mark

LONGEST_LINE = 500  # characters of a name, a topic, a reason
MARKS_PER_CHARACTER = 4  # ncurses: CCHARW_MAX is 5, the character itself among them
UNDEFINED = "\ufffd"
CARRIER = "◌"  # Unicode's own way to show a mark alone
TAB = " " * 4

KEYCAP = "\u20e3"
# Marks by their category, but nobody sees them: they only make equal texts differ.
INVISIBLE_MARKS = re.compile(
    "[\u034f\u17b4\u17b5\u180b-\u180f\ufe00-\ufe0f\U000e0100-\U000e01ef]"
)
TONED_EMOJI = re.compile(
    "([\u2600-\u27bf\U0001f000-\U0001faff])[\U0001f3fb-\U0001f3ff]+"
)

ASCII_FORMS = {code: f"^{chr(code ^ 0x40)}" for code in (*range(0x20), 0x7F)} | {
    ord("\n"): "\n",
    ord("\t"): TAB,
}

# Unicode's categories that are not drawn as they are.
FORMS_BY_CATEGORY = {
    "Cc": UNDEFINED,  # C1 only: ASCII's controls have their caret form
    "Cf": "",
    "Cn": UNDEFINED,  # unassigned, and the noncharacters
    "Co": UNDEFINED,  # private use: a different picture in every font
    "Cs": UNDEFINED,  # half of a UTF-16 pair: no encoder takes it
    "Zl": "",
    "Zp": "",
}


def make_safe(text: str) -> str:
    """Return `text` as it may be drawn or printed: newlines, but no other control.

    Never raises; safe text stays as it is: make_safe(make_safe(t)) == make_safe(t).
    """
    if text.isascii():
        return text.translate(ASCII_FORMS)
    visible = "".join(map(_visible_form, text))
    composed = unicodedata.normalize("NFC", TONED_EMOJI.sub(r"\1", visible))
    # Again, because a mark beyond the limit may have kept two others apart.
    return unicodedata.normalize("NFC", _limit_marks(composed))


def make_safe_line(text: str) -> str:
    """The same in one row, for names and topics: a newline shows as a space.

    Only its beginning: names are kept in lists, and a hostile server has long ones.
    """
    return make_safe(text[:LONGEST_LINE]).replace("\n", " ")[:LONGEST_LINE]


@lru_cache(maxsize=4096)  # bounded: strangers choose the characters
def _visible_form(char: str) -> str:
    if char.isascii():
        return char.translate(ASCII_FORMS)
    if char == KEYCAP or INVISIBLE_MARKS.match(char):
        return ""
    category = unicodedata.category(char)
    if category == "Cn" and is_emoji(char):
        return char  # newer than this Python; whoever measures it decides
    return FORMS_BY_CATEGORY.get(category, char)


def _limit_marks(text: str) -> str:
    """At most 4 marks in a row, each row of them on a visible character.

    A mark at the start of a text would be drawn onto the name before it, and
    one after a space onto the frame when the row breaks there.
    """
    pieces = ["\n"]
    for are_marks, run in groupby(text, is_mark):
        if are_marks and pieces[-1][-1] in " \n":
            pieces.append(CARRIER)
        pieces.append("".join(islice(run, MARKS_PER_CHARACTER if are_marks else None)))
    return "".join(pieces[1:])
