"""Lab 16, five hundred threads: how much memory do 500 waiting threads take?

A server with a thread for each client gets 500 clients at once, a whole school. Each
thread waits in recv(). We look at the memory of this process before and after, and
then say a word to every thread: do they all answer, and how fast?

Linux and macOS (not tried there); Windows does not tell Python its memory.
"""

from __future__ import annotations

import socket
import sys
from pathlib import Path
from threading import Thread
from time import perf_counter

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))  # run as a file

from labs.lesson import Lab, NotHere, Outcome, Stage, teach
from labs.loopback import HERE, PATIENCE
from net.descriptors import raise_limit

WANTED = 500
FEWEST = 50  # below that it says nothing


def read(connection: socket.socket) -> None:
    with connection:
        while data := connection.recv(1024):
            connection.sendall(data)


def accept(listener: socket.socket) -> Thread:
    connection, _ = listener.accept()
    reader = Thread(target=read, args=[connection])
    reader.start()
    return reader


def memory() -> float:
    """Mebibytes of this process that are in use; on macOS, that ever were."""
    if (status := Path("/proc/self/status")).exists():
        words = status.read_text(encoding="ascii").partition("VmRSS:")[2].split()
        return int(words[0]) / 1024
    try:
        import resource
    except ImportError:
        raise NotHere("This system does not tell Python its memory.") from None
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2


def say_to_all(clients: list[socket.socket]) -> int:
    """How many answer."""
    for client in clients:
        client.sendall(b"hi")
    return sum(client.recv(1024) == b"hi" for client in clients)


def experiment(stage: Stage) -> Outcome:
    count = min(WANTED, raise_limit() // 2)  # both ends are in this process
    if count < FEWEST:
        raise NotHere(f"This system grants this process only {count} connections.")
    clients: list[socket.socket] = []
    with socket.create_server(HERE, backlog=16) as listener:
        before, started = memory(), perf_counter()
        try:
            for _ in range(count):
                port = listener.getsockname()[1]
                clients.append(socket.create_connection((HERE[0], port), PATIENCE))
                accept(listener)
            begun, grown = perf_counter() - started, memory() - before
            answers = say_to_all(clients)
        finally:
            for client in clients:
                client.close()
    stage.show(f"  {count} threads started in {begun:.2f} s: {grown:+.1f} MiB")
    stage.show(f"  {answers} of {count} answered")
    return Outcome(
        grown < 60 and answers == count,
        f"{count} threads took {grown:.1f} MiB and {begun:.2f} s; {answers} answered.",
    )


LAB = Lab(
    __file__,
    code=(read, accept),
    answers=(
        "4,000 MiB: each has a stack of 8 MiB",
        "500 MiB: one for each",
        "about 10 MiB",
        "it does not matter: no system allows so many",
    ),
    right="c",
    experiment=experiment,
    why=(
        "A stack of 8 MiB is an address range, and memory is used only where it was "
        "touched: about 20 KiB for a thread that waits.",
        "A thread that waits in recv costs no time, because nobody asks it anything.",
        "Threads become dear when they work and share, not because there are many.",
    ),
    look="Set WANTED to 5,000: what gives out first, threads or descriptors?",
    change="Let each thread keep bytearray(100_000) while it waits: what do all cost?",
    build="Write the same with a selector and one thread. What becomes simpler, what "
    "harder? Compare with net/flusher.py.",
)

if __name__ == "__main__":
    sys.exit(teach(LAB))
