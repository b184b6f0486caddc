"""What was measured, as a table: medians, and the two ratios that one reads first.

    workload and figure              ours    memory   naive    limit   ours/naive ...

Absolute figures are of one machine. Ratios of servers that took turns on it in the same
minute are what one may compare, and quote.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from bench.stream import Faults
from bench.workloads import Result

FULL = 0.9  # of a core: above that it is the generator that one measures
SERVERS = ("ours", "memory", "naive", "limit")
RATIOS = (("ours", "naive"), ("ours", "limit"))
COLUMNS = (*SERVERS, *("/".join(ratio) for ratio in RATIOS))
LABEL, CELL = 44, 9  # characters


@dataclass(frozen=True, slots=True)
class Row:
    """One figure of one workload, of all servers that were asked for it."""

    workload: str
    figure: str
    medians: Mapping[str, float]  # by the server's name
    busy: Mapping[str, float]  # the generator's share of a core

    def ratio(self, over: str, under: str) -> float:
        if self.figure.endswith(": x"):
            return math.nan  # it is a ratio already
        above = self.medians.get(over, math.nan)
        below = self.medians.get(under, math.nan)
        return above / below if below else math.nan


def rows_of(workload: str, results: Mapping[str, Sequence[Result]]) -> list[Row]:
    """A row per figure; `results` has the rounds of each server."""
    names = dict.fromkeys(
        name for rounds in results.values() for one in rounds for name in one.figures
    )
    busy = {
        server: median(one.busy for one in rounds)
        for server, rounds in results.items()
        if rounds
    }
    return [Row(workload, name, _medians(name, results), busy) for name in names]


def _medians(figure: str, results: Mapping[str, Sequence[Result]]) -> dict[str, float]:
    found = {
        server: [one.figures[figure] for one in rounds if figure in one.figures]
        for server, rounds in results.items()
    }
    return {server: median(values) for server, values in found.items() if values}


def heading() -> str:
    return "workload and figure".ljust(LABEL) + _in_columns(COLUMNS)


def show(row: Row) -> str:
    """`fan-out: deliveries/s    1.70M  ...   16x    0.41x`."""
    cells = [_number(row, server) for server in SERVERS]
    cells += [_times(row.ratio(*ratio)) for ratio in RATIOS]
    return f"{row.workload}: {row.figure}".ljust(LABEL) + _in_columns(cells)


def lower_bounds(rows: Iterable[Row]) -> list[str]:
    """A sentence for each run in which the generator was the slower one."""
    told = {
        f"* {row.workload}, {server}: the generator was busy {share:.0%} of the time: "
        "a lower bound"
        for row in rows
        for server, share in row.busy.items()
        if share >= FULL
    }
    return sorted(told)


def verdict(faults: Faults, runs: int) -> str:
    """What the checks of every delivery have found."""
    if not faults:
        return f"{runs} runs, every delivery checked: no loss, no double, no disorder."
    return f"WRONG in {runs} runs: {faults}."


def _number(row: Row, server: str) -> str:
    value = row.medians.get(server, math.nan)
    if math.isnan(value):
        return "-"
    mark = "*" if row.busy.get(server, 0.0) >= FULL else ""
    if value >= 1e6:
        return f"{value / 1e6:.2f}M{mark}"
    digits = 0 if value >= 100 or not value else 1 if value >= 10 else 2
    return f"{value:,.{digits}f}{mark}"


def _times(ratio: float) -> str:
    if math.isnan(ratio):
        return "-"
    return f"{ratio:,.0f}x" if ratio >= 10 else f"{ratio:.2g}x"


def _in_columns(cells: Iterable[str]) -> str:
    return "".join(
        cell.rjust(max(CELL, len(column) + 2))
        for cell, column in zip(cells, COLUMNS, strict=True)
    )
