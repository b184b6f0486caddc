"""How fast the screen is: `python bench/screen.py [--json FILE]`, a minute.

    bob --lines--> server.py --> client.py --bytes--> pseudo-terminal --> stopwatch
                                     ^----keys---------------'

The real server and the real client, on this machine, sharing its processors with
this program: the numbers are worse than a person's would be, never better. Targets
stand beside them, and what the least of all clients takes (bench/bare.py): where that
misses a target, the machine does. A number that cannot be had here says why.

Linux and macOS; processor time, memory and wake-ups on Linux only.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path
from random import Random
from time import perf_counter

if sys.platform == "win32":
    sys.exit("bench/screen.py needs a pseudo-terminal: Linux or macOS")

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))  # started as a file, Python looks only beside it

from bench.pseudo_terminal import (  # noqa: E402  (the line above comes first)
    NotMeasured,
    PseudoTerminal,
    cpu_s,
    memory_mb,
    wake_ups,
)
from bench.stage import BARE, OURS, Stage, set_up  # noqa: E402

SILENCE_S = 0.025  # then the screen is quiet: longer than a frame
MANY_LINES = 100_000
LAST = "\u9f98"  # a character that occurs nowhere else
PASTE = b"def recv_all(sock, size):  # over and over\r" * 1_400  # 60 kB
KILL_LINE, PAGE_UP = b"\x15", b"\x1b[5~"
SIZES = [(120, 40), (80, 24), (60, 16), (200, 60), (40, 12), (80, 24)]


@dataclass(frozen=True, slots=True)
class Result:
    """One row of the table."""

    name: str
    unit: str
    target: float  # at most this
    measured: float | None = None
    bare: float | None = None  # of the least of all clients
    why_not: str = ""


# -- What is measured --------------------------------------------------------------

Numbers = dict[str, float]


def start(stage: Stage) -> Numbers:
    """The middle of nine starts, with compiled modules as from the second start on."""
    times = [stage.started_in_s(f"guest{number}") for number in range(9)]
    return {"start to usable input": 1000 * _percentile(times, 50)}


def idle(stage: Stage) -> Numbers:
    """Five seconds in which nothing happens."""
    before, began = wake_ups(stage.terminal.pid), perf_counter()
    _read_for(stage.terminal, 5)
    seconds = perf_counter() - began
    return {"idle: wake-ups": (wake_ups(stage.terminal.pid) - before) / seconds}


def keys(stage: Stage) -> Numbers:
    """A letter on a quiet screen, two hundred times."""
    times, sizes = [], []
    for number in range(200):
        if number % 40 == 0:
            stage.terminal.type(KILL_LINE)
            stage.terminal.settle(SILENCE_S)
        began = perf_counter()
        stage.terminal.type(b"e")
        before = stage.terminal.bytes_read
        stage.terminal.read(1)
        times.append(perf_counter() - began)
        stage.terminal.settle(SILENCE_S)
        sizes.append(stage.terminal.bytes_read - before)
    return {
        **_percentiles("key to echo, idle", times),
        "bytes per key": _percentile(sizes, 50),
    }


def busy_keys(stage: Stage) -> Numbers:
    """A letter that occurs nowhere else, while a thousand lines a second arrive."""
    random, times = Random(1), []
    with stage.talker.talking(1_000):
        for number in range(300):
            if number % 40 == 0:
                stage.terminal.type(KILL_LINE)
            _read_for(stage.terminal, random.uniform(0.005, 0.03))
            letter = chr(0x100 + number).encode()
            began = perf_counter()
            stage.terminal.type(letter)
            times.append(stage.terminal.wait_for(letter) - began)
    stage.terminal.type(KILL_LINE)
    stage.terminal.settle(0.2)
    return _percentiles("key to echo, 1,000 lines/s", times)


def lines(stage: Stage) -> Numbers:
    """A line with a character of its own, said by somebody else.

    Half of its bytes draw the two names in the people pane again: terminals scroll
    whole rows. A room of twenty costs 1,100 bytes per line, which is no less than
    drawing all rows anew would; without the pane (F2) it is 100.
    """
    times, before = [], stage.terminal.bytes_read
    for number in range(200):
        character = chr(0x4E00 + number)
        began = perf_counter()
        stage.talker.say(f"line {character}")
        times.append(stage.terminal.wait_for(character.encode()) - began)
        stage.talker.hear(1)
        stage.terminal.settle(SILENCE_S)
    return {
        **_percentiles("line to screen", times),
        "bytes per line": (stage.terminal.bytes_read - before) / len(times),
    }


def flood(stage: Stage) -> Numbers:
    """A hundred thousand lines, as fast as the server passes them on."""
    before = cpu_s(stage.terminal.pid)
    texts = [f"line {number} of a great many" for number in range(MANY_LINES)]
    with stage.talker.saying([*texts, f"the end {LAST}"]):
        stage.terminal.wait_for(LAST.encode())
    stage.terminal.settle(0.2)
    return {
        "100,000 lines: processor": cpu_s(stage.terminal.pid) - before,
        "100,000 lines: memory": memory_mb(stage.terminal.pid),
    }


def paging(stage: Stage) -> Numbers:
    """PgUp through what the flood left, to the last byte."""
    press = partial(stage.terminal.type, PAGE_UP)
    times = [_time(stage.terminal, press) for _ in range(100)]
    return _percentiles("PgUp", times)


def resizing(stage: Stage) -> Numbers:
    """From the new size to the last byte, with 10,000 lines kept."""
    terminal = stage.terminal
    times = [_time(terminal, partial(terminal.resize, *size)) for size in SIZES * 10]
    return _percentiles("resize", times)


def pasting(stage: Stage) -> Numbers:
    """A bracketed paste of 60 kB, to the last byte of what it changes."""
    paste = partial(stage.terminal.type, b"\x1b[200~" + PASTE + b"\x1b[201~")
    return {"paste of 60 kB": _time(stage.terminal, paste, silence_s=0.5)}


MEASUREMENTS = {
    OURS: [idle, keys, lines, busy_keys, flood, paging, resizing, pasting, start],
    BARE: [keys, lines, start],
}

TARGETS = (
    Result("start to usable input", "ms", 120),
    Result("idle: wake-ups", "/s", 0),
    Result("key to echo, idle: p50", "ms", 0.5),
    Result("key to echo, idle: p99", "ms", 3),
    Result("key to echo, 1,000 lines/s: p50", "ms", 1),
    Result("key to echo, 1,000 lines/s: p99", "ms", 10),
    Result("line to screen: p50", "ms", 1),
    Result("line to screen: p99", "ms", 5),
    Result("100,000 lines: processor", "s", 1.5),
    Result("100,000 lines: memory", "MB", 60),
    Result("PgUp: p50", "ms", 3),
    Result("PgUp: p99", "ms", 3),
    Result("resize: p50", "ms", 5),
    Result("resize: p99", "ms", 5),
    Result("paste of 60 kB", "s", 0.4),
    Result("bytes per key", "bytes", 4),
    Result("bytes per line", "bytes", 150),
)


def _percentiles(name: str, seconds: Sequence[float]) -> Numbers:
    """The middle and the worst but one in a hundred, in milliseconds."""
    return {f"{name}: p{p}": 1000 * _percentile(seconds, p) for p in (50, 99)}


def _percentile(values: Sequence[float], percent: int) -> float:
    rank = math.ceil(len(values) * percent / 100)
    return sorted(values)[rank - 1]


def _time(
    terminal: PseudoTerminal, act: Callable[[], None], silence_s: float = 2 * SILENCE_S
) -> float:
    """Seconds from an act to the last byte of its answer."""
    began, before = perf_counter(), terminal.bytes_read
    act()
    seconds = terminal.settle(silence_s) - began
    if terminal.bytes_read == before:
        raise NotMeasured("the screen did not answer")
    return seconds


def _read_for(terminal: PseudoTerminal, seconds: float) -> None:
    """Take what comes for so long, silent or not."""
    end = perf_counter() + seconds
    while (left := end - perf_counter()) > 0:
        terminal.read(left)


# -- The table ---------------------------------------------------------------------


def measure() -> Iterator[Result]:
    """Every row of the table, with its numbers or the reason for none."""
    why: list[str] = []
    ours, bare = _measure(OURS, why), _measure(BARE, why)
    for row in TARGETS:
        found, floor = ours.get(row.name), bare.get(row.name)
        yield replace(row, measured=found, bare=floor, why_not="; ".join(why))


def _measure(program: str, why: list[str]) -> Numbers:
    """All that can be measured of it; `why` gets the reasons for what cannot."""
    found: Numbers = {}
    with set_up(program) as stage:
        for measurement in MEASUREMENTS[program]:
            name = measurement.__name__
            _report(f"{program}: {name} ...")
            try:
                found |= measurement(stage)
            except NotMeasured as reason:
                why.append(f"{name}: {reason}")
    return found


def show(row: Result) -> str:
    """`PgUp: p50      <= 3 ms     0.7`, the floor, and a mark for a missed target."""
    start = f"{row.name:32} <= {row.target:>6g} {row.unit:6}"
    if row.measured is None:
        return f"{start} not measured ({row.why_not})"
    floor = "" if row.bare is None else f"{row.bare:10.2f} bare"
    missed = "  MISSED" if row.measured > row.target else ""
    return f"{start} {row.measured:10.2f}{floor:15}{missed}".rstrip()


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description="Measure the client's screen.")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write it there too")
    options = parser.parse_args(arguments)
    rows = list(measure())
    sys.stdout.write("".join(f"{show(row)}\n" for row in rows))
    if options.json:
        options.json.write_text(json.dumps([asdict(row) for row in rows], indent=1))
    return 0


def _report(progress: str) -> None:
    sys.stderr.write(f"{progress}\n")
    sys.stderr.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
