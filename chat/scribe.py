"""The scribe: the one thread that writes the log and tells everybody.

    readers --jobs--> [ queue ] --everything that waits--> scribe
                                   1 store all lines, one transaction
                                   2 send each recipient the whole batch at once

A send costs the same for one line as for a hundred, and so does a commit. While the
scribe is busy with one batch, the next gathers by itself: the fuller the chat, the
larger the batches, the cheaper each line. And because one thread does it, everybody
sees the same lines in the same order, and a line only after it is stored.

Who comes and who goes passes through the same queue: nothing falls between the list
that a newcomer gets and the first line after it.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable, Iterator
from itertools import groupby
from queue import Empty, SimpleQueue
from threading import Lock
from typing import Any

from chat.jobs import Enter, Gone, Job, Move, Post, Stop, Tick
from chat.journal import journal
from chat.log import Entry, Log, Stamp
from chat.presence import Presence, split
from chat.refusal import StorageError
from chat.rooms import Rooms
from chat.session import Session
from messages import LOBBY, Error, Joined, Notice, Ok, Said, Told, Users, Welcome
from protocol import VERSION, encode

MAX_BATCH = 1_000  # jobs, so that no transaction and no batch grows without end
MAX_CHUNK = 65_536  # bytes in one push: larger ones would fill a good peer's outbox


Delivery = tuple[Post, Stamp]


class Scribe:
    """Takes jobs from any thread; run() is the body of its own."""

    def __init__(self, log: Log, rooms: Rooms, clients_lock: Lock) -> None:
        self._log = log
        self._rooms = rooms
        self._clients_lock = clients_lock
        # Set once, before run(): what every newcomer is told (chat/welcome.py).
        self.facts: tuple[str, ...] = ()
        self.promise = Notice("")
        self._jobs: SimpleQueue[Job] = SimpleQueue()
        self._presence = Presence()
        self._handlers: dict[type, Callable[[list[Any]], None]] = {
            Post: self._write,
            Enter: self._admit,
            Move: self._move,
            Gone: self._dismiss,
            Tick: lambda _: None,  # presence is looked at after every batch
        }

    def put(self, job: Job) -> None:
        """Hand over a job; never waits, from any thread."""
        self._jobs.put(job)

    def tick(self) -> None:
        """Let presence out that has waited long enough (from the clock)."""
        if self._presence.is_waiting:
            self.put(Tick())

    def run(self) -> None:
        """Work until Stop."""
        is_stopping = False
        while not is_stopping:
            batch = self._take()
            is_stopping = isinstance(batch[-1], Stop)
            for kind, jobs in groupby(batch, type):
                if kind is not Stop:
                    self._handlers[kind](list(jobs))
            self._tell_presence()

    def _take(self) -> list[Job]:
        """Wait for a job, then take all that wait; Stop is always the last."""
        batch = [self._jobs.get()]
        try:
            while len(batch) < MAX_BATCH and not isinstance(batch[-1], Stop):
                batch.append(self._jobs.get_nowait())
        except Empty:
            pass  # we have caught up
        return batch

    # -- Lines -------------------------------------------------------------------

    def _write(self, posts: list[Post]) -> None:
        allowed = [post for post in posts if self._may(post)]
        if not allowed:
            return
        try:
            stamps = self._log.append(list(map(_entry, allowed)), _now_ms())
        except StorageError as failure:
            journal.error("%s; %d lines refused", failure, len(allowed))
            for post in allowed:
                _refuse(post, "storage", "the line could not be stored: say it again")
            return
        self._deliver(zip(allowed, stamps, strict=True))
        if journal.isEnabledFor(logging.DEBUG):
            _tell_operator(allowed)

    def _may(self, post: Post) -> bool:
        if post.to or self._rooms.has(post.room, post.author):
            return True
        # Cut: the answer must fit into a frame, whoever checks rooms before us.
        _refuse(post, "not-in-room", f"you are not in {post.room[:31]}")
        return False

    def _deliver(self, deliveries: Iterable[Delivery]) -> None:
        """Send runs of lines with the same audience to each of them in one piece."""
        for audience, run in groupby(deliveries, self._audience):
            for chunk in _chunks(encode(_report(*delivery)) for delivery in run):
                for session in audience:
                    session.outbox.push(chunk)

    def _audience(self, delivery: Delivery) -> tuple[Session, ...]:
        post, stamp = delivery
        if stamp.is_double or post.to is post.author:
            return (post.author,)
        if post.to:
            return (post.author, post.to)
        return self._rooms.members(post.room)

    # -- People ------------------------------------------------------------------

    def _admit(self, enters: list[Enter]) -> None:
        newcomers = [enter.session for enter in enters]
        with self._clients_lock:
            for session in newcomers:
                self._rooms.enter(LOBBY, session)
        roster = self._roster(LOBBY, "")
        for session in newcomers:
            session.outbox.push(encode(self._welcome(session)) + roster)
            session.outbox.push(encode(self.promise))
            self._presence.join(LOBBY, session.name)
            journal.info("%s joined", session.name)

    def _welcome(self, session: Session) -> Welcome:
        log = self._log
        return Welcome(VERSION, session.name, log.id, log.newest, "no", self.facts)

    def _roster(self, room: str, id: str) -> bytes:
        return roster_frames(room, id, [s.name for s in self._rooms.members(room)])

    def _move(self, moves: list[Move]) -> None:
        for move in moves:
            if move.enters == self._rooms.has(move.room, move.session):
                state = "in" if move.enters else "not in"
                text = f"you are {state} {move.room} already"
                move.session.outbox.push(encode(Error(move.id, "bad-field", text)))
            elif move.enters:
                self._enter(move)
            else:
                self._leave(move.session, move.room, "left")
                move.session.outbox.push(encode(Ok(move.id)))

    def _enter(self, move: Move) -> None:
        with self._clients_lock:
            self._rooms.enter(move.room, move.session)
        self._presence.join(move.room, move.session.name)
        roster = self._roster(move.room, "")
        move.session.outbox.push(encode(Ok(move.id)) + roster)

    def _dismiss(self, departures: list[Gone]) -> None:
        for gone in departures:
            for room in self._rooms.of(gone.session):
                self._leave(gone.session, room, gone.why)
            gone.session.outbox.finish(gone.last_words, wakes_reader=False)
            journal.info("%s has disconnected", gone.session.name)

    def _leave(self, session: Session, room: str, why: str) -> None:
        with self._clients_lock:
            self._rooms.leave(room, session)
        self._presence.leave(room, session.name, why)

    def _tell_presence(self) -> None:
        if not self._presence.is_waiting:
            return
        for room, reports in self._presence.due(time.monotonic()):
            frames = b"".join(map(encode, reports))
            for session in self._rooms.members(room):
                session.outbox.push(frames)


# -- From jobs to entries and frames ---------------------------------------------


def _entry(post: Post) -> Entry:
    author, to = post.author, post.to
    return Entry(
        session=author.mark,
        id=post.id or None,
        room=None if to else post.room,
        sender=author.name,
        recipient=to.name if to else None,
        text=post.text,
    )


def _report(post: Post, stamp: Stamp) -> Said | Told:
    name, seq, at = post.author.name, stamp.seq, stamp.time
    if post.to:
        return Told(seq, at, name, post.to.name, post.text, post.id)
    return Said(seq, at, post.room, name, post.text, post.id)


def _refuse(post: Post, code: str, text: str) -> None:
    post.author.outbox.push(encode(Error(post.id, code, text)))


def _chunks(frames: Iterable[bytes]) -> Iterator[bytes]:
    """Join frames into pieces of about MAX_CHUNK bytes, never cutting one."""
    waiting: list[bytes] = []
    size = 0
    for frame in frames:
        if size + len(frame) > MAX_CHUNK and waiting:
            yield b"".join(waiting)
            waiting, size = [], 0
        waiting.append(frame)
        size += len(frame)
    yield b"".join(waiting)


def roster_frames(room: str, id: str, names: list[str]) -> bytes:
    """The list of a room's people; what one frame cannot hold follows as `joined`."""
    first, *rest = split(sorted(names)) or [()]
    more = [encode(Joined(room, part)) for part in rest]
    return b"".join([encode(Users(id, room, first)), *more])


def _tell_operator(posts: list[Post]) -> None:
    for post in posts:
        if post.to:  # private is private, for the operator too
            journal.debug("Private message from %s", post.author.name)
        else:
            journal.debug("Message from %s: %s", post.author.name, post.text)


def _now_ms() -> int:
    return time.time_ns() // 1_000_000
