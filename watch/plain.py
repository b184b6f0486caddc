"""The dashboard as one line, for a pipe, a file, a terminal without a screen.

14 here, 1,204 lines, 29 threads: 13 recv, 1 queue; outboxes 213 KB; slow: bob
"""

from __future__ import annotations

from collections import Counter

from watch.snapshot import Snapshot
from watch.words import bytes_of

MOST_NAMES = 5
MOST_PLACES = 8


def summary(snapshot: Snapshot) -> str:
    standings = snapshot.standings
    places = Counter(one.where for one in standings).most_common(MOST_PLACES)
    where = ", ".join(f"{count} {place}" for place, count in places)
    waiting = sum(one.waiting_bytes for one in standings)
    slow = [one.who for one in standings if one.is_slow]
    lines = f"{snapshot.lines:,} line{'s' * (snapshot.lines != 1)}"
    told = (
        f"{snapshot.people:,} here, {lines}, "
        f"{snapshot.threads:,} threads: {where}; outboxes {bytes_of(waiting)}"
    )
    if not slow:
        return told
    more = f" and {len(slow) - MOST_NAMES} more" if len(slow) > MOST_NAMES else ""
    return f"{told}; slow: {', '.join(slow[:MOST_NAMES])}{more}"
