"""Lab 12, last words: does all arrive that was sent before close?

The server says a long goodbye, 100,000 bytes, and closes the connection. sendall()
has returned without an error. But the client had sent something that the server
never read, and the client reads only now.

Seen on Linux; elsewhere less may arrive, never more (not tried there).
"""

from __future__ import annotations

import socket
import sys
from collections.abc import Callable
from pathlib import Path
from threading import Thread

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))  # run as a file

from labs.lesson import Lab, Outcome, Stage, teach
from labs.loopback import SMALL, connected, wait_for_bytes

QUESTION = b"one more thing ..."
GOODBYE = b"bye" * 33_333


def close_at_once(server: socket.socket) -> None:
    server.sendall(GOODBYE)
    server.close()


def close_politely(server: socket.socket) -> None:
    server.sendall(GOODBYE)
    server.shutdown(socket.SHUT_WR)  # I have said everything,
    while server.recv(1024):  # and I listen until you have, too
        pass
    server.close()


def read_to_the_end(client: socket.socket) -> tuple[int, str]:
    """How many bytes came, and how it ended."""
    size = 0
    try:
        while data := client.recv(65_536):
            size += len(data)
    except ConnectionResetError:
        return size, "ConnectionResetError"
    return size, "b''"


def hear_goodbye(close: Callable[[socket.socket], None]) -> tuple[int, str]:
    with connected(send_buffer=200_000, receive_buffer=SMALL) as (server, client):
        client.sendall(QUESTION)
        wait_for_bytes(server, len(QUESTION))  # it has arrived; nobody reads it
        closer = Thread(target=close, args=[server])
        closer.start()
        if close is close_at_once:
            closer.join()  # the client is late
        heard = read_to_the_end(client)
        client.close()
        closer.join()
        return heard


def experiment(stage: Stage) -> Outcome:
    size = len(GOODBYE)
    hasty, hasty_end = hear_goodbye(close_at_once)
    stage.show(f"  close at once   {hasty:7,} of {size:,} bytes, then {hasty_end}")
    polite, end = hear_goodbye(close_politely)
    stage.show(f"  close politely  {polite:7,} of {size:,} bytes, then {end}")
    return Outcome(
        hasty < size
        and hasty_end == "ConnectionResetError"
        and (polite, end) == (size, "b''"),
        f"{hasty:,} of {size:,} bytes, then {hasty_end}; politely {polite:,}.",
    )


LAB = Lab(
    __file__,
    code=(close_at_once, close_politely),
    answers=(
        "yes: sendall returned, so it was delivered",
        "yes, but only after the client has asked again",
        "no: a part of it, and then an error",
    ),
    right="c",
    experiment=experiment,
    why=(
        "A sendall returns when the own kernel has the bytes, not when the other "
        "side has.",
        "A close() with something unread in the buffer says that data was lost: it "
        "sends a reset, and throws away what still waits to be sent.",
        "So shut down your own direction, read the other one to its end, close then.",
    ),
    look="Read Connection.close in net/connection.py: why does it not read for ever?",
    change="Take away the client's question: does the hasty goodbye arrive now?",
    build="How can the server know that its last words were read? Invent a message.",
)

if __name__ == "__main__":
    sys.exit(teach(LAB))
