"""Defect: one recv() is one message. Stage 5, "every recv() for one message".

It works as long as people type slowly. Two lines that are sent at once arrive in one
recv(), and the second is lost.
"""

from __future__ import annotations

import socket
import struct
from collections.abc import Iterator

from labs.zoo.healthy import Server, main


class Glue(Server):
    """It has no buffer."""

    def payloads(self, sock: socket.socket) -> Iterator[bytes]:
        while data := sock.recv(65_536):
            (length,) = struct.unpack_from("!I", data)
            yield data[4 : 4 + length]


if __name__ == "__main__":
    main(Glue)
