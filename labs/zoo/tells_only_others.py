"""Defect: it tells a line only to the others. Stage 3, "only to the others".

Many a chat does so, and lets the client print what was typed. Then nobody knows whether
it was said, and two people see two orders of the same lines.
"""

from __future__ import annotations

from collections.abc import Iterable

from labs.zoo.healthy import Client, Server, main


class TellsOnlyOthers(Server):
    """Its speakers do not hear themselves."""

    def audience(self, speaker: Client) -> Iterable[Client]:
        return [other for other in self.everybody() if other is not speaker]


if __name__ == "__main__":
    main(TellsOnlyOthers)
