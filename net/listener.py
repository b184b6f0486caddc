"""Accepting connections, for as long as the server lives.

The main thread waits in a selector on the listening sockets and a wake-up pair;
a blocking accept() cannot be woken the same way on every system. The wait has a
time-out, because on Windows Ctrl+C only gets through between two waits.

Running out of descriptors must neither stop the loop for good nor make it spin:
one spare descriptor is kept, given up to accept and turn away the next in the queue,
and taken back; then the loop pauses, longer each time.
"""

from __future__ import annotations

import errno
import os
import selectors
import socket
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from net.wakeup import BriefSelector, Wakeup
from sight.seat import stand, wait_in

BACKLOG = 1_024  # a whole class connects within one second
WAIT = 0.5  # seconds; see above
FIRST_PAUSE = 0.05  # seconds
LONGEST_PAUSE = 1.0
EXHAUSTED = {errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM}
EVERYWHERE = ("::", "0.0.0.0")
TRIES = 20  # for a free port; one failing is rare already
TAKEN = {errno.EADDRINUSE, 10_048}  # the second is Windows' own

Address = tuple[socket.AddressFamily, tuple[Any, ...]]
Accepted = tuple[socket.socket, tuple[str, int]]


def open_listeners(host: str, port: int) -> list[socket.socket]:
    """Listen on every address that `host` names; all on the same port.

    Port 0 means any free one. Raises OSError.
    """
    hosts = EVERYWHERE if host in {"*", ""} else (host,)
    infos = [
        info
        for name in hosts
        for info in socket.getaddrinfo(name, port, type=socket.SOCK_STREAM)
        if info[0] != socket.AF_INET6 or socket.has_ipv6
    ]
    addresses = list(dict.fromkeys((info[0], info[4]) for info in infos))
    for tries_left in reversed(range(TRIES)):
        try:
            listeners = _listen_on_all(addresses, port)
        except OSError as failure:
            # Port 0: what is free in one family may be taken in the other.
            if port or failure.errno not in TAKEN or not tries_left:
                raise
        else:
            break
    if not listeners:
        raise OSError(errno.EADDRNOTAVAIL, f"{host} is not an address of this machine")
    return listeners


def _listen_on_all(addresses: Sequence[Address], port: int) -> list[socket.socket]:
    """Listen on all of them, on one port; if one fails, on none. Raises OSError."""
    listeners: list[socket.socket] = []
    try:
        for family, address in addresses:
            chosen = listeners[0].getsockname()[1] if listeners else port
            if listener := _listen(family, (*address[:1], chosen, *address[2:])):
                listeners.append(listener)
    except OSError:
        for listener in listeners:
            listener.close()
        raise
    return listeners


def _listen(family: int, address: tuple[str | int, ...]) -> socket.socket | None:
    """Open one listener, or None where this machine lacks the address family."""
    try:
        listener = socket.socket(family, socket.SOCK_STREAM)
    except OSError:
        return None
    try:
        _set_reuse(listener)
        if family == socket.AF_INET6:  # 0.0.0.0 has a listener of its own
            listener.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        listener.bind(address)
        listener.listen(BACKLOG)
        listener.setblocking(False)
    except OSError as failure:
        listener.close()
        if failure.errno == errno.EADDRNOTAVAIL:
            return None
        raise
    return listener


def _set_reuse(listener: socket.socket) -> None:
    """Let a restart take the port at once, and no second server take it too."""
    if os.name == "nt":  # there SO_REUSEADDR would let anybody share it (not tested)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)  # type: ignore[attr-defined, unused-ignore]
    else:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)


def explain_listen(failure: OSError | UnicodeError, host: str, port: int) -> str:
    """One sentence for a server that cannot listen."""
    if isinstance(failure, UnicodeError):
        return f"{host[:40]} is not a host name; leave --host out"
    if failure.errno in TAKEN:
        return (
            f"port {port} is taken: is a server running already? "
            "Another port: --port N, any free one: --port 0"
        )
    if isinstance(failure, socket.gaierror) or failure.errno == errno.EADDRNOTAVAIL:
        return f"{host} is not an address of this machine; leave --host out"
    if failure.errno in {errno.EACCES, 10_013}:
        return f"port {port} needs more rights: choose one from 1024 to 65535"
    return f"cannot listen on {host}: {failure.strerror or failure}"


class Acceptor:
    """Yields what connects; complain(sentence) is called when it cannot."""

    def __init__(
        self, listeners: list[socket.socket], complain: Callable[[str], None]
    ) -> None:
        self._listeners = listeners
        self._complain = complain
        self._wakeup = Wakeup()
        self._is_stopping = False
        self._spare = _open_spare()
        self._pause = FIRST_PAUSE

    @property
    def port(self) -> int:
        return int(self._listeners[0].getsockname()[1])

    @property
    def is_stopping(self) -> bool:
        return self._is_stopping

    def stop(self) -> None:
        """Make connections() end; from any thread or signal handler."""
        self._is_stopping = True
        self._wakeup.ring()

    def connections(self) -> Iterator[Accepted]:
        """Yield each socket that connects, until stop(); then close the listeners."""
        try:
            yield from self._wait_for_all()
        finally:  # also if it dies: nobody may queue where nobody is served
            self._close()

    def _wait_for_all(self) -> Iterator[Accepted]:
        with selectors.DefaultSelector() as selector:
            selector.register(self._wakeup, selectors.EVENT_READ)
            for listener in self._listeners:
                selector.register(listener, selectors.EVENT_READ, listener)
            while not self._is_stopping:
                wait_in("accept")
                for key, _ in selector.select(WAIT):
                    if key.data and not self._is_stopping:
                        yield from self._accept_all(key.data)

    def _accept_all(self, listener: socket.socket) -> Iterator[Accepted]:
        while not self._is_stopping:
            try:
                sock, address = listener.accept()
            except (BlockingIOError, InterruptedError):
                return
            except OSError as failure:
                if failure.errno in EXHAUSTED:
                    self._turn_one_away(listener, failure)
                # Anything else (ECONNABORTED, EPROTO) was about that one peer.
                return
            stand(f"lets {address[0]} in")
            self._pause = FIRST_PAUSE
            if self._spare is None:  # another thread had taken the descriptor
                self._spare = _open_spare()
            yield sock, (plain_host(address[0]), address[1])

    def _turn_one_away(self, listener: socket.socket, failure: OSError) -> None:
        self._complain(f"cannot accept: {failure.strerror}; trying on")
        if self._spare is not None:
            os.close(self._spare)
            try:
                listener.accept()[0].close()
            except OSError:
                pass  # it gave up by itself
            self._spare = _open_spare()
        with BriefSelector() as pause:
            pause.register(self._wakeup, selectors.EVENT_READ)
            pause.select(self._pause)
        self._pause = min(2 * self._pause, LONGEST_PAUSE)

    def _close(self) -> None:
        for listener in self._listeners:
            listener.close()
        self._wakeup.close()
        if self._spare is not None:
            os.close(self._spare)


def _open_spare() -> int | None:
    try:
        return os.open(os.devnull, os.O_RDONLY)
    except OSError:
        return None


def plain_host(host: str) -> str:
    """An IPv4 address that arrived over IPv6 is the same person."""
    return host.removeprefix("::ffff:")
