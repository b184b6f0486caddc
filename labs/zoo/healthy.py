"""A small healthy server, as in a textbook: `python -m labs.zoo.healthy PORT`.

    reader ana   recv -> frames -> answer --push--> [outbox bob] --> writer bob  sendall
    reader bob   recv -> frames -> answer --push--> [outbox ana] --> writer ana  sendall

Two threads for each client, so that nobody waits for anybody's network. It keeps no
lines, knows no room but the lobby, and passes all stages of labs/check.py. Every
animal of the zoo is this server with one method done wrong.
"""

from __future__ import annotations

import re
import socket
import struct
import sys
import threading
from collections.abc import Iterable, Iterator
from queue import Full, Queue
from time import time

MOST = 65_536  # bytes in a payload
OUTBOX = 5_000  # frames that may wait for one who does not read
ID = re.compile(r"[A-Za-z0-9_-]{0,64}")
NAME = re.compile(r"[\w.-]{1,20}")
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


class Refused(Exception):
    """Answered by `error`: code, text."""


class Bye(Exception):
    """Answered by `bye`, and the end: code, text."""


class Client:
    """A socket, a name as soon as it has one, and what waits to be sent."""

    def __init__(self, sock: socket.socket) -> None:
        self.sock = sock
        self.name = ""
        self.outbox: Queue[bytes | None] = Queue(OUTBOX)


class Server:
    """Everybody who is here, and what to answer them."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        # lock must be held when using these; nothing waits under it:
        self.clients: dict[str, Client] = {}  # by the name in lower case
        self.seq = 0

    # -- Connections -----------------------------------------------------------------

    def run(self, port: int) -> None:
        listener = self.listen(port)
        while True:
            client = Client(listener.accept()[0])
            self.start(client)

    def listen(self, port: int) -> socket.socket:
        listener = socket.socket()
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", port))
        listener.listen(128)
        return listener

    def start(self, client: Client) -> None:
        threading.Thread(target=self.read, args=[client], daemon=True).start()
        threading.Thread(target=self.write, args=[client], daemon=True).start()

    def read(self, client: Client) -> None:
        """The reader's thread: from hello to the end, whatever ends it."""
        why = "lost"
        try:
            for payload in self.payloads(client.sock):
                self.handle(client, payload)
        except Bye as bye:
            why = bye.args[0]
            self.push(client, "bye", *bye.args)
        except OSError:
            pass  # it was reset: as gone as if it had closed
        finally:
            self.part(client, why)

    def write(self, client: Client) -> None:
        """The writer's thread: may wait as long as it likes."""
        try:
            while frame := client.outbox.get():
                client.sock.sendall(frame)
        except OSError:
            pass  # the reader has noticed too
        finally:
            self.hang_up(client)
            client.sock.close()

    def hang_up(self, client: Client) -> None:
        try:
            client.sock.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass  # it was gone already

    # -- Frames ----------------------------------------------------------------------

    def payloads(self, sock: socket.socket) -> Iterator[bytes]:
        while header := self.receive(sock, 4):
            (length,) = struct.unpack("!I", header)
            self.check_length(length)
            if not (payload := self.receive(sock, length)):
                return
            yield payload

    def receive(self, sock: socket.socket, size: int) -> bytes:
        """Exactly so many bytes; fewer at the end of the stream: none."""
        data = b""
        while len(data) < size:
            if not (piece := sock.recv(size - len(data))):
                return b""
            data += piece
        return data

    def check_length(self, length: int) -> None:
        if length == 0:
            raise Bye("bad-frame", "a frame of length 0")
        if length > MOST:
            raise Bye("frame-too-large", "a frame is too large")

    def fields(self, payload: bytes) -> list[str]:
        try:
            return payload.decode().split("\0")
        except UnicodeDecodeError:
            raise Refused("bad-utf8", "this is not UTF-8") from None

    def frame(self, *fields: object) -> bytes:
        payload = "\0".join(map(str, fields)).encode()
        return struct.pack("!I", len(payload)) + payload

    def push(self, client: Client, *fields: object) -> None:
        """Send without waiting; who does not read is dropped."""
        try:
            client.outbox.put_nowait(self.frame(*fields))
        except Full:
            self.hang_up(client)

    # -- Requests --------------------------------------------------------------------

    def handle(self, client: Client, payload: bytes) -> None:
        id = ""
        try:
            verb, *values = self.fields(payload) + [""] * 4  # missing fields are empty
            if verb in ("say", "tell", "who"):
                id = self.check_id(values[0])
            self.answer(client, verb, values)
        except Refused as refused:
            self.push(client, "error", id, *refused.args)

    def answer(self, client: Client, verb: str, values: list[str]) -> None:
        match verb:
            case "ping":
                self.push(client, "pong", values[0])
            case "pong":
                pass
            case "quit":
                raise Bye("quit")
            case "hello":
                self.log_in(client, values[1])
            case "say" | "tell" | "who" if not client.name:
                raise Refused("not-logged-in", "say hello first")
            case "say":
                self.say(client, values)
            case "tell":
                self.tell(client, values)
            case "who":
                with self.lock:
                    self.push(client, "users", values[0], "#lobby", *self.names())
            case _:
                raise Refused("bad-verb", "there is no such verb")

    def log_in(self, client: Client, name: str) -> None:
        if client.name:
            raise Refused("already-logged-in", f"you are {client.name}")
        if not NAME.fullmatch(name):
            raise Refused("bad-name", "a name has 1 to 20 letters, digits and . _ -")
        with self.lock:
            client.name = self.enter(client, name)
            self.push(client, "welcome", 1, name, "zoo", self.seq, "no")
            self.push(client, "users", "", "#lobby", *self.names())
            for other in self.everybody():
                self.push(other, "joined", "#lobby", name)

    def enter(self, client: Client, name: str) -> str:
        if name.lower() in self.clients:
            raise Refused("name-taken", f"the name {name} is taken")
        self.clients[name.lower()] = client
        return name

    def say(self, client: Client, values: list[str]) -> None:
        id, room, text = values[:3]
        if len(room) > 31:
            raise Refused("bad-field", "a room's name is at most 31 characters")
        self.check_text(text)
        sender = self.sender(client, values)
        with self.lock:
            self.seq += 1
            line = ["said", self.seq, int(time() * 1000), "#lobby", sender, text]
            for other in self.audience(client):
                self.push(other, *line, id if other is client else "")

    def audience(self, _speaker: Client) -> Iterable[Client]:
        return self.everybody()

    def sender(self, client: Client, _values: list[str]) -> str:
        return client.name

    def tell(self, client: Client, values: list[str]) -> None:
        id, to, text = values[:3]
        self.check_text(text)
        with self.lock:
            if not (receiver := self.clients.get(to.lower())):
                raise Refused("no-such-user", f"there is no {to} here")
            self.seq += 1
            line = ["told", self.seq, int(time() * 1000), client.name, receiver.name]
            for other in self.told(client, receiver):
                self.push(other, *line, text, id if other is client else "")

    def told(self, client: Client, receiver: Client) -> Iterable[Client]:
        return {client, receiver}

    def check_id(self, id: str) -> str:
        if not ID.fullmatch(id):
            raise Refused("bad-field", "this is not an id")
        return id

    def check_text(self, text: str) -> None:
        if not 1 <= len(text) <= 4_000 or CONTROL.search(text):
            raise Refused("bad-text", "a text has 1 to 4,000 characters, no controls")

    # -- Who is here (the lock is held) ----------------------------------------------

    def everybody(self) -> Iterable[Client]:
        return list(self.clients.values())

    def names(self) -> list[str]:
        return sorted(client.name for client in self.everybody())

    def part(self, client: Client, why: str) -> None:
        """Forget a client, tell the others, and close when all is sent."""
        with self.lock:
            if self.clients.get(client.name.lower()) is client:
                del self.clients[client.name.lower()]
                for other in self.everybody():
                    self.push(other, "left", "#lobby", why, client.name)
        try:
            client.outbox.put_nowait(None)
        except Full:
            self.hang_up(client)


def main(kind: type[Server]) -> None:
    """Serve on the port of the command line, until Ctrl+C."""
    try:
        kind().run(int(sys.argv[1]))
    except KeyboardInterrupt:
        pass  # the readers and writers are daemons: they end with us


if __name__ == "__main__":
    main(Server)
