"""Defect: it tells private lines to everybody. Stage 9, "private lines to everybody".

The clients of the others need not show it, and mostly do not. But they have it.
"""

from __future__ import annotations

from collections.abc import Iterable

from labs.zoo.healthy import Client, Server, main


class TellsSecrets(Server):
    """It leaves it to the clients what is private."""

    def told(self, client: Client, receiver: Client) -> Iterable[Client]:
        return self.everybody()


if __name__ == "__main__":
    main(TellsSecrets)
