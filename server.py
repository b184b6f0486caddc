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
begin with protocol.py, then this file from top to bottom, then chat/scribe.py.
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
from chat.journal import Seldom, journal, open_journal
from chat.log import Log, Retention, open_log
from chat.orders import Orders
from chat.refusal import FileError, Refusal, StorageError
from chat.register import Caller, Register
from chat.rooms import RoomBook
from chat.rules import HouseRules
from chat.scribe import Scribe
from chat.session import Session
from chat.settings import Settings, complain, read_settings
from chat.signals import end_on_interrupt, reload_on_hangup, stop_on_signals
from chat.survey import House
from chat.visit import Farewell, Visit
from chat.welcome import announcement, greeting
from messages import Bye, Error, Hello, History, Ping, Pong, Quit, Rename, Request

from messages import Rooms, Who  # isort: skip
from net.address import format_address, lan_host
from net.connection import Connection
from net.descriptors import raise_limit
from net.door import FULL, Door
from net.flusher import Flusher
from net.limits import Limits
from net.listener import Acceptor, explain_listen, open_listeners
from net.strangers import answer_stranger
from protocol import VERSION, FrameError, MessageError, decode_request, encode
from sight.lock import WatchedLock
from sight.motion import motion
from sight.seat import stand

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
        self._complain = Seldom(journal.warning)
        self.acceptor = Acceptor(listeners, self._complain)
        self.flusher = Flusher(limits)
        most, per_address = settings.max_clients, settings.max_per_address
        self.door = Door(self.flusher, limits, most, per_address)
        self.guard = Guard(self.stop)

        guarded = "clients, rooms"
        self.clients_lock = WatchedLock(Lock(), "clients_lock", guarded)
        # clients_lock must be held when using these; dictionary work only:
        self.clients: dict[str, Session] = {}  # by the key of the name
        self.rooms = RoomBook(log.topics())

        self.scribe = Scribe(log, self.rooms, self.clients_lock)
        self.scribe.attendance.greeting = greeting(settings, limits.ping_after)
        self.replays = self.scribe.attendance.replays
        self.rules = HouseRules()
        put = self.scribe.put
        self.register = Register(self.clients, self.clients_lock, put, self.rules)
        self.orders = Orders(self.register, self.rules)
        past = None if settings.history == "off" else log.archive
        self.enquiries = Enquiries(self.register, self.rooms, self.clients_lock, past)
        house = House(
            self.register, self.rules, self.rooms, self.clients_lock, self.scribe,
            self.door.send_away, self.stop,
        )  # fmt: skip
        self.desk = Desk(house, settings)
        self._clock = Clock(self._look_round, seldom=lambda: put(Sweep()))

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
        visit = Visit(self.settings)
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
        first = connection.receive()
        if first and (words := answer_stranger(first)):
            return words
        try:
            self.rules.check_address(connection.address)
            for payload in connection.payloads(first):
                if delay := visit.pace():
                    connection.hold_up(delay)
                self._handle(connection, visit, payload)
        except Farewell as farewell:
            visit.why = farewell.bye.code
            return encode(farewell.bye)
        except FrameError as wrong:
            return encode(Bye(wrong.code, wrong.text))
        return b""

    def _handle(self, connection: Connection, visit: Visit, payload: bytes) -> None:
        """Answer one request; whatever goes wrong with it ends it alone."""
        try:
            request = decode_request(payload)
        except MessageError as wrong:
            connection.send(Error(wrong.id, wrong.code, wrong.text))
            return visit.note_mistake()
        visit.note_sense(request)
        stand(f"answers {type(request).__name__}")
        id = getattr(request, "id", "")
        try:
            self.answer(connection, visit, request)
        except Refusal as refusal:
            connection.send(Error(id, refusal.code, refusal.text, refusal.retry))
        except Farewell:
            raise
        except Exception:
            journal.exception("could not answer %s", type(request).__name__)
            connection.send(Error(id, "internal", "the server made a mistake"))

    def answer(self, connection: Connection, visit: Visit, request: Request) -> None:
        """Do what is asked, or have it done. Raises Refusal, Farewell."""
        session, outbox = visit.session, connection.outbox
        match request:
            case Ping(token):
                connection.send(Pong(token))
            case Pong():
                pass  # it was heard: that is all a pong is for
            case Quit():
                raise Farewell("quit")
            case Hello():
                self._log_in(connection, visit, request)
            case _ if session is None:
                raise Refusal("not-logged-in", "say hello first")
            case Who(id, room):
                outbox.push(self.enquiries.who(id, room))
            case Rooms(id):
                outbox.push(self.enquiries.list_rooms(id))
            case History():
                outbox.push(self.enquiries.read_past(session, request))
            case Rename(id, name):
                self.register.rename(session, outbox, id, name)
                connection.seat.name = name
            case _:
                self.scribe.put(self.orders.job_of(session, outbox, request))

    # -- People --------------------------------------------------------------------

    def _log_in(self, connection: Connection, visit: Visit, hello: Hello) -> None:
        if hello.version != VERSION:
            raise Farewell("version", f"this server speaks version {VERSION}")
        if visit.session:
            raise Refusal("already-logged-in", f"you are {visit.session.name} already")
        caller = Caller(connection.outbox, connection.address)
        # By us and not by the scribe: this takes a while, and everybody waits for that.
        begun = self.replays.read_ahead(hello, self.register.holder_of(hello.session))
        visit.session = self.register.log_in(hello, caller, begun)
        connection.pulse.is_logged_in = True
        connection.seat.name = visit.session.name
        current_thread().name = f"reader {visit.session.name}"

    def _part(self, connection: Connection, visit: Visit, last_words: bytes) -> None:
        """Tell those who knew them, and close."""
        if not (session := visit.session):
            return connection.close(last_words)
        why = "slow" if connection.outbox.is_slow else "lost"
        why = visit.why if visit.why in {"quit", "flood"} else why
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
        listeners = open_listeners("" if settings.lan else settings.host, settings.port)
        kept = Retention(settings.keep_lines, settings.keep_days)
        log = open_log(settings.history, durable=settings.durable, retention=kept)
    except (OSError, UnicodeError) as failure:  # the second: no host name at all
        return complain(explain_listen(failure, settings.host, settings.port))
    except StorageError as failure:
        return complain(str(failure))
    most = min(settings.max_clients, raise_limit())
    try:
        server = ChatServer(listeners, log, replace(settings, max_clients=most))
    except FileError as failure:
        log.close()
        return complain(str(failure))
    terminal = open_journal(verbose=settings.verbose)
    stop_on_signals(server.stop)
    reload_on_hangup(server.desk.request_reload, server.stop)
    for line in announcement(settings, server.acceptor.port, lan_host()):
        journal.info(line)
    try:
        if settings.watch:
            from watch.program import run_watched  # only now: it brings the screen

            return run_watched(server, terminal)
        if settings.console:
            start_console(server.desk, terminal.answer)
        return server.run()
    finally:
        log.close()
        journal.info("Server stopped")
        terminal.close()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
