"""The bell: who may ring it, and how often.

    said, told --is_mention--> Bell.rings --> Terminal.bell()

A bell that rings for every line gets switched off, and one that cannot be switched
off gets its program closed (ssh-chat#391, #412). So it rings when one is meant, or
for every line, or never, as the person likes; never for one's own lines, and at
most once in two seconds, however many lines arrive.

Rules: pure, and told the time.
"""

from __future__ import annotations

import math
import re
import unicodedata
from typing import Literal

Ring = Literal["off", "mention", "all"]

PAUSE_S = 2.0  # between two rings

# Scripts written without spaces, or (Hangul) with endings grown to the name:
# there no neighbour says that a name is only part of a word. Compiled when first
# used: tables so large take 2 ms, for which the first screen need not wait.
#                  Thai, Lao    Myanmar      Khmer        kana
SPACELESS = "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff" + (
    # Han         Han          Hangul       Han          Han, rare ones
    "\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\uf900-\ufaff\U00020000-\U0003ffff]"
)


class Bell:
    """Decides, for each line that arrives, whether it rings; `ring` may change."""

    def __init__(self, ring: Ring = "mention") -> None:
        self.ring: Ring = ring
        self._rang_at = -math.inf  # as time.monotonic()

    def rings(self, *, is_own: bool, is_mention: bool, now: float) -> bool:
        """Whether to ring for this line; a private one counts as a mention."""
        is_wanted = self.ring == "all" or (self.ring == "mention" and is_mention)
        if is_own or not is_wanted or now - self._rang_at < PAUSE_S:
            return False
        self._rang_at = now
        return True


def is_mention(text: str, name: str) -> bool:
    """Whether the text has that name in it, as a word of its own.

    Case and width do not matter (ＡＮＡ is ana). What is a word is known for scripts
    that put spaces between them. For the others every occurrence counts: too many
    for a name of one letter, but no call is missed.
    """
    folded, wanted = _folded(text), _folded(name)
    if not wanted or wanted not in folded:  # as nearly always: this is every line
        return False
    # A look-ahead, so that an occurrence inside another one is found too.
    starts = re.finditer(f"(?={re.escape(wanted)})", folded)
    return any(_is_word(folded, m.start(), m.start() + len(wanted)) for m in starts)


def _folded(text: str) -> str:
    """The form in which a server compares names (chat/names.py)."""
    if text.isascii():
        return text.lower()
    folded = unicodedata.normalize("NFKC", text).casefold()
    return unicodedata.normalize("NFKC", folded)


def _is_word(text: str, start: int, end: int) -> bool:
    before, after = text[:start][-2:][::-1], text[end : end + 2]
    return not (_goes_on(before) or _goes_on(after))


def _goes_on(neighbours: str) -> bool:
    """Whether a word goes on into these: the next character and the one behind it."""
    if neighbours[:1] in ("-", "."):  # ana-maria is somebody else; "ana." is ana
        return _is_letter(neighbours[1:])
    return _is_letter(neighbours[:1])


def _is_letter(char: str) -> bool:
    """Whether it is a letter, digit or accent of a script with spaces."""
    is_part = char == "_" or unicodedata.category(char or " ")[0] in "LMN"
    return is_part and not re.match(SPACELESS, char)
