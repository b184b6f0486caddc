"""Lab 1, glue: what does one recv bring after two sends?

Ana says "hello" and then "world", each with a sendall() of its own. Bob's program
is busy for a moment; then it calls recv() once, with room for 1,024 bytes.

Seen on Linux; macOS and Windows promise the same, but it was not tried there.
"""

from __future__ import annotations

import socket
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))  # run as a file

from labs.lesson import Lab, Outcome, Stage, teach
from labs.loopback import connected, wait_for_bytes


def say_twice(ana: socket.socket) -> None:
    ana.sendall(b"hello")
    ana.sendall(b"world")


def read_once(bob: socket.socket) -> bytes:
    return bob.recv(1024)


def experiment(stage: Stage) -> Outcome:
    with connected() as (ana, bob):
        ana.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # send at once
        say_twice(ana)
        stage.show('  ana   sendall(b"hello"), sendall(b"world")')
        wait_for_bytes(bob, 10)  # the busy moment: both are here when bob reads
        got = read_once(bob)
        stage.show(f"  bob   recv(1024) brings {got!r}")
    return Outcome(got == b"helloworld", f"Two sends, and one recv brought {got!r}.")


LAB = Lab(
    __file__,
    code=(say_twice, read_once),
    answers=(
        "b'hello'; the next recv brings b'world'",
        "b'helloworld'",
        "b'hello\\nworld': TCP keeps them apart",
    ),
    right="b",
    experiment=experiment,
    why=(
        "TCP carries a stream of bytes and remembers no calls of send.",
        "What has arrived lies in one row in Bob's kernel, and recv takes as much of "
        "it as there is room for.",
        "Where a message ends must be said in the bytes themselves: that is framing.",
    ),
    look="Read with recv(3) instead, again and again: what does each bring?",
    change="Leave out wait_for_bytes and run it 100 times. Is it always the same?",
    build="End each message with a newline, and write the function that splits what "
    "has arrived into messages. What must it keep for the next time?",
)

if __name__ == "__main__":
    sys.exit(teach(LAB))
