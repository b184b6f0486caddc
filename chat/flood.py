"""How fast one person may talk: a token bucket.

Every message takes a token; tokens come back at `rate` a second, up to `burst`. Who
has none left is not cut off and loses nothing: the reader just waits before it reads
on, TCP's window fills, and the peer's own send slows down. What is little to ask and
much to answer takes more of them.

Pure: told the time (seconds, monotonic). Used by one reader alone.
"""

from __future__ import annotations

PATIENCE = 60.0  # seconds of uninterrupted flood before `bye flood`


class Bucket:
    """Tokens of one connection; a rate of 0 means no limit."""

    def __init__(self, rate: float, burst: int, now: float) -> None:
        self._rate = rate
        self._burst = burst
        self._tokens = float(burst)
        self._filled_at = now
        self._flooding_since: float | None = None

    def take(self, now: float) -> float:
        """Take one token; return for how many seconds to wait until it is there."""
        if not self._rate:
            return 0.0
        gained = (now - self._filled_at) * self._rate
        self._tokens = min(self._burst, self._tokens + gained) - 1
        self._filled_at = now
        if self._tokens >= 0:
            self._flooding_since = None
            return 0.0
        if self._flooding_since is None:
            self._flooding_since = now
        return -self._tokens / self._rate

    def spend(self, tokens: float) -> None:
        """Pay more for the message just taken; the next one waits for it."""
        self._tokens -= tokens

    def is_flooding(self, now: float) -> bool:
        """Whether the patience is at its end."""
        since = self._flooding_since
        return since is not None and now - since > PATIENCE
