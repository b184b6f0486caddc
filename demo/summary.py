"""The summary: what was predicted, what was seen, and how much of everything it was.

Printed when the screen has been given back, so that it stays.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from textwrap import wrap

from demo.director import Told, verdict_of
from demo.wording import in_ms

WIDTH = 78  # columns


@dataclass(frozen=True, slots=True)
class Figures:
    """What was counted from the beginning to the end."""

    seconds: float
    threads: int  # at most, at the same time
    lines: int  # stored
    frames_sent: int  # by the bots
    frames_heard: int
    longest_wait: float  # seconds, for clients_lock
    worst_delay: float  # seconds, of a reader whom nothing had harmed


def summary(told: Sequence[Told], figures: Figures) -> str:
    """Everything, in lines."""
    return "\n".join(["", "What you saw", *_incidents(told), "", *_totals(figures)])


def _incidents(told: Sequence[Told]) -> Iterator[str]:
    for one in told:
        verdict = verdict_of(one.incident, one.guess)
        yield from _paragraph(f"{one.incident.key}  {one.incident.title}. {verdict}")
        yield from _paragraph(f"   {one.happened}")
    if not told:
        yield "   The five talked. Next time press 1 to 9: each is an incident."
    elif guesses := [one for one in told if one.guess]:
        right = sum(one.guess == one.incident.right for one in guesses)
        yield f"   {right} of {len(guesses)} guesses were right."


def _totals(figures: Figures) -> Iterator[str]:
    yield from _paragraph(
        f"In {figures.seconds:.0f} s: {figures.threads} threads at most, "
        f"{figures.lines:,} lines stored; the five sent {figures.frames_sent:,} frames "
        f"and heard {figures.frames_heard:,}."
    )
    yield from _paragraph(
        f"The longest wait for clients_lock was {in_ms(figures.longest_wait)}; the "
        f"longest that a line took to somebody unharmed, {in_ms(figures.worst_delay)}."
    )
    yield "Next: python server.py --watch, and in other terminals: python client.py"


def _paragraph(text: str) -> list[str]:
    return wrap(text, WIDTH, subsequent_indent="   ", drop_whitespace=True)
