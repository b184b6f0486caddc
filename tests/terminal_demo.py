"""The smallest program with the client's loop; test_terminal.py runs it on a rig.

It shows its size, the keys it read and a few styles. Some keys make trouble.
"""

import curses
import os
import sys
import threading
from pathlib import Path

from tui.frame import Frame, Span
from tui.inbox import Inbox
from tui.painter import Painter
from tui.terminal import Terminal
from tui.waiter import Waiter

DEMO = [sys.executable, str(Path(__file__).resolve())]  # for a Rig


def picture(rows, columns, keys=()):
    """Words, a table's border, wide characters; cut to any size by simple means."""
    lines = [
        f"{columns}x{rows}",
        "漢字 and Grüße",
        "-" * 60,
        *(f"row {y}" for y in range(3, rows - 1)),
        " ".join(keys)[1 - columns :],
    ]
    spans = [(Span(0, line[: columns - 1]),) if line else () for line in lines]
    spans[0] += (Span(20, "an error", "error"), Span(30, "a bar", "bar"))
    kept = tuple(
        tuple(span for span in row if span.column + len(span.text) < columns)
        for row in (*spans[: rows - 1], spans[-1])
    )
    return Frame(columns, kept, (rows - 1, min(columns - 1, 3)))


def shown(columns, rows, keys=()):
    """The same picture as a rig's rows."""
    return [line.rstrip() for line in picture(rows, columns, keys).lines()]


def misfit(rows, columns):
    """A frame made for a larger screen, with a text that gives orders."""
    row = (Span(0, "\r\x1b[2J" + "x" * columns + "xxx"), Span(columns + 3, "beyond"))
    return Frame(columns + 9, (row,) * (rows + 2), (rows + 5, columns + 5))


def main():
    inbox = Inbox()
    keys = []
    with Terminal(inbox) as terminal:
        waiter = Waiter(terminal.keyboard_fd, inbox)
        painter = Painter(terminal.window, terminal.colours(os.environ))
        while terminal.stop_signal is None:
            painter.paint(picture(*terminal.size(), keys))
            waiter.wait(None)
            for event in inbox.drain(0.004):
                keys.append(f"event:{event}")
            for key in terminal.read():
                name = (
                    terminal.keyname(key).decode()
                    if isinstance(key, int)
                    else ascii(key)
                )
                keys.append(name)
                choose(key, terminal, painter)
                do(key, terminal, inbox, painter, keys)
    waiter.close()
    inbox.close()
    print("stopped by", terminal.stop_signal)


def choose(key, terminal, painter):
    match key:
        case "o" | "w" | "n":
            terminal.set_mouse({"o": "on", "w": "wheel", "n": "off"}[key])
        case "D" | "L" | "M":
            painter.set_theme({"D": "dark", "L": "light", "M": "mono"}[key])


def do(key, terminal, inbox, painter, keys):
    match key:
        case "q":
            sys.exit(7)
        case "x":
            raise RuntimeError("on purpose")
        case "\x1a":
            terminal.suspend()
        case "\x0c":
            terminal.redraw()
        case "m":
            painter.paint(misfit(*terminal.size()))
            os.read(0, 1)  # so that it stays
        case "c":
            terminal.show_plain(["14:06 ana: exactly", "Enter returns"])
        case "b":
            terminal.bell()
        case "e":
            os.write(2, b"descriptor 2 speaks\n")
            print("stderr speaks", file=sys.stderr, flush=True)
        case "t":
            threading.Thread(target=inbox.put, args=("hello",)).start()
        case "p":
            keys += [f"{c!a}={painter.probe(c)}" for c in "a漢\u0301\0"]
        case "g":
            keys.append(f"pid:{os.getpid()}.")
        case "d":
            keys.append(f"delay:{curses.get_escdelay()}.")
        case "l":
            terminal.leave()
            terminal.leave()
            sys.exit(0)


def forgetful():
    """Takes the screen and never gives it back."""
    terminal = Terminal(Inbox()).__enter__()
    Painter(terminal.window, 0).paint(picture(24, 80))


if __name__ == "__main__":
    forgetful() if "forgetful" in sys.argv else main()
