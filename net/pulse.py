"""Whether a peer is still alive: the deadlines of one connection.

Pure: every method is told the time. The reader notes what it hears, the clock asks
what is due, so no reader needs a time-out of its own.
"""

from __future__ import annotations

from net.limits import Limits

# What the clock should do: nothing, send a ping, or say this bye.
PING = "ping"
BYES = {
    "login-timeout": "nobody logged in",
    "bad-frame": "the rest of a frame did not come",
    "ping-timeout": "no answer any more",
}


class Pulse:
    """One connection's times, in seconds of the monotonic clock.

    Written by the reader and read by the clock without a lock: a value that is one
    tick old only makes a deadline one tick late.
    """

    def __init__(self, limits: Limits, now: float) -> None:
        self._limits = limits
        self._opened_at = now
        self._heard_at: float | None = None
        self._frame_began_at: float | None = None
        self._pinged_at = now
        self.is_logged_in = False
        self.is_throttled = False  # we do not read just now: silence proves nothing

    def hear(self, now: float, *, is_inside_frame: bool, had_frames: bool) -> None:
        """Note a read: whether it ended frames, and whether it left one begun."""
        self._heard_at = now
        if not is_inside_frame:
            self._frame_began_at = None
        elif had_frames or self._frame_began_at is None:
            self._frame_began_at = now

    def excuse(self, now: float) -> None:
        """Count from now on: all that took long was our own doing."""
        self._opened_at = self._heard_at = now
        self._frame_began_at = None

    def due(self, now: float) -> str | None:
        """PING, the code of a bye, or None."""
        limits = self._limits
        if self.is_throttled:
            self._heard_at, self._frame_began_at = now, None
            return None
        if self._heard_at is None and now - self._opened_at > limits.first_byte:
            return "login-timeout"
        if not self.is_logged_in and now - self._opened_at > limits.login:
            return "login-timeout"
        began_at = self._frame_began_at
        if began_at is not None and now - began_at > limits.frame:
            return "bad-frame"
        return self._due_by_silence(now) if self.is_logged_in else None

    def _due_by_silence(self, now: float) -> str | None:
        silence = now - (self._heard_at or self._opened_at)
        if silence > self._limits.silence:
            return "ping-timeout"
        if min(silence, now - self._pinged_at) > self._limits.ping_after:
            self._pinged_at = now
            return PING
        return None
