"""How long a connection waits, and how much it keeps: one table.

Both programs use it; tests make a shorter one with dataclasses.replace. Times are
seconds on the monotonic clock, so a wall clock that jumps ends nobody.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """What a connection may take, and all of them together; every row says why."""

    first_byte: float = 3.0  # a port probe connects and says nothing
    login: float = 15.0  # from connect to welcome: a person may type a name again
    frame: float = 10.0  # from a frame's first byte to its last
    ping_after: float = 20.0  # of silence; the answer proves that the program lives
    silence: float = 45.0  # two pings unanswered: the cable is out
    outbox_bytes: int = 1 << 20  # what waits for one peer that does not read
    send_buffer: int = 128 << 10  # in the kernel, which would keep 4 MiB a peer
    all_outboxes_bytes: int = 256 << 20  # for all peers together; the fattest go first
    stall: float = 10.0  # with something waiting and not one byte taken
    linger: float = 2.0  # for the last words, before the line is cut
    drain: float = 0.5  # reading away input, so that a reset cannot eat the bye
