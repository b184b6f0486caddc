"""The wire: what this client's recvs have brought lately, and what it has sent.

    receiver thread  --received--> [ news ] --take--> kept --> the wire pane
    whoever sends    --sent------>    |
                                      `--> wakes the screen, once until it looks

A second way from the receiver to the screen, beside the inbox, and an unimportant
one: it may forget. It holds the newest pieces and loses the others, so that a cable
that brings a byte at a time, or a server that floods, costs a few hundred pieces of
memory and 60 pictures a second like anything else.

Rules: off it costs whoever receives one `if` (net/connection.py). Any thread may
report; only the main thread takes, opens and closes. The two meet in a deque, whose
extend and popleft are each one step, so it needs no lock. One's own traffic only;
what of it is hidden says tui/pieces.py.

What is called a send here is what is handed to one; if the network is slower than
one types, the system may take it in parts, later (net/outbox.py).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count
from typing import Literal

from protocol import decode_report, decode_request
from tui.pieces import Piece, cut

KEPT = 500  # entries

Way = Literal["recv", "send"]


@dataclass(frozen=True, slots=True)
class Entry:
    """One piece of a frame, and the recv or send that it was in."""

    way: Way
    call: int  # the number of that recv or send, since the wire was opened
    size: int  # its bytes, in all pieces; 0: the other side has closed
    is_first: bool  # of its pieces
    number: int  # of this entry, so that one sees if some were lost
    piece: Piece | None = None  # None: there was nothing in it


class Wire:
    """The newest pieces, while somebody looks."""

    def __init__(self, wake: Callable[[], None] = lambda: None) -> None:
        """`wake` makes the main thread look; from any thread, and without waiting."""
        self.is_on = False
        self.kept: deque[Entry] = deque(maxlen=KEPT)
        self.lost = 0  # entries that were forgotten before the last `take`
        self._newest = 0  # the number of the last that was taken
        self._wake = wake
        self._is_awaited = False  # somebody was woken who has not looked yet
        self._begin()

    def _begin(self) -> None:
        self.kept.clear()
        self.lost = self._newest = 0
        self._is_awaited = False
        # Filled by the threads that receive and send:
        self._news: deque[Entry] = deque(maxlen=KEPT)
        self._calls = {"recv": count(1), "send": count(1)}
        self._numbers = count(1)

    # -- From the main thread ------------------------------------------------------

    def switch(self) -> None:
        """Open or close; opened, it begins anew: what passed unseen is not there."""
        if not self.is_on:
            self._begin()
        self.is_on = not self.is_on

    @property
    def has_news(self) -> bool:
        return bool(self._news)

    def take(self) -> list[Entry]:
        """What has passed since the last time; kept from now on."""
        self._is_awaited = False  # before looking: who comes now wakes again
        taken = list(self._drain())
        newest = taken[-1].number if taken else self._newest
        self.lost = max(newest - self._newest - len(taken), 0)
        self._newest = newest
        self.kept.extend(taken)
        return taken

    def _drain(self) -> Iterator[Entry]:
        for _ in range(len(self._news)):
            yield self._news.popleft()

    # -- From any thread -----------------------------------------------------------

    def received(self, begun: bytes, data: bytes) -> None:
        """One recv has returned; of its first frame, `begun` had come before."""
        self._report("recv", len(data), cut(begun, data, decode_report))

    def sent(self, frame: bytes) -> None:
        """One send is about to be made."""
        self._report("send", len(frame), cut(b"", frame, decode_request))

    def _report(self, way: Way, size: int, pieces: Iterator[Piece]) -> None:
        call = next(self._calls[way])
        entries = [
            Entry(way, call, size, place == 0, next(self._numbers), piece)
            for place, piece in enumerate(pieces if size else (None,))
        ]
        self._news.extend(entries)  # one step: nothing comes between them
        if not self._is_awaited:
            self._is_awaited = True
            self._wake()
