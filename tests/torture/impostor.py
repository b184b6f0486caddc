"""A server that lets everybody in and says what the test wants, rules or not."""

from contextlib import suppress

from hostile_server import HostileServer

from messages import Users, Welcome
from protocol import HEADER, encode


class Impostor(HostileServer):
    """`with Impostor(frames) as server:` each who comes in gets all the frames."""

    def __init__(self, frames):
        super().__init__(random=None)
        self._wanted = frames

    def _harass(self, sock):
        with suppress(OSError), sock:  # it hung up, or the test is over
            sock.settimeout(0.1)
            sock.sendall(encode(Welcome("1", "ana", "log", 0, "no")))
            sock.sendall(encode(Users("", "#lobby", ("ana", "bob"))))
            for frame in self._wanted:
                sock.sendall(frame)
            while not self._stopped.is_set():
                with suppress(TimeoutError):
                    if not sock.recv(65_536):
                        return


def raw(*fields):
    """A frame of any fields, also those that no message has."""
    payload = "\0".join(fields).encode()
    return HEADER.pack(len(payload)) + payload
