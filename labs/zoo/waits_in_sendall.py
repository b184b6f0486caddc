"""Defect: it waits for one who does not read. Stage 11, "waits in sendall()".

And it holds the lock meanwhile, so that everybody else waits too: one sleeping laptop
stops the room. It shows only when the buffers of the system are full.
"""

from __future__ import annotations

from labs.zoo.healthy import Client, Server, main


class WaitsInSendall(Server):
    """It has no outbox."""

    def push(self, client: Client, *fields: object) -> None:
        try:
            client.sock.sendall(self.frame(*fields))
        except OSError:
            pass  # that client is gone: its own reader will notice


if __name__ == "__main__":
    main(WaitsInSendall)
