"""Figures and names as short words, for columns."""

from __future__ import annotations

from chat.survey import duration

LONG = 100.0  # seconds, from which on tenths tell nothing


def seconds_of(seconds: float) -> str:
    """`0.3 s`, `31.0 s`, `12 min`."""
    return f"{seconds:.1f} s" if seconds < LONG else duration(seconds)


def milliseconds_of(seconds: float) -> str:
    """`0.02 ms`, `12 ms`, `2,003 ms`."""
    thousandths = 1_000 * seconds
    return f"{thousandths:.2g} ms" if thousandths < 10 else f"{thousandths:,.0f} ms"


def bytes_of(count: int) -> str:
    """`812 B`, `213 KB`, `1.0 MB`."""
    if count < 1_000:
        return f"{count} B"
    if count < 1_000_000:
        return f"{count / 1_000:.0f} KB"
    return f"{count / 1_000_000:.1f} MB"


def hex_of(length: int, clear: bytes, cells: int) -> str:
    """A frame's bytes: the length, a bar, what fits of the payload."""
    header = length.to_bytes(4, "big").hex(" ")
    room = (cells - len(header) - len(" | ") - len(" ..")) // 3
    shown = clear[: max(room, 0)]
    more = " .." if length > len(shown) else ""
    return f"{header} | {shown.hex(' ')}{more}"[: max(cells, 0)].rstrip()
