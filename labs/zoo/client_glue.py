"""Defect: its client takes every recv() for one message. Stage 5.

Two lines that come at once are shown as one, or the second not at all. On a slow day
every line comes alone.
"""

from __future__ import annotations

import socket
import struct
import sys
import threading

server = socket.create_connection((sys.argv[1], int(sys.argv[2])))


def send(*fields: str) -> None:
    payload = "\0".join(fields).encode()
    server.sendall(struct.pack("!I", len(payload)) + payload)


def listen() -> None:
    while data := server.recv(65_536):
        fields = data[4:].split(b"\0")
        if fields[0] == b"said":
            print(fields[4].decode(), fields[5].decode(), sep=": ", flush=True)


threading.Thread(target=listen).start()
send("hello", "1", sys.argv[3])
for number, line in enumerate(sys.stdin):
    send("say", f"k{number}", "#lobby", line.rstrip("\n"))
