"""Who is in a room, as the frames that a newcomer gets.

To make the list of five thousand people takes longer than all the rest of a login, and
when a school comes in each of them would need a new one. So the list of a large room
is kept, and who came since it was made is told in a frame behind it:

    users  ada ... zoe    kept, until somebody leaves or takes another name
    joined bob mei        since then; when these are many, the list is made anew

Only the scribe uses it.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from chat.frames import roster_frames
from chat.presence import FRAME_NAMES
from chat.rooms import RoomBook
from messages import Joined
from protocol import encode


@dataclass(slots=True)
class _Kept:
    """The list of one large room."""

    frames: bytes
    newcomers: list[str] = field(default_factory=list)


class Rosters:
    """Makes rosters; must be told of every change in the rooms."""

    def __init__(self, rooms: RoomBook) -> None:
        self._rooms = rooms
        self._kept: dict[str, _Kept] = {}

    def came(self, room: str, name: str) -> None:
        if kept := self._kept.get(room):
            kept.newcomers.append(name)

    def changed(self, room: str) -> None:
        """Somebody left, or is called by another name."""
        self._kept.pop(room, None)

    def frames(self, room: str) -> bytes:
        """Everybody who is there now."""
        kept = self._kept.get(room)
        if kept and len(kept.newcomers) <= FRAME_NAMES:
            if not kept.newcomers:
                return kept.frames
            return kept.frames + encode(Joined(room, tuple(kept.newcomers)))
        names = self._rooms.names(room)
        frames = roster_frames(room, "", names)
        if len(names) > FRAME_NAMES:
            self._kept[room] = _Kept(frames)
        return frames
