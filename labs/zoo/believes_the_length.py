"""Defect: it believes any length. Stage 12, "believes any length".

Four bytes FF are the promise of 4 GiB: it reserves them, and waits for bytes that
never come. Three such strangers, and the machine has no memory left.
"""

from __future__ import annotations

import socket

from labs.zoo.healthy import Bye, Server, main


class BelievesTheLength(Server):
    """It allocates what was promised."""

    def check_length(self, length: int) -> None:
        if length == 0:
            raise Bye("bad-frame", "a frame of length 0")

    def receive(self, sock: socket.socket, size: int) -> bytes:
        data, have = bytearray(size), 0
        while have < size:
            if not (count := sock.recv_into(memoryview(data)[have:])):
                return b""
            have += count
        return bytes(data)


if __name__ == "__main__":
    main(BelievesTheLength)
