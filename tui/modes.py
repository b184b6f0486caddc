"""What we ask of a terminal beside what curses asks, and how it is taken back.

    entering    SAVED + modes_on("wheel")
    /mouse on   modes_on("on")
    leaving     MODES_OFF

A mode that is left on makes the shell's line editor show `[<64;10;12M` at each turn
of the wheel, so whatever can be switched on here is switched off by MODES_OFF. A
terminal that does not know a mode says nothing and does nothing. No curses here:
PDCurses draws through the console's own calls, and none of this is for it.
"""

from __future__ import annotations

from tui.wheel import Mouse

# Bracketed paste: pasted lines arrive marked, not as if typed.
PASTE_ON, PASTE_OFF = b"\x1b[?2004h", b"\x1b[?2004l"

# Alternate scroll: the wheel arrives as arrow keys, selecting stays the terminal's.
ARROWS_ON, ARROWS_OFF = b"\x1b[?1007h", b"\x1b[?1007l"

# Wheel and buttons arrive as reports, in decimal; text is selected with Shift held.
REPORTS_ON = b"\x1b[?1000h\x1b[?1006h"
REPORTS_OFF = b"\x1b[?1006l\x1b[?1000l"

MOUSE_MODES: dict[Mouse, bytes] = {  # see wheel.py for their meanings
    "wheel": REPORTS_OFF + ARROWS_ON,
    "on": ARROWS_OFF + REPORTS_ON,
    "off": REPORTS_OFF + ARROWS_OFF,
}

# Alternate scroll is on from the start in some terminals (VTE, kitty, foot), where
# `less` would lose its wheel if we left it off. They can save it and restore it;
# restoring does not use it up.
SAVED, RESTORED = b"\x1b[?1007s", b"\x1b[?1007r"

MODES_OFF = REPORTS_OFF + ARROWS_OFF + RESTORED + PASTE_OFF


def modes_on(mouse: Mouse) -> bytes:
    """What to send so that paste and mouse arrive as the person wants."""
    return MOUSE_MODES[mouse] + PASTE_ON
