"""Defect: it decodes what a recv() brought. Stage 8, "decodes what a recv() brought".

An emoji has four bytes, and a recv() may end between any two of them.
"""

from __future__ import annotations

import socket
import struct
from collections.abc import Iterator

from labs.zoo.healthy import Server, main


class CutsUtf8(Server):
    """It decodes too early."""

    def payloads(self, sock: socket.socket) -> Iterator[bytes]:
        while header := self.receive(sock, 4):
            (length,) = struct.unpack("!I", header)
            self.check_length(length)
            text = ""
            while missing := length - len(text.encode()):
                if not (piece := sock.recv(missing)):
                    return
                text += piece.decode()
            yield text.encode()


if __name__ == "__main__":
    main(CutsUtf8)
