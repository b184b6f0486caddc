"""Lab 8, the deadly embrace: two threads, two locks: who gets both?

Each room has a lock. Ana moves from #lobby to #maths, and at the same moment bob
moves from #maths to #lobby. Who moves takes the lock of the room to leave, then the
lock of the room to enter. With --step the class decides who goes next.

Nothing here depends on the system.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))  # run as a file

from labs.choosers import Plan, all_orders
from labs.lesson import Lab, Outcome, Stage, teach
from labs.stepper import Chooser, Stepper, Wait


class Rooms:
    """Who is in which room, and a lock for each."""

    def __init__(self, steps: Stepper) -> None:
        self.members = {"#lobby": {"ana"}, "#maths": {"bob"}}
        self.locks = {room: steps.lock(f"{room} lock") for room in self.members}

    def move(self, name: str, leave: str, enter: str) -> None:
        with self.locks[leave]:
            self.members[leave].remove(name)
            with self.locks[enter]:
                self.members[enter].add(name)

    def move_in_order(self, name: str, leave: str, enter: str) -> None:
        first, second = sorted([leave, enter])
        with self.locks[first], self.locks[second]:
            self.members[leave].remove(name)
            self.members[enter].add(name)


Move = Callable[[Rooms, str, str, str], None]


def swap(choose: Chooser, show: Callable[[str], None], move: Move) -> list[Wait]:
    """Both move at once; who waits for ever."""
    with Stepper(choose, show) as steps:
        rooms = Rooms(steps)
        steps.start("ana", move, rooms, "ana", "#lobby", "#maths")
        steps.start("bob", move, rooms, "bob", "#maths", "#lobby")
        return steps.run()


def experiment(stage: Stage) -> Outcome:
    waits = swap(stage.chooser(), stage.show, Rooms.move)
    for wait in waits:
        stage.show(f"    DEADLOCK: {wait}")
    orders = list(all_orders(("ana", "bob") * 3))
    deadly, safe = [
        len([o for o in orders if swap(Plan(o), lambda _: None, move)])
        for move in (Rooms.move, Rooms.move_in_order)
    ]
    stage.show(f"\n  of {len(orders)} orders deadly: {deadly}")
    stage.show(f"  the same, taking the locks in one order for all: {safe}")
    return Outcome(
        len(waits) == 2 and deadly > 0 and safe == 0,
        f"{len(waits)} threads wait for each other, and nobody is told; so it goes in "
        f"{deadly} of {len(orders)} orders, and in {safe} with one order of locks.",
    )


LAB = Lab(
    __file__,
    code=(Rooms.move, Rooms.move_in_order),
    answers=(
        "both, one after the other: that is what locks are for",
        "in some orders nobody, and Python raises an exception",
        "in some orders nobody, for ever, without a word",
        "always nobody",
    ),
    right="c",
    experiment=experiment,
    why=(
        "Each holds what the other wants, and gives nothing back before it has both.",
        "Each thread by itself is right, and so no exception names a culprit.",
        "If everybody takes locks in the same order, the one who has the first can "
        "always get the second: no circle.",
    ),
    look="--step: find an order that ends well, and say at which step it was safe.",
    change="Three rooms and three people who move in a circle: does sorting help?",
    build="docs/ARCHITECTURE.md has a table of locks. Which are held together, in "
    "which order, and how would you prove that there is no circle?",
    plan=("ana", "bob", "ana", "bob"),
)

if __name__ == "__main__":
    sys.exit(teach(LAB))
