"""The scribe: the one thread that writes the log and tells everybody.

    readers --jobs--> [ queue ] --everything that waits--> scribe
                                   1 store all lines, one transaction
                                   2 send each recipient the whole batch at once

A send costs the same for one line as for a hundred, and so does a commit. While the
scribe is busy with one batch, the next gathers by itself: the fuller the chat, the
larger the batches, the cheaper each line. And because one thread does it, everybody
sees the same lines in the same order, and a line only after it is stored.

Who comes and who goes passes through the same queue: nothing falls between the list
that a newcomer gets and the first line after it. What each kind of job does is told
in lines.py, attendance.py and requests.py; they need no locks, for only the scribe
calls them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import groupby
from queue import SimpleQueue
from typing import Any

from chat import jobs
from chat.attendance import Attendance
from chat.jobs import Asked, Close, Gone, Job, Stop
from chat.journal import journal
from chat.lines import Lines, now_ms
from chat.log import Log
from chat.refusal import StorageError
from chat.requests import Requests
from chat.rooms import RoomBook
from sight.lock import AnyLock
from sight.seat import stand, wait_in

MAX_BATCH = 1_000  # jobs, so that no transaction and no batch grows without end


class Scribe:
    """Takes jobs from any thread; run() is the body of its own."""

    def __init__(self, log: Log, rooms: RoomBook, clients_lock: AnyLock) -> None:
        self._log = log
        self._jobs: SimpleQueue[Job] = SimpleQueue()
        self.attendance = Attendance(log, rooms, clients_lock)
        self._requests = Requests(rooms)
        self.lines = Lines(log, rooms)
        self._handlers: dict[type, Callable[[list[Any]], None]] = {
            jobs.Post: self.lines.write,
            jobs.Announce: self.lines.announce,
            jobs.Notify: self.lines.notify,
            jobs.Enter: self._admit,
            jobs.Move: self.attendance.move,
            jobs.Describe: self.attendance.describe,
            jobs.Rename: self.attendance.rename,
            jobs.Gone: self._dismiss,
            jobs.Question: self._requests.ask,
            jobs.Reply: self._requests.answer,
            jobs.Close: _close,
            jobs.Sweep: self._sweep,
            jobs.Tick: lambda _: None,  # what may be due is looked at after each batch
        }

    def put(self, job: Job) -> None:
        """Hand over a job; never waits, from any thread."""
        self._jobs.put(job)

    @property
    def backlog(self) -> int:
        """How many jobs wait."""
        return self._jobs.qsize()

    def tick(self) -> None:
        """Let out what has waited long enough (from the clock)."""
        if self.attendance.is_waiting or self._requests.is_waiting:
            self.put(jobs.Tick())

    def run(self) -> None:
        """Work until Stop."""
        is_stopping = False
        while not is_stopping:
            for kind, group in groupby(self._take(), type):
                if is_stopping := kind is Stop:
                    break
                stand(f"takes {kind.__name__}")
                self._handlers[kind](_valid(kind, group))
            self._requests.expire()
            self.attendance.tell_presence()

    def _take(self) -> list[Job]:
        """Wait for a job, then take all that wait."""
        wait_in("queue")
        take = self._jobs.get
        first = take()
        # Nobody else takes any: as many as there are now can be had without a wait.
        return [first, *(take() for _ in range(min(self.backlog, MAX_BATCH - 1)))]

    def _admit(self, enters: list[jobs.Enter]) -> None:
        self.attendance.admit(enters)
        for enter in enters:
            if enter.via is enter.session.outbox:
                self._requests.remind(enter.session)

    def _dismiss(self, departures: list[Gone]) -> None:
        for gone in departures:
            self._requests.drop(gone.session)
        self.attendance.dismiss(departures)

    def _sweep(self, _sweeps: list[jobs.Sweep]) -> None:
        try:
            self._log.sweep(now_ms())
        except StorageError as failure:
            journal.error("%s; nothing was deleted", failure)


def _valid(kind: type, group: Iterable[Any]) -> list[Any]:
    """All but what came by a connection that another one has replaced.

    Asked only now: an earlier group of this batch may have replaced it.
    """
    if not issubclass(kind, Asked):
        return list(group)
    return [job for job in group if job.via is job.session.outbox]


def _close(closes: list[Close]) -> None:
    for close in closes:
        close.outbox.finish(close.last_words, wakes_reader=False)
