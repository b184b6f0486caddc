"""Lab 14, who says so: can eve write a line that the teacher said?

Eve has logged in as eve. Then she sends a frame of her own making, in which the
field for the sender says "teacher". One server passes on what the frame says, the
other writes in who the connection belongs to. Bob's client shows what comes.

Nothing here depends on the system.
"""

from __future__ import annotations

import socket
import struct
import sys
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))  # run as a file

from labs.lesson import Lab, Outcome, Stage, teach
from labs.loopback import connected

Fields = list[str]
LIE = ["say", "teacher", "no homework today"]


def pass_on(fields: Fields, session_name: str) -> Fields:
    _, sender, text = fields
    return ["said", sender, text]


def stamp(fields: Fields, session_name: str) -> Fields:
    _, _, text = fields
    return ["said", session_name, text]  # who said hello here


def send(sock: socket.socket, fields: Fields) -> None:
    payload = "\0".join(fields).encode()
    sock.sendall(struct.pack("!I", len(payload)) + payload)


def receive(sock: socket.socket) -> Fields:
    (length,) = struct.unpack("!I", sock.recv(4, socket.MSG_WAITALL))
    return sock.recv(length, socket.MSG_WAITALL).decode().split("\0")


def what_bob_sees(serve: Callable[[Fields, str], Fields]) -> str:
    with connected() as (eve, from_eve), connected() as (to_bob, bob):
        send(eve, LIE)
        send(to_bob, serve(receive(from_eve), "eve"))
        _, sender, text = receive(bob)
    return f"{sender}: {text}"


def experiment(stage: Stage) -> Outcome:
    trusted, stamped = what_bob_sees(pass_on), what_bob_sees(stamp)
    stage.show(f"  passed on   {trusted}")
    stage.show(f"  stamped     {stamped}")
    return Outcome(
        trusted.startswith("teacher:") and stamped.startswith("eve:"),
        f"Bob sees `{trusted}` from the one and `{stamped}` from the other server.",
    )


LAB = Lab(
    __file__,
    code=(pass_on, stamp),
    answers=(
        "no: eve's client fills in her own name",
        "yes, if the server passes on the sender; no, if it stamps it",
        "yes, always: bytes are bytes",
        "no: TCP knows where the bytes come from",
    ),
    right="b",
    experiment=experiment,
    why=(
        "Whoever writes the bytes writes all of them, and eve need not use our client.",
        "What the server knows by itself, from the hello on this connection, eve "
        "cannot write.",
        "So what must be true is never read from a frame: the server puts it in.",
    ),
    look="Find in docs/PROTOCOL.md which fields of `say` come back in `said`, and "
    "which ones the server adds.",
    change="Let eve say 'hi' + chr(10) + 'teacher: no homework' to the server that "
    "stamps. What does bob see, and whose task is that?",
    build="Eve logs in as 't\u0435acher', where one letter is Cyrillic. How would you "
    "stop that? Compare with chat/names.py.",
)

if __name__ == "__main__":
    sys.exit(teach(LAB))
