"""What the next hello says: who comes, and how far this person has read.

    welcome, said, told, renamed --note--> Ticket --hello--> Hello(name, session,
                                                               since, log)

A broken connection loses nothing because of it: the server finds the session, and
sends on from `since`. Both count only within one log; a welcome that resumes nothing
begins a new count.
"""

from __future__ import annotations

import os

from messages import Hello, Renamed, Report, Said, Told, Welcome
from protocol import VERSION
from tui.roster import compared


class Ticket:
    """One run of the client, whatever happens to its connections.

    Whoever listens notes; the main thread may write `name` beside that, while there
    is no connection: one assignment, read by the next hello.
    """

    def __init__(self) -> None:
        self.name = ""
        # Secret, never logged. As `secrets` makes them, which would load all of OpenSSL
        # for it: 3 ms more before the first screen.
        self._session = os.urandom(16).hex()
        self._since: int | None = None  # the highest seq that came
        self._log = ""  # the store that it came from

    def hello(self) -> Hello:
        return Hello(VERSION, self.name, self._session, self._since, self._log)

    def note(self, report: Report) -> None:
        """Take in what the server says, as it is passed on."""
        match report:
            case Welcome(name=name, log=log, seq=seq, resumed=resumed):
                self.name, self._log = name, log
                if resumed != "yes" or self._since is None:
                    self._since = seq
            case Said(seq=seq) | Told(seq=seq):
                self._since = max(self._since or 0, seq)
            case Renamed(old, new) if compared(old) == compared(self.name):
                self.name = new
            case _:
                pass
