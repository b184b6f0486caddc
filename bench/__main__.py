"""Measure the server: `python -m bench [WORKLOAD ...]`.

It starts our server, the textbook's and a bare loop of sends in turn, puts the same
load on each, checks every delivery, and prints one table of medians and ratios. It
takes less than two minutes, listens on this machine only, and leaves nothing behind.
bench/README.md says how to read the table.

    python -m bench                     everything
    python -m bench fan-out talk        only these
    python -m bench --json FILE         all rounds, for programs
    python -m bench --full              longer, and with 5,000 idle clients

Exit code 0; 1 if a line was lost, doubled or out of order, or a run broke off; 2 for a
mistake in the options.
"""

from __future__ import annotations

import argparse
import json
import math
import signal
import sys
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path
from time import perf_counter
from typing import NoReturn

from bench import table
from bench.crowd import Crowd
from bench.meter import load, machine
from bench.servers import Kind, started
from bench.stream import Broken, Faults
from bench.workloads import WORKLOADS, Result, Scale, Workload
from net.descriptors import raise_limit

Results = dict[str, dict[str, list[Result]]]  # by workload, by server: the rounds
MOST_ROUNDS = 100
MOST_SECONDS = 4.0
USUAL_ROUNDS = 3
USUAL_TIME_S = 110.0  # a round that would end later is not begun, unless one asks
DEFAULT = Scale()


class Benchmark:
    """All runs: rounds of workloads, and in each the servers take turns."""

    def __init__(
        self,
        chosen: Sequence[Workload],
        scale: Scale,
        rounds: int = USUAL_ROUNDS,
        time_s: float = math.inf,
    ) -> None:
        self._chosen = chosen
        self._scale = scale
        self._rounds = rounds
        self._time_s = time_s
        self.rounds = 0  # that were finished
        self.results: Results = {
            w.name: {kind.name: [] for kind in w.kinds} for w in chosen
        }
        self.broken: list[str] = []
        self.runs = 0

    def run(self) -> None:
        """All rounds, or as many as fit into the time."""
        began = perf_counter()
        for number in range(1, self._rounds + 1):
            for workload in self._chosen:
                for kind in workload.kinds:
                    _show(f"round {number}: {workload.name}, {kind.name}")
                    self._measure(workload, kind)
            self.rounds = number
            if (perf_counter() - began) * (number + 1) / number > self._time_s:
                break
        _show("")

    @property
    def faults(self) -> Faults:
        everything = [
            result.faults
            for servers in self.results.values()
            for rounds in servers.values()
            for result in rounds
        ]
        return sum(everything, Faults())

    def _measure(self, workload: Workload, kind: Kind) -> None:
        self.runs += 1
        try:
            with started(kind) as server, Crowd(server) as crowd:
                result = workload.measure(crowd, self._scale)
        except (Broken, OSError) as failure:
            self.broken.append(f"{workload.name}, {kind.name}: {failure}")
        else:
            self.results[workload.name][kind.name].append(result)


def main(arguments: list[str], scale: Scale = DEFAULT) -> int:
    options = _read(arguments)
    raise_limit()
    before = load()
    chosen = [w for w in WORKLOADS if w.name in (options.workload or _names())]
    rounds = options.rounds or USUAL_ROUNDS
    has_time = options.rounds or options.full
    time_s = math.inf if has_time else USUAL_TIME_S
    benchmark = Benchmark(chosen, _scaled(scale, options), rounds, time_s)
    try:
        benchmark.run()
    except KeyboardInterrupt:
        benchmark.broken.append("interrupted: this is what there is until now")
    told = machine(before)
    sys.stdout.write(_report(benchmark, told))
    if options.json:
        options.json.write_text(_as_json(benchmark, told), encoding="utf-8")
    return 1 if benchmark.broken or benchmark.faults else 0


def _report(benchmark: Benchmark, told: str) -> str:
    rows = [
        row
        for workload, results in benchmark.results.items()
        for row in table.rows_of(workload, results)
    ]
    return "\n".join([
        table.heading(),
        *map(table.show, rows),
        *table.lower_bounds(rows),
        *(f"BROKEN OFF: {sentence}" for sentence in benchmark.broken),
        f"Medians of {_counted(benchmark.rounds, 'round')}.",
        table.verdict(benchmark.faults, benchmark.runs),
        told,
        "",
    ])  # fmt: skip


def _counted(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def _as_json(benchmark: Benchmark, told: str) -> str:
    results = {
        workload: {
            server: [_known(result) for result in rounds]
            for server, rounds in servers.items()
        }
        for workload, servers in benchmark.results.items()
    }
    found = {"machine": told, "broken": benchmark.broken, "results": results}
    return json.dumps(found, indent=1)


def _known(result: Result) -> dict[str, object]:
    """What was not measured is null: JSON has no nan."""
    figures = {
        name: None if math.isnan(value) else value
        for name, value in result.figures.items()
    }
    return asdict(result) | {"figures": figures}


# -- Options and progress ----------------------------------------------------------


def _names() -> list[str]:
    return [workload.name for workload in WORKLOADS]


def _read(arguments: list[str]) -> argparse.Namespace:
    asked = "\n".join(f"  {w.name:10}{w.question}" for w in WORKLOADS)
    parser = argparse.ArgumentParser(
        prog="python -m bench",
        description="Measure the server beside a textbook's, and beside the limit.",
        epilog=f"workloads:\n{asked}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add("workload", nargs="*", type=_workload, help="only these")
    add("--full", action="store_true", help="longer, and with 5,000 idle clients")
    add("--json", type=_file, metavar="FILE", help="write all rounds there too")
    add("--seconds", type=_seconds, help="of each measurement")
    add("--rounds", type=_rounds,
        help=f"of which the table is the median; {USUAL_ROUNDS}, or what fits into "
        "two minutes")  # fmt: skip
    return parser.parse_args(arguments)


def _workload(text: str) -> str:
    if text not in _names():
        every = ", ".join(_names())
        raise argparse.ArgumentTypeError(f"{text!r} is none of {every}")
    return text


def _file(text: str) -> Path:
    """Found out now, and not after two minutes: can it be written?"""
    try:
        Path(text).touch()
    except OSError as failure:
        why = f"{text} cannot be written: {failure.strerror}"
        raise argparse.ArgumentTypeError(why) from None
    return Path(text)


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if 0 < seconds <= MOST_SECONDS:
        return seconds
    raise argparse.ArgumentTypeError(f"{text!r} is not above 0 and up to 4 seconds")


def _rounds(text: str) -> int:
    if text.isascii() and text.isdigit() and 0 < int(text) <= MOST_ROUNDS:
        return int(text)
    raise argparse.ArgumentTypeError(f"{text!r} is not a number from 1 to 100")


def _scaled(scale: Scale, options: argparse.Namespace) -> Scale:
    if options.full:
        scale = replace(scale, seconds=2 * scale.seconds, idle=5_000)
    if options.seconds:
        scale = replace(scale, seconds=options.seconds)
    return scale


def _show(progress: str) -> None:
    """One line that changes, on a terminal; else a line for each run."""
    if sys.stderr.isatty():
        sys.stderr.write(f"\r{progress}\x1b[K")
    elif progress:
        sys.stderr.write(f"{progress}\n")
    sys.stderr.flush()


def _end(*_: object) -> NoReturn:
    """As Ctrl+C does: the servers end with us."""
    sys.exit(128 + signal.SIGTERM)


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, _end)
    try:
        sys.exit(main(sys.argv[1:]))
    except OSError as failure:
        sys.exit(f"bench: the table could not be written: {failure.strerror}")
