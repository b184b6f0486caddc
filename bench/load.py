"""Two ways to talk: as much as a window allows, or one line at a time.

    pipeline   each sender keeps `window` lines on their way
    closed     one line, then the next one when the last client has it

A line is complete when everybody has it. That opens its sender's window: the same rule
for all servers, whether they are quick for the first or for the last.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from time import perf_counter, process_time

from bench.crowd import PATIENCE_S, Client, Crowd, heard_by_all
from bench.meter import cpu_s
from bench.stream import Broken, Faults

UNSENT_S = 0.05  # between two tries to send what did not fit
WINDOW = 64  # lines


@dataclass(slots=True)
class Run:
    """What a piece of load has cost, and whether all of it arrived."""

    seconds: float = 0.0
    server_s: float = 0.0  # of processor
    generator_s: float = 0.0
    lines: int = 0
    deliveries: int = 0
    faults: Faults = field(default_factory=Faults)
    delays: list[float] = field(
        default_factory=list
    )  # s, of each delivery, if one asks
    last_delays: list[float] = field(default_factory=list)  # s, of each line's last
    has_stopped: bool = False  # nothing came for too long

    @property
    def busy(self) -> float:
        """Which part of the time the generator itself was at work."""
        return self.generator_s / self.seconds if self.seconds else 0.0

    @property
    def rate(self) -> float:
        """Deliveries a second, or 0 if they came to an end."""
        if self.has_stopped or not self.seconds:
            return 0.0
        return self.deliveries / self.seconds

    @property
    def cost(self) -> float:
        """Processor seconds of the server per million deliveries."""
        return 1e6 * self.server_s / self.deliveries if self.deliveries else 0.0


@contextmanager
def timed(crowd: Crowd, run: Run | None = None) -> Iterator[Run]:
    """Fill in what the with-block took."""
    run, pid = run or Run(), crowd.server.pid
    server, generator, began = cpu_s(pid), process_time(), perf_counter()
    yield run
    run.seconds = perf_counter() - began
    run.generator_s = process_time() - generator
    run.server_s = cpu_s(pid) - server


class Pipeline:
    """Some of an audience say as much as their windows allow."""

    def __init__(
        self, crowd: Crowd, audience: Sequence[Client], senders: int, window: int
    ) -> None:
        self._crowd = crowd
        self._audience = audience
        self._window = window
        self._senders = {c.name.encode(): c for c in audience[:senders]}
        self._stream = crowd.gather(audience)

    def run(
        self,
        seconds: float,
        patience_s: float = PATIENCE_S,
        least_lines: int = 0,
        beside: Callable[[], None] = lambda: None,
    ) -> Run:
        """Talk for so long, then until all have all; a server may stop before.

        `beside` is called after each turn: for whoever else uses this crowd.
        """
        with timed(self._crowd) as run:
            end = perf_counter() + seconds
            for client in self._senders.values():
                client.say(self._window)
            while not run.has_stopped and (
                perf_counter() < end or run.lines < least_lines
            ):
                for name, count in self._turn(run, patience_s).items():
                    if sender := self._senders.get(name):
                        sender.say(count)
                beside()
            while not run.has_stopped and run.lines < self._said():
                self._turn(run, patience_s)
        run.faults = self._crowd.judge(self._audience, patience_s)
        return run

    def _said(self) -> int:
        return sum(client.said for client in self._audience)

    def _turn(self, run: Run, patience_s: float) -> Counter[bytes]:
        """Read; return how many lines of whom are complete now."""
        waited = 0.0
        while not self._crowd.turn(UNSENT_S):
            waited += UNSENT_S
            self._crowd.push()
            if waited >= patience_s:
                run.has_stopped = True
                break
        done = self._stream.complete(heard_by_all(self._audience))
        run.lines += len(done)
        run.deliveries += len(done) * len(self._audience)
        return Counter(line.sender for line in done)


class Conversation:
    """One line at a time, by the first of an audience."""

    def __init__(self, crowd: Crowd, audience: Sequence[Client]) -> None:
        self._crowd = crowd
        self._audience = audience
        self._stream = crowd.gather(audience)
        self._began = perf_counter()
        self._is_heard = True
        self.run = Run()

    def look(self) -> None:
        """Say the next line, if everybody has the last one. After each turn."""
        if self._note():
            self._is_heard = False
            self._began = perf_counter()
            self._audience[0].say()

    def finish(self) -> None:
        """Wait for the line that is on its way. Raises Broken."""
        while not self._note():
            if not self._crowd.turn(PATIENCE_S):
                raise Broken(f"a line was not heard by all within {PATIENCE_S:g} s")
        self.run.faults = self._crowd.judge(self._audience, PATIENCE_S)

    def hold(self, seconds: float, beside: Callable[[], None] = lambda: None) -> None:
        """Talk for so long, then until all have all. Raises Broken."""
        self._crowd.heard_at = []
        with timed(self._crowd, self.run):
            end = perf_counter() + seconds
            while perf_counter() < end:
                self.look()
                if not self._crowd.turn(PATIENCE_S):
                    raise Broken(f"nothing was heard within {PATIENCE_S:g} s")
                beside()
            self.finish()
        self._crowd.heard_at = None

    def _note(self) -> bool:
        """Whether everybody has the last line."""
        run, heard_at = self.run, self._crowd.heard_at or []
        if not self._is_heard and self._stream.complete(heard_by_all(self._audience)):
            run.last_delays.append(perf_counter() - self._began)
            run.delays += [at - self._began for at in heard_at]
            run.lines += 1
            run.deliveries += len(self._audience)
            self._is_heard = True
        if self._is_heard:
            heard_at.clear()
        return self._is_heard


def converse(crowd: Crowd, audience: Sequence[Client], seconds: float) -> Run:
    """Nothing but one line at a time. Raises Broken if one is not heard."""
    conversation = Conversation(crowd, audience)
    conversation.hold(seconds)
    return conversation.run
