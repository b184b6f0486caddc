"""What happens in a cable, one value for each event; `str` of it is what people read.

[1] connected
[1] client -> server  24 bytes in 24 pieces
[1] server -> client  96 bytes from 2 reads in 1 piece
[1] server -> client  CUT after 57 bytes (RST), 12 bytes lost
"""

from __future__ import annotations

from dataclasses import dataclass

OUT = "client -> server"
BACK = "server -> client"


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened to one connection."""

    link: int  # its number, from 1


@dataclass(frozen=True, slots=True)
class Connected(Event):
    """A client has come, and the server has answered."""

    def __str__(self) -> str:
        return "connected"


@dataclass(frozen=True, slots=True)
class Refused(Event):
    """A client has come, and the server has not answered."""

    why: str  # a sentence

    def __str__(self) -> str:
        return f"closed at once: {self.why}"


@dataclass(frozen=True, slots=True)
class Took(Event):
    """One read. It waits now, for as long as the mode says."""

    direction: str
    size: int  # bytes

    def __str__(self) -> str:
        return f"{self.direction}  {count(self.size, 'byte')} held back"


@dataclass(frozen=True, slots=True)
class Passed(Event):
    """What waited has gone on."""

    direction: str
    size: int  # bytes
    reads: int  # how they came
    pieces: int  # how they went

    def __str__(self) -> str:
        came = f" from {self.reads} reads" if self.reads > 1 else ""
        went = count(self.pieces, "piece")
        return f"{self.direction}  {count(self.size, 'byte')}{came} in {went}"


@dataclass(frozen=True, slots=True)
class Finished(Event):
    """The sender has ended its direction, and the receiver has been told."""

    direction: str

    def __str__(self) -> str:
        return f"{self.direction}  the end (FIN)"


@dataclass(frozen=True, slots=True)
class WasCut(Event):
    """The cable has broken the connection."""

    direction: str  # where the last byte went
    after: int  # bytes
    is_reset: bool
    lost: int  # bytes that waited there

    def __str__(self) -> str:
        how = "RST" if self.is_reset else "FIN"
        lost = f", {count(self.lost, 'byte')} lost" if self.lost else ""
        after = f" after {count(self.after, 'byte')}" if self.after else ""
        return f"{self.direction}  CUT{after} ({how}){lost}"


@dataclass(frozen=True, slots=True)
class Closed(Event):
    """Both sockets are closed: the last event of a connection."""

    def __str__(self) -> str:
        return "closed"


def count(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"
