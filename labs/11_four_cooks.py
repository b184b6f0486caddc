"""Lab 11, four cooks and one knife: do four threads compute faster, or wait faster?

Four cooks have to cut vegetables, which is work, and then to wait for the oven. First
one cook after the other does it, then all four at once, each in a thread. We count
how many cooks cut at the same time: seconds of work by seconds on the clock.

Nothing here depends on the system, but on Python: without the GIL (3.13t and later)
there are as many knives as cores, and the lab says so.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from threading import Event, Thread
from time import perf_counter, process_time

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))  # run as a file

from labs.lesson import Lab, NotHere, Outcome, Stage, teach

COOKS = 4
CUTS = 1_500_000
OVEN = 0.25  # seconds


def cut() -> None:
    vegetables = CUTS
    while vegetables:
        vegetables -= 1


def wait_for_oven() -> None:
    Event().wait(OVEN)


def one_after_the_other(cook: Callable[[], None]) -> None:
    for _ in range(COOKS):
        cook()


def all_at_once(cook: Callable[[], None]) -> None:
    threads = [Thread(target=cook) for _ in range(COOKS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def measure(
    order: Callable[[Callable[[], None]], None], cook: Callable[[], None]
) -> tuple[float, float]:
    """Seconds on the clock, and seconds of work of all threads together."""
    clock, work = perf_counter(), process_time()
    order(cook)
    return perf_counter() - clock, process_time() - work


def experiment(stage: Stage) -> Outcome:
    if not getattr(sys, "_is_gil_enabled", lambda: True)():
        raise NotHere("This Python has no GIL: here four cooks have four knives.")
    cut_one, _ = measure(one_after_the_other, cut)
    cut_all, work = measure(all_at_once, cut)
    wait_one, _ = measure(one_after_the_other, wait_for_oven)
    wait_all, _ = measure(all_at_once, wait_for_oven)
    knives = work / cut_all
    stage.show("                one after the other   four threads")
    stage.show(f"  cutting       {cut_one:10.2f} s {cut_all:20.2f} s")
    stage.show(f"  waiting       {wait_one:10.2f} s {wait_all:20.2f} s")
    stage.show(f"  cooks cutting at the same time: {knives:.2f} of {COOKS}")
    return Outcome(
        knives < 1.3 and wait_all < 0.75 * wait_one,
        f"Cutting: {knives:.2f} of {COOKS} cooks at work at the same time. "
        f"Waiting: {wait_all:.2f} s instead of {wait_one:.2f} s.",
    )


LAB = Lab(
    __file__,
    code=(cut, wait_for_oven, all_at_once),
    answers=(
        "both: four threads do four times as much",
        "they wait faster, they do not compute faster",
        "they compute faster, they do not wait faster",
        "neither: Python has only one thread at a time",
    ),
    right="b",
    experiment=experiment,
    why=(
        "Python's interpreter has one lock, the GIL, and who computes holds it: there "
        "is one knife.",
        "Who waits, in recv or for a clock, puts the knife down first.",
        "A chat server does hardly anything but wait, so a thread for each client "
        "suits it well.",
    ),
    look="Start it together with the system's monitor: how many cores are busy?",
    change="Cut with hashlib.sha256(bytes(100_000_000)): why is that different?",
    build="Make it faster with multiprocessing. What can the cooks no longer share?",
)

if __name__ == "__main__":
    sys.exit(teach(LAB))
