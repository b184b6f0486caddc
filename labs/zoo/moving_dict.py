"""Defect: threads change the dictionary that others go through. Stage 13, "dictionary".

Without lock and copy somebody comes while a line is told to all: RuntimeError,
dictionary changed size during iteration, and the speaker's thread is gone. It needs a
crowd: with two people it works for years.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from contextlib import nullcontext

from labs.zoo.healthy import Client, Server, main


class MovingDict(Server):
    """It has neither a lock nor a copy; and it may be interrupted anywhere."""

    def __init__(self) -> None:
        super().__init__()
        self.lock = nullcontext()  # type: ignore[assignment]
        sys.setswitchinterval(1e-5)  # seconds; as if it had many processors

    def everybody(self) -> Iterable[Client]:
        return self.clients.values()


if __name__ == "__main__":
    main(MovingDict)
