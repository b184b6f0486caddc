"""Defect: it reads in its accept loop. Stage 12, "hello in its accept loop".

Whoever connects and says nothing, be it a port scanner, keeps all others out.
"""

from __future__ import annotations

import socket

from labs.zoo.healthy import Client, Server, main


class WaitsAtTheDoor(Server):
    """It wants to hear something before it lets anybody in."""

    def start(self, client: Client) -> None:
        client.sock.recv(1, socket.MSG_PEEK)
        super().start(client)


if __name__ == "__main__":
    main(WaitsAtTheDoor)
