"""What is asked of the servers, as a table: each workload one question.

A workload gets a server that has just been started and an empty crowd, and returns a
Result: a few figures, named, with their units at the end of the names. Where one shows
how something grows, it is compared with itself, `x`: 500 receivers against 10.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from statistics import median

from bench.crowd import PATIENCE_S, Client, Crowd
from bench.load import WINDOW, Conversation, Pipeline, Run, converse
from bench.meter import memory_kb
from bench.servers import KINDS, LIMIT, MEMORY, NAIVE, OURS, Kind
from bench.stream import Faults
from bench.visitor import Visitor
from messages import LOBBY, Join, Leave

LONG_TEXT = 3_900  # characters: whoever does not read is full soon
GIVEN_UP_S = 1.0  # without one delivery: the server has stopped
NEIGHBOURS = "#b"  # the room beside the lobby


@dataclass(frozen=True, slots=True)
class Scale:
    """How large and how long; tests have a small one."""

    seconds: float = 0.5
    crowd: int = 100
    few: int = 10
    many: int = 500
    idle: int = 1_000
    block: int = 50  # logins that are timed together
    missed: int = 1_000  # lines; a replay has no more
    filling: int = 1_500  # long lines, to fill all buffers before one who sleeps


@dataclass(slots=True)
class Result:
    """What one run has shown."""

    figures: dict[str, float]
    faults: Faults = field(default_factory=Faults)
    busy: float = 0.0  # the generator's share of a core, at its worst


Measure = Callable[[Crowd, Scale], Result]


def _result(figures: dict[str, float], *runs: Run) -> Result:
    faults = sum((run.faults for run in runs), Faults())
    return Result(figures, faults, max(run.busy for run in runs))


def _percentile(values: Iterable[float], percent: int) -> float:
    ordered = sorted(values)
    return ordered[math.ceil(len(ordered) * percent / 100) - 1]


# -- How much, and how fast --------------------------------------------------------


def fan_out(crowd: Crowd, scale: Scale) -> Result:
    """Four talk as fast as they are heard, a hundred listen."""
    crowd.enter(scale.crowd)
    run = Pipeline(crowd, crowd.clients, senders=4, window=WINDOW).run(scale.seconds)
    return _result({"deliveries/s": run.rate, "server CPU s/M": run.cost}, run)


def many(crowd: Crowd, scale: Scale) -> Result:
    """Half of a hundred talk, two lines at a time."""
    crowd.enter(scale.crowd)
    senders = scale.crowd // 2
    run = Pipeline(crowd, crowd.clients, senders, window=2).run(scale.seconds)
    return _result({"deliveries/s": run.rate, "server CPU s/M": run.cost}, run)


def talk(crowd: Crowd, scale: Scale) -> Result:
    """One line at a time, to ten and to a hundred."""
    figures, runs = {}, []
    for people in (scale.few, scale.crowd):
        crowd.enter(people - len(crowd.clients))
        run = converse(crowd, crowd.clients, scale.seconds)
        figures[f"{people} people: p50 us"] = 1e6 * median(run.delays)
        figures[f"{people} people: last p99 us"] = 1e6 * _percentile(
            run.last_delays, 99
        )
        runs.append(run)
    return _result(figures, *runs)


# -- What grows --------------------------------------------------------------------


def growth(crowd: Crowd, scale: Scale) -> Result:
    """Ten, a hundred, five hundred listen: what does one delivery cost?"""
    figures, runs = {}, []
    for people in (scale.few, scale.crowd, scale.many):
        crowd.enter(people - len(crowd.clients))
        run = Pipeline(crowd, crowd.clients, senders=4, window=WINDOW).run(
            scale.seconds
        )
        figures[f"{people} people: server CPU s/M"] = run.cost
        runs.append(run)
    first, last = runs[0].cost, runs[-1].cost
    figures[f"{scale.many} people against {scale.few}: x"] = (
        last / first if first else math.nan
    )
    return _result(figures, *runs)


def idle(crowd: Crowd, scale: Scale) -> Result:
    """A thousand come in and are silent; then one says something."""
    memory = memory_kb(crowd.server.pid)
    first = crowd.enter(scale.block)
    crowd.enter(scale.idle - 2 * scale.block)
    last = crowd.enter(scale.block)
    each_kb = (memory_kb(crowd.server.pid) - memory) / scale.idle
    run = converse(crowd, crowd.clients, scale.seconds)
    figures = {
        "KB per client": each_kb,
        f"login, first {scale.block}: ms each": 1e3 * first / scale.block,
        f"login, last {scale.block}: ms each": 1e3 * last / scale.block,
        "a line to the last: ms": 1e3 * median(run.last_delays),
    }
    return _result(figures, run)


# -- Who disturbs whom -------------------------------------------------------------


def resume(crowd: Crowd, scale: Scale) -> Result:
    """One comes back to a thousand missed lines: how long must two others wait?"""
    crowd.enter(2)
    visitor = Visitor(crowd, scale.missed)
    lines = Pipeline(crowd, crowd.clients, senders=1, window=WINDOW)
    filled = lines.run(0.0, least_lines=scale.missed)
    quiet = converse(crowd, crowd.clients, scale.seconds)
    disturbed = Conversation(crowd, crowd.clients)
    disturbed.hold(scale.seconds, beside=visitor.look)
    visitor.stay()
    worst = 1e3 * max(disturbed.run.last_delays)
    calm = 1e3 * max(quiet.last_delays)
    figures = {
        "worst delay of others, before: ms": calm,
        "worst delay of others, meanwhile: ms": worst,
        f"replay of {scale.missed:,} lines: ms": 1e3 * median(visitor.delays),
    }
    result = _result(figures, filled, quiet, disturbed.run)
    result.faults += visitor.faults()
    return result


def rooms(crowd: Crowd, scale: Scale) -> Result:
    """A hundred shout in one room: what do two in another room notice?"""
    crowd.enter(scale.crowd + 2)
    pair, shouting = crowd.clients[:2], crowd.clients[2:]
    _move(crowd, pair)
    quiet = converse(crowd, pair, scale.seconds)
    conversation = Conversation(crowd, pair)
    shouts = Pipeline(crowd, shouting, senders=4, window=WINDOW)
    loud = shouts.run(scale.seconds, beside=conversation.look)
    conversation.finish()
    figures = {
        f"p50 in {NEIGHBOURS}, {LOBBY} silent: us": 1e6 * median(quiet.last_delays),
        f"p50 in {NEIGHBOURS}, {LOBBY} loud: us": 1e6
        * median(conversation.run.last_delays),
        f"deliveries/s in {LOBBY}": loud.rate,
    }
    return _result(figures, quiet, conversation.run, loud)


def _move(crowd: Crowd, pair: Sequence[Client]) -> None:
    """Let two go into the other room, until both know of both."""
    first, second = pair
    _enter_neighbours(crowd, first)
    first.expect(f"joined\0{NEIGHBOURS}\0{second.name}".encode())
    _enter_neighbours(crowd, second)
    crowd.wait_for(pair)


def _enter_neighbours(crowd: Crowd, client: Client) -> None:
    client.expect(b"ok\0left")
    client.ask(Join("in", NEIGHBOURS), Leave("left", LOBBY))
    client.talk_in(NEIGHBOURS)
    crowd.wait_for([client])


def stalled(crowd: Crowd, scale: Scale) -> Result:
    """One of a hundred never reads: how much do the others still hear?"""
    crowd.enter(scale.crowd - 1)
    crowd.silence("sleeper")
    for client in crowd.clients:
        client.talk_in(LOBBY, LONG_TEXT)
    talking = Pipeline(crowd, crowd.clients, senders=4, window=WINDOW)
    may_stop = crowd.server.kind.may_stop
    patience_s = GIVEN_UP_S if may_stop else PATIENCE_S
    run = talking.run(scale.seconds, patience_s, least_lines=scale.filling)
    if run.has_stopped and may_stop:
        run.faults = Faults()  # nothing is lost: it stands still for ever
    return _result({"deliveries/s, long lines": run.rate}, run)


# -- The table ---------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Workload:
    """A name for the command line, what to do, and to whom."""

    name: str
    measure: Measure
    kinds: tuple[Kind, ...] = KINDS

    @property
    def question(self) -> str:
        return (self.measure.__doc__ or "").strip()


WORKLOADS = (
    Workload("fan-out", fan_out),
    Workload("crowd", many),
    Workload("talk", talk),
    Workload("growth", growth, (OURS, NAIVE, LIMIT)),
    Workload("idle", idle, (OURS, NAIVE)),
    Workload("resume", resume, (OURS, MEMORY)),
    Workload("rooms", rooms, (OURS, MEMORY)),
    Workload("stalled", stalled, (OURS, NAIVE)),
)
