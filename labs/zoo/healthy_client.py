"""A small healthy client: `python -m labs.zoo.healthy_client HOST PORT NAME`.

    keyboard --main: read_keyboard--> send          receive <--thread: listen-- server

The broken clients of the zoo are this one with one method done wrong.
"""

from __future__ import annotations

import os
import re
import socket
import struct
import sys
import threading

# verb: from which field to which it is shown
SHOWN = {
    "said": (4, 6),
    "told": (3, 6),
    "joined": (1, 3),
    "left": (2, 4),
    "error": (3, 4),
    "notice": (1, 2),
    "bye": (1, 3),
}
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")


class Client:
    """A connection, a keyboard and a screen."""

    def __init__(self, host: str, port: str) -> None:
        self.server = socket.create_connection((host, int(port)))

    def run(self, name: str) -> None:
        threading.Thread(target=self.listen).start()
        self.send("hello", "1", name)
        self.read_keyboard()

    def read_keyboard(self) -> None:
        for number, line in enumerate(sys.stdin):
            self.say(f"k{number}", line.rstrip("\n"))
        self.send("quit")

    def say(self, id: str, text: str) -> None:
        self.send("say", id, "#lobby", text)

    def listen(self) -> None:
        """The listener's thread."""
        while fields := self.receive():
            if fields[0] == "ping":
                self.send("pong", *fields[1:])
            elif fields[0] in SHOWN:
                print(
                    self.safe(": ".join(fields[slice(*SHOWN[fields[0]])])), flush=True
                )
        os._exit(0)  # the server has gone, though the keyboard is still open

    def send(self, *fields: str) -> None:
        payload = "\0".join(fields).encode()
        self.server.sendall(struct.pack("!I", len(payload)) + payload)

    def receive(self) -> list[str]:
        """The fields of the next message; none at the end."""
        header = self.read(4)
        if len(header) < 4:
            return []
        return self.read(*struct.unpack("!I", header)).decode().split("\0")

    def read(self, size: int) -> bytes:
        data = b""
        while len(data) < size and (piece := self.server.recv(size - len(data))):
            data += piece
        return data

    def safe(self, line: str) -> str:
        return CONTROL.sub("?", line)


def main(kind: type[Client]) -> None:
    """Talk to HOST PORT as NAME."""
    host, port, name = sys.argv[1:]
    kind(host, port).run(name)


if __name__ == "__main__":
    main(Client)
