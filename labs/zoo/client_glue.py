"""Defect: one recv() is one message. Stage 5, "every recv() for one message".

Two lines that come at once are shown as one, or the second not at all. On a slow day
every line comes alone.
"""

from __future__ import annotations

import struct

from labs.zoo.healthy_client import Client, main


class Glue(Client):
    """It has no buffer."""

    def receive(self) -> list[str]:
        data = self.server.recv(65_536)
        if not data:
            return []
        (length,) = struct.unpack_from("!I", data)
        return data[4 : 4 + length].decode().split("\0")


if __name__ == "__main__":
    main(Glue)
