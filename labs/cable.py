r"""The cable: `python labs/cable.py MODE`, put between clients and a server.

    python server.py
    python labs/cable.py dribble            12346 -> 12345
    python client.py ana 127.0.0.1:12346

TCP is a stream: it keeps the bytes and their order, and promises nothing about the
pieces they come in, or when, or that they come at all. On one machine one hardly ever
sees that. This cable shows it, on a wall: while it runs, type another mode and watch
what client and server make of it.

    client ---> accepts ---> Link: two wires ---> server
                   |             ^        \
               main: modes ------'         `---events---> one line for each

Tests use it as a library: `with Cable(("127.0.0.1", port), Cut(1, 4_000), seed=7)`.
"""

from __future__ import annotations

import argparse
import io
import random
import socket
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from time import monotonic
from typing import NoReturn

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))  # run as a file

from labs import events, modes
from labs.events import Event
from labs.modes import Hold, Mode, Straight, parse_mode
from labs.wires import Link
from net.address import DEFAULT_HOST, DEFAULT_PORT, format_address, parse_address
from net.dial import dial
from net.listener import Acceptor, explain_listen, open_listeners

HERE = (DEFAULT_HOST, DEFAULT_PORT + 1)
THERE = (DEFAULT_HOST, DEFAULT_PORT)
ANY_PORT = (DEFAULT_HOST, 0)
PATIENCE = 3.0  # seconds for the server to answer a call
STRAIGHT = Straight()

Address = tuple[str, int]


class Cable:
    """Everything between `address` and the server, while the with-block runs.

    The server may die and come back: while it is away, who connects is closed at
    once. Every cut is drawn from `seed`, in the order in which clients connect.
    `report` is called in the wires' threads, and must not wait.
    """

    def __init__(
        self,
        to: Address,
        mode: Mode = STRAIGHT,
        *,
        listen: Address = ANY_PORT,
        seed: int = 0,
        report: Callable[[Event], None] = lambda _: None,
        now: Callable[[], float] = monotonic,
    ) -> None:
        """Raises OSError where one cannot listen."""
        self._to = to
        self._report = report
        self._now = now
        self._acceptor = Acceptor(open_listeners(*listen), self._complain)
        self._thread = threading.Thread(target=self._accept, name="cable")
        self.port = self._acceptor.port
        self.address = format_address(listen[0], self.port)

        self._lock = threading.Lock()
        # _lock must be held when using these:
        self._mode = mode
        self._chance = random.Random(seed)
        self._links: list[Link] = []
        # and when changing these:
        self.connections = 0
        self.cuts = 0
        self.bytes = 0  # that have gone on, both ways

    def __enter__(self) -> Cable:
        try:
            self._thread.start()
        except BaseException:  # Ctrl+C in this very moment: nobody will call __exit__
            self._acceptor.stop()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        """Close every socket and wait for every thread."""
        self._acceptor.stop()
        self._thread.join()
        for link in self._links:  # nobody else is left to use them
            link.break_off()
        for link in self._links:
            link.join()

    @property
    def mode(self) -> Mode:
        """What happens to the bytes; change it at any time, from any thread."""
        return self._mode

    @mode.setter
    def mode(self, mode: Mode) -> None:
        with self._lock:
            self._mode = mode
            for link in self._links:
                link.use(mode.draw(self._chance))

    def _accept(self) -> None:
        """The thread `cable`."""
        for client, _ in self._acceptor.connections():
            with self._lock:
                self.connections += 1
                mode = self._mode.draw(self._chance)
                link = Link(self.connections, client, mode, self._note, self._now)
                link.start(self._dial)
                self._links = [old for old in self._links if old.is_alive]
                self._links.append(link)

    def _dial(self) -> socket.socket:
        return dial(*self._to, PATIENCE)

    def _note(self, event: Event) -> None:
        match event:
            case events.Passed(size=size):
                with self._lock:
                    self.bytes += size
            case events.WasCut():
                with self._lock:
                    self.cuts += 1
            case _:
                pass
        self._report(event)

    def _complain(self, sentence: str) -> None:
        print(f"cable: {sentence}", file=sys.stderr, flush=True)


# -- The program -------------------------------------------------------------------

EPILOG = """
modes; type another one while it runs, or help, or quit:
""" + modes.help_text()


class Parser(argparse.ArgumentParser):
    """Says one sentence about a mistake and exits with 2."""

    def error(self, message: str) -> NoReturn:
        sys.exit(complain(f"{message} (python labs/cable.py --help lists the modes)"))


def complain(sentence: str) -> int:
    print(f"cable: {sentence}", file=sys.stderr, flush=True)
    return 2


def read_arguments(arguments: list[str]) -> argparse.Namespace:
    """Read the command line. Exits with 2 after a sentence on stderr."""
    parser = Parser(
        prog="cable.py",
        description="A cable between chat clients and a server, to play tricks with.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add("--listen", default=HERE, type=_listen_address, metavar="HOST:PORT",
        help=f"where clients connect ({format_address(*HERE)})")  # fmt: skip
    add("--to", default=THERE, type=_address, metavar="HOST:PORT",
        help=f"where the server is ({format_address(*THERE)})")  # fmt: skip
    add("--seed", type=int, metavar="N", help="draw the same random cuts again")
    add("mode", nargs="*", help="see below; straight without one")
    options = parser.parse_args(arguments)
    try:
        options.mode = parse_mode(" ".join(options.mode) or "straight")
    except ValueError as wrong:
        parser.error(str(wrong))
    return options


def _address(text: str) -> Address:
    try:
        return parse_address(text)
    except ValueError as wrong:
        raise argparse.ArgumentTypeError(str(wrong)) from None


def _listen_address(text: str) -> Address:
    if text.endswith(":0"):  # any free port; nobody can connect to it, but one may ask
        return _address(text[:-2])[0], 0
    return _address(text)


def main(arguments: list[str]) -> int:
    options = read_arguments(arguments)
    seed = random.randrange(10_000) if options.seed is None else options.seed
    try:
        cable = Cable(
            options.to,
            options.mode,
            listen=options.listen,
            seed=seed,
            report=lambda event: show(event, is_held=isinstance(cable.mode, Hold)),
        )
    except (OSError, UnicodeError) as failure:
        return complain(explain_listen(failure, *options.listen))
    print(f"Cable from {cable.address} to {format_address(*options.to)}, seed {seed}")
    print(cable.mode, flush=True)
    with cable:
        try:
            obey(cable)
        except KeyboardInterrupt:
            print()
    return 0


def obey(cable: Cable) -> None:
    """Take modes from the keyboard, until `quit`; without one, until Ctrl+C."""
    if isinstance(sys.stdin, io.TextIOWrapper):
        sys.stdin.reconfigure(errors="replace")  # whatever a keyboard sends
    for line in sys.stdin:
        match line.split():
            case []:
                pass
            case ["quit" | "exit"]:
                return
            case ["help"]:
                print(modes.help_text(), "  quit", sep="\n", flush=True)
            case _:
                change(cable, line)
    forever = threading.Event()
    while not forever.wait(0.5):  # on Windows Ctrl+C gets through only between waits
        pass


def change(cable: Cable, line: str) -> None:
    try:
        cable.mode = parse_mode(line)
        print(cable.mode, flush=True)
    except ValueError as wrong:
        complain(str(wrong))


def show(event: Event, *, is_held: bool) -> None:
    """One line; in one write, because every wire has a thread of its own."""
    if is_held or not isinstance(event, events.Took):
        with suppress(OSError):  # nobody looks any more: no reason to stop passing
            sys.stdout.write(f"[{event.link}] {event}\n")
            sys.stdout.flush()


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:  # once more, while it was closing
        sys.exit(130)
