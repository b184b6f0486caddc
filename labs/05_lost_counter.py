"""Lab 5, the lost counter: two threads add 1: can 1 come out?

The server counts lines: `count = count + 1`, in every reader, without a lock. First
four threads do that 100,000 times each, as fast as they can. Then the stepper stops
two threads between reading and writing, and tries every order there is.

Nothing here depends on the system; how much is lost by luck depends on Python.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from threading import Thread

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))  # run as a file

from labs.choosers import Plan, all_orders
from labs.lesson import Lab, Outcome, Stage, teach
from labs.stepper import Chooser, Stepper

THREADS, ROUNDS = 4, 100_000


class Counter:
    """How many lines were said."""

    def __init__(self) -> None:
        self.count = 0

    def add(self, point: Callable[[str], None]) -> None:
        seen = self.count
        point(f"has read {seen}")
        self.count = seen + 1


def count_by_luck() -> int:
    """How many are missing after many rounds of the same two lines."""
    counter = Counter()

    def work() -> None:
        for _ in range(ROUNDS):
            seen = counter.count
            counter.count = seen + 1

    threads = [Thread(target=work) for _ in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return THREADS * ROUNDS - counter.count


def count_by_order(choose: Chooser, show: Callable[[str], None]) -> int:
    """Both add 1, in this order; what comes out."""
    counter = Counter()
    with Stepper(choose, show) as steps:
        for name in ("ana", "bob"):
            steps.start(name, counter.add, steps.point)
        steps.run()
    return counter.count


def experiment(stage: Stage) -> Outcome:
    missing = count_by_luck()
    stage.show(f"  by luck: {missing:,} of {THREADS * ROUNDS:,} are missing\n")
    came_out = count_by_order(stage.chooser(), stage.show)
    stage.show(f"  1 + 1 = {came_out}\n")
    orders = list(all_orders(("ana", "ana", "bob", "bob")))
    wrong = [o for o in orders if count_by_order(Plan(o), lambda _: None) == 1]
    stage.show(f"  of {len(orders)} possible orders {len(wrong)} lose one")
    return Outcome(
        came_out == 1 and len(wrong) == 4,
        f"Lost by luck: {missing:,} of {THREADS * ROUNDS:,}. 1 + 1 was {came_out} in "
        f"the order shown; {len(wrong)} of {len(orders)} orders lose a count.",
    )


LAB = Lab(
    __file__,
    code=(Counter.add,),
    answers=(
        "no, and 400,000 rounds show it",
        "yes, in most orders, whatever 400,000 rounds show",
        "yes, but only in one unlucky order of many",
    ),
    right="b",
    experiment=experiment,
    why=(
        "Adding is reading, then writing; whoever reads in between writes an old "
        "number over a new one.",
        "Python (3.10 and newer) changes threads only at some places, so a short loop "
        "may lose nothing for hours, and lose on the next version.",
        "That it worked proves nothing; an order in which it fails proves that it is "
        "wrong.",
    ),
    look="Run it five times: is the number lost by luck ever the same?",
    change="Put the three lines of add under `with steps.lock('count_lock'):`. How "
    "many orders lose now?",
    build="Three threads: how many orders are there, and which results can come out? "
    "Predict it on paper; all_orders counts them for you.",
    plan=("ana", "bob") * 2,
)

if __name__ == "__main__":
    sys.exit(teach(LAB))
