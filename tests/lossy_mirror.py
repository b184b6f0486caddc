"""A server that loses the first line it should pass on, and says nothing about it."""

import socket
import sys

from bench.limit import Mirror
from protocol import HEADER


class Lossy(Mirror):
    """A mirror with a hole."""

    _has_lost = False

    def _read(self, sock):
        heard = super()._read(sock)
        if b"\x00000000000 x" in heard and not self._has_lost:
            self._has_lost = True
            (length,) = HEADER.unpack_from(heard)
            return heard[HEADER.size + length :]
        return heard


with socket.create_server(("127.0.0.1", 0)) as listener:
    print(f"started on 127.0.0.1:{listener.getsockname()[1]}", flush=True)
    try:
        Lossy(listener).run()
    except KeyboardInterrupt:
        sys.exit()
