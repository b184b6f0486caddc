"""The chat server: `python server.py`.

A thread per connection reads; one thread, the scribe, writes the log and tells
everybody; nobody ever waits for anybody's slow network.

    main       accepts --------------+
                                     v starts
    reader ana    recv -> decode -> answer --jobs--> scribe --> log (SQLite)
    reader bob    recv -> decode -> answer --jobs-->    |
                                                        +--push--> outbox ana, bob ...
    flusher    sends on what a full socket did not take <---+
    clock      pings, deadlines, presence
    console    reads what the operator types

The dict of `clients` is what all readers share, so it has a lock, and only work on
dictionaries happens under that lock: no send, no disk, no wait. To read this program,
begin with protocol.py, then this file from top to bottom, then chat/reception.py and
chat/scribe.py.
"""

from __future__ import annotations

import socket
import sys
from dataclasses import replace
from threading import Lock, Thread, current_thread
from time import monotonic

from chat.clock import Clock
from chat.console import start_console
from chat.desk import Desk
from chat.enquiries import Enquiries
from chat.guard import Guard
from chat.jobs import Close, Stop, Sweep
from chat.journal import Journal, Seldom, journal, open_journal
from chat.log import Log, Retention, open_log
from chat.orders import Orders
from chat.reception import Reception
from chat.refusal import FileError, StorageError
from chat.register import Register
from chat.rooms import RoomBook
from chat.rules import HouseRules
from chat.scribe import Scribe
from chat.session import Caller, Session
from chat.settings import Settings, complain, read_settings
from chat.signals import end_on_interrupt, reload_on_hangup, stop_on_signals
from chat.survey import House
from chat.visit import Farewell, Visit
from chat.welcome import announcement, greeting
from messages import Bye
from net.address import format_address, lan_host
from net.connection import Connection
from net.descriptors import raise_limit
from net.door import FULL, Door
from net.flusher import Flusher
from net.limits import Limits
from net.listener import Acceptor, explain_listen, open_listeners
from net.strangers import answer_stranger
from protocol import FrameError, encode
from sight.lock import WatchedLock
from sight.motion import motion

FAREWELL = 1.5  # seconds in which everybody may hear the bye of a shutdown


class ChatServer:
    """The chat: who is connected, who is who, and what to answer."""

    def __init__(
        self,
        listeners: list[socket.socket],
        log: Log,
        settings: Settings,
        limits: Limits | None = None,
    ) -> None:
        limits = limits or Limits()
        self.settings = settings
        self.log = log  # whoever opened it closes it
        self._complain = Seldom(journal.warning)
        self.acceptor = Acceptor(listeners, self._complain)
        self.flusher = Flusher(limits)
        most, per_address = settings.max_clients, settings.max_per_address
        self.door = Door(self.flusher, limits, most, per_address)
        self.guard = Guard(self.stop)

        self.clients_lock = WatchedLock(Lock(), "clients_lock", "clients, rooms")
        # clients_lock must be held when using these; dictionary work only:
        self.clients: dict[str, Session] = {}  # by the key of the name
        self.rooms = RoomBook(log.topics())

        self.scribe = Scribe(log, self.rooms, self.clients_lock)
        self.scribe.attendance.greeting = greeting(settings, limits.ping_after)
        self.rules = HouseRules()
        put = self.scribe.put
        self.register = Register(self.clients, self.clients_lock, put, self.rules)
        self.reception = self._open_reception()
        self.desk = self._open_desk()
        self._clock = Clock(self._look_round, seldom=lambda: put(Sweep()))

    def _open_reception(self) -> Reception:
        past = None if self.settings.history == "off" else self.log.archive
        return Reception(
            self.register,
            Orders(self.register, self.rules),
            Enquiries(self.register, self.rooms, self.clients_lock, past),
            self.scribe.attendance.replays,
            self.scribe.put,
        )

    def _open_desk(self) -> Desk:
        house = House(
            self.register, self.rules, self.rooms, self.clients_lock, self.scribe,
            self.door.send_away, self.stop,
        )  # fmt: skip
        return Desk(house, self.settings)

    # -- The life of the server ----------------------------------------------------

    def run(self) -> int:
        """Serve until stop(); return the exit code."""
        scribe = self.guard.start("scribe", self.scribe.run)
        self.guard.start("flusher", self.flusher.run)
        self.guard.start("clock", self._clock.run)
        self.guard.run("acceptor", self._accept)
        self._clock.stop()
        motion.set(0)
        self.scribe.put(Stop())
        scribe.join(1.0)
        self.door.empty(Bye("shutdown", "the server is stopping", retry=2), FAREWELL)
        self.flusher.stop()
        return self.guard.exit_code

    def stop(self) -> None:
        """End run(); from any thread or signal handler."""
        self.acceptor.stop()

    def _accept(self) -> None:
        """The main thread: let people in, until stop()."""
        for sock, address in self.acceptor.connections():
            if connection := self.door.admit(sock, address[0]):
                self._start_reader(connection, address)

    def _look_round(self) -> None:
        """The clock, four times a second."""
        self.door.check_pulses()
        self.register.bury(monotonic())
        self.scribe.tick()
        self.desk.reload_if_due()

    # -- The reader: one thread per connection -------------------------------------

    def _start_reader(self, connection: Connection, address: tuple[str, int]) -> None:
        journal.info("Client %s connected", address)
        name = f"reader {format_address(*address)}"
        try:
            # Daemon: it ends with its socket, and an exit must not wait for that.
            Thread(target=self._read, args=[connection], name=name, daemon=True).start()
        except RuntimeError:  # the system has no thread left
            self._complain("cannot start a thread: new connections are turned away")
            self.door.forget(connection)
            self.door.turn_away(connection, FULL)

    def _read(self, connection: Connection) -> None:
        connection.seat.take()
        visit = Visit(self.settings, Caller(connection.outbox, connection.address))
        last_words = b""
        try:
            last_words = self._converse(connection, visit)
        except Exception:
            journal.exception("a reader crashed")
        finally:
            self._part(connection, visit, last_words)
            self.door.forget(connection)

    def _converse(self, connection: Connection, visit: Visit) -> bytes:
        """Answer until the peer is gone or must go; return the last words."""
        data = connection.receive()
        if data and (words := answer_stranger(data)):
            return words
        try:
            self.rules.check_address(connection.address)
            while data:
                self._answer_all(connection, visit, data)
                data = connection.receive()
        except Farewell as farewell:
            visit.why = farewell.bye.code
            return encode(farewell.bye)
        except FrameError as wrong:
            return encode(Bye(wrong.code, wrong.text))
        return b""

    def _answer_all(self, connection: Connection, visit: Visit, data: bytes) -> None:
        """Answer what one read has brought; the scribe gets its part in one go."""
        try:
            for payload in connection.cut(data):
                if delay := visit.pace():
                    self.reception.hand_over(visit)
                    connection.hold_up(delay)
                self.reception.handle(visit, payload)
        finally:
            self.reception.hand_over(visit)
        if visit.name != connection.seat.name and visit.name:
            self._note_name(connection, visit.name)

    def _note_name(self, connection: Connection, name: str) -> None:
        connection.pulse.is_logged_in = True
        connection.seat.name = name
        current_thread().name = f"reader {name}"

    def _part(self, connection: Connection, visit: Visit, last_words: bytes) -> None:
        """Tell those who knew them, and close."""
        if not (session := visit.session):
            return connection.close(last_words)
        why = visit.why_gone(is_slow=connection.outbox.is_slow)
        self.register.part(session, connection.outbox, why, monotonic())
        self.scribe.put(Close(connection.outbox, last_words))
        return connection.close(None)


# -- The program -----------------------------------------------------------------


def main(arguments: list[str]) -> int:
    end_on_interrupt()
    settings = read_settings(arguments)
    if settings.demo:
        from demo.program import perform  # only now: a chat needs no bots

        return perform(settings, ChatServer)
    try:
        server = open_server(settings)
    except (OSError, UnicodeError) as failure:  # the second: no host name at all
        return complain(explain_listen(failure, settings.host, settings.port))
    except (FileError, StorageError) as failure:
        return complain(str(failure))
    terminal = open_journal(verbose=settings.verbose)
    try:
        return serve(server, terminal)
    finally:
        server.log.close()
        journal.info("Server stopped")
        terminal.close()


def open_server(settings: Settings) -> ChatServer:
    """Take the port and the history. Raises OSError, FileError, StorageError."""
    listeners = open_listeners("" if settings.lan else settings.host, settings.port)
    kept = Retention(settings.keep_lines, settings.keep_days)
    log = open_log(settings.history, durable=settings.durable, retention=kept)
    most = min(settings.max_clients, raise_limit())
    try:
        return ChatServer(listeners, log, replace(settings, max_clients=most))
    except (FileError, StorageError):
        log.close()
        raise


def serve(server: ChatServer, terminal: Journal) -> int:
    """Let people in until somebody says stop; return the exit code."""
    settings = server.settings
    stop_on_signals(server.stop)
    reload_on_hangup(server.desk.request_reload, server.stop)
    for line in announcement(settings, server.acceptor.port, lan_host()):
        journal.info(line)
    if settings.watch:
        from watch.program import run_watched  # only now: it brings the screen

        return run_watched(server, terminal)
    if settings.console:
        start_console(server.desk, terminal.answer)
    return server.run()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
