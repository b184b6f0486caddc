"""The chat client: `python client.py [NAME] [ADDRESS]`.

Two threads meet in one queue. The receiver waits for the server, the main thread for
the person; the receiver puts what it hears into the inbox and touches nothing else.

    server --bytes--> receiver --messages--> [ inbox ] --> main: model -> screen
    server <--bytes-- outbox <------------------------- main: keys -> model

When the connection breaks, the receiver calls again by itself, with pauses that grow
and vary (a thousand clients must not all call a restarted server in the same instant),
and tells the model, which tells the person. A third thread, the flusher, sends on
what a slow network did not take at once, so that typing never waits. Who looks at
the wire sees every recv and send on its way (tui/wire.py).
"""

from __future__ import annotations

import os
import random
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from time import monotonic

from messages import Bye, Error, Ping, Pong, Report, Request, Welcome
from net.address import format_address, parse_address
from net.connection import Connection
from net.dial import DialError, dial
from net.flusher import Flusher
from net.limits import Limits
from protocol import MessageError, ProtocolError, decode_report
from tui import events, plain, wording
from tui.entrance import Guest, NameRefused, complain, read_guest
from tui.inbox import Inbox
from tui.model import Model
from tui.sanitize import make_safe_line
from tui.terminal import Terminal, why_plain
from tui.ticket import Ticket
from tui.wire import Wire

# The server is asked to hold up who talks too fast, and then takes nothing for a
# while: for a client that is no reason to give up its own connection.
LIMITS = replace(Limits(), outbox_bytes=1 << 24, stall=3_600.0)
FIRST_PAUSE = 1.0  # seconds before the second call
LONGEST_PAUSE = 30.0
TRIES_IN_A_PIPE = 8  # nobody is there to give up by hand
# No use in calling again. Not `replaced`: only we know our secret, so a call of our own
# from before the break was heard late, and nobody is at its other end.
FINAL = {"kicked", "banned", "version", "flood"}


class Receiver:
    """The connection to the server, as often as it breaks."""

    def __init__(
        self,
        host: str,
        port: int,
        inbox: Inbox[events.Event],
        tries: int | None,
        wire: Wire | None = None,
    ) -> None:
        self.address = format_address(host, port)
        self._host, self._port = host, port
        self._inbox = inbox
        self._tries = tries  # in a row; None means for ever
        self._wire = wire
        self._ticket = Ticket()
        self._flusher = Flusher(LIMITS)
        self._call_now = threading.Event()
        # Written by the thread that calls: first main, then only the receiver.
        self._connection: Connection | None = None
        self._reports: Iterator[tuple[Report, int]] = iter(())  # each with its bytes
        self._bye: Bye | None = None

    # -- From the main thread ------------------------------------------------------

    def log_in(self, name: str) -> None:
        """Call, and say hello. Raises DialError, NameRefused."""
        self._ticket.name = name
        self._inbox.put(self._call())

    def start(self) -> None:
        self._flusher.start()
        # Daemon: it ends with the program, which has said goodbye before.
        threading.Thread(target=self._run, name="receiver", daemon=True).start()

    def carry_out(self, effect: events.Effect) -> None:
        """Do what the model asks of the outside."""
        match effect:
            case events.Send(message):
                self._send(message)
            case events.Reconnect():
                self._call_now.set()
            case events.CallAs(name):
                self._ticket.name = name
                self._call_now.set()
            case _:
                pass  # the screen's own business

    def _send(self, message: Request) -> None:
        # Without a connection it goes nowhere: the model keeps every line until it
        # comes back, and sends it again after the next welcome.
        if connection := self._connection:
            connection.send(message)

    # -- The receiver's thread -----------------------------------------------------

    def _run(self) -> None:
        try:
            self._keep_listening()
        except Exception as bug:  # ours: never leave a person before a dead screen
            self._inbox.put(events.Ended(f"this client made a mistake: {bug!r}"))
            raise

    def _keep_listening(self) -> None:
        while True:
            for report, size in self._reports:
                self._inbox.put(report, size)
                self._inbox.wait_for_room()  # reading on before would cost memory
            self._hang_up()
            if self._bye and self._bye.code == "quit":
                return
            if self._bye and self._bye.code in FINAL:
                self._inbox.put(events.Ended(_reason(self._bye)))
                return
            if not self._call_again(_reason(self._bye), _retry(self._bye)):
                return

    def _call_again(self, why: str, pause: float) -> bool:
        """Call until the server answers; whether it did."""
        attempt, is_refusal = 0, False
        while self._tries is None or attempt < self._tries:
            attempt += 1
            pause *= 0.5 + random.random()
            self._call_now.clear()
            retry_at = monotonic() + pause
            self._inbox.put(events.Lost(why, retry_at, attempt, is_refusal))
            self._call_now.wait(pause)
            self._inbox.put(events.Connecting(self.address))
            try:
                self._inbox.put(self._call())
                return True
            except (DialError, NameRefused) as failure:
                why, is_refusal = str(failure), isinstance(failure, NameRefused)
            pause = pause_before(attempt + 1)
        self._inbox.put(events.Ended(why))
        return False

    def _call(self) -> Welcome:
        """Dial and log in. Raises DialError, NameRefused."""
        sock = dial(self._host, self._port)
        connection = Connection(
            sock,
            self._host,
            self._flusher,
            LIMITS,
            patience=LIMITS.silence,  # the server pings long before
            recorder=self._wire,
        )
        connection.send(self._ticket.hello())
        self._bye = None
        self._reports = self._listen(connection)
        for report, _ in self._reports:
            match report:
                case Welcome():
                    self._connection = connection
                    return report
                case Error():
                    connection.close()
                    raise NameRefused(make_safe_line(report.text))
                case _:
                    pass  # a ping, or a notice: nothing that lets us in
        connection.close()
        raise DialError(_reason(self._bye, f"{self.address} does not speak this chat"))

    def _listen(self, connection: Connection) -> Iterator[tuple[Report, int]]:
        """Yield what the server says, and its bytes; answer pings, keep the bye."""
        try:
            for payload in connection.payloads():
                try:
                    report = decode_report(payload)
                except MessageError:
                    continue  # a newer server may know more verbs than we do
                if isinstance(report, Ping):
                    connection.send(Pong(report.token))
                elif isinstance(report, Bye):
                    self._bye = report
                self._ticket.note(report)
                yield report, len(payload)
        except ProtocolError as wrong:
            self._bye = Bye(wrong.code, f"the server sent nonsense ({wrong.text})")

    def _hang_up(self) -> None:
        if connection := self._connection:
            self._connection = None
            connection.close()


def pause_before(attempt: int) -> float:
    """Seconds before the next call, each time longer; after a night of calls, too."""
    return min(LONGEST_PAUSE, FIRST_PAUSE * 2.0 ** min(attempt - 1, 10))


def _reason(bye: Bye | None, otherwise: str = "the connection was lost") -> str:
    """Why it ended, as a sentence."""
    return wording.farewell(bye.code, make_safe_line(bye.text)) if bye else otherwise


def _retry(bye: Bye | None) -> float:
    return float(min(bye.retry or 0, 60) or FIRST_PAUSE) if bye else FIRST_PAUSE


# -- The program -----------------------------------------------------------------


def main(arguments: list[str]) -> int:
    guest = read_guest(arguments, os.environ, Path.home())
    for warning in guest.warnings:
        complain(warning, 0)
    try:
        host, port = parse_address(guest.address)
    except ValueError as failure:
        return complain(str(failure), 2)
    if not (guest.name or guest.is_person):
        return complain("give a name: python client.py NAME", 2)
    inbox: Inbox[events.Event] = Inbox()
    wire = Wire(inbox.wake)
    if guest.wants_wire:
        wire.switch()
    tries = None if guest.is_person else TRIES_IN_A_PIPE
    receiver = Receiver(host, port, inbox, tries, wire)
    try:
        name = guest.log_in(receiver.log_in, receiver.address)
    except (DialError, NameRefused) as failure:
        return complain(str(failure), 1)
    except (KeyboardInterrupt, EOFError):
        print()
        return 0
    receiver.start()
    model = Model(name, receiver.address, guest.preferences, wire=wire)
    return talk(model, inbox, receiver, guest)


def talk(
    model: Model, inbox: Inbox[events.Event], receiver: Receiver, guest: Guest
) -> int:
    """Talk on the full screen where there can be one, else in lines."""

    def carry_out(effect: events.Effect) -> None:
        if isinstance(effect, events.Remember):
            guest.remember_name(effect.name)
        else:
            receiver.carry_out(effect)

    why = why_plain(sys.stdin, sys.stdout, os.environ)
    if guest.wants_lines or why:
        if guest.is_person and not guest.wants_lines:
            complain(f"no full screen, because {why}", 0)
        return plain.run(model, inbox, carry_out, sys.stdin, sys.stdout)
    if guest.is_new:
        model.greet()
    return run_screen(model, inbox, carry_out)


def run_screen(
    model: Model,
    inbox: Inbox[events.Event],
    carry_out: Callable[[events.Effect], None],
) -> int:
    """Take the terminal, and give it back however it ends."""
    from tui import screen  # curses may be missing, and plain mode needs none

    with Terminal(inbox) as terminal:
        code = screen.run(model, inbox, carry_out, terminal)
    if isinstance(ended := model.chat.connection, events.Ended):
        complain(make_safe_line(ended.why), code)  # it vanished with the screen
    return code


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:  # once more, after the screen was given back
        sys.exit(130)
