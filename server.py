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

The dict of `clients` is what all readers share, so it has a lock, and only work on
dictionaries happens under that lock: no send, no disk, no wait. To read this program,
begin with protocol.py, then this file from top to bottom, then chat/scribe.py.
"""

from __future__ import annotations

import os
import signal
import socket
import sys
import threading
from collections.abc import Callable
from dataclasses import replace
from secrets import token_hex
from threading import Thread

from chat.jobs import Enter, Gone, Move, Post, Stop
from chat.journal import journal, open_journal
from chat.log import Log, open_log
from chat.names import check_name, name_key
from chat.refusal import Refusal, StorageError
from chat.rooms import Rooms, only_room
from chat.scribe import Scribe, roster_frames
from chat.session import Session, mark_of
from chat.settings import Settings, complain, read_settings
from chat.visit import Farewell, Visit
from chat.welcome import announcement, facts, promise
from messages import LOBBY, Bye, Error, Hello, Join, Leave, Ping, Pong, Quit, Request

from messages import Say, Tell, Who  # isort: skip
from net.address import format_address, lan_host
from net.connection import Connection
from net.descriptors import raise_limit
from net.door import Door
from net.flusher import Flusher
from net.limits import Limits
from net.listener import Acceptor, explain_listen, open_listeners
from net.strangers import answer_stranger
from protocol import VERSION, FrameError, MessageError, decode_request, encode

TICK = 0.25  # seconds between two looks of the clock
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
        self.exit_code = 0
        self.acceptor = Acceptor(listeners, journal.warning)
        self.flusher = Flusher()
        most, per_address = settings.max_clients, settings.max_per_address
        self.door = Door(self.flusher, limits, most, per_address)
        self._stopping = threading.Event()

        self.clients_lock = threading.Lock()
        # clients_lock must be held when using these; dictionary work only:
        self.clients: dict[str, Session] = {}  # by the key of the name
        self.rooms = Rooms()

        self.scribe = Scribe(log, self.rooms, self.clients_lock)
        self.scribe.facts = facts(settings, limits.ping_after)
        self.scribe.promise = promise(settings)

    # -- The life of the server ----------------------------------------------------

    def run(self) -> int:
        """Serve until stop(); return the exit code."""
        scribe = self._spawn("scribe", self.scribe.run)
        self._spawn("flusher", self.flusher.run)
        self._spawn("clock", self._keep_time)
        for sock, address in self.acceptor.connections():
            if connection := self.door.admit(sock, address[0]):
                self._start_reader(connection, address)
        self._stopping.set()
        self.scribe.put(Stop())
        scribe.join(1.0)
        self.door.empty(Bye("shutdown", "the server is stopping", retry=2), FAREWELL)
        self.flusher.stop()
        return self.exit_code

    def stop(self) -> None:
        """End run(); from any thread or signal handler."""
        self.acceptor.stop()

    def _spawn(self, name: str, body: Callable[[], None]) -> Thread:
        """Start one of the threads that the chat cannot live without."""

        def guarded() -> None:
            try:
                body()
            except Exception:
                journal.exception("the %s died; stopping", name)
                self.exit_code = 3
                self.stop()

        thread = Thread(target=guarded, name=name, daemon=True)
        thread.start()
        return thread

    def _keep_time(self) -> None:
        """The clock: pings, deadlines, presence."""
        while not self._stopping.wait(TICK):
            self.door.check_pulses()
            self.scribe.tick()

    # -- The reader: one thread per connection -------------------------------------

    def _start_reader(self, connection: Connection, address: tuple[str, int]) -> None:
        journal.info("Client %s connected", address)
        name = f"reader {format_address(*address)}"
        try:
            # Daemon: it ends with its socket, and an exit must not wait for that.
            Thread(target=self._read, args=[connection], name=name, daemon=True).start()
        except RuntimeError:  # the system has no thread left
            self.door.forget(connection)
            connection.turn_away(Bye("full", "the server is full", retry=10))

    def _read(self, connection: Connection) -> None:
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
            for payload in connection.payloads(first):
                if delay := visit.pace():
                    connection.hold_up(delay)
                self._handle(connection, visit, payload)
        except Farewell as farewell:
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
        visit.note_sense()
        id = getattr(request, "id", "")
        try:
            self.answer(connection, visit, request)
        except Refusal as refusal:
            connection.send(Error(id, refusal.code, refusal.text))
        except Farewell:
            raise
        except Exception:
            journal.exception("could not answer %s", type(request).__name__)
            connection.send(Error(id, "internal", "the server made a mistake"))

    def answer(self, connection: Connection, visit: Visit, request: Request) -> None:
        """Do what is asked. Raises Refusal, Farewell."""
        session, put = visit.session, self.scribe.put
        match request:
            case Ping(token):
                connection.send(Pong(token))
            case Pong():
                pass  # it was heard: that is all a pong is for
            case Quit():
                visit.has_quit = True
                raise Farewell("quit")
            case Hello():
                self._log_in(connection, visit, request)
            case _ if session is None:
                raise Refusal("not-logged-in", "say hello first")
            case Say(id, room, text):
                put(Post(session, id, text, room=name_key(room or LOBBY)))
            case Tell(id, to, text):
                put(Post(session, id, text, to=self._find(to)))
            case Join(id, room):
                put(Move(session, id, only_room(room), enters=True))
            case Leave(id, room):
                put(Move(session, id, only_room(room), enters=False))
            case Who(id, room):
                connection.outbox.push(roster_frames(room, id, self._names(room)))

    # -- People --------------------------------------------------------------------

    def _log_in(self, connection: Connection, visit: Visit, hello: Hello) -> None:
        if hello.version != VERSION:
            raise Farewell("version", f"this server speaks version {VERSION}")
        if visit.session:
            raise Refusal("already-logged-in", f"you are {visit.session.name} already")
        key = check_name(hello.name)
        mark = mark_of(hello.session or token_hex(16))
        session = Session(hello.name, key, mark, connection.outbox)
        with self.clients_lock:
            if key in self.clients:
                raise Refusal("name-taken", f'the name "{hello.name}" is taken')
            self.clients[key] = session
            # Queued under the lock: who finds the name finds its owner entered.
            self.scribe.put(Enter(session))
        visit.session = session
        connection.pulse.is_logged_in = True
        threading.current_thread().name = f"reader {session.name}"

    def _part(self, connection: Connection, visit: Visit, last_words: bytes) -> None:
        """Free the name, at once, tell those who knew it, and close."""
        if not (session := visit.session):
            return connection.close(last_words)
        why = "slow" if connection.outbox.is_slow else "lost"
        why = "quit" if visit.has_quit else why
        with self.clients_lock:
            del self.clients[session.key]
            self.scribe.put(Gone(session, why, last_words))
        return connection.close(None)

    def _find(self, name: str) -> Session:
        with self.clients_lock:
            found = self.clients.get(name_key(name))
        if not found:
            raise Refusal("no-such-user", f'there is no "{name[:20]}" here')
        return found

    def _names(self, room: str) -> list[str]:
        with self.clients_lock:
            if not room:
                return [session.name for session in self.clients.values()]
            return self.rooms.names(name_key(room))


# -- The program -----------------------------------------------------------------


def main(arguments: list[str]) -> int:
    settings = read_settings(arguments)
    try:
        listeners = open_listeners("" if settings.lan else settings.host, settings.port)
        log = open_log(settings.history, durable=settings.durable)
    except (OSError, UnicodeError) as failure:  # the second: no host name at all
        return complain(explain_listen(failure, settings.host, settings.port))
    except StorageError as failure:
        return complain(str(failure))
    most = min(settings.max_clients, raise_limit())
    console = open_journal(verbose=settings.verbose)
    server = ChatServer(listeners, log, replace(settings, max_clients=most))
    stop_on_signals(server)
    for line in announcement(settings, server.acceptor.port, lan_host()):
        journal.info(line)
    try:
        return server.run()
    finally:
        log.close()
        journal.info("Server stopped")
        console.close()


def stop_on_signals(server: ChatServer) -> None:
    """The first Ctrl+C or SIGTERM ends the server politely, the second at once."""

    def handle(_signal: int, _frame: object) -> None:
        if has_begun.is_set():
            os._exit(130)
        has_begun.set()
        server.stop()

    has_begun = threading.Event()
    for name in ("SIGINT", "SIGTERM", "SIGBREAK"):  # the last is Windows' own
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), handle)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
