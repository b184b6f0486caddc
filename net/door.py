"""Everybody who is connected, from accept to close: who may come in, who must go.

It knows connections, not people: also the ones that have not said hello, or never
will. A silent one must not be able to keep the server from stopping.
"""

from __future__ import annotations

import math
import socket
import threading
from collections import Counter, deque
from collections.abc import Callable
from secrets import token_hex
from time import monotonic

from messages import Bye, Ping
from net.connection import Connection
from net.limits import Limits
from net.outbox import Watcher
from net.pulse import BYES, PING
from sight.motion import motion

# Of those who were turned away, so many may wait at once until they have read why;
# they live on the descriptors in reserve (net/descriptors.py).
MOST_LEAVING = 32
FULL = "too many are connected"


class Door:
    """The set of open connections. Any thread may call anything here."""

    def __init__(
        self, watcher: Watcher, limits: Limits, most: int, most_per_address: int
    ) -> None:
        self._watcher = watcher
        self._limits = limits
        self._most = most
        self._most_per_address = most_per_address
        self.is_empty = threading.Event()

        self._lock = threading.Lock()
        # _lock must be held when using these; set and counter work only:
        self._open: set[Connection] = set()
        self._addresses: Counter[str] = Counter()
        self._leaving: deque[tuple[float, Connection]] = deque()  # and when to close

    def admit(self, sock: socket.socket, address: str) -> Connection | None:
        """Make a connection of a socket, or turn the peer away with a bye."""
        try:
            connection = Connection(sock, address, self._watcher, self._limits)
        except OSError:  # gone again already
            sock.close()
            return None
        if self._register(connection):
            return connection
        self.turn_away(connection, FULL)
        return None

    def turn_away(self, connection: Connection, why: str) -> None:
        """Say bye to a peer that is not let in, and close when it has heard it."""
        connection.turn_away(Bye("full", why, retry=10))
        with self._lock:
            self._leaving.append((monotonic() + self._limits.drain, connection))
            is_crowd = len(self._leaving) > MOST_LEAVING
            first = self._leaving.popleft()[1] if is_crowd else None
        if first:
            first.drop()

    def forget(self, connection: Connection) -> None:
        with self._lock:
            self._open.discard(connection)
            self._addresses[connection.address] -= 1
            if not self._addresses[connection.address]:
                del self._addresses[connection.address]
            if not self._open:
                self.is_empty.set()

    def everybody(self) -> list[Connection]:
        """Who is connected just now, logged in or not."""
        with self._lock:
            return list(self._open)

    def check_pulses(self) -> None:
        """Ping who is silent, hang up on who is gone (from the clock)."""
        for connection in self.everybody():
            if motion.seconds:  # who answers late waits for us
                connection.pulse.excuse(monotonic())
            due = connection.pulse.due(monotonic())
            if due == PING:
                connection.send(Ping(token_hex(4)))
            elif due:
                connection.finish(Bye(due, BYES[due]))
        self._see_off(monotonic())

    def send_away(self, judge: Callable[[str], Bye | None]) -> None:
        """Hang up on everybody whose address has earned a bye."""
        for connection in self.everybody():
            if bye := judge(connection.address):
                connection.finish(bye)

    def empty(self, bye: Bye, seconds: float) -> None:
        """Send everybody away, and wait for it, but not longer than `seconds`."""
        for connection in self.everybody():
            connection.finish(bye)
        if self.everybody():
            self.is_empty.wait(seconds)
        self._see_off(math.inf)

    def _see_off(self, now: float) -> None:
        """Close on those who were turned away long enough ago."""
        with self._lock:
            gone = [connection for end, connection in self._leaving if end <= now]
            for _ in gone:
                self._leaving.popleft()  # the first to come is the first to go
        for connection in gone:
            connection.drop()

    def _register(self, connection: Connection) -> bool:
        address = connection.address
        with self._lock:
            if len(self._open) >= self._most:
                return False
            guests = 0 if is_local(address) else self._addresses[address]
            if guests >= self._most_per_address:
                return False
            self._open.add(connection)
            self._addresses[address] += 1
            self.is_empty.clear()
        return True


def is_local(address: str) -> bool:
    """Programs on this machine: a lesson's bots, a benchmark's thousand clients."""
    return address.startswith("127.") or address == "::1"
