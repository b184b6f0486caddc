"""Defect: it believes that recv(n) brings n bytes. Stage 5, "recv(n) brings n bytes".

It brings at least one. On one machine it brings all of them nearly always, so this
survives every test but that of a slow network.
"""

from __future__ import annotations

import socket

from labs.zoo.healthy import Server, main


class Crumbs(Server):
    """Its loop is missing."""

    def receive(self, sock: socket.socket, size: int) -> bytes:
        return sock.recv(size)


if __name__ == "__main__":
    main(Crumbs)
