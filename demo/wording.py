"""The demo's words for figures."""

from __future__ import annotations


def in_ms(seconds: float) -> str:
    return f"{max(1, round(seconds * 1_000)):,} ms"


def times(number: int) -> str:
    return ("never", "once", "twice")[number] if number < 3 else f"{number} times"
