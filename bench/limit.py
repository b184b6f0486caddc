"""The limit: a bare loop of sends, and nothing around it.

    senders --whole frames--> one buffer --send--> each of N sockets

It reads what everybody has sent, and sends it to everybody: no decoding, no names, no
thread, no lock, no log. It looks only at lengths, because half a frame must not go out
before another sender's. A chat in Python that says as little in one send as this cannot
be faster; one that collects more before it sends can deliver more, each a little later.
"""

from __future__ import annotations

import socket
import sys
from selectors import EVENT_READ, DefaultSelector

from messages import Welcome
from protocol import HEADER, VERSION, encode

BACKLOG = 1_024
READ_BYTES = 1 << 16
WELCOME = encode(Welcome(VERSION, "anybody", "", 0, "no"))
HELLO = b"hello"


class Mirror:
    """Everybody who is connected, and what has come from them in part."""

    def __init__(self, listener: socket.socket) -> None:
        self._listener = listener
        self._parts: dict[socket.socket, bytearray] = {}
        self._selector = DefaultSelector()
        self._selector.register(listener, EVENT_READ)

    def run(self) -> None:
        while True:
            ready = [key.fileobj for key, _ in self._selector.select()]
            heard = b"".join(self._read(s) for s in ready if s in self._parts)
            if heard:
                for sock in self._parts:
                    sock.sendall(heard)
            if self._listener in ready:
                self._accept()

    def _accept(self) -> None:
        sock, _ = self._listener.accept()
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._parts[sock] = bytearray()
        self._selector.register(sock, EVENT_READ)

    def _read(self, sock: object) -> bytes:
        """The whole frames that somebody has sent; a hello is answered here."""
        assert isinstance(sock, socket.socket)
        part = self._parts[sock]
        try:
            data = sock.recv(READ_BYTES)
        except OSError:
            data = b""
        if not data:
            self._selector.unregister(sock)
            del self._parts[sock]
            sock.close()
            return b""
        part += data
        if part.startswith(HELLO, HEADER.size):
            part.clear()
            sock.sendall(WELCOME)
        end = end_of_frames(part)
        whole = bytes(part[:end])
        del part[:end]
        return whole


def end_of_frames(data: bytearray, start: int = 0) -> int:
    """Where the last whole frame ends."""
    unpack, size = HEADER.unpack_from, HEADER.size
    while len(data) - start >= size:
        end: int = start + size + unpack(data, start)[0]
        if end > len(data):
            break
        start = end
    return start


def main() -> None:
    with socket.create_server(("127.0.0.1", 0), backlog=BACKLOG) as listener:
        port = listener.getsockname()[1]
        sys.stdout.write(f"Chat server started on 127.0.0.1:{port}\n")
        sys.stdout.flush()
        Mirror(listener).run()


if __name__ == "__main__":
    main()
