"""The parts that the chat cannot live without: one that dies takes the server along.

Without its scribe a server still lets people in, and nobody hears anybody: it looks
alive and is not. So an exception that nothing in such a part has caught is logged,
once, and the server stops as it always does, with a bye for everybody. Its exit code
then says to whoever started it that it did not want to.

    scribe, flusher, clock    each in a thread of its own: start
    acceptor                  the main thread: run
"""

from __future__ import annotations

from collections.abc import Callable
from threading import Thread

from chat.journal import journal
from sight.seat import Seat

DIED = 3  # the exit code


class Guard:
    """Runs them; `stop` ends the server, from any thread."""

    def __init__(self, stop: Callable[[], None]) -> None:
        self._stop = stop
        self.seats: dict[str, Seat] = {}  # where each part stands, by its name
        self.exit_code = 0

    def start(self, name: str, body: Callable[[], None]) -> Thread:
        """Run a part in a thread of that name."""
        # Daemon: the end of the program must not wait for a part that hangs.
        thread = Thread(target=self.run, args=[name, body], name=name, daemon=True)
        thread.start()
        return thread

    def run(self, name: str, body: Callable[[], None]) -> None:
        """Run a part to its end, whatever that is."""
        self.seats[name] = Seat(name, paces=name == "scribe").take()
        try:
            body()
        except Exception:
            journal.exception("the %s died; stopping", name)
            self.exit_code = DIED
            self._stop()
