"""Somebody who says more than the other side takes at once."""

import threading
from contextlib import suppress


class Sender:
    """Sends bytes in a thread of its own, for as long as the other side takes any."""

    def __init__(self, sock, data):
        self._thread = threading.Thread(target=self._run, args=[sock, data])
        self._thread.start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._thread.join()

    def _run(self, sock, data):
        with suppress(OSError):  # the server hung up
            sock.sendall(data)
