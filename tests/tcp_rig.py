"""Two ends of a real TCP connection, for tests of the rooms under the server.

A small pair has the smallest buffers that the system grants, so a peer that does not
read soon fills them: that is how these tests make a full socket.
"""

import socket
import struct

PATIENCE = 10.0  # seconds; only a failing test waits that long
SMALL = 4_096  # bytes; the system may give a little more


def tcp_pair(small=False):
    """Our end and the peer's end."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        peer = socket.socket()
        if small:
            peer.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, SMALL)
        peer.settimeout(PATIENCE)
        peer.connect(listener.getsockname())
        ours, _ = listener.accept()
    if small:
        ours.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SMALL)
    return ours, peer


def read_rest(peer):
    """Every byte until the other end closes."""
    return b"".join(iter(lambda: peer.recv(65_536), b""))


def read_exactly(peer, size):
    data = b""
    while len(data) < size:
        piece = peer.recv(size - len(data))
        assert piece, f"the stream ended after {len(data)} of {size} bytes"
        data += piece
    return data


def reset(peer):
    """Vanish as a pulled plug does: RST instead of FIN."""
    peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    peer.close()
