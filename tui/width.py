"""How much room text takes on a terminal, and where one may cut it.

Three units, never mixed up:

    code point   what a Python string counts         👍🏽 is 2
    grapheme     what a person calls a character     👍🏽 is 1
    cell         what a terminal's row is made of    👍🏽 is 4 in ncurses, 2 elsewhere

The cursor steps over graphemes; a row is filled by cells. There is no true table
of cells: terminals, C libraries and Unicode disagree. What counts is the curses
that draws, so a `Ruler` asks it about each character once (the probe) and keeps
the answer. It asks per code point because that is how ncurses 6.4 adds up a row
(measured); `tui.sanitize` removes what would make that sum wrong.

Not done: Indic conjuncts (Unicode 15.1 rule GB9c), prepended marks, CR LF.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator
from functools import lru_cache

ZWJ = "\u200d"  # zero width joiner: 👩 ZWJ 💻 is one woman at a computer
ZWNJ = "\u200c"

Probe = Callable[[str], int]


def is_emoji(char: str) -> bool:
    """Whether `char` lies in a block of emoji, named by this Python or not.

    Python 3.11 knows Unicode 14; emoji of later years must not fall through.
    """
    return "\U0001f000" <= char <= "\U0001faff" or "\u2600" <= char <= "\u27bf"


def is_skin_tone(char: str) -> bool:
    return "\U0001f3fb" <= char <= "\U0001f3ff"


@lru_cache(maxsize=4096)  # text repeats few characters; strangers choose them
def is_mark(char: str) -> bool:
    """Whether `char` takes no cell: it is drawn onto the one before it.

    The vowels and finals of Hangul are letters to Unicode, but glibc, which
    ncurses asks, gives them no cell of their own.
    """
    return unicodedata.category(char) in ("Mn", "Me") or _hangul(char) in ("V", "T")


def cell_rule(char: str) -> int:
    """Cells of `char` as Unicode sees it: the answer when there is no curses to ask."""
    category = unicodedata.category(char)
    if category == "Cf" or is_mark(char):
        return 0
    if category == "Cn":  # newer than this Python, which calls all of these wide
        return 2 if is_emoji(char) else 1
    return 2 if unicodedata.east_asian_width(char) in ("W", "F") else 1


# ---- graphemes ----


def graphemes(text: str) -> list[str]:
    """Split into what a person calls characters; joined they are `text` again."""
    return list(text) if text.isascii() else list(iter_graphemes(text))


def iter_graphemes(text: str) -> Iterator[str]:
    """The same one by one, for who may stop early."""
    start = 0
    for here in range(1, len(text)):
        if not (_may_continue(text[here]) and _continues(text, start, here)):
            yield text[start:here]
            start = here
    if text:
        yield text[start:]


def _continues(text: str, start: int, here: int) -> bool:
    """Whether text[here] belongs to the grapheme that began at `start`."""
    before, char = text[here - 1], text[here]
    if _stands_alone(before):
        return False
    return (
        _extends(char)
        or (before == ZWJ and _is_picture(char) and _is_picture(text[start]))
        or (here - start == 1 and _is_flag_half(before) and _is_flag_half(char))
        or _hangul(char) in HANGUL_FOLLOWERS.get(_hangul(before), ())
    )


@lru_cache(maxsize=4096)
def _may_continue(char: str) -> bool:
    """Most characters begin a grapheme whatever stands before: no need to look."""
    return _extends(char) or is_emoji(char) or _hangul(char) != ""


@lru_cache(maxsize=4096)
def _extends(char: str) -> bool:
    """Marks, joiners, skin tones and the tags of the flags of England and Wales."""
    return (
        unicodedata.category(char) in ("Mn", "Me", "Mc")
        or char in (ZWJ, ZWNJ)
        or is_skin_tone(char)
        or "\U000e0020" <= char <= "\U000e007f"
    )


@lru_cache(maxsize=4096)
def _stands_alone(char: str) -> bool:
    """Controls and separators carry no marks: after a newline all begins anew."""
    kind = unicodedata.category(char)
    return kind in ("Cc", "Zl", "Zp") or (kind == "Cf" and not _extends(char))


def _is_picture(char: str) -> bool:
    return is_emoji(char) and not _is_flag_half(char) and not is_skin_tone(char)


def _is_flag_half(char: str) -> bool:
    return "\U0001f1e6" <= char <= "\U0001f1ff"


# A Korean syllable is written in one block from a Lead, a Vowel and a Tail; LV and
# LVT name blocks that Unicode also has ready-made.
HANGUL_FOLLOWERS = {
    "L": ("L", "V", "LV", "LVT"),
    "V": ("V", "T"),
    "LV": ("V", "T"),
    "T": ("T",),
    "LVT": ("T",),
}


def _hangul(char: str) -> str:
    if not "\u1100" <= char <= "\ud7fb":
        return ""
    if "\uac00" <= char <= "\ud7a3":
        return "LV" if (ord(char) - 0xAC00) % 28 == 0 else "LVT"
    for kind, first, last in HANGUL_PARTS:
        if first <= char <= last:
            return kind
    return ""


HANGUL_PARTS = (
    ("L", "\u1100", "\u115f"),
    ("V", "\u1160", "\u11a7"),
    ("T", "\u11a8", "\u11ff"),
    ("L", "\ua960", "\ua97c"),
    ("V", "\ud7b0", "\ud7c6"),
    ("T", "\ud7cb", "\ud7fb"),
)


# ---- cells ----


class Ruler:
    """Measures safe text in cells and cuts it to fit.

    `probe` answers for one character what the curses in use does with it; without
    one, `cell_rule` answers. Belongs to one thread. Text that has not been through
    `make_safe` is measured too, but no terminal need agree.
    """

    def __init__(self, probe: Probe | None = None) -> None:
        self._probe = probe or cell_rule
        self._known: dict[str, int] = {}

    def cells(self, text: str) -> int:
        if text.isascii():
            return len(text)
        return sum(map(self._cells_of, text))

    def _cells_of(self, char: str) -> int:
        cells = self._known.get(char)
        if cells is None:
            cells = self._known[char] = 1 if char < "\x80" else self._probe(char)
        return cells

    def cut(self, text: str, width: int) -> str:
        """The longest beginning of whole graphemes that fits into `width` cells."""
        if text.isascii():
            return text[: max(width, 0)]
        return text[: self._fitting(iter_graphemes(text), width)]

    def cut_left(self, text: str, width: int) -> str:
        """The longest end of whole graphemes that fits into `width` cells."""
        if text.isascii():
            return text[max(len(text) - max(width, 0), 0) :]
        return text[len(text) - self._fitting(reversed(graphemes(text)), width) :]

    def pad(self, text: str, width: int) -> str:
        """`text` in exactly `width` cells: cut, or filled with spaces."""
        shown = self.cut(text, width)
        return shown + " " * (width - self.cells(shown))

    def _fitting(self, pieces: Iterator[str], width: int) -> int:
        """How many code points of the first `pieces` fit into `width` cells."""
        length = 0
        for piece in pieces:
            width -= self.cells(piece)
            if width < 0:
                break
            length += len(piece)
        return length
