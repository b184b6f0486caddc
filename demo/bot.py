"""A bot: a person who is there by itself, in a thread of its own.

    prompter, stage --agenda--> bot --frames--> server
                     bell        ^
                                 '---reports--- server

The thread waits in one selector for its socket and for the bell, so it hears at once
what is said, and at once what it shall do. Everything it does is done by itself: no
other thread touches its socket, but to end it.

Whose connection ends, and who has not left by intention, comes back: with its secret
and what it heard last, if it has one, so that it misses nothing.
"""

from __future__ import annotations

import selectors
import threading
from collections import deque
from collections.abc import Callable
from functools import partial
from time import monotonic

from demo.person import Gone, Person
from messages import LOBBY, Bye, Message, Report, Said
from net.wakeup import BriefSelector, Wakeup

LEAVING = 5.0  # seconds in which a bot's thread must have ended; far less is needed

Deed = Callable[[], None]


class Bot:
    """One of the cast; `call` connects it anew."""

    def __init__(self, name: str, call: Callable[[], Person]) -> None:
        self.name = name
        self.person: Person | None = None  # None while it is not connected
        self.is_borrowed = False  # an incident has it: the prompter must wait
        self.on_report: Callable[[Report], None] = ignore  # in the bot's thread
        self._call = call
        self._seq = 0  # of the newest line heard
        self._log = ""  # whose seq that is
        self._is_at_home = True  # it does not want to be in the room
        self._is_asleep = False  # it does not read
        self._is_over = False
        self._frames = (0, 0)  # sent and heard by the connections that are over
        self._worst_delay = 0.0  # seconds, of these
        self._agenda: deque[Deed] = deque()
        self._bell = Wakeup()
        # Daemon: if it ever hangs, that must not keep the program alive.
        self._thread = threading.Thread(
            target=self._run, name=f"bot {name}", daemon=True
        )

    # -- From other threads ----------------------------------------------------------

    def start(self) -> None:
        self._thread.start()

    def do(self, deed: Callable[..., None], *details: object) -> None:
        """Have the bot do something, soon, in its own thread: bot.do(bot.say, "hi")."""
        self._agenda.append(partial(deed, *details))
        self._bell.ring()

    def stop(self) -> None:
        """End the thread, wherever it waits."""
        self._is_over = True
        if person := self.person:
            person.hang_up()
        self._bell.ring()
        self.wait()
        self._bell.close()

    def wait(self) -> None:
        """Wait for the end of the thread; it ends with its server, too."""
        self._thread.join(LEAVING)

    @property
    def is_alive(self) -> bool:
        return self._thread.is_alive()

    @property
    def frames(self) -> tuple[int, int]:
        """How many frames were sent, and heard, by all its connections."""
        sent, heard = self._frames
        if person := self.person:
            return sent + person.frames_sent, heard + person.frames_heard
        return sent, heard

    @property
    def worst_delay(self) -> float:
        """How late a line came, in seconds, while it read as one should."""
        if (person := self.person) and not person.is_harmed:
            return max(self._worst_delay, person.worst_delay)
        return self._worst_delay

    def forget_delays(self) -> None:
        self._worst_delay = 0.0
        if person := self.person:
            person.measured_from, person.worst_delay = monotonic(), 0.0

    # -- The thread ------------------------------------------------------------------

    def _run(self) -> None:
        while not self._is_over:
            speaking = self._wait()
            self._bell.hush()
            try:
                while self._agenda:
                    self._agenda.popleft()()
                # A deed may have put another connection in its place.
                if speaking and speaking is self.person:
                    self._hear(speaking)
            except Gone:
                self._lose()
        self._drop()

    def _wait(self) -> Person | None:
        """Wait for the bell or the socket; who it is, if there is something to hear."""
        with BriefSelector() as selector:
            selector.register(self._bell, selectors.EVENT_READ)
            person = None if self._is_asleep else self.person
            if person:
                selector.register(person, selectors.EVENT_READ)
            ready = [key.fileobj for key, _ in selector.select()]
            return person if person in ready else None

    def _hear(self, person: Person) -> None:
        for report in person.listen():
            self._take(report)

    def _take(self, report: Report) -> None:
        if isinstance(report, Said):
            self._seq = report.seq
        if isinstance(report, Bye) and report.code == "shutdown":
            self._is_over = True
        self.on_report(report)

    def _lose(self) -> None:
        """The connection has ended, and nobody asked us; come back."""
        self._drop()
        if not self._is_at_home and not self._is_over:
            self._come()

    def _come(self) -> None:
        try:
            self._log_in()
        except Gone:
            self._drop()  # the next deed tries again

    def _log_in(self) -> None:
        self.person = self._call()
        welcome = self.person.log_in(self._seq or None, self._log)
        self._seq = self._seq or welcome.seq
        self._log = welcome.log
        for report in (welcome, *self.person.take_waiting()):
            self._take(report)

    def _drop(self) -> None:
        if person := self.person:
            self._frames, self._worst_delay = self.frames, self.worst_delay
            self.person = None
            person.close()

    # -- Deeds: what a bot can do, always in its own thread --------------------------

    def enter(self) -> None:
        self._is_at_home = False
        if not self.person:
            self._come()

    def say(self, text: str, room: str = LOBBY) -> None:
        if person := self._ready():
            person.say(text, room)

    def send(self, message: Message) -> None:
        if person := self._ready():
            person.send(message)

    def send_bytes(self, data: bytes) -> None:
        if person := self._ready():
            person.send_bytes(data)

    def leave(self) -> None:
        self._is_at_home = True
        if self.person:
            self.person.quit()
        self._drop()

    def vanish(self) -> None:
        """Be gone without a word, as a killed program is."""
        self._is_at_home = True
        self._drop()

    def sleep(self) -> None:
        """Read nothing any more, say nothing: a closed laptop."""
        self._is_asleep = True
        if self.person:
            self.person.is_harmed = True

    def wake(self) -> None:
        self._is_asleep = False

    def _ready(self) -> Person | None:
        """The connection, for who is there and awake; a new one if the old is lost."""
        if self._is_asleep or self._is_at_home:
            return None
        if not self.person:
            self._come()
        return self.person


def ignore(_report: Report) -> None:
    """Nobody wants to know what the bot hears."""
