"""Lab 7, the slow reader: one of three never reads: who is frozen?

Ana, bob and carol are in the room. Bob's laptop sleeps: it is connected, but reads
nothing. The server sends 100 lines to everybody, first with a plain sendall() to one
after the other, then through an outbox for each. Bob's buffers are small, so that
it does not take 3,000 lines to see it; a second stands for ever.

Seen on Linux; elsewhere the number of lines differs (not tried there).
"""

from __future__ import annotations

import socket
import sys
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))  # run as a file

from labs.lesson import Lab, Outcome, Stage, teach
from labs.loopback import SMALL, connected, read_all

NAMES = ("ana", "bob", "carol")
LINES = 100
LINE = b"x" * 899 + b"\n"
FOR_EVER = 1.0  # second


def send_plainly(clients: list[socket.socket]) -> None:
    for _ in range(LINES):
        for client in clients:
            client.sendall(LINE)  # waits while its buffers are full


def send_by_outbox(clients: list[socket.socket]) -> None:
    outboxes = dict.fromkeys(clients, b"")
    for _ in range(LINES):
        for client in clients:
            outboxes[client] += LINE
            try:
                sent = client.send(outboxes[client])
            except BlockingIOError:  # full: it stays in the outbox
                sent = 0
            outboxes[client] = outboxes[client][sent:]


def lines_received(
    send: Callable[[list[socket.socket]], None], timeout: float
) -> dict[str, int]:
    """What each of the three finds, when the server has done what it could."""
    with ExitStack() as stack:
        small = {"send_buffer": SMALL, "receive_buffer": SMALL}
        pairs = {
            name: stack.enter_context(connected(**(small if name == "bob" else {})))
            for name in NAMES
        }
        servers = [server for server, _ in pairs.values()]
        for server in servers:
            server.settimeout(timeout)
        try:
            send(servers)
        except TimeoutError:
            pass  # it would stand there still
        for server in servers:
            server.shutdown(socket.SHUT_WR)
        return {n: read_all(c).count(b"\n") for n, (_, c) in pairs.items()}


def experiment(stage: Stage) -> Outcome:
    plain = lines_received(send_plainly, FOR_EVER)
    stage.show(f"  sendall   lines received: {plain}")
    kept = lines_received(send_by_outbox, 0)  # 0: send never waits
    stage.show(f"  outboxes  lines received: {kept}")
    return Outcome(
        max(plain.values()) < LINES
        and (kept["ana"], kept["carol"]) == (LINES, LINES)
        and kept["bob"] < LINES,
        f"With sendall carol got {plain['carol']} lines of {LINES}, with outboxes "
        f"{kept['carol']}; bob's kernel took {kept['bob']}.",
    )


LAB = Lab(
    __file__,
    code=(send_plainly, send_by_outbox),
    answers=(
        "bob alone: the others' connections are their own",
        "nobody: the network keeps the lines for bob",
        "everybody, after some lines; with outboxes bob alone",
        "bob and carol, who comes after him; ana gets everything",
    ),
    right="c",
    experiment=experiment,
    why=(
        "What bob does not read fills his kernel's buffer, then the server's, and then "
        "sendall() waits for him.",
        "The thread that waits is the one that serves everybody else, too.",
        "An outbox keeps what does not fit, the thread goes on, and only bob is late.",
    ),
    look="How many lines fit without the small buffers? Make LINES large to see it.",
    change="Put carol in front of bob in NAMES: does it help her?",
    build="Bob's outbox grows for ever. Give it a bound, and say what happens then; "
    "compare with net/outbox.py.",
)

if __name__ == "__main__":
    sys.exit(teach(LAB))
