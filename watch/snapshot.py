"""What the dashboard shows, as values: taken in one moment, drawn in another.

    seats, lock, outboxes, tap --observe--> Snapshot --render--> Frame

Nothing in it belongs to the server any more, so a frozen picture stays as it is, and a
test can make one by hand.
"""

from __future__ import annotations

from dataclasses import dataclass

BLOCKED = "WAITS "  # a seat's words begin with it
HOLDING = "HOLDS "
HELD_UP = "held up "  # by the server, for it sends too fast


@dataclass(frozen=True, slots=True)
class Standing:
    """One thread, and where it stands."""

    who: str
    where: str
    seconds: float  # for so long
    frames_in: int | None = None  # None: it is not a reader
    frames_out: int | None = None
    waiting_bytes: int = 0  # in its person's outbox

    @property
    def is_slow(self) -> bool:
        """The peer does not read: its kernel is full, and so is ours."""
        return self.waiting_bytes > 0

    @property
    def is_blocked(self) -> bool:
        return self.where.startswith(BLOCKED)

    @property
    def trouble(self) -> int:
        """0 is the worst; 3 is none."""
        if self.is_slow:
            return 0
        if self.is_blocked:
            return 1
        return 2 if self.where.startswith((HOLDING, HELD_UP)) else 3


@dataclass(frozen=True, slots=True)
class LockStory:
    """A lock beside what it guards."""

    name: str
    guards: str
    taken: int = 0  # times
    longest_wait: float = 0.0  # seconds
    longest_hold: float = 0.0
    holder: str = ""
    waiting: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Passed:
    """A frame that has passed; nothing private is in it."""

    time: str  # 14:02:11.204
    sender: str
    to: str  # a name, or *14
    length: int  # of the payload
    clear: bytes  # the payload's first bytes, up to anything private
    text: str  # as docs/PROTOCOL.md writes it, made safe


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One moment of the server."""

    address: str
    join: str  # how others come in
    people: int = 0
    lines: int = 0  # stored since the start
    threads: int = 0  # also those that have no seat
    standings: tuple[Standing, ...] = ()
    lock: LockStory = LockStory("clients_lock", "clients, rooms")
    wire: tuple[Passed, ...] = ()  # the oldest first
    log: tuple[str, ...] = ()  # likewise
    caption: tuple[str, ...] = ()
    pause: float = 0.0  # seconds before each step: slow motion
    is_stopping: bool = False
