"""Comings and goings, told in batches.

When a class of a thousand comes in, telling each of them of each other at once would
cost a million frames. So a change is told at once while the room is quiet, and what
follows within a quarter of a second is told together.

Pure: every method is told the time (seconds, monotonic). Used by the scribe alone.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from messages import Joined, Left

PERIOD = 0.25  # seconds: at most four frames a second and room
FRAME_NAMES = 500  # of 20 characters with 4 bytes: always fits into one frame


@dataclass(slots=True)
class _Change:
    """What one room has not been told yet.

    Goings are told before comings. So who went and came back is in both, and who
    came and went is in `left` alone, which those who never knew them ignore.
    """

    left: dict[str, str] = field(default_factory=dict)  # name -> why
    joined: dict[str, None] = field(default_factory=dict)

    def is_about(self, names: set[str]) -> bool:
        return any(name in self.left or name in self.joined for name in names)


class Presence:
    """What to tell which room, and when."""

    def __init__(self) -> None:
        self._changes: dict[str, _Change] = {}
        self._told_at: dict[str, float] = {}

    @property
    def is_waiting(self) -> bool:
        return bool(self._changes)

    def join(self, room: str, name: str) -> None:
        self._changes.setdefault(room, _Change()).joined[name] = None

    def leave(self, room: str, name: str, why: str) -> None:
        change = self._changes.setdefault(room, _Change())
        change.joined.pop(name, None)
        change.left[name] = why

    def about(self, names: set[str]) -> list[tuple[str, list[Joined | Left]]]:
        """Take what waits about these names, whether it is time or not."""
        rooms = [r for r, change in self._changes.items() if change.is_about(names)]
        return [(room, _reports(room, self._changes.pop(room))) for room in rooms]

    def due(self, now: float) -> list[tuple[str, list[Joined | Left]]]:
        """Take what may be told now: for each room its reports, in their order."""
        rooms = [
            room
            for room in self._changes
            if now - self._told_at.get(room, now - PERIOD) >= PERIOD
        ]
        # Only the latest: there may be no end of rooms that somebody makes and leaves.
        latest = {r: at for r, at in self._told_at.items() if now - at < PERIOD}
        self._told_at = latest | dict.fromkeys(rooms, now)
        return [(room, _reports(room, self._changes.pop(room))) for room in rooms]


def _reports(room: str, change: _Change) -> list[Joined | Left]:
    left = [
        Left(room, why, names)
        for why in dict.fromkeys(change.left.values())
        for names in split([n for n, reason in change.left.items() if reason == why])
    ]
    return [*left, *(Joined(room, names) for names in split(list(change.joined)))]


def split(names: list[str]) -> list[tuple[str, ...]]:
    """Cut a list of names into parts that fit into a frame."""
    return [
        tuple(names[start : start + FRAME_NAMES])
        for start in range(0, len(names), FRAME_NAMES)
    ]
