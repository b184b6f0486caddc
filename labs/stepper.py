"""The stepper: threads stop at named points, and somebody chooses who goes on.

    def join(name):                         reader 1                reader 2
        if name not in clients:          1 >start                   start
            stage.point("it is free")    2  27 it is free          >start
            clients[name] = ...          3  27 it is free          >27 it is free
                                         4 >27 it is free           ended

Wrong programs with threads work most of the time, so trying proves nothing. Here one
thread runs at a time, from point to point, and the order of the steps is decided: by
a list, by a seed, or by a class that calls out names (labs/choosers.py). The same
order always ends the same way, 100 times of 100.

Rules. A thread gives up its turn only in point(), at a lock of stage.lock(), and at
its end. Whoever waits for a lock that is held cannot be chosen; if nobody can be, that
is a deadlock, and run() says who waits for what. A thread that waits for anything
else holds up everybody: Stuck. At the end of the with-block every thread ends.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple

PATIENCE = 10.0  # seconds for one step; only a mistake waits that long
WIDTH = 76  # columns of a picture


class Abandoned(BaseException):
    """The stage is closed; no `except Exception` of a lab may hold this up."""


class Stuck(Exception):
    """A thread waits for something that the stepper does not know."""


class Wait(NamedTuple):
    """Who waits for which lock, in which line, and who holds it."""

    name: str
    line: int
    lock: str
    holder: str

    def __str__(self) -> str:
        return (
            f"{self.name} stands in line {self.line} and waits for {self.lock}, "
            f"which {self.holder} holds"
        )


class Actor:
    """One thread on the stage. Others may read it while it stands still."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.where = "start"
        self.line = 0  # in its own file
        self.wants: SteppedLock | None = None
        self.has_ended = False
        self.result: Any = None  # what its function returned,
        self.error: Exception | None = None  # or raised

    @property
    def is_ready(self) -> bool:
        """Whether it can go on if it is chosen."""
        return not self.has_ended and not (self.wants and self.wants.holder)

    def __str__(self) -> str:
        if self.error:
            return f"died: {type(self.error).__name__}"
        if self.has_ended:
            return "ended"
        where = f"{self.line} {self.where}" if self.line else self.where
        return where if self.is_ready else f"{self.line} WAITS for {self.wants}"


Chooser = Callable[[Sequence[Actor]], Actor]  # gets all; must take one that is ready


class SteppedLock:
    """A lock for threads on the stage: `with lock:`, as always."""

    def __init__(self, stage: Stepper, name: str) -> None:
        self._stage = stage
        self.name = name
        self.holder = ""  # changed only by whoever has the turn

    def __str__(self) -> str:
        return self.name

    def __enter__(self) -> None:
        line = sys._getframe(1).f_lineno
        self._stage.park(f"with {self.name}", line, wants=self)
        self.holder = threading.current_thread().name

    def __exit__(self, *_: object) -> None:
        self.holder = ""


class Stepper:
    """A stage: start() everybody, then run() to the end."""

    def __init__(self, choose: Chooser, show: Callable[[str], None]) -> None:
        self._choose = choose
        self._show = show
        self._actors: dict[threading.Thread, Actor] = {}

        self._lock = threading.Lock()
        self._changed = threading.Condition(self._lock)
        # _lock must be held when using these:
        self._turn: Actor | None = None  # the only one that runs
        self._is_closed = False

    def __enter__(self) -> Stepper:
        return self

    def __exit__(self, *_: object) -> None:
        with self._changed:
            self._is_closed = True
            self._changed.notify_all()
        for thread in self._actors:
            thread.join(PATIENCE)

    def start(self, name: str, play: Callable[..., Any], *arguments: Any) -> Actor:
        """A new thread; it stands at its start."""
        actor = Actor(name)
        thread = threading.Thread(
            target=self._perform, args=(actor, play, arguments), name=name, daemon=True
        )
        self._actors[thread] = actor
        self._turn = actor
        thread.start()
        self._wait_for_turn_to_end()
        return actor

    def lock(self, name: str) -> SteppedLock:
        return SteppedLock(self, name)

    def run(self) -> list[Wait]:
        """Step by step until nobody can go on; who waits for a lock, if any do.

        Raises Stuck.
        """
        actors = list(self._actors.values())
        self._show(row("", [(actor.name, False) for actor in actors]))
        step = 0
        while any(actor.is_ready for actor in actors):
            step += 1
            chosen = self._choose(actors)
            self._show(row(str(step), [(str(a), a is chosen) for a in actors]))
            self._give_turn(chosen)
        self._show(row("", [(str(actor), False) for actor in actors]))
        return list(waits(actors))

    # -- In the threads ------------------------------------------------------------

    def point(self, where: str) -> None:
        """Stand here until chosen. Threads that are not on the stage pass by."""
        self.park(where, sys._getframe(1).f_lineno)

    def park(self, where: str, line: int, wants: SteppedLock | None = None) -> None:
        actor = self._actors.get(threading.current_thread())
        if not actor:
            return
        with self._changed:
            actor.where, actor.line, actor.wants = where, line, wants
            self._turn = None
            self._changed.notify_all()
            self._changed.wait_for(lambda: self._turn is actor or self._is_closed)
            if self._is_closed:
                raise Abandoned
        actor.wants = None

    def _perform(
        self, actor: Actor, play: Callable[..., Any], arguments: Iterable[Any]
    ) -> None:
        try:
            self.park("start", 0)
            actor.result = play(*arguments)
        except Exception as error:  # noqa: BLE001  (shown, and kept for who asks)
            actor.error = error
        except Abandoned:
            pass  # nobody looks any more
        finally:
            with self._changed:
                actor.has_ended = True
                self._turn = None
                self._changed.notify_all()

    # -- In the thread of who looks on ---------------------------------------------

    def _give_turn(self, actor: Actor) -> None:
        with self._changed:
            self._turn = actor
            self._changed.notify_all()
        self._wait_for_turn_to_end()

    def _wait_for_turn_to_end(self) -> None:
        with self._changed:
            if not self._changed.wait_for(lambda: self._turn is None, PATIENCE):
                name = self._turn.name if self._turn else "nobody"
                raise Stuck(
                    f"{name} neither stops nor ends: it waits for something else "
                    "than the stepper's points and locks"
                )


def waits(actors: Iterable[Actor]) -> Iterable[Wait]:
    for actor in actors:
        if actor.wants and not actor.has_ended:
            lock = actor.wants
            yield Wait(actor.name, actor.line, lock.name, lock.holder)


def row(step: str, cells: Sequence[tuple[str, bool]]) -> str:
    """Where each thread stands; > marks who goes on."""
    width = WIDTH // len(cells) - 2
    drawn = [f"{'>' if m else ' '}{text[:width]:<{width}}" for text, m in cells]
    return f"{step:>3} {' '.join(drawn)}".rstrip()
