"""The two ends of one TCP connection on this machine: what most labs play with.

    with connected() as (sender, receiver):
        sender.sendall(b"hello")

Real TCP, on 127.0.0.1. Nothing waits longer than PATIENCE. At the end of the block both
ends are closed, so a thread that still waits for one hears that the other is gone.
"""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic

HERE = ("127.0.0.1", 0)  # port 0: any free one
PATIENCE = 10.0  # seconds; only an experiment that fails waits that long
SMALL = 4_096  # bytes; the system may give a little more


@contextmanager
def connected(
    *, send_buffer: int = 0, receive_buffer: int = 0
) -> Iterator[tuple[socket.socket, socket.socket]]:
    """A sender and a receiver; with a buffer of so many bytes, if it matters."""
    with socket.create_server(HERE) as listener, socket.socket() as receiver:
        if receive_buffer:  # before the call: it is announced then
            receiver.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        receiver.settimeout(PATIENCE)
        receiver.connect(listener.getsockname())
        sender, _ = listener.accept()
        with sender:
            sender.settimeout(PATIENCE)
            if send_buffer:
                sender.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, send_buffer)
            yield sender, receiver


def wait_for_bytes(sock: socket.socket, size: int) -> None:
    """Wait until so many bytes have arrived; read none of them.

    Loopback is fast, but not instant: this is the reader that comes a moment late.
    """
    deadline = monotonic() + PATIENCE
    while len(sock.recv(size, socket.MSG_PEEK)) < size:
        if monotonic() > deadline:
            raise TimeoutError(f"{size} bytes were sent, and did not arrive")


def read_all(sock: socket.socket) -> bytes:
    """Every byte until the other end closes."""
    return b"".join(iter(lambda: sock.recv(65_536), b""))
