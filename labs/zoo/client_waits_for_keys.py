"""Defect: it waits for the keyboard before it reads the network. Stage 4.

One loop asks the user, sends, and reads the answer. While nobody types, nothing is
shown; what the others say waits in the system.
"""

from __future__ import annotations

import socket
import struct
import sys
from typing import BinaryIO

server = socket.create_connection((sys.argv[1], int(sys.argv[2])))


def send(*fields: str) -> None:
    payload = "\0".join(fields).encode()
    server.sendall(struct.pack("!I", len(payload)) + payload)


def receive(stream: BinaryIO) -> list[str]:
    (length,) = struct.unpack("!I", stream.read(4))
    return stream.read(length).decode().split("\0")


stream = server.makefile("rb")
send("hello", "1", sys.argv[3])
for number, line in enumerate(sys.stdin):
    send("say", f"k{number}", "#lobby", line.rstrip("\n"))
    while (fields := receive(stream))[0] != "said":
        pass
    print(fields[4], fields[5], sep=": ", flush=True)
