"""Which names there are, of people and rooms, and when two of them are the same.

A name is what others trust, so no two may look alike: they are compared after NFKC
and casefold (full-width ＡＮＡ is ana), and all letters come from one script (a
Cyrillic а inside ana is refused). The standard library has no script table, but
the official name of every letter begins with its script.
"""

from __future__ import annotations

import re
import unicodedata

from chat.refusal import Refusal

LONGEST_NAME = 20  # characters
LONGEST_ROOM = 31  # characters, the # among them
LONGEST_TYPED = 256  # characters that can possibly become a name
RESERVED = {"server", "all"}
PUNCTUATION = set("._-")
# People write these together; IDEOGRAPHIC is the 々 of 佐々木.
TOGETHER = dict.fromkeys(
    ("HIRAGANA", "KATAKANA", "HANGUL", "BOPOMOFO", "IDEOGRAPHIC"), "CJK"
)
SHARED = {"COMBINING", "MODIFIER"}  # accents go with any script
SEPARATOR = re.compile(r"[ -]")
# Letters and marks that show nothing (Unicode: Default_Ignorable_Code_Point): with
# one of them in it, a second "ana" would look like the first.
INVISIBLE = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\ufe00-\ufe0f\uffa0"
    "\U000e0100-\U000e01ef]"
)


def name_key(name: str) -> str:
    """The form under which names are compared; also fit for names that do not exist."""
    # Cut: 30,000 accents on one letter take half a second to sort, for all of us.
    folded = unicodedata.normalize("NFKC", name[:LONGEST_TYPED]).casefold()
    return unicodedata.normalize("NFKC", folded)


def check_name(name: str) -> str:
    """Return the name's key. Raises Refusal with a sentence for its owner."""
    key = name_key(name)
    if not 1 <= len(name) <= LONGEST_NAME or len(key) > LONGEST_NAME:
        raise Refusal("bad-name", f"a name has 1 to {LONGEST_NAME} characters")
    _check_letters(name, key, "a name")
    if key in RESERVED:
        raise Refusal("bad-name", f'the name "{name}" is reserved')
    return key


def _check_letters(name: str, key: str, what: str) -> None:
    if bad := next((c for c in name + key if not _is_allowed(c)), None):
        raise Refusal(
            "bad-name",
            f"{what} has letters, digits and . _ - only, not U+{ord(bad):04X}",
        )
    if len(scripts := {script for c in key if (script := _script(c))}) > 1:
        mixed = " and ".join(sorted(s.title() for s in scripts))
        raise Refusal("bad-name", f"{what} keeps to one script; this mixes {mixed}")
    if not any(c.isalnum() for c in key):
        raise Refusal("bad-name", f"{what} needs a letter or a digit")


def check_room(room: str) -> str:
    """Return the key of a room, under which everybody knows it. Raises Refusal."""
    key = name_key(room)
    if not key.startswith("#") or not 2 <= len(key) <= LONGEST_ROOM:
        raise Refusal(
            "bad-name", f"a room is called # and 1 to {LONGEST_ROOM - 1} characters"
        )
    _check_letters(room[1:], key[1:], "a room")
    return key


def _is_allowed(character: str) -> bool:
    # Marks (Mn, Mc) spell Hindi, Thai and others; isalnum() alone would ban those.
    category = unicodedata.category(character)
    is_written = category[0] == "L" or category in {"Nd", "Mn", "Mc"}
    is_visible = not INVISIBLE.match(character)
    return character in PUNCTUATION or (is_written and is_visible)


def _script(character: str) -> str | None:
    """LATIN, CYRILLIC, CJK ...; None for what belongs to no script."""
    if character.isascii() and not character.isalpha():
        return None
    word = SEPARATOR.split(unicodedata.name(character, "UNKNOWN"))[0]
    return None if word in SHARED else TOGETHER.get(word, word)
