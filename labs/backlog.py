"""What waits in a wire: reads in their order, taken out in pieces of any size.

    append --> [ oldest read ][ read ][ newest ] --peek, drop--> pieces

It also counts how the bytes came and went, because that is what the lesson shows.
"""

from __future__ import annotations

from collections import deque
from typing import NamedTuple


class Tally(NamedTuple):
    """How bytes came and went."""

    size: int  # bytes that went
    reads: int  # how they came
    pieces: int  # how they went


class Backlog:
    """An empty read is the end of the stream, and always the last."""

    def __init__(self) -> None:
        self._reads: deque[tuple[float, memoryview]] = deque()
        self.total = 0  # bytes
        self._tally = Tally(0, 0, 0)

    def append(self, now: float, data: bytes) -> None:
        self._reads.append((now, memoryview(data)))
        self.total += len(data)
        size, reads, pieces = self._tally
        self._tally = Tally(size, reads + bool(data), pieces)

    def oldest(self) -> tuple[float, int]:
        """When it came, and how many bytes of it are left."""
        came_at, data = self._reads[0]
        return came_at, len(data)

    def peek(self, size: int) -> bytes:
        """The first bytes; so many of them must be there."""
        first = self._reads[0][1]
        if size <= len(first):
            return bytes(first[:size])
        return b"".join(data for _, data in self._reads)[:size]

    def drop(self, piece: int) -> None:
        """Forget the first bytes: they have gone on, as one piece."""
        size, reads, pieces = self._tally
        self._tally = Tally(size + piece, reads, pieces + 1)
        self.total -= piece
        while piece:
            came_at, data = self._reads.popleft()
            if piece < len(data):
                self._reads.appendleft((came_at, data[piece:]))
            piece -= min(piece, len(data))

    def take_tally(self) -> Tally:
        """What happened since this was asked before."""
        tally, self._tally = self._tally, Tally(0, 0, 0)
        return tally

    def __bool__(self) -> bool:
        return bool(self._reads)
