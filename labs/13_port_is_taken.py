"""Lab 13, the port is taken: can a server start again at once?

A server with one client ends: it closes the connection, then its listener. Nothing
runs any more. Then it starts again on the same port, first as it is, and in a second
round with the option SO_REUSEADDR.

Linux and macOS (not tried there). Windows has other rules, and the lab says so.
"""

from __future__ import annotations

import errno
import os
import socket
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))  # run as a file

from labs.lesson import Lab, NotHere, Outcome, Stage, teach
from labs.loopback import HERE, PATIENCE, read_all


def listen(port: int, *, reuse: bool) -> socket.socket:
    listener = socket.socket()
    if reuse:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((HERE[0], port))
        listener.listen()
    except OSError:
        listener.close()
        raise
    return listener


def serve_and_end(*, reuse: bool) -> int:
    """A server's whole life; its port."""
    with listen(0, reuse=reuse) as listener:
        address = listener.getsockname()
        with socket.create_connection(address, PATIENCE) as client:
            connection, _ = listener.accept()
            connection.close()  # the server goes first
            read_all(client)
    return int(address[1])


def start_again(*, reuse: bool) -> str:
    """What the system says to it; nothing if it works."""
    port = serve_and_end(reuse=reuse)
    try:
        listen(port, reuse=reuse).close()
    except OSError as failure:
        return errno.errorcode.get(failure.errno or 0, str(failure))
    return ""


def experiment(stage: Stage) -> Outcome:
    if os.name == "nt":
        raise NotHere(
            "Windows lets a server start again at once. There SO_REUSEADDR would let "
            "two programs share the port, and SO_EXCLUSIVEADDRUSE forbids it."
        )
    plain, reused = start_again(reuse=False), start_again(reuse=True)
    stage.show(f"  as it is            {plain or 'works'}")
    stage.show(f"  with SO_REUSEADDR   {reused or 'works'}")
    return Outcome(
        plain == "EADDRINUSE" and not reused,
        f"As it is: {plain or 'works'}. With SO_REUSEADDR: {reused or 'works'}.",
    )


LAB = Lab(
    __file__,
    code=(listen, serve_and_end),
    answers=(
        "yes: the process is gone, so its port is free",
        "no: EADDRINUSE; with SO_REUSEADDR yes",
        "no: EADDRINUSE, whatever the option, until a minute is over",
    ),
    right="b",
    experiment=experiment,
    why=(
        "Who closes a connection first keeps its address for about a minute, in the "
        "state TIME_WAIT, even when the process is gone.",
        "That is for segments still under way: nobody new shall get them.",
        "SO_REUSEADDR says that a new listener may share the port with connections "
        "that are over.",
    ),
    look="Run `ss -tan` (Linux) or `netstat -an` right afterwards: find TIME_WAIT.",
    change="Let the client close first, before connection.close(). What happens now?",
    build="Start your own server twice at once with SO_REUSEADDR: what stops the "
    "second on Linux, and what would on Windows? See net/listener.py.",
)

if __name__ == "__main__":
    sys.exit(teach(LAB))
