"""Defect: it does not set SO_REUSEADDR. Stage 14, "SO_REUSEADDR".

Whoever hangs up first keeps the port for a minute, lest late bytes meet a newcomer.
After Ctrl+C that is the server: "address already in use".
"""

from __future__ import annotations

import socket

from labs.zoo.healthy import Server, main


class KeepsThePort(Server):
    """It binds without that option."""

    def listen(self, port: int) -> socket.socket:
        listener = socket.socket()
        listener.bind(("127.0.0.1", port))
        listener.listen(128)
        return listener


if __name__ == "__main__":
    main(KeepsThePort)
