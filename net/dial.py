"""Calling a server, and saying in words why it did not answer."""

from __future__ import annotations

import errno
import socket

from net.address import format_address

PATIENCE = 10.0  # seconds


class DialError(Exception):
    """No connection; the text is a sentence for the person who wanted one."""


def dial(host: str, port: int, patience: float = PATIENCE) -> socket.socket:
    """Connect to any of the host's addresses. Raises DialError."""
    where = format_address(host, port)
    try:
        sock = socket.create_connection((host, port), patience)
    except socket.gaierror:
        raise DialError(f"unknown host {host}: is the name spelled right?") from None
    except UnicodeError:
        raise DialError(f"{host[:40]} is not a host name") from None
    except TimeoutError:
        raise DialError(
            f"no answer from {where}: is the address right, is a firewall between?"
        ) from None
    except OSError as failure:
        raise DialError(explain(failure, where)) from None
    sock.settimeout(None)
    return sock


def explain(failure: OSError, where: str) -> str:
    """One sentence for a failed connect."""
    # Windows has numbers of its own for the same: 10061 is WSAECONNREFUSED.
    if failure.errno in {errno.ECONNREFUSED, 10_061}:
        return f"no server at {where}: is it running?"
    if failure.errno in {errno.ENETUNREACH, errno.EHOSTUNREACH, 10_051, 10_065}:
        return f"no way to {where}: is this machine on the network?"
    return f"cannot connect to {where}: {failure.strerror or failure}"
