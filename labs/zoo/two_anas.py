"""Defect: it does not look whether a name is taken. Stage 7, "whether a name is taken".

Then two people are ana, and the dictionary of clients holds one of them: the other can
speak and is told nothing.
"""

from __future__ import annotations

from labs.zoo.healthy import Client, Server, main


class TwoAnas(Server):
    """Whoever comes last is ana."""

    def enter(self, client: Client, name: str) -> str:
        self.clients[name.lower()] = client
        return name


if __name__ == "__main__":
    main(TwoAnas)
