"""The tap: the latest frames, kept only while somebody watches.

    reader --note_in--> [ the latest 200 notes ] <--note_out-- who sends
                                  |
                                  v  five times a second
                              who watches

Closed, it costs one `if`, and nothing is counted. What a note keeps of a frame decides
whoever opens the tap, for this room knows no verbs: a private text must not even be
kept (watch/privacy.py).

No screen shows a hundred frames in a fifth of a second. So after so many nothing more
is kept until somebody has looked, only counted: watching a flood costs next to nothing.

A line to a room is one chunk that one thread sends to each of the others, so it is one
note with many readers: the thread's seat remembers which, by the chunk itself, until it
sends another.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from time import time

from sight.seat import Seat, my_seat

CAPACITY = 200  # notes
PER_LOOK = 100  # notes between two looks

Keep = Callable[[bytes, bool], object]  # (a chunk or a payload, comes it in?)
Count = Callable[[bytes], int]  # how many frames are in a chunk


@dataclass(slots=True, eq=False)
class Note:
    """Frames that went one way together, and whose they are."""

    time: float
    sender: Seat | None  # None: the server
    count: int  # of frames
    kept: object = None  # None: there was no time for it
    readers: list[Seat] = field(default_factory=list)


class Tap:
    """Any thread may call anything here."""

    def __init__(self) -> None:
        self.is_open = False
        self._keep: Keep = lambda _data, _comes_in: None
        self._count: Count = lambda _chunk: 0
        self._notes: deque[Note] = deque(maxlen=CAPACITY)
        # Two threads may count one note twice: then it is a note less, or more.
        self._left = PER_LOOK

    def open(self, keep: Keep, count: Count) -> None:
        self._keep, self._count = keep, count
        self._left = PER_LOOK
        self.is_open = True

    def close(self) -> None:
        self.is_open = False
        self._notes.clear()

    def latest(self) -> list[Note]:
        """Look: the oldest first."""
        self._left = PER_LOOK
        return list(self._notes.copy())

    def note_in(self, sender: Seat, payload: bytes) -> None:
        sender.frames_in += 1
        if self._left > 0:
            self._add(Note(time(), sender, 1, self._keep(payload, True)))

    def note_out(self, reader: Seat, chunk: bytes) -> None:
        """With the lock of the reader's outbox held."""
        note = self._note_of(chunk)
        note.readers.append(reader)
        reader.frames_out += note.count

    def _note_of(self, chunk: bytes) -> Note:
        """The note that this thread has made of this very chunk, or a new one."""
        seat = my_seat()
        match seat.chunk:
            case (before, Note() as note) if before is chunk:
                return note
        note = Note(time(), None, self._count(chunk))
        if self._left > 0:
            note.kept = self._keep(chunk, False)
            self._add(note)
        seat.chunk = (chunk, note)
        return note

    def _add(self, note: Note) -> None:
        self._left -= 1
        self._notes.append(note)


tap = Tap()
