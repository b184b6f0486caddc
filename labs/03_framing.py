"""Lab 3, framing: which messages survive a cable that dribbles?

Ana sends three messages through labs/cable.py, which passes on one byte at a time.
TCP allows that; a slow network does it. A naive bob takes each recv() for a message.
A framed bob reads four bytes that say how long the message is, then so many bytes.

The cable's clock ticks when bob has read, so he is never too late for the next byte.

Seen on Linux; macOS and Windows promise the same, but it was not tried there.
"""

from __future__ import annotations

import socket
import struct
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))  # run as a file

from labs.cable import Cable
from labs.lesson import Lab, Outcome, Stage, teach
from labs.loopback import HERE, PATIENCE
from labs.modes import Dribble

MESSAGES = [b"hi all", b"is it me?", b"bye"]


@dataclass(frozen=True)
class Bob:
    """Bob's end of the connection, and what each recv has brought."""

    sock: socket.socket
    pieces: list[bytes]

    def recv(self, size: int) -> bytes:
        self.pieces.append(self.sock.recv(size))
        return self.pieces[-1]


def read_naively(bob: Bob) -> list[bytes]:
    return list(iter(lambda: bob.recv(1024), b""))  # until the end


def read_framed(bob: Bob) -> list[bytes]:
    messages = []
    while header := read_exactly(bob, 4):
        (length,) = struct.unpack("!I", header)
        messages.append(read_exactly(bob, length))
    return messages


def read_exactly(bob: Bob, size: int) -> bytes:
    data = b""
    while len(data) < size and (piece := bob.recv(size - len(data))):
        data += piece
    return data


def send_through_cable(
    stream: bytes, read: Callable[[Bob], list[bytes]]
) -> list[bytes]:
    pieces: list[bytes] = []  # as many as the cable's clock has ticked
    with (
        socket.create_server(HERE) as listener,
        Cable(listener.getsockname(), Dribble(), now=lambda: len(pieces)) as cable,
    ):
        listener.settimeout(PATIENCE)
        with socket.create_connection((HERE[0], cable.port), PATIENCE) as ana:
            ana.sendall(stream)
        bob, _ = listener.accept()
        with bob:
            bob.settimeout(PATIENCE)
            return read(Bob(bob, pieces))


def experiment(stage: Stage) -> Outcome:
    naive = send_through_cable(b"".join(MESSAGES), read_naively)
    stage.show(f"  naive   {naive[:3]} ... {len(naive)} pieces")
    frames = [struct.pack("!I", len(text)) + text for text in MESSAGES]
    framed = send_through_cable(b"".join(frames), read_framed)
    stage.show(f"  framed  {framed}")
    kept = len([text for text in MESSAGES if text in naive])
    whole = len([text for text in MESSAGES if text in framed])
    return Outcome(
        kept == 0 and framed == MESSAGES,
        f"Of {len(MESSAGES)} messages {kept} survived naively, {whole} framed.",
    )


LAB = Lab(
    __file__,
    code=(read_naively, read_framed, read_exactly),
    answers=(
        "naive 3, framed 3: a slow cable is only slow",
        "naive 1 (the last), framed 3",
        "naive 0, framed 3",
        "naive 0, framed 0: the four bytes are dribbled too",
    ),
    right="c",
    experiment=experiment,
    why=(
        "Each recv brings what happens to be there, here a single byte.",
        "This read_exactly does not care: it asks again until the count is right, for "
        "the four bytes of the length as well.",
        "A length in front makes the reader independent of all pieces.",
    ),
    look="Start server.py, `python labs/cable.py dribble` and a client through it: "
    "what does the cable print for one line of chat?",
    change="Use Straight() of labs/modes.py, not Dribble(): why is naive still not 3?",
    build="A length can lie. What does read_framed do with the header FF FF FF FF, and "
    "which two lines does docs/PROTOCOL.md want there?",
)

if __name__ == "__main__":
    sys.exit(teach(LAB))
