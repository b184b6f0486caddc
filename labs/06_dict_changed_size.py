"""Lab 6, the dict changed size: what if somebody joins during a broadcast?

The scribe sends a line to everybody: a loop over `clients`. In the middle of it a
reader lets carol in, and puts her into the same dictionary. The stepper decides that
it happens just then; on a busy server it happens by itself, sooner or later.

Nothing here depends on the system.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from threading import Lock

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))  # run as a file

from labs.lesson import Lab, Outcome, Stage, teach
from labs.stepper import Stepper


class Server:
    """Who is here, and what each of them was sent."""

    def __init__(self, point: Callable[[str], None]) -> None:
        self.point = point
        self.clients: dict[str, list[str]] = {"ana": [], "bob": []}
        self.clients_lock = Lock()

    def join(self, name: str) -> None:
        with self.clients_lock:
            self.clients[name] = []

    def broadcast(self, text: str) -> None:
        for name in self.clients:
            self.clients[name].append(text)
            self.point(f"sent to {name}")

    def broadcast_to_copy(self, text: str) -> None:
        with self.clients_lock:
            names = list(self.clients)
        for name in names:
            self.clients[name].append(text)
            self.point(f"sent to {name}")


Broadcast = Callable[[Server, str], None]


def join_during(stage: Stage, broadcast: Broadcast) -> tuple[str, Server]:
    """What the scribe died of, if it did, and who got what."""
    with Stepper(stage.chooser(), stage.show) as steps:
        server = Server(steps.point)
        scribe = steps.start("scribe", broadcast, server, "hi all")
        steps.start("reader carol", server.join, "carol")
        steps.run()
    stage.show(f"    clients: {server.clients}\n")
    return str(scribe.error or ""), server


def experiment(stage: Stage) -> Outcome:
    stage.show("  The loop over clients:")
    error, broken = join_during(stage, Server.broadcast)
    stage.show("  The loop over a copy:")
    copied_error, whole = join_during(stage, Server.broadcast_to_copy)
    return Outcome(
        "changed size during iteration" in error
        and not broken.clients["bob"]
        and whole.clients["bob"] == ["hi all"]
        and not copied_error,
        f"The scribe died: {error or 'no'}. With a copy: {copied_error or 'no error'}.",
    )


LAB = Lab(
    __file__,
    code=(Server.broadcast, Server.broadcast_to_copy),
    answers=(
        "carol gets the line as well, or not: nothing else",
        "the scribe's loop ends with an exception, and bob gets nothing",
        "join waits until the broadcast is over: it takes the lock",
    ),
    right="b",
    experiment=experiment,
    why=(
        "A dictionary that grows may be laid out anew, so Python refuses to go on with "
        "a loop that began before.",
        "The lock of join() helps nobody as long as broadcast() does not take it.",
        "Copy under the lock, send without it: then nobody changes the list of names, "
        "and nobody waits for a network.",
    ),
    look="Choose other orders with --step: which of them hide the mistake?",
    change="Hold the lock for the whole loop instead. It works here; lab 7 shows why a "
    "chat must not do it.",
    build="Somebody leaves during the broadcast to a copy. What happens in the last "
    "lines of broadcast_to_copy, and what would you do?",
    plan=("scribe", "reader carol", "scribe", "scribe"),
)

if __name__ == "__main__":
    sys.exit(teach(LAB))
