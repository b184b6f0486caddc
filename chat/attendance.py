"""Who comes, goes, moves and is renamed, and who must hear of it.

    Enter    a newcomer, or somebody back by another connection: welcome, the lists of
             their rooms, what they missed, and from then on everything
    Move     into a room, out of a room
    Rename   another name
    Gone     the end of a session

It goes through the same queue as the lines, so nothing falls between the lines that
somebody missed and the first new one. Only the scribe works here.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from threading import Lock

from chat.archive import Page
from chat.frames import chunks, report_of, roster_frames
from chat.jobs import Describe, Enter, Gone, Move, Rename
from chat.journal import journal
from chat.lines import now_ms
from chat.log import Log, Membership
from chat.presence import Presence
from chat.refusal import StorageError
from chat.rooms import MOST_ROOMS, RoomBook, Topic
from chat.session import NOWHERE, Session
from chat.welcome import Greeting
from messages import LOBBY, Bye, Error, Message, Notice, Ok, Renamed, Welcome
from messages import Topic as TopicReport
from protocol import VERSION, encode

FINAL = {"quit", "kicked", "banned"}  # who goes like this will not be back soon
MORE_MISSED = Notice("you missed more than this: scroll up, or /history, for the rest")


@dataclass(frozen=True, slots=True)
class Return:
    """What somebody comes back to."""

    rooms: list[str]
    missed: Page


class Attendance:
    """Keeps the rooms right, and everybody informed."""

    def __init__(self, log: Log, rooms: RoomBook, clients_lock: Lock) -> None:
        self._log = log
        self._rooms = rooms
        self._clients_lock = clients_lock
        self._presence = Presence()
        self.greeting = Greeting()

    @property
    def is_waiting(self) -> bool:
        return self._presence.is_waiting

    # -- Coming ------------------------------------------------------------------

    def admit(self, enters: list[Enter]) -> None:
        """Let them in: first all of them, so that one list does for all."""
        returns = [self._return_of(enter) for enter in enters]
        for enter, back in zip(enters, returns, strict=True):
            self._take_place(enter, back.rooms if back else [LOBBY])
        rosters: dict[str, bytes] = {}
        for enter, back in zip(enters, returns, strict=True):
            self._receive(enter.session, back.missed if back else None, rosters)

    def _return_of(self, enter: Enter) -> Return | None:
        """Where they were and what they missed; None if nothing can be continued."""
        session, since = enter.session, enter.since
        if since is None or enter.log != self._log.id or since > self._log.newest:
            return None
        try:
            rooms = self._rooms.of(session) or [
                *(LOBBY, *self._log.rooms_of(session.mark))
            ]
            missed = self._log.own_archive.missed(session.mark, rooms, since)
        except StorageError as failure:
            journal.error("%s; %s starts anew", failure, session.name)
            return None
        return Return(rooms, missed)

    def _take_place(self, enter: Enter, rooms: list[str]) -> None:
        session = enter.session
        if session.outbox is not enter.via:
            old, session.outbox = session.outbox, enter.via
            old.finish(encode(Bye("replaced", "you are here by another connection")))
        if self._rooms.of(session):
            journal.info("%s is back", session.name)
            return
        for room in rooms:
            self._add(session, room)
        journal.info("%s joined", session.name)

    def _receive(
        self, session: Session, page: Page | None, rosters: dict[str, bytes]
    ) -> None:
        """Tell somebody where they are, and what they missed."""
        log, greeting = self._log, self.greeting
        resumed = "no" if page is None else "yes"
        first = [
            encode(
                Welcome(
                    VERSION, session.name, log.id, log.newest, resumed, greeting.facts
                )
            )
        ]
        for room in self._rooms.of(session):
            if room not in rosters:
                rosters[room] = self._roster(room)
            first.append(rosters[room])
        first += map(encode, greeting.notices)
        if page and page.has_more:
            first.append(encode(MORE_MISSED))
        first += [encode(report_of(line)) for line in page.lines] if page else []
        for chunk in chunks(first):
            session.outbox.push(chunk)

    def _roster(self, room: str) -> bytes:
        """Who is in a room, and what it is about."""
        names = [session.name for session in self._rooms.members(room)]
        frames = roster_frames(room, "", names)
        if topic := self._rooms.topic(room):
            frames += encode(TopicReport(room, *topic))
        return frames

    # -- Moving ------------------------------------------------------------------

    def move(self, moves: list[Move]) -> None:
        self._note([Membership(m.session.mark, m.room, m.enters) for m in moves])
        for move in moves:
            if move.enters:
                self._enter(move)
            else:
                self._leave(move)

    def _enter(self, move: Move) -> None:
        session, room = move.session, move.room
        if not self._rooms.has(room, session):
            if len(self._rooms.of(session)) >= MOST_ROOMS:
                text = f"you are in {MOST_ROOMS} rooms: leave one first"
                return move.via.push(encode(Error(move.id, "forbidden", text)))
            self._add(session, room)
        return move.via.push(encode(Ok(move.id)) + self._roster(room))

    def _leave(self, move: Move) -> None:
        if not self._rooms.has(move.room, move.session):
            text = f"you are not in {move.room}"
            return move.via.push(encode(Error(move.id, "not-in-room", text)))
        self._remove(move.session, move.room, "left")
        return move.via.push(encode(Ok(move.id)))

    def describe(self, describes: list[Describe]) -> None:
        """Note what rooms are about."""
        for job in describes:
            topic = Topic(job.session.name, job.text)
            if not self._rooms.has(job.room, job.session):
                text = f"you are not in {job.room}"
                job.via.push(encode(Error(job.id, "not-in-room", text)))
                continue
            self._keep_topic(job.room, topic)
            job.via.push(encode(Ok(job.id)))
            self._tell(self._rooms.members(job.room), TopicReport(job.room, *topic))

    def rename(self, renames: list[Rename]) -> None:
        for job in renames:
            session, old = job.session, job.session.name
            session.name = job.name
            self._presence.rename(self._rooms.of(session), old, job.name)
            job.via.push(encode(Ok(job.id)))
            everybody = self._rooms.neighbours(session) | {session}
            self._tell(everybody, Renamed(old, job.name))
            journal.info("%s is now %s", old, job.name)

    # -- Going -------------------------------------------------------------------

    def dismiss(self, departures: list[Gone]) -> None:
        for gone in departures:
            session = gone.session
            rooms = self._rooms.of(session)
            for room in rooms:
                self._remove(session, room, gone.why)
            if gone.why in FINAL:
                self._note([Membership(session.mark, room, False) for room in rooms])
            session.outbox = NOWHERE
            journal.info("%s has disconnected", session.name)

    def tell_presence(self) -> None:
        """Tell of comings and goings, where it is time to."""
        if not self._presence.is_waiting:
            return
        for room, reports in self._presence.due(time.monotonic()):
            self._tell(self._rooms.members(room), *reports)

    # -- Helpers -----------------------------------------------------------------

    def _add(self, session: Session, room: str) -> None:
        with self._clients_lock:
            self._rooms.enter(room, session)
        self._presence.join(room, session.name)

    def _remove(self, session: Session, room: str, why: str) -> None:
        with self._clients_lock:
            self._rooms.leave(room, session)
        self._presence.leave(room, session.name, why)

    def _tell(
        self, sessions: tuple[Session, ...] | set[Session], *reports: Message
    ) -> None:
        frames = b"".join(map(encode, reports))
        for session in sessions:
            session.outbox.push(frames)

    def _note(self, memberships: list[Membership]) -> None:
        """Remember it for after a restart; a full disk must not keep anybody out."""
        try:
            self._log.note([m for m in memberships if m.room != LOBBY], now_ms())
        except StorageError as failure:
            journal.error("%s; rooms will be forgotten at a restart", failure)

    def _keep_topic(self, room: str, topic: Topic) -> None:
        with self._clients_lock:
            self._rooms.describe(room, topic)
        try:
            self._log.set_topic(room, *topic)
        except StorageError as failure:
            journal.error("%s; the topic will be forgotten at a restart", failure)
