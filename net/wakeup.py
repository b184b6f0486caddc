"""A bell that wakes a thread blocked in a selector.

A selector waits for sockets, not for events; so the event is made a socket: ring()
writes one byte into one end of a pair, and the sleeper has the other end in its
selector (the self-pipe trick). A full pair means that the bell is ringing already.
"""

from __future__ import annotations

import selectors
import socket

# For one short wait: poll() takes no descriptor of its own, so it still works when
# there is none left; epoll and kqueue do not. Windows has neither (not tested there).
BriefSelector: type[selectors.BaseSelector] = getattr(
    selectors, "PollSelector", selectors.SelectSelector
)


class Wakeup:
    """One sleeper, any number of ringers; ring() is safe in a signal handler."""

    def __init__(self) -> None:
        self._sleeper, self._ringer = socket.socketpair()
        self._sleeper.setblocking(False)
        self._ringer.setblocking(False)

    def fileno(self) -> int:
        return self._sleeper.fileno()

    def ring(self) -> None:
        try:
            self._ringer.send(b"!")
        except OSError:
            pass  # full: it rings already; closed: nobody sleeps any more

    def hush(self) -> None:
        """Take back every ring so far; call it before looking at what is new."""
        try:
            while len(self._sleeper.recv(4096)) == 4096:
                pass
        except OSError:
            pass  # nothing left

    def close(self) -> None:
        self._sleeper.close()
        self._ringer.close()
