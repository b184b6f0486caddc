"""The stage: where incidents happen, one at a time, in a thread of their own.

    director --do--> [ job ] --> stage.perform(incident.cause) --> director.tell

An incident gets this stage: the cast, guests of its own, and an ear at anybody's
connection. Whatever it waits for ends at once when the demo ends, with Over.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue
from random import Random
from time import monotonic
from typing import TypeVar

from chat.journal import journal
from demo.bot import LEAVING, Bot, ignore
from demo.cast import Cast
from demo.person import PATIENCE, Gone, Person
from messages import LOBBY, Join, Report, Said
from net.limits import Limits
from sight.lock import AnyLock

HERE = "I am here."

ReportT = TypeVar("ReportT", bound=Report)


class Over(Exception):
    """The demo ends."""


@dataclass(slots=True)
class Ear:
    """What a bot hears, and when; the bot's thread puts in, the stage takes out."""

    heard: SimpleQueue[tuple[float, Report] | None] = field(default_factory=SimpleQueue)

    def note(self, report: Report) -> None:
        self.heard.put((monotonic(), report))

    def wait(
        self, kind: type[ReportT], is_meant: Callable[[ReportT], bool] = lambda _: True
    ) -> tuple[float, ReportT]:
        """Wait for such a report; return when it came, and it. Raises Gone, Over."""
        deadline = monotonic() + PATIENCE
        while True:
            try:
                heard = self.heard.get(timeout=max(0.0, deadline - monotonic()))
            except Empty:
                raise Gone(f"no {kind.__name__} came") from None
            if heard is None:
                raise Over
            when, report = heard
            if isinstance(report, kind) and is_meant(report):
                return when, report


class Stage:
    """Plays what it is given."""

    def __init__(
        self, cast: Cast, limits: Limits, clients_lock: AnyLock, chance: Random
    ) -> None:
        self.cast = cast
        self.limits = limits
        self.clients_lock = clients_lock
        self.chance = chance
        self.has_ended = threading.Event()
        self._ears: list[Ear] = []  # of this incident
        self._guests: list[Person] = []
        self._jobs: SimpleQueue[Callable[[], None] | None] = SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="stage", daemon=True)

    # -- From other threads ----------------------------------------------------------

    def start(self) -> None:
        self._thread.start()

    def do(self, job: Callable[[], None]) -> None:
        """Have it done, soon, in the stage's thread."""
        self._jobs.put(job)

    def stop(self) -> None:
        """End the thread, and what it waits for."""
        self.has_ended.set()
        for ear in [*self._ears]:
            ear.heard.put(None)
        for guest in [*self._guests]:
            guest.hang_up()
        self._jobs.put(None)
        self._thread.join(LEAVING)

    # -- The thread ------------------------------------------------------------------

    def _run(self) -> None:
        while job := self._jobs.get():
            job()

    def perform(self, cause: Callable[[Stage], str]) -> str:
        """Let it happen now; what was seen, in a sentence."""
        try:
            return cause(self)
        except (Gone, Over) as why:
            if self.has_ended.is_set():
                return "The demo ended before this did."
            return f"It could not be seen this time: {why}."
        except Exception:
            journal.exception("the demo's incident failed")
            return "It could not be seen this time: the demo made a mistake."
        finally:
            while self._guests:
                self._guests.pop().close()

    # -- For incidents ---------------------------------------------------------------

    def pause(self, seconds: float) -> None:
        """Let whoever looks on look."""
        if self.has_ended.wait(seconds):
            raise Over

    def guest(self, name: str) -> Person:
        """Somebody more, who has not said hello; gone when the incident is over."""
        guest = Person(self.cast.address, name)
        self._guests.append(guest)
        if self.has_ended.is_set():  # and stop() has not seen this one
            raise Over
        return guest

    @contextmanager
    def borrowed(self, *names: str) -> Iterator[list[Bot]]:
        """Some of the cast, there and awake; the prompter leaves them alone."""
        bots = [self.cast[name] for name in names]
        for bot in bots:
            bot.is_borrowed = True
            bot.do(bot.enter)
        try:
            yield bots
        finally:
            for bot in bots:
                bot.do(bot.wake)
                bot.do(bot.enter)
                bot.is_borrowed = False

    @contextmanager
    def ears(self, *bots: Bot) -> Iterator[list[Ear]]:
        """Hear what they hear, from when they are surely in the room."""
        ears = [Ear() for _ in bots]
        with ExitStack() as stack:
            for bot, ear in zip(bots, ears, strict=True):
                self._ears.append(ear)
                stack.callback(self._ears.remove, ear)
                bot.on_report = ear.note
                stack.callback(setattr, bot, "on_report", ignore)
            if self.has_ended.is_set():  # and stop() has not seen these
                raise Over
            for bot, ear in zip(bots, ears, strict=True):
                self.bring(bot, ear)
            yield ears

    def bring(self, bot: Bot, ear: Ear, room: str = LOBBY) -> None:
        """Have somebody in a room, awake, and wait until they are."""
        for deed in (bot.wake, bot.enter):
            bot.do(deed)
        if room != LOBBY:
            bot.do(bot.send, Join("", room))
        bot.do(bot.say, HERE, room)
        ear.wait(
            Said,
            lambda s: (s.sender, s.text, s.room) == (bot.name, HERE, room),
        )
