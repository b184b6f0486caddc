"""The least that a curses client in Python can be: the floor under our numbers.

It says hello, shows the text of the last line it got, and echoes what is typed;
nothing is checked, nothing is kept. What this takes on the machine at hand is the
price of Python, curses, the kernel and the server, and no client in Python is below it.
"""

from __future__ import annotations

import curses
import select
import socket
import sys

KILL_LINE = "\x15"


def main(name: str, address: str) -> None:
    host, _, port = address.rpartition(":")
    sock = socket.create_connection((host, int(port)))
    hello = f"hello\x001\x00{name}".encode()
    sock.sendall(len(hello).to_bytes(4, "big") + hello)
    sock.recv(1 << 16)
    curses.wrapper(show, sock)


def show(window: curses.window, sock: socket.socket) -> None:
    window.nodelay(True)
    window.addstr(0, 0, "online")
    while True:
        window.refresh()
        ready, _, _ = select.select([sys.stdin, sock], [], [])
        if sock in ready:
            text = sock.recv(1 << 16).rpartition(b"\0")[2]
            window.addstr(1, 0, text.decode(errors="replace"))
            window.move(2, 0)
        if sys.stdin in ready:
            echo(window)


def echo(window: curses.window) -> None:
    try:
        while key := window.get_wch():
            if key == KILL_LINE:
                window.move(2, 0)
                window.clrtoeol()
            else:
                window.addstr(str(key))
    except curses.error:
        return  # nothing more is typed


if __name__ == "__main__":
    main(*sys.argv[1:])
