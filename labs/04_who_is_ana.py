"""Lab 4, who is ana: can two people be ana at the same time?

Two laptops say hello as "ana" at the same moment. The server has a thread for each.
Both run join(): look whether the name is free, and take it. The stepper lets them
go step by step; with --step the class decides who goes next.

Nothing here depends on the system.
"""

from __future__ import annotations

import sys
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))  # run as a file

from labs.lesson import Lab, Outcome, Stage, teach
from labs.stepper import Stepper

Guard = AbstractContextManager[None]


class Server:
    """As much of a server as it takes to say hello."""

    def __init__(self, steps: Stepper, clients_lock: Guard) -> None:
        self.steps = steps
        self.clients: dict[str, str] = {}
        self.clients_lock = clients_lock

    def join(self, name: str, laptop: str) -> str:
        with self.clients_lock:
            if name in self.clients:
                return "name-taken"
            self.steps.point("the name is free")
            self.clients[name] = laptop
            return "welcome"


def let_two_join(stage: Stage, *, has_lock: bool) -> list[str]:
    """What each of the two is answered."""
    with Stepper(stage.chooser(), stage.show) as steps:
        lock: Guard = steps.lock("clients_lock") if has_lock else nullcontext()
        server = Server(steps, lock)
        readers = [
            steps.start(f"reader {n}", server.join, "ana", f"laptop {n}")
            for n in (1, 2)
        ]
        steps.run()
    answers = [str(reader.result) for reader in readers]
    stage.show(f"    answered: {answers}; clients: {server.clients}\n")
    return answers


def experiment(stage: Stage) -> Outcome:
    stage.show("  Without a lock:")
    unguarded = let_two_join(stage, has_lock=False)
    stage.show("  With clients_lock around the look and the taking:")
    guarded = let_two_join(stage, has_lock=True)
    return Outcome(
        unguarded.count("welcome") == 2 and guarded.count("welcome") == 1,
        f"Without the lock {unguarded.count('welcome')} were told `welcome`, "
        f"with it {guarded.count('welcome')}.",
    )


LAB = Lab(
    __file__,
    code=(Server.join,),
    answers=(
        "no: `if name in clients` is there to prevent it",
        "no: Python runs one thread at a time",
        "yes, without the lock; with it the second is refused",
        "yes, even with the lock, if both are fast enough",
    ),
    right="c",
    experiment=experiment,
    why=(
        "Between the look and the taking the other thread may look as well, and both "
        "find the name free.",
        "One thread at a time is no protection: Python may change threads between any "
        "two steps.",
        "The lock ties the two steps together for everybody who uses it, so nobody "
        "can look while somebody is between them.",
    ),
    look="--step without the lock: how many orders are there, and how many are good?",
    change="Give each reader a lock of its own: steps.lock('a'), steps.lock('b'). Why "
    "is that no better than none?",
    build="Find the same two steps in chat/register.py. Which other "
    "check-then-act does a chat have?",
    plan=("reader 1", "reader 2") * 2,
)

if __name__ == "__main__":
    sys.exit(teach(LAB))
