"""From what the chat knows to what travels: frames, and pieces of many frames."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from chat.archive import Line, Page
from chat.presence import split
from messages import Joined, Ok, Past, Roomlist, Said, Told, Users
from protocol import MAX_PAYLOAD, encode

MAX_CHUNK = 65_536  # bytes in one push: larger ones would fill a good peer's outbox
BYTES_LEFT = 128  # of a frame, for its verb and id


def chunks(frames: Iterable[bytes]) -> Iterator[bytes]:
    """Join frames into pieces of about MAX_CHUNK bytes, never cutting one."""
    waiting: list[bytes] = []
    size = 0
    for frame in frames:
        if size + len(frame) > MAX_CHUNK and waiting:
            yield b"".join(waiting)
            waiting, size = [], 0
        waiting.append(frame)
        size += len(frame)
    if waiting:
        yield b"".join(waiting)


def report_of(line: Line) -> Said | Told:
    """A stored line, as it was told when it was new."""
    id = line.id or ""
    if line.room is None:
        recipient = line.recipient or ""
        return Told(line.seq, line.time, line.sender, recipient, line.text, id)
    return Said(line.seq, line.time, line.room, line.sender, line.text, id)


def roster_frames(room: str, id: str, names: list[str]) -> bytes:
    """The list of a room's people; what one frame cannot hold follows as `joined`."""
    first, *rest = split(sorted(names)) or [()]
    more = [encode(Joined(room, part)) for part in rest]
    return b"".join([encode(Users(id, room, first)), *more])


def past_frames(id: str, where: str, page: Page) -> bytes:
    """A page of the past, and the answer that closes it."""
    lines = [
        encode(Past(id, line.seq, line.time, where, line.sender, line.text))
        for line in page.lines
    ]
    return b"".join([*lines, encode(Ok(id, ("yes" if page.has_more else "no",)))])


def roomlist_frame(id: str, listing: list[tuple[str, int, str]]) -> bytes:
    """As many rooms as one frame holds."""
    rows: list[str] = []
    left = MAX_PAYLOAD - BYTES_LEFT
    for room, people, topic in listing:
        row = [room, str(people), topic]
        left -= len("\0".join(row).encode()) + 1
        if left < 0:
            break
        rows += row
    return encode(Roomlist(id, tuple(rows)))
