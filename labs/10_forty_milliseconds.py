"""Lab 10, the forty milliseconds: how much slower are two sends than one?

A client asks 15 times, a server answers each time with one byte. The client sends
the four bytes of the length and then the body, first in two sends, then in one. No
cable, no network: one machine.

Seen on Linux. Elsewhere the pause has another length, or loopback knows none (not
tried there): then the lab ends with 1 and says what it measured.
"""

from __future__ import annotations

import socket
import struct
import sys
from collections.abc import Callable
from pathlib import Path
from statistics import median
from threading import Thread
from time import perf_counter

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))  # run as a file

from labs.lesson import Lab, Outcome, Stage, teach
from labs.loopback import connected

BODY = b"say\0k1\0#lobby\0hi"
HEADER = struct.pack("!I", len(BODY))
TIMES = 15


def ask_in_two(client: socket.socket) -> None:
    client.sendall(HEADER)
    client.sendall(BODY)
    client.recv(1)


def ask_in_one(client: socket.socket) -> None:
    client.sendall(HEADER + BODY)
    client.recv(1)


def answer(server: socket.socket) -> None:
    received = 0
    while data := server.recv(1024):
        received += len(data)
        if received % len(HEADER + BODY) == 0:  # a whole question
            server.sendall(b"!")


def measure(ask: Callable[[socket.socket], None], *, no_delay: bool = False) -> float:
    """Milliseconds from a question to its answer: the median."""
    with connected() as (client, server):
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, no_delay)
        answerer = Thread(target=answer, args=[server])
        answerer.start()
        times = []
        for _ in range(TIMES):
            before = perf_counter()
            ask(client)
            times.append(1000 * (perf_counter() - before))
        client.shutdown(socket.SHUT_WR)  # the server's recv brings b"": it ends
        answerer.join()
    return median(times)


def experiment(stage: Stage) -> Outcome:
    two, one = measure(ask_in_two), measure(ask_in_one)
    no_delay = measure(ask_in_two, no_delay=True)
    stage.show(f"  two sends                {two:8.3f} ms")
    stage.show(f"  one send                 {one:8.3f} ms")
    stage.show(f"  two sends, TCP_NODELAY   {no_delay:8.3f} ms")
    return Outcome(
        two > 4 * one and two > 4 * no_delay,
        f"Two sends take {two:.1f} ms, one takes {one:.3f} ms: {two / one:,.0f} times.",
    )


LAB = Lab(
    __file__,
    code=(ask_in_two, ask_in_one),
    answers=(
        "about the same",
        "twice as slow: two calls instead of one",
        "hundreds of times slower",
    ),
    right="c",
    experiment=experiment,
    why=(
        "Nagle's rule lets a small segment wait while another is under way that was "
        "not acknowledged.",
        "The receiver holds its acknowledgement back for a moment, to send it together "
        "with an answer, and so each waits for the other.",
        "One send for the whole frame avoids it, and TCP_NODELAY ends the rule.",
    ),
    look="Where does net/ set TCP_NODELAY, and for which sockets?",
    change="Send the body in two halves as well: does it take twice the time?",
    build="Find out by experiment how large a body must be before the pause is gone.",
)

if __name__ == "__main__":
    sys.exit(teach(LAB))
