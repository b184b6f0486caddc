"""Defect: it shows a line when it is typed. Stage 7.

And again when it comes back, or never, depending on what the server does. Two people
then see two orders of the same lines, and nobody sees which line was lost.
"""

from __future__ import annotations

import socket
import struct
import sys
import threading
from typing import BinaryIO

server = socket.create_connection((sys.argv[1], int(sys.argv[2])))


def send(*fields: str) -> None:
    payload = "\0".join(fields).encode()
    server.sendall(struct.pack("!I", len(payload)) + payload)


def listen(stream: BinaryIO) -> None:
    while header := stream.read(4):
        payload = stream.read(*struct.unpack("!I", header))
        verb, *fields = payload.decode().split("\0")
        if verb == "ping":
            send("pong", *fields)
        elif verb != "welcome":
            print(": ".join(fields).replace("\x1b", "?"), flush=True)


threading.Thread(target=listen, args=[server.makefile("rb")]).start()
send("hello", "1", sys.argv[3])
for number, line in enumerate(sys.stdin):
    print(line, end="", flush=True)
    send("say", f"k{number}", "#lobby", line.rstrip("\n"))
send("quit")
