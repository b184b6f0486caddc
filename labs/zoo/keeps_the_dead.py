"""Defect: it waits for a quit. Stage 10, "forgets only those who say quit".

Nobody says quit who closes the lid of a laptop. Their names stay taken for ever.
"""

from __future__ import annotations

from labs.zoo.healthy import Client, Server, main


class KeepsTheDead(Server):
    """It waits for a goodbye."""

    def part(self, client: Client, why: str) -> None:
        if why == "quit":
            super().part(client, why)


if __name__ == "__main__":
    main(KeepsTheDead)
