"""The tap: the latest frames, kept only while somebody watches.

    reader --note_in--> [ the latest 200 notes ] <--note_out-- who sends
                                  |
                                  v  five times a second
                              who watches

Closed, it costs one `if`. What a note keeps of a frame decides whoever opens the tap,
for this room knows no verbs: a private text must not even be kept (watch/privacy.py).

A line to a room is one chunk that one thread sends to each of the others, so it is one
note with many readers: the thread's seat remembers which.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from time import time

from sight.seat import Seat, my_seat

CAPACITY = 200  # notes

Keep = Callable[[bytes, bool], object]  # (chunk or payload, comes in?) -> what is kept


@dataclass(slots=True, eq=False)
class Note:
    """Frames that went one way together, and whose they are."""

    time: float
    sender: Seat | None  # None: the server
    kept: object
    readers: list[Seat] = field(default_factory=list)


class Tap:
    """Any thread may call anything here."""

    def __init__(self) -> None:
        self.is_open = False
        self._keep: Keep = lambda _data, _comes_in: None
        self._notes: deque[Note] = deque(maxlen=CAPACITY)

    def open(self, keep: Keep) -> None:
        self._keep = keep
        self.is_open = True

    def close(self) -> None:
        self.is_open = False
        self._notes.clear()

    def latest(self) -> list[Note]:
        """The oldest first."""
        return list(self._notes.copy())

    def note_in(self, sender: Seat, payload: bytes) -> None:
        self._notes.append(Note(time(), sender, self._keep(payload, True)))

    def note_out(self, reader: Seat, chunk: bytes) -> None:
        seat = my_seat()
        match seat.chunk:
            case (before, Note() as note) if before is chunk:
                note.readers.append(reader)
                return
        note = Note(time(), None, self._keep(chunk, False), [reader])
        seat.chunk = (chunk, note)
        self._notes.append(note)


tap = Tap()
