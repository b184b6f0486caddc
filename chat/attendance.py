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

from chat.frames import chunks
from chat.jobs import Describe, Enter, Gone, Move, Rename
from chat.journal import journal
from chat.lines import now_ms
from chat.log import Log, Membership
from chat.presence import Presence
from chat.refusal import StorageError
from chat.replay import Replay, Replays, rooms_before
from chat.rooms import MOST_ROOMS, RoomBook, Topic
from chat.rosters import Rosters
from chat.session import NOWHERE, Session
from chat.welcome import Greeting
from messages import (
    LOBBY,
    Bye,
    Error,
    Joined,
    Left,
    Message,
    Notice,
    Ok,
    Renamed,
    Welcome,
)
from messages import Topic as TopicReport
from protocol import VERSION, encode
from sight.lock import AnyLock

FINAL = {"quit", "kicked", "banned"}  # who goes like this will not be back soon
MORE_MISSED = Notice("you missed more than this: scroll up, or /history, for the rest")


class Attendance:
    """Keeps the rooms right, and everybody informed."""

    def __init__(self, log: Log, rooms: RoomBook, clients_lock: AnyLock) -> None:
        self._log = log
        self._rooms = rooms
        self._clients_lock = clients_lock
        self._presence = Presence()
        self._rosters = Rosters(rooms)
        self.replays = Replays(log, rooms, clients_lock)
        self._here: set[Session] = set()  # also in no room at all
        self.greeting = Greeting()

    @property
    def is_waiting(self) -> bool:
        return self._presence.is_waiting

    # -- Coming ------------------------------------------------------------------

    def admit(self, enters: list[Enter]) -> None:
        """Let them in: first all of them, so that one list does for all."""
        for enter in enters:
            self._take_place(enter)
        rosters: dict[str, bytes] = {}
        for enter in enters:
            # Who said hello by two connections hears all of it once, by the later.
            if enter.via is enter.session.outbox:
                self._receive(enter, rosters)

    def _take_place(self, enter: Enter) -> None:
        session = enter.session
        if session.outbox is not enter.via:
            old, session.outbox = session.outbox, enter.via
            old.finish(encode(Bye("replaced", "you are here by another connection")))
        if session in self._here:
            journal.info("%s is back", session.name)
            return
        self._here.add(session)
        for room, newest in self._rooms_before(enter).items():
            self._add(session, room, newest)
        journal.info("%s joined", session.name)

    def _rooms_before(self, enter: Enter) -> dict[str, int]:
        """Where they go on; what was said there before was not missed."""
        since, name = enter.since, enter.session.name
        if since is None or not self.replays.can_continue(since, enter.log):
            return {LOBBY: self._log.newest}
        try:
            return rooms_before(self._log.own_archive, enter.session.mark, since)
        except StorageError as failure:
            journal.error("%s; %s is in the lobby only", failure, name)
            return {LOBBY: since}

    def _replay(self, enter: Enter) -> Replay | None:
        """What they missed; None if they must start anew."""
        since, session = enter.since, enter.session
        if since is None or not self.replays.can_continue(since, enter.log):
            return None
        try:
            return self.replays.complete(session, since, enter.begun)
        except StorageError as failure:
            journal.error("%s; %s starts anew", failure, session.name)
            return None

    def _receive(self, enter: Enter, rosters: dict[str, bytes]) -> None:
        """Tell somebody where they are, and what they missed."""
        session, replay = enter.session, self._replay(enter)
        first = [self._welcome(session, resumed="yes" if replay else "no")]
        for room in self._rooms.of(session):
            if room not in rosters:
                rosters[room] = self._roster(room)
            first.append(rosters[room])
        first += map(encode, self.greeting.notices)
        if replay and replay.has_more:
            first.append(encode(MORE_MISSED))
        first += replay.frames if replay else []
        for chunk in chunks(first):
            session.outbox.push(chunk)

    def _welcome(self, session: Session, resumed: str) -> bytes:
        log, facts = self._log, self.greeting.facts
        return encode(
            Welcome(VERSION, session.name, log.id, log.newest, resumed, facts)
        )

    def _roster(self, room: str) -> bytes:
        """Who is in a room, and what it is about."""
        frames = self._rosters.frames(room)
        if topic := self._rooms.topic(room):
            frames += encode(TopicReport(room, *topic))
        return frames

    # -- Moving ------------------------------------------------------------------

    def move(self, moves: list[Move]) -> None:
        """Answered only when it is noted: who was told so is there after a crash."""
        changes: list[Membership] = []
        answers = [
            (self._enter if move.enters else self._leave)(move, changes)
            for move in moves
        ]
        self._note(changes)
        for move, answer in zip(moves, answers, strict=True):
            move.via.push(answer)

    def _enter(self, move: Move, changes: list[Membership]) -> bytes:
        session, room = move.session, move.room
        if not self._rooms.has(room, session):
            if len(self._rooms.of(session)) >= MOST_ROOMS:
                text = f"you are in {MOST_ROOMS} rooms: leave one first"
                return encode(Error(move.id, "forbidden", text))
            self._add(session, room, self._log.newest)
            changes.append(Membership(session.mark, room, enters=True))
        return encode(Ok(move.id)) + self._roster(room)

    def _leave(self, move: Move, changes: list[Membership]) -> bytes:
        session, room = move.session, move.room
        if not self._rooms.has(room, session):
            return encode(Error(move.id, "not-in-room", f"you are not in {room}"))
        self._remove(session, room, "left")
        changes.append(Membership(session.mark, room, enters=False))
        return encode(Ok(move.id))

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
            for room in self._rooms.of(session):
                self._rosters.changed(room)
            # First what waits about one of the names: nobody could tell, after the
            # renaming, which of two people of one name had gone.
            self._tell_of(self._presence.about({old, job.name}))
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
            self._here.discard(session)
            session.outbox = NOWHERE
            journal.info("%s has disconnected", session.name)

    def tell_presence(self) -> None:
        """Tell of comings and goings, where it is time to."""
        if not self._presence.is_waiting:
            return
        self._tell_of(self._presence.due(time.monotonic()))

    def _tell_of(self, changes: list[tuple[str, list[Joined | Left]]]) -> None:
        for room, reports in changes:
            self._tell(self._rooms.members(room), *reports)

    # -- Helpers -----------------------------------------------------------------

    def _add(self, session: Session, room: str, newest: int) -> None:
        with self._clients_lock:
            self._rooms.enter(room, session, newest)
        self._rosters.came(room, session.name)
        self._presence.join(room, session.name)

    def _remove(self, session: Session, room: str, why: str) -> None:
        with self._clients_lock:
            self._rooms.leave(room, session)
        self._rosters.changed(room)
        self._presence.leave(room, session.name, why)

    def _tell(
        self, sessions: tuple[Session, ...] | set[Session], *reports: Message
    ) -> None:
        frames = b"".join(map(encode, reports))
        for session in sessions:
            session.outbox.push(frames)

    def _note(self, memberships: list[Membership]) -> None:
        """Remember it for after a restart; a full disk must not keep anybody out."""
        kept = [m for m in memberships if m.room != LOBBY]
        try:
            if kept:
                self._log.note(kept, now_ms())
        except StorageError as failure:
            journal.error("%s; rooms will be forgotten at a restart", failure)

    def _keep_topic(self, room: str, topic: Topic) -> None:
        with self._clients_lock:
            self._rooms.describe(room, topic)
        try:
            self._log.set_topic(room, *topic)
        except StorageError as failure:
            journal.error("%s; the topic will be forgotten at a restart", failure)
