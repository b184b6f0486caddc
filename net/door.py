"""Everybody who is connected, from accept to close: who may come in, who must go.

It knows connections, not people: also the ones that have not said hello, or never
will. A silent one must not be able to keep the server from stopping.
"""

from __future__ import annotations

import socket
import threading
from collections import Counter
from collections.abc import Callable
from secrets import token_hex
from time import monotonic

from messages import Bye, Ping
from net.connection import Connection
from net.limits import Limits
from net.outbox import Watcher
from net.pulse import BYES, PING


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

    def admit(self, sock: socket.socket, address: str) -> Connection | None:
        """Make a connection of a socket, or turn the peer away with a bye."""
        try:
            connection = Connection(sock, address, self._watcher, self._limits)
        except OSError:  # gone again already
            sock.close()
            return None
        if self._register(connection):
            return connection
        connection.turn_away(Bye("full", "too many are connected", retry=10))
        return None

    def forget(self, connection: Connection) -> None:
        with self._lock:
            self._open.discard(connection)
            self._addresses[connection.address] -= 1
            if not self._addresses[connection.address]:
                del self._addresses[connection.address]
            if not self._open:
                self.is_empty.set()

    def check_pulses(self) -> None:
        """Ping who is silent, hang up on who is gone (from the clock)."""
        for connection in self._all():
            due = connection.pulse.due(monotonic())
            if due == PING:
                connection.send(Ping(token_hex(4)))
            elif due:
                connection.finish(Bye(due, BYES[due]))

    def send_away(self, judge: Callable[[str], Bye | None]) -> None:
        """Hang up on everybody whose address has earned a bye."""
        for connection in self._all():
            if bye := judge(connection.address):
                connection.finish(bye)

    def empty(self, bye: Bye, seconds: float) -> None:
        """Send everybody away, and wait for it, but not longer than `seconds`."""
        for connection in self._all():
            connection.finish(bye)
        if self._all():
            self.is_empty.wait(seconds)

    def _all(self) -> list[Connection]:
        with self._lock:
            return list(self._open)

    def _register(self, connection: Connection) -> bool:
        address = connection.address
        # Programs on this machine: a lesson's bots, a benchmark's thousand clients.
        is_local = address.startswith("127.") or address == "::1"
        with self._lock:
            if len(self._open) >= self._most:
                return False
            if not is_local and self._addresses[address] >= self._most_per_address:
                return False
            self._open.add(connection)
            self._addresses[address] += 1
            self.is_empty.clear()
        return True
