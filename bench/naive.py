"""The textbook's chat server: a thread per client, and sendall to all under one lock.

    reader ana   recv -> decode -> with clients_lock: for each client: sendall
    reader bob   recv -> decode -> waits for the lock

What nearly every tutorial shows, with our frames, and nothing taken away that would
make it slower: no history, no presence, no names to check. Two things are added
because tutorials measure nothing: TCP_NODELAY, or Nagle's algorithm would be what one
measures, and a backlog for a thousand who come at once. Whoever does not read stops
everybody: sendall waits for them, and holds the lock.
"""

from __future__ import annotations

import socket
import sys
import time
from itertools import count
from threading import Lock, Thread

from messages import Hello, Said, Say, Welcome
from protocol import VERSION, Decoder, decode_request, encode

BACKLOG = 1_024

clients_lock = Lock()
# clients_lock must be held when using these:
clients: set[socket.socket] = set()
numbers = count(1)


def main() -> None:
    with socket.create_server(("127.0.0.1", 0), backlog=BACKLOG) as listener:
        port = listener.getsockname()[1]
        sys.stdout.write(f"Chat server started on 127.0.0.1:{port}\n")
        sys.stdout.flush()
        while True:
            sock, _ = listener.accept()
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            Thread(target=serve, args=[sock], daemon=True).start()


def serve(sock: socket.socket) -> None:
    """One client, from accept to close."""
    decoder, name = Decoder(), ""
    try:
        while data := sock.recv(4096):
            for payload in decoder.feed(data):
                name = answer(sock, name, payload)
    except OSError:
        pass  # gone: a textbook's server says nothing about that
    finally:
        with clients_lock:
            clients.discard(sock)
        sock.close()


def answer(sock: socket.socket, name: str, payload: bytes) -> str:
    """Do what is asked; return who it is."""
    match decode_request(payload):
        case Hello(name=name):
            with clients_lock:
                clients.add(sock)
            sock.sendall(encode(Welcome(VERSION, name, "", 0, "no")))
        case Say(id, room, text):
            with clients_lock:
                now_ms = time.time_ns() // 1_000_000
                frame = encode(Said(next(numbers), now_ms, room, name, text, id))
                for client in clients:
                    client.sendall(frame)
        case _:
            pass  # it can do nothing else
    return name


if __name__ == "__main__":
    main()
