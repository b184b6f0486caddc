"""One connection through the cable: two sockets, and a wire for each direction.

    client ==socket==> [ reads that wait ] ==pieces==> socket ==> server    wire out
    client <==socket <==pieces== [ reads that wait ] <==socket== server     wire back

A wire is a loop with a thread of its own: wait, take in, pass on. What goes on, and
when, says the mode (labs/modes.py). What happened is reported (labs/events.py).

Rules. No socket ever blocks; a wire waits in one place only, its selector: for the
sender, for a receiver that was full, for its bell, for as long as the mode says. So
who changes the mode or breaks the link sets one attribute and rings. A wire keeps at
most KEPT bytes; then it reads no more, and TCP pushes back, as it would without us.
The thread of the wire out calls the server, ends last, and closes both sockets.
"""

from __future__ import annotations

import math
import selectors
import socket
import struct
import threading
from collections.abc import Callable
from contextlib import suppress
from time import monotonic

from labs import events
from labs.backlog import Backlog
from labs.events import BACK, OUT, Event
from labs.modes import Break, Hold, Mode, Waiting
from net.dial import DialError
from net.wakeup import BriefSelector, Wakeup

READ = 65_536  # bytes, at most, in one read
KEPT = 1 << 20  # bytes that wait in one wire
REPORT_EVERY = 1.0  # seconds, where there is always something waiting
NO_LINGER = struct.pack("ii", 1, 0)  # close() sends a RST and forgets what waits


class Wire:
    """One direction of a link. All but ring() belongs to the wire's own thread."""

    def __init__(self, link: Link, direction: str, source: socket.socket) -> None:
        self._link = link
        self._direction = direction
        self._source = source
        self._sink: socket.socket | None = None  # until the server has answered
        self._bell = Wakeup()
        self._backlog = Backlog()
        self._has_heard_end = False  # of the sender,
        self._is_reset = False  # and that it was a reset
        self._is_full = False  # the receiver took nothing the last time
        self._is_done = False
        self._mode = link.mode
        self._passed = 0  # bytes, in this mode
        self._passed_at = -math.inf
        self._told_at = link.now()

    def ring(self) -> None:
        """Make the wire look again at its link; from any thread."""
        self._bell.ring()

    def run(self, sink: socket.socket) -> None:
        """Pass on what comes, to the end of the stream or of the link."""
        self._sink = sink
        self._pass_on()  # a cut may be due before anything has come
        while not (self._is_done or self._link.is_broken):
            self.wait()
            self._pass_on()
        self._tell()

    def close(self) -> None:
        self._bell.close()

    # -- In ----------------------------------------------------------------------

    def wait(self) -> None:
        """Wait until there is something to do; take in what has come."""
        with BriefSelector() as selector:
            selector.register(self._bell, selectors.EVENT_READ)
            if not self._has_heard_end and self._backlog.total < KEPT:
                selector.register(self._source, selectors.EVENT_READ)
            if self._is_full and self._sink:
                selector.register(self._sink, selectors.EVENT_WRITE)
            ready = [key.fileobj for key, _ in selector.select(self._patience())]
        self._bell.hush()
        if self._source in ready:
            self._take_in()

    def _patience(self) -> float | None:
        """Seconds until the next piece is due; None if only an event can help."""
        if self._is_full or not self._backlog:
            return None
        seconds = self._link.mode.next_piece(self._waiting()).due - self._link.now()
        return max(seconds, 0.0) if seconds < math.inf else None

    def _take_in(self) -> None:
        try:
            data = self._source.recv(READ)
        except (BlockingIOError, InterruptedError):
            return
        except OSError:
            data, self._is_reset = b"", True
        self._has_heard_end = not data
        if not self._backlog.total:
            self._told_at = self._link.now()
        self._backlog.append(self._link.now(), data)
        if data:
            self._link.report(
                events.Took(self._link.number, self._direction, len(data))
            )

    # -- Out ---------------------------------------------------------------------

    def _pass_on(self) -> None:
        """Send every piece that is due, as far as the receiver takes it."""
        while not (self._is_done or self._link.is_broken):
            mode = self._follow_mode()
            if isinstance(mode, Break) and self._passed >= mode.after:
                self._tell()
                return self._link.cut(self._direction, mode, self._backlog.total)
            if not self._backlog:
                return None
            piece = mode.next_piece(self._waiting())
            if piece.due > self._link.now() or not self._send(piece.size):
                return None
        return None

    def _follow_mode(self) -> Mode:
        if self._mode is not self._link.mode:
            self._mode, self._passed = self._link.mode, 0
        return self._mode

    def _waiting(self) -> Waiting:
        came_at, oldest = self._backlog.oldest()
        return Waiting(
            came_at, oldest, self._backlog.total, self._passed_at, self._passed
        )

    def _send(self, size: int) -> bool:
        """Send one piece; whether it is worth while to try another."""
        assert self._sink
        if not size:
            return self._end(self._sink)
        now = self._link.now()  # before: the receiver may be faster than we are
        try:
            sent = self._sink.send(self._backlog.peek(size))
        except (BlockingIOError, InterruptedError):
            self._is_full = True
            return False
        except OSError:  # the receiver is gone: the other wire has heard how
            self._is_done = True
            return False
        self._is_full = False
        self._passed += sent
        self._passed_at = now
        self._backlog.drop(sent)
        if not self._backlog.total or now > self._told_at + REPORT_EVERY:
            self._tell()
        return True

    def _end(self, sink: socket.socket) -> bool:
        """Pass on that the sender has ended, in the same way."""
        self._tell()
        self._is_done = True
        if self._is_reset:
            self._link.break_off(is_reset=True)
            return False
        try:
            sink.shutdown(socket.SHUT_WR)
        except OSError:
            pass  # it has ended as well, meanwhile
        self._link.report(events.Finished(self._link.number, self._direction))
        return False

    def _tell(self) -> None:
        """Report what has gone on since the last time."""
        self._told_at = self._link.now()
        tally = self._backlog.take_tally()
        if tally.size:
            number, direction = self._link.number, self._direction
            self._link.report(events.Passed(number, direction, *tally))


class Link:
    """One connection; use(), break_off() and join() are for any thread."""

    def __init__(
        self,
        number: int,
        client: socket.socket,
        mode: Mode,
        report: Callable[[Event], None],
        now: Callable[[], float] = monotonic,
    ) -> None:
        self.number = number
        self.report = report
        self.now = now
        self.mode = mode  # replaced as a whole
        self.is_broken = False  # and never mended
        self._is_reset = False  # that is how it broke
        self._cut: events.WasCut | None = None  # that is why
        self._sockets = [client]
        self._wires = [Wire(self, OUT, client)]
        self._lock = threading.Lock()  # guards the step from whole to broken

    def start(self, dial: Callable[[], socket.socket]) -> None:
        """Call the server and pass on; `dial` may raise DialError."""
        name = f"wire {self.number} out"
        self._thread = threading.Thread(target=self._run, args=[dial], name=name)
        self._thread.start()

    @property
    def is_alive(self) -> bool:
        return self._thread.is_alive()

    def use(self, mode: Mode) -> None:
        """Pass on in this way from now on."""
        self.mode = mode
        if isinstance(mode, Break) and not mode.after:
            self.cut("both ways", mode, 0)  # at once, whatever mode may follow
        for wire in self._wires:
            wire.ring()

    def cut(self, direction: str, order: Break, lost: int) -> None:
        """Break the connection; its own thread reports it."""
        after, is_reset = order.after, order.is_reset
        cut = events.WasCut(self.number, direction, after, is_reset, lost)
        self.break_off(cut, is_reset=is_reset)

    def break_off(
        self, cut: events.WasCut | None = None, *, is_reset: bool = False
    ) -> None:
        """End both directions as they are."""
        with self._lock:
            if self.is_broken:
                return  # only once
            self._cut, self._is_reset, self.is_broken = cut, is_reset, True
        for wire in self._wires:
            wire.ring()

    def join(self) -> None:
        self._thread.join()

    # -- The thread of the wire out ----------------------------------------------------

    def _run(self, dial: Callable[[], socket.socket]) -> None:
        try:
            for sock in self._sockets:
                prepare(sock)
            self._wait_while_held()
            if not self.is_broken:
                self._converse(dial())
        except DialError as failure:
            self.report(events.Refused(self.number, str(failure)))
        except OSError:
            pass  # the client was gone before anything began
        finally:
            self._close()

    def _wait_while_held(self) -> None:
        """Through a pulled cable nobody can call a server."""
        while isinstance(self.mode, Hold) and not self.is_broken:
            self._wires[0].wait()

    def _converse(self, server: socket.socket) -> None:
        [client], [out] = self._sockets, self._wires
        self._sockets.append(server)
        prepare(server)
        back = Wire(self, BACK, server)
        self._wires.append(back)
        self.report(events.Connected(self.number))
        name = f"wire {self.number} back"
        thread = threading.Thread(target=back.run, args=[client], name=name)
        thread.start()
        out.run(server)
        thread.join()

    def _close(self) -> None:
        for sock in self._sockets:
            with sock, suppress(OSError):  # macOS: the peer has reset it already
                if self._is_reset:
                    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, NO_LINGER)
        for wire in self._wires:
            wire.close()
        if self._cut:
            self.report(self._cut)
        self.report(events.Closed(self.number))


def prepare(sock: socket.socket) -> None:
    """Each send goes out at once, and none waits."""
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    sock.setblocking(False)
