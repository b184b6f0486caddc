"""Where a client is tried: each trial starts one, and is its whole world."""

from __future__ import annotations

import socket
from contextlib import AbstractContextManager

from labs.grading.client_program import ClientProgram
from labs.grading.stages import Trial
from labs.grading.subject import words_of
from messages import LOBBY, Hello, Joined, Said, Users, Welcome
from protocol import VERSION

NAME = "ana"
LINES_KEPT = 6  # of what it printed last
NOW = 1_790_000_000_000  # milliseconds since 1970; any time will do


class ClientStand(AbstractContextManager["ClientStand"]):
    """The client's command, and the port where it finds us."""

    def __init__(self, command: str, patience: float, start_patience: float) -> None:
        self.start_patience = start_patience
        self._patience = patience
        self._listener = socket.create_server(("127.0.0.1", 0))
        host, port = self._listener.getsockname()
        self._words = words_of(command, host=host, port=port, name=NAME)
        self._running: list[ClientProgram] = []
        self._printed: list[str] = []
        self.seq = 0

    def __exit__(self, *_: object) -> None:
        self._listener.close()

    def try_out(self, trial: Trial[ClientStand]) -> None:
        """Run one trial with a client of its own. Raises Failure."""
        try:
            trial.run(self)
        finally:
            for program in self._running:
                program.close()
                self._printed = program.last_lines()[-LINES_KEPT:]
            self._running.clear()

    def last_words(self) -> list[str]:
        return self._printed

    def call(self) -> ClientProgram:
        """A client that has connected."""
        program = ClientProgram(self._words, self._patience)
        self._running.append(program)
        program.take_call(self._listener, self.start_patience)
        return program

    def join(self) -> ClientProgram:
        """A client that is logged in, and knows that bob is here."""
        program = self.call()
        program.expect(Hello)
        self.seq = 0
        program.tell(
            Welcome(VERSION, NAME, "5eed", 0, "no"),
            Users("", LOBBY, (NAME, "bob")),
            Joined(LOBBY, (NAME,)),
        )
        return program

    def said(self, sender: str, text: str, id: str = "") -> Said:
        """A line as the server tells it, with the next seq."""
        self.seq += 1
        return Said(self.seq, NOW, LOBBY, sender, text, id)

    def next_seq(self) -> int:
        self.seq += 1
        return self.seq
