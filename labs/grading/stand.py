"""Where a server is tried: its address, and the people whom we play.

Every trial gets people with names of their own, so that none depends on how well the
server forgets those of the trial before.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from itertools import count

from labs.grading.peer import Peer
from labs.grading.stages import Failure, Trial
from labs.grading.subject import ServerProgram


class ServerStand(AbstractContextManager["ServerStand"]):
    """The server under test, whoever has started it."""

    def __init__(
        self,
        address: tuple[str, int],
        patience: float,
        program: ServerProgram | None = None,
        mark: str = "",
    ) -> None:
        self.address = address
        self.patience = patience  # seconds for whatever should come at once
        self.program = program
        self._mark = mark  # in every name: others may be on that server
        self._numbers = count(1)
        self._peers: list[Peer] = []

    def __exit__(self, *_: object) -> None:
        self._dismiss()

    def try_out(self, trial: Trial[ServerStand]) -> None:
        """Run one trial on a server that runs. Raises Failure."""
        if self.program:
            self.program.ensure()
        try:
            trial.run(self)
        except Failure:
            if self.program:
                self.program.end()  # the next stage gets a fresh one
            raise
        finally:
            self._dismiss()

    def last_words(self) -> list[str]:
        return self.program.last_words() if self.program else []

    def fresh(self, name: str) -> str:
        return f"{name}{self._mark}{next(self._numbers)}"

    def call(self, name: str = "", buffer: int | None = None) -> Peer:
        """Somebody who has connected and said nothing."""
        peer = Peer(self.address, self.patience, name, buffer)
        self._peers.append(peer)
        return peer

    def join(self, name: str, buffer: int | None = None) -> Peer:
        """Somebody who is logged in, under that name and a number."""
        peer = self.call(self.fresh(name), buffer)
        peer.log_in()
        return peer

    def _dismiss(self) -> None:
        for peer in self._peers:
            peer.close()
        self._peers.clear()


ServerTrial = Callable[[ServerStand], None]
