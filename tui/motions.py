"""From here, where to? The ways a cursor moves through the text being typed.

    word_left("one two", 7) --> 4        go, delete and kill all end there

A motion is a function of the text and a position in it; both are counted in code
points. It returns a position that lies between two graphemes, so no key can ever
stop inside a 👍🏽, and where there is nowhere to go it returns where it was.

Rule: a key press costs what lies around the cursor, not the whole text, for the
text may be a paste of 64 KiB. So graphemes are counted from the nearest character
that surely begins one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

from tui.width import graphemes, iter_graphemes

Motion = Callable[[str, int], int]  # (text, cursor) -> position

# These begin a grapheme whatever stands before them: ASCII, the letters of Latin,
# Greek and Cyrillic, kana and ideographs.
SURE_START = re.compile(
    "[\x00-\x7f\u00c0-\u02ff\u0370-\u0482\u3041-\u3096\u30a1-\u30fa\u3400-\u9fff]"
)


# ---- characters ----


def one_left(text: str, cursor: int) -> int:
    return cursor - len(next(_leftward(text, cursor), ""))


def one_right(text: str, cursor: int) -> int:
    return cursor + len(next(iter_graphemes(text[cursor:]), ""))


def boundary(text: str, cursor: int) -> int:
    """The first position at or after `cursor` that is not inside a grapheme."""
    position = _sure_start(text, cursor)
    for grapheme in iter_graphemes(text[position:]):
        if position >= cursor:
            break
        position += len(grapheme)
    return position


def _leftward(text: str, cursor: int) -> Iterator[str]:
    """The graphemes before the cursor, the nearest first."""
    while cursor > 0:
        start = _sure_start(text, cursor - 1)
        near = graphemes(text[start:cursor])
        yield from reversed(near)
        cursor = start


def _sure_start(text: str, position: int) -> int:
    """The last position up to this one where a grapheme begins for sure."""
    while position > 0 and not SURE_START.match(text, position):
        position -= 1
    return position


# ---- words ----


def word_left(text: str, cursor: int) -> int:
    return cursor - _word_length(_leftward(text, cursor), _is_in_word)


def word_right(text: str, cursor: int) -> int:
    return cursor + _word_length(iter_graphemes(text[cursor:]), _is_in_word)


def space_left(text: str, cursor: int) -> int:
    return cursor - _word_length(_leftward(text, cursor), _is_not_space)


def _word_length(pieces: Iterable[str], is_inside: Callable[[str], bool]) -> int:
    """Code points up to the end of the first word, whatever stands before it."""
    length, is_in_word = 0, False
    for piece in pieces:
        if is_in_word and not is_inside(piece):
            break
        is_in_word = is_in_word or is_inside(piece)
        length += len(piece)
    return length


def _is_in_word(grapheme: str) -> bool:
    return grapheme[0].isalnum() or grapheme[0] == "_"


def _is_not_space(grapheme: str) -> bool:
    return not grapheme[0].isspace()


# ---- lines, for a text may have several ----


def line_start(text: str, cursor: int) -> int:
    return text.rfind("\n", 0, cursor) + 1


def line_end(text: str, cursor: int) -> int:
    end = text.find("\n", cursor)
    return len(text) if end < 0 else end


def text_start(text: str, cursor: int) -> int:
    return 0


def text_end(text: str, cursor: int) -> int:
    return len(text)


def further(motion: Motion, beyond: Motion) -> Motion:
    """`motion`; where it leads nowhere, `beyond`.

    So Home pressed twice reaches the very start, and Ctrl+K at the end of a line
    takes the newline, as in Emacs.
    """

    def move(text: str, cursor: int) -> int:
        there = motion(text, cursor)
        return there if there != cursor else beyond(text, cursor)

    return move


def line_up(text: str, cursor: int) -> int:
    """The same column one line up; on the first line nowhere."""
    start = line_start(text, cursor)
    if start == 0:
        return cursor
    column = len(graphemes(text[start:cursor]))
    return _at_column(text, line_start(text, start - 1), column)


def line_down(text: str, cursor: int) -> int:
    """The same column one line down; on the last line nowhere."""
    end = line_end(text, cursor)
    if end == len(text):
        return cursor
    column = len(graphemes(text[line_start(text, cursor) : cursor]))
    return _at_column(text, end + 1, column)


def _at_column(text: str, start: int, column: int) -> int:
    """The position `column` graphemes into the line that begins at `start`."""
    line = text[start : line_end(text, start)]
    return start + len("".join(graphemes(line)[:column]))
