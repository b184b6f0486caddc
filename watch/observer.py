"""Looking at a server that works: one snapshot, without a lock and without a wait.

The figures are read while their owners write them, so two of them may be a microsecond
apart. That is the price of never being in the way: `clients_lock` above all, which in
slow motion is held for seconds.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import islice
from time import localtime, monotonic, strftime
from typing import Protocol

from chat.guard import Guard
from chat.scribe import Scribe
from chat.session import Session
from chat.settings import Settings
from explain.frames import spell
from net.address import format_address, lan_host
from net.connection import Connection
from net.door import Door
from net.listener import Acceptor
from sight.lock import WatchedLock
from sight.motion import motion
from sight.seat import Seat
from sight.tap import Note, tap
from tui.sanitize import make_safe_line
from watch.privacy import Kept
from watch.snapshot import LockStory, Passed, Snapshot, Standing

TIME = re.compile(r"\| \d{13}\b")  # milliseconds since 1970: 13 cells that tell little
LOG_ROWS = 8
FRAMES = 60  # as many as the highest screen shows


LogOf = Callable[[int], tuple[str, ...]]


def no_log(_count: int) -> tuple[str, ...]:
    return ()


class Watched(Protocol):
    """What can be looked at: the part of a ChatServer that matters here."""

    settings: Settings
    acceptor: Acceptor
    door: Door
    scribe: Scribe
    guard: Guard
    clients_lock: WatchedLock
    clients: dict[str, Session]

    def run(self) -> int: ...

    def stop(self) -> None: ...


class Observer:
    """Takes snapshots of one server."""

    def __init__(self, server: Watched, log: LogOf = no_log) -> None:
        """`log` is asked for the newest so many lines."""
        self._server = server
        self._log = log
        settings, port = server.settings, server.acceptor.port
        self._address = format_address(settings.host, port)
        host = lan_host() if settings.lan else settings.host
        self._join = f"python client.py NAME {format_address(host, port)}"

    def take(self) -> Snapshot:
        server = self._server
        standings = tuple(self._standings(monotonic()))
        return Snapshot(
            address=self._address,
            join=self._join,
            people=len(server.clients),
            lines=server.scribe.lines.stored,
            threads=threading.active_count(),
            standings=standings,
            lock=_story(server.clients_lock, standings),
            wire=_passed(tap.latest()),
            log=tuple(map(_first_line, self._log(LOG_ROWS))),
        )

    def with_caption(self, snapshot: Snapshot, caption: tuple[str, ...]) -> Snapshot:
        """Add what goes on while the picture is frozen: it is explained, say."""
        return replace(
            snapshot,
            caption=caption,
            pause=motion.seconds,
            is_stopping=self._server.acceptor.is_stopping,
        )

    def stop(self) -> None:
        self._server.stop()

    def names(self) -> list[str]:
        """Who is here."""
        return sorted(session.name for session in list(self._server.clients.values()))

    def _standings(self, now: float) -> Iterator[Standing]:
        for seat in list(self._server.guard.seats.values()):
            yield Standing(seat.name, seat.where, max(now - seat.since, 0.0))
        readers = [_of_reader(one, now) for one in self._server.door.everybody()]
        yield from sorted(readers, key=lambda standing: standing.who.casefold())


def _first_line(record: str) -> str:
    """Of a traceback, say; the rest is printed when the dashboard is over."""
    return make_safe_line(record.partition("\n")[0])


def _of_reader(connection: Connection, now: float) -> Standing:
    seat, outbox = connection.seat, connection.outbox
    return Standing(
        make_safe_line(seat.name),
        seat.where,
        max(now - seat.since, 0.0),
        seat.frames_in,
        seat.frames_out,
        outbox.waiting_bytes,
    )


def _story(lock: WatchedLock, standings: tuple[Standing, ...]) -> LockStory:
    holder = lock.holder
    return LockStory(
        lock.name,
        lock.guards,
        lock.taken,
        lock.longest_wait,
        lock.longest_hold,
        make_safe_line(holder.name) if holder else "",
        tuple(one.who for one in standings if one.is_blocked),
    )


def _passed(notes: list[Note]) -> tuple[Passed, ...]:
    """The newest frames, the oldest of them first; only those are spelled."""
    newest = islice(_backwards(notes), FRAMES)
    return tuple(_frame(note, one) for note, one in newest)[::-1]


def _backwards(notes: list[Note]) -> Iterator[tuple[Note, Kept]]:
    for note in reversed(notes):
        kept = note.kept
        for one in reversed(kept) if isinstance(kept, tuple) else ():
            if isinstance(one, Kept):
                yield note, one


def _frame(note: Note, kept: Kept) -> Passed:
    seconds = strftime("%H:%M:%S", localtime(note.time))
    return Passed(
        f"{seconds}.{int(note.time * 1000) % 1000:03}",
        make_safe_line(note.sender.name) if note.sender else "server",
        _readers(note.readers),
        kept.length,
        kept.clear,
        make_safe_line(TIME.sub("| time", spell(kept.payload))),
    )


def _readers(readers: list[Seat]) -> str:
    if len(readers) > 1:
        return f"*{len(readers)}"
    return make_safe_line(readers[0].name) if readers else "server"
