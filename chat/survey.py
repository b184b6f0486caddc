"""What the operator sees: who is here, which rooms there are, how the server does.

Tables in plain text, for a terminal of 80 columns. Names, topics and reasons are
foreign text: what would move the cursor is shown, not printed, and wide characters
count for two. The last column is cut; nothing that one may want to type is.
"""

from __future__ import annotations

import threading
import time
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import ceil, inf

from chat.journal import make_visible
from chat.register import Register
from chat.rooms import RoomBook
from chat.rules import HouseRules
from chat.scribe import Scribe
from chat.session import Session
from messages import Bye
from sight.lock import AnyLock

WIDTH = 80  # columns
LEAST = 12  # columns, which the last column has however long the others are
GAP = "  "
DAY = 86_400  # seconds
UNITS = ((DAY, "d"), (3_600, "h"), (60, "min"), (1, "s"))


@dataclass(frozen=True, slots=True)
class House:
    """What a chat consists of, for the operator, who has to do with all of it."""

    register: Register
    rules: HouseRules
    rooms: RoomBook
    clients_lock: AnyLock  # guards rooms
    scribe: Scribe
    # Hang up on every connection, logged in or not, whose address earns a bye:
    send_away: Callable[[Callable[[str], Bye | None]], None]
    stop: Callable[[], None]


class Survey:
    """Looks at everything, changes nothing. Any thread may call anything here."""

    def __init__(self, house: House, now: Callable[[], float] = time.monotonic) -> None:
        self._house = house
        self._now = now
        self._began = now()

    def people(self) -> str:
        sessions = sorted(self._house.register.everybody(), key=lambda s: s.key)
        if not sessions:
            return "nobody is here"
        absent = self._house.register.absent()
        rows = [self._row(session, absent.get(session)) for session in sessions]
        heads = ("name", "address", "since", "state", "rooms")
        return table([heads, *rows])

    def _row(self, session: Session, went_at: float | None) -> tuple[str, ...]:
        now = self._now()
        if went_at is None:
            state = f"idle {duration(now - session.active_at)}"
        else:
            state = f"away for {duration(now - went_at)}"
        if muted := self._house.rules.muted_for(session, now):
            state += ", muted" + (f" {minutes(muted)}" if muted < inf else "")
        with self._house.clients_lock:
            rooms = self._house.rooms.of(session)
        since = time_of_day(session.since)
        return session.name, session.address, since, state, " ".join(rooms)

    def rooms(self) -> str:
        with self._house.clients_lock:
            listing = self._house.rooms.listing()
        if not listing:
            return "nobody is in any room"
        rows = [(room, str(people), topic) for room, people, topic in listing]
        return table([("room", "people", "topic"), *rows])

    def bans(self) -> str:
        bans = self._house.rules.bans
        return table(sorted(bans.items())) if bans else "nobody is banned"

    def stats(self) -> str:
        house = self._house
        sessions, away = house.register.everybody(), len(house.register.absent())
        with house.clients_lock:
            rooms = len(house.rooms.listing())
        name, waiting = max(
            ((s.name, s.outbox.waiting_bytes) for s in sessions),
            key=lambda outbox: outbox[1],
            default=("", 0),
        )
        fullest = f"{name}, {waiting:,} bytes" if waiting else "all empty"
        rows = [
            ("people", f"{len(sessions):,}" + (f", {away:,} away" if away else "")),
            ("rooms", f"{rooms:,}"),
            ("lines stored", f"{house.scribe.lines.stored:,} since the start"),
            ("scribe's queue", f"{house.scribe.backlog:,} waiting"),
            ("fullest outbox", fullest),
            ("uptime", duration(self._now() - self._began)),
            ("threads", str(threading.active_count())),
        ]
        return table(rows)


def table(rows: Sequence[Sequence[str]]) -> str:
    """Columns below each other; the last one ends where the terminal does."""
    shown = [[make_visible(cell) for cell in row] for row in rows]
    widths = [max(map(columns, column)) for column in zip(*shown, strict=True)]
    left = WIDTH - sum(widths[:-1]) - len(GAP) * (len(widths) - 1)
    lines = []
    for *cells, last in shown:
        padded = [pad(cell, width) for cell, width in zip(cells, widths, strict=False)]
        lines.append(GAP.join([*padded, cut(last, max(left, LEAST))]).rstrip())
    return "\n".join(lines)


def columns(text: str) -> int:
    """How much room a text takes on a terminal, for names and the like."""
    return sum(_columns(character) for character in text)


def _columns(character: str) -> int:
    if unicodedata.category(character) in {"Mn", "Me", "Cf"}:
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def pad(text: str, width: int) -> str:
    return text + " " * (width - columns(text))


def cut(text: str, width: int) -> str:
    if columns(text) <= width:
        return text
    while columns(text) >= width:
        text = text[:-1]
    return text + "…"


def duration(seconds: float) -> str:
    """In the largest unit that fits: 12 s, 3 min, 5 h, 2 d."""
    for size, unit in UNITS:
        if seconds >= size:
            return f"{seconds // size:.0f} {unit}"
    return "0 s"


def minutes(seconds: float) -> str:
    """What is left of some time, rounded up: nobody is told zero."""
    return f"{ceil(seconds / 60)} min"


def time_of_day(seconds: float) -> str:
    """When it was, for somebody who looks now: 14:05, or a date."""
    is_recent = time.time() - seconds < DAY
    return time.strftime("%H:%M" if is_recent else "%d %b", time.localtime(seconds))
