"""Somebody who explains what is seen: `--demo` gets keys, and has a box for its words.

    key --> on_key --True: used up
               `--False--> the dashboard's own keys

Both are called by the main thread, and must not wait. While the dashboard asks
something itself (kick whom? stop the server?) the keys are its own.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

OnKey = Callable[[str], bool]
CaptionOf = Callable[[], tuple[str, ...]]  # up to 6 rows, asked at each picture


def no_key(_key: str) -> bool:
    return False


def no_caption() -> tuple[str, ...]:
    return ()


@dataclass(frozen=True, slots=True)
class Narrator:
    """By default one who is silent."""

    on_key: OnKey = no_key
    caption: CaptionOf = no_caption
