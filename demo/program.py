"""The program behind `python server.py --demo`: one command, one person, everything.

    main       the dashboard, or without a terminal the server itself
    stage      the incident that happens just now
    prompter   the script; bot ada, bot bo ...: who speaks it

A real server on a free port of this machine, with five bots that talk, and nine
incidents to cause: each asks what you expect before it happens. Nothing is written to
disk. Without a terminal the nine happen one after the other, as lines, and it ends.
"""

from __future__ import annotations

import threading
from dataclasses import replace
from random import Random
from shutil import get_terminal_size
from time import monotonic
from typing import TYPE_CHECKING

from chat.journal import Journal, journal, open_journal
from chat.log import open_log
from chat.settings import Settings, complain
from chat.signals import stop_on_signals
from chat.welcome import announcement
from demo.cast import Cast
from demo.director import Director, question_of, story_of
from demo.incidents import ROWS, Incident
from demo.stage import Stage
from demo.summary import Figures, summary
from net.limits import Limits
from net.listener import explain_listen, open_listeners
from watch.program import has_screen, run_watched

if TYPE_CHECKING:
    from server import ChatServer

# So that what takes a megabyte or a minute in earnest is over before a class looks
# away. The long farewell lets Bo hear his bye, who reads nothing for a second more.
LIMITS = Limits(
    outbox_bytes=192 << 10,
    send_buffer=16 << 10,
    ping_after=3.5,
    silence=5.5,
    linger=6.0,
)
HINTS = (
    "Five bots chat with this server, over TCP, on this machine. Each row above is a "
    "thread, and where it stands: most stand in recv, they wait. Now press 1.",
    "Keys 1 to 9 are incidents of the lesson. You are asked first what you expect; "
    "then it happens, and you are told what was seen, and why.",
    "1 Bo reads no more    2 two want one name    3 killed, or cable pulled    "
    "4 glue and dribble    5 FF FF FF FF    6 a flood    7 a class comes in    "
    "8 the lock    9 an escape code",
    "LOCK says who holds clients_lock, and who waits for it. It is the one thing that "
    "all these threads share. Press 8, and somebody sits on it.",
    "WIRE shows each frame as it travels: its length, then its fields. Press 4, and "
    "see that TCP knows nothing of messages. With - it all goes slowly.",
    "Come in: type  python client.py {address}  in another terminal. You are a person "
    "like the five. q ends the demo, with a summary of what you saw.",
)


def perform(settings: Settings, make_server: type[ChatServer]) -> int:
    """Give the demo; return the exit code."""
    port = settings.port if settings.port != Settings().port else 0
    settings = replace(
        Settings(), port=port, history="memory", seed=settings.seed, demo=True,
        seconds=settings.seconds,
    )  # fmt: skip
    try:
        listeners = open_listeners(settings.host, port)
    except OSError as failure:
        return complain(explain_listen(failure, settings.host, port))
    log = open_log(settings.history)
    terminal = open_journal(verbose=False)
    journal.setLevel("WARNING")  # who comes and goes is seen, and need not be told
    try:
        return Demo(make_server(listeners, log, settings, LIMITS), terminal).run()
    finally:
        log.close()
        terminal.close()


def caption_width() -> int:
    """Columns inside the box; more than a hundred nobody likes to read."""
    return max(20, min(get_terminal_size().columns - 6, 100))


class Demo:
    """A server, its cast, its stage, and somebody who looks on."""

    def __init__(self, server: ChatServer, terminal: Journal) -> None:
        self._server = server
        self._settings = server.settings
        self._terminal = terminal
        self._began = monotonic()
        address = (self._settings.host, server.acceptor.port)
        chance = Random(self._settings.seed)
        self._cast = Cast(address, self._settings.seed)
        self._stage = Stage(self._cast, LIMITS, server.clients_lock, chance)
        hints = (
            hint.format(address=f"NAME {address[0]}:{address[1]}") for hint in HINTS
        )
        self._director = Director(tuple(hints), self._play, width=caption_width)

    def run(self) -> int:
        stop_on_signals(self._server.stop)
        self._announce()
        self._cast.start()
        self._cast.start_prompter()
        self._stage.start()
        curtain = threading.Thread(target=self._fall, name="curtain", daemon=True)
        curtain.start()
        try:
            return self._show()
        finally:
            self._stage.stop()
            self._cast.stop()
            self._terminal.answer(summary(self._director.told, self._figures()))

    def _show(self) -> int:
        if not has_screen():
            self._stage.do(self._recite)
            return self._server.run()
        director = self._director
        return run_watched(
            self._server,
            self._terminal,
            on_key=director.press,
            caption=director.caption,
        )

    def _announce(self) -> None:
        for line in announcement(self._settings, self._server.acceptor.port, ""):
            self._terminal.answer(line)
        self._terminal.answer(
            "A demo: five bots chat with this server. Watch the threads;\n"
            "press 1 to 9 for an incident, q for the end and a summary."
        )

    def _play(self, incident: Incident) -> None:
        """Have it happen on the stage, and tell the director what was seen."""
        self._stage.do(lambda: self._director.tell(self._stage.perform(incident.cause)))

    def _recite(self) -> None:
        """All incidents as lines, for a pipe, a log, a test (in the stage's thread)."""
        director, stage = self._director, self._stage
        for incident in ROWS:
            if stage.has_ended.is_set():
                return
            self._terminal.answer("\n".join(["", *question_of(incident)]))
            happened = stage.perform(incident.cause)
            director.note(incident, happened)
            self._terminal.answer("\n".join(story_of(incident, "", happened)))
        self._server.stop()

    def _fall(self) -> None:
        """The curtain: end after --seconds."""
        if not self._stage.has_ended.wait(self._settings.seconds or None):
            self._server.stop()

    def _figures(self) -> Figures:
        sent, heard = self._cast.frames
        return Figures(
            seconds=monotonic() - self._began,
            threads=self._cast.most_threads,
            lines=self._server.scribe.lines.stored,
            frames_sent=sent,
            frames_heard=heard,
            longest_wait=self._server.clients_lock.longest_wait,
            worst_delay=self._cast.worst_delay,
        )
