"""Somebody of the model on a real connection, for test_fuzz.py.

    voice.send(payloads, at)     frames, cut at these bytes
    voice.hear()                 what was sent before now is in `reports`
    voice.hear_rest()            all there is, until the server closes

Nothing is waited for by the clock: who asks for a pong has heard what came before it.
"""

import socket
from itertools import count, pairwise

from conftest import Peer

from messages import Bye, Ping, Pong
from protocol import HEADER

tokens = (f"settle{n}" for n in count())


class Voice:
    """A connection of somebody in the model."""

    def __init__(self, port):
        self.peer = Peer(port)
        self.peer.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.person = None
        self.reports = []  # heard since the last look
        self.since = 0  # the highest seq heard

    def send(self, payloads, at=()):
        """Frames of these payloads, cut at these bytes."""
        data = b"".join(HEADER.pack(len(p)) + p for p in payloads)
        places = [0, *sorted(place % (len(data) or 1) for place in at), len(data)]
        for start, end in pairwise(places):
            self.peer.send_bytes(data[start:end])

    def hear(self):
        """Everything that was sent before now."""
        token = next(tokens)
        self.peer.send(Ping(token))
        self.reports += iter(lambda: next(self.peer.reports), Pong(token))

    def hear_rest(self):
        """Everything until the server closes; the code of its bye."""
        self.reports += self.peer.reports
        self.peer.close()
        byes = [r.code for r in self.reports if isinstance(r, Bye)]
        assert len(byes) <= 1, byes
        return byes[0] if byes else ""

    def hear_until(self, is_last):
        while not is_last(report := next(self.peer.reports)):
            self.reports.append(report)
        return report
