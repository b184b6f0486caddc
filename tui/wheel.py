"""The wheel, told apart from the arrow keys it arrives as.

    Key("up") Key("up") Key("up")  --Notches-->  Wheel(-3)
    Key("up")                      --Notches-->  Key("up")

A program that asks for the mouse takes away the selecting of text, and one that
does not ask gets no wheel; except that on the alternate screen a terminal may send
the wheel as arrow keys (mode 1007, see modes.py). One notch is
several arrows in one write, faster than a finger can type them. So arrows that
come together are the wheel, and one that comes alone is the key.

Rules: pure, and told the time. The price of guessing: over a slow line a held-down
Up may scroll; whoever minds says `/mouse off`. Tried with made-up bursts only, not
with every terminal's own.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from itertools import groupby
from typing import Literal

from tui.keys import Input, Key, Wheel

# What a person may choose. wheel: as above. on: the program gets the mouse, text is
# selected with Shift held. off: neither, arrows are always keys.
Mouse = Literal["wheel", "on", "off"]

ROWS_OF = {Key("up"): -1, Key("down"): +1}

# A burst may be cut in two by the line, and its last arrow come alone: so soon
# after a notch it is part of it. A held-down key repeats every 30 ms, so what began
# as a notch stays one.
STRAGGLER_S = 0.1


class Notches:
    """Finds the wheel among the events of one keyboard; remembers the last notch."""

    def __init__(self) -> None:
        self._last = Key("")  # the arrow of the last notch
        self._last_at = -math.inf  # when, as time.monotonic()

    def find(self, events: Iterable[Input], now: float) -> list[Input]:
        """The events of one batch, read at `now`, with bursts of arrows as Wheel."""
        found: list[Input] = []
        for event, run in groupby(events):
            same = list(run)
            found += self._notch(event, len(same), now) or same
        return found

    def _notch(self, event: Input, count: int, now: float) -> list[Input]:
        """The run as one Wheel; nothing if it is none."""
        if not isinstance(event, Key) or event not in ROWS_OF:
            return []
        is_straggler = event == self._last and now - self._last_at <= STRAGGLER_S
        if count < 2 and not is_straggler:
            return []
        self._last, self._last_at = event, now
        return [Wheel(count * ROWS_OF[event])]
