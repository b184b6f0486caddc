"""What a style looks like: names for meanings on the left, looks on the right.

    the view says    "mention"
    this table says  colour 198 and bold | magenta and bold | bold and reverse
    the painter asks curses for exactly that

Rules: only the foreground is ever coloured, so the terminal's own background
stays and no one has to tell us whether it is dark or light; no colour is the only
carrier of a meaning; with NO_COLOR every look is made of attributes.

Three themes. `dark` is what everybody begins with, so it is readable on white too.
`light` differs where a projector washes out: greys are darker, and the bars are
grey instead of black. It needs 256 colours; with fewer it is the same as dark.
`mono` is the look of NO_COLOR.

A name's colour comes from a checksum of the name, never from `hash()`: Python
salts that anew in each process, and ana would be green today and blue tomorrow.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from typing import Literal

Attribute = Literal["bold", "dim", "reverse", "underline"]
Theme = Literal["dark", "light", "mono"]

NICK_STYLES = 16  # nick0 .. nick15
MOST_COLOURS = 1_000  # given and remembered in one talk


@dataclass(frozen=True, slots=True)
class Look:
    """How text is drawn; `colour` is a terminal's colour number, None its own."""

    colour: int | None = None
    attributes: tuple[Attribute, ...] = ()


# Numbers that every terminal with eight colours agrees on.
RED, GREEN, YELLOW, BLUE, MAGENTA, CYAN = 1, 2, 3, 4, 5, 6

PLAIN = Look()
BOLD = Look(None, ("bold",))
DIM = Look(None, ("dim",))
REVERSE = Look(None, ("reverse",))

# style: (without colours, with 8 or 16 colours, with 256 colours)
LOOKS = {
    "normal": (PLAIN, PLAIN, PLAIN),
    "dim": (DIM, DIM, Look(244)),
    "bold": (BOLD, BOLD, BOLD),
    "mention": (
        Look(None, ("bold", "reverse")),
        Look(MAGENTA, ("bold",)),
        Look(198, ("bold",)),
    ),
    "error": (BOLD, Look(RED, ("bold",)), Look(196, ("bold",))),
    "ok": (PLAIN, Look(GREEN), Look(28)),
    "bar": (REVERSE, REVERSE, REVERSE),
    "marker": (DIM, DIM, Look(243)),
}

# What differs with 256 colours on a light background: 7.1 to 1 against white.
LIGHT_LOOKS = {
    "dim": Look(240),
    "bar": Look(240, ("reverse",)),
    "marker": Look(240),
}

NICKS_WITHOUT_COLOURS = (BOLD, Look(None, ("underline",)))

# Plain yellow is unreadable on white, so yellow comes in bold only: nine looks.
NICKS_WITH_8_COLOURS = (
    *(Look(colour) for colour in (GREEN, CYAN, MAGENTA, BLUE)),
    *(Look(colour, ("bold",)) for colour in (GREEN, CYAN, MAGENTA, BLUE, YELLOW)),
)

# 43 of the 256 colours have a contrast of 3.6 or more on black and on white alike;
# these are sixteen of them, far apart in hue. Reds (errors), pink (mentions) and
# greys (dim) are left out.
NICKS_WITH_256_COLOURS = tuple(
    Look(colour)
    for colour in (
        27,
        28,
        30,
        32,
        62,
        64,
        94,
        98,
        100,
        128,
        130,
        132,
        161,
        163,
        166,
        67,
    )
)

NICK_LOOKS = (NICKS_WITHOUT_COLOURS, NICKS_WITH_8_COLOURS, NICKS_WITH_256_COLOURS)


def looks(colours: int, theme: Theme = "dark") -> dict[str, Look]:
    """The look of every style on a terminal with so many colours; 0 is NO_COLOR."""
    richness = 2 if colours >= 256 else 1 if colours >= 8 else 0
    if theme == "mono":
        richness = 0
    nicks = NICK_LOOKS[richness]
    table = {style: ladder[richness] for style, ladder in LOOKS.items()}
    if theme == "light" and richness == 2:
        table |= LIGHT_LOOKS
    for number in range(NICK_STYLES):
        table[f"nick{number}"] = nicks[number % len(nicks)]
    return table


def nick_style(name: str) -> str:
    """The style of somebody's name: the same at every start, whatever its case."""
    return f"nick{_wish(name)}"


def _wish(name: str) -> int:
    """The number of the style that a name would have if it were alone."""
    # A name typed as an argument may hold bytes that are not UTF-8: "replace".
    return zlib.crc32(name.casefold().encode(errors="replace")) % NICK_STYLES


class NickColours:
    """Gives the people of a room colours of their own, as long as there are enough.

    Everybody gets the one of `nick_style`, or if somebody seen earlier has it, the
    next that is free. Of more than sixteen, some share. A colour once given stays:
    lines already read must not change. Ask for names that are drawn, not for
    everybody who ever joined: names are remembered, the first thousand of them.
    """

    def __init__(self) -> None:
        self._given: dict[str, int] = {}  # the name in lower case: its style's number
        self._present: set[str] = set()  # whose colours are not free

    def style_of(self, name: str) -> str:
        """The style of a name, and from now on it is here."""
        key = name.casefold()
        if key not in self._given and len(self._given) == MOST_COLOURS:
            return nick_style(name)
        if key not in self._given:
            self._given[key] = self._next_free(_wish(name))
        self._present.add(key)
        return f"nick{self._given[key]}"

    def release(self, name: str) -> None:
        """Somebody left: the next newcomer may have the colour."""
        self._present.discard(name.casefold())

    def _next_free(self, wish: int) -> int:
        taken = {self._given[key] for key in self._present}
        ring = ((wish + step) % NICK_STYLES for step in range(NICK_STYLES))
        return next((number for number in ring if number not in taken), wish)
