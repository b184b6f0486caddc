"""Defect: it ends with its first client. Stage 2, "ends with its first client".

The loop that serves a client is also the loop of the program: when the one is over, so
is the other.
"""

from __future__ import annotations

import os

from labs.zoo.healthy import Client, Server, main


class EndsWithTheFirst(Server):
    """Who leaves takes the server along."""

    def part(self, client: Client, why: str) -> None:
        super().part(client, why)
        if client.name:
            os._exit(0)


if __name__ == "__main__":
    main(EndsWithTheFirst)
