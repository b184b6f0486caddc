"""Defect: it believes the client who it is. Stage 7, "believes the client who it is".

The name is part of the message, as in most tutorials. One changed client, and ana says
what bob wrote.
"""

from __future__ import annotations

from labs.zoo.healthy import Client, Server, main


class BelievesTheSender(Server):
    """It takes the name from the message, if there is one."""

    def sender(self, client: Client, values: list[str]) -> str:
        return values[3] or client.name


if __name__ == "__main__":
    main(BelievesTheSender)
