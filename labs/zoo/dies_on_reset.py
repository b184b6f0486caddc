"""Defect: a reset ends its reader before it has cleaned up. Stage 10, "a reset".

recv() returns b'' if a peer closes, and raises ConnectionResetError if it was killed
with something unread. What stands after the loop is then not reached.
"""

from __future__ import annotations

from labs.zoo.healthy import Bye, Client, Server, main


class DiesOnReset(Server):
    """Its `finally` is missing."""

    def read(self, client: Client) -> None:
        why = "lost"
        try:
            for payload in self.payloads(client.sock):
                self.handle(client, payload)
        except Bye as bye:
            why = bye.args[0]
            self.push(client, "bye", *bye.args)
        self.part(client, why)


if __name__ == "__main__":
    main(DiesOnReset)
