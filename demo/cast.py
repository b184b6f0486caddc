"""The cast: five bots in one room, and the prompter who tells them their lines.

    script --cues--> prompter --deeds--> bot ada, bot bo, bot cy, bot dee, bot eve

Bo has a secret, so that after a broken connection he gets what he missed; and a small
receive buffer, so that it is full soon when he does not read. The others are as simple
as a client can be.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import partial
from secrets import token_hex

from demo.bot import LEAVING, Bot
from demo.person import Person
from demo.script import BO, NAMES, Cue, script

SMALL = 4_096  # bytes; the system may give a little more

Address = tuple[str, int]


class Cast:
    """All five, and their prompter."""

    def __init__(self, address: Address, seed: int) -> None:
        self.address = address
        self.bots = [Bot(name, caller(address, name)) for name in NAMES]
        self.most_threads = 0  # at the same time, as far as the prompter saw
        self._cues = script(seed)
        self._has_ended = threading.Event()
        self._prompter = threading.Thread(target=self._prompt, name="prompter")
        self._prompter.daemon = True  # the end of the program waits for no bot
        self._worst_delay = 0.0  # seconds; up to the last forget_delays()

    def __getitem__(self, name: str) -> Bot:
        return self.bots[NAMES.index(name)]

    def start(self) -> None:
        """Let everybody be ready; nobody comes before they are told."""
        for bot in self.bots:
            bot.start()

    def start_prompter(self) -> None:
        """Let the show begin."""
        self._prompter.start()

    def stop(self) -> None:
        """End all threads, wherever they wait."""
        self._has_ended.set()
        if self._prompter.ident:  # it was started
            self._prompter.join(LEAVING)
        for bot in self.bots:
            bot.stop()

    def _prompt(self) -> None:
        for cue in self._cues:
            if self._has_ended.wait(cue.pause):
                return
            self.prompt(cue)
            self.most_threads = max(self.most_threads, threading.active_count())

    def prompt(self, cue: Cue) -> None:
        """Tell somebody their cue, unless an incident has them just now."""
        bot = self[cue.who]
        if not bot.is_borrowed:
            bot.do(getattr(bot, cue.deed), *([cue.detail] if cue.detail else []))

    # -- What is measured ------------------------------------------------------------
    #
    # Each number is written by one bot's thread and read by another: one that is a
    # moment old is good enough for a figure on a screen.

    @property
    def frames(self) -> tuple[int, int]:
        """How many frames the five have sent, and heard."""
        sent, heard = zip(*(bot.frames for bot in self.bots), strict=True)
        return sum(sent), sum(heard)

    @property
    def worst_delay(self) -> float:
        """How late a line ever came to somebody whom nothing had harmed, in seconds."""
        return max(self._worst_delay, self.recent_delay)

    @property
    def recent_delay(self) -> float:
        """The same since the last forget_delays()."""
        return max(bot.worst_delay for bot in self.bots)

    def forget_delays(self, *, are_excused: bool = False) -> None:
        """Measure anew; what was caused on purpose is excused, and counts nowhere."""
        if not are_excused:
            self._worst_delay = self.worst_delay
        for bot in self.bots:
            bot.forget_delays()


def caller(address: Address, name: str) -> Callable[[], Person]:
    """How one of them connects."""
    if name == BO:
        secret = token_hex(16)
        return partial(Person, address, name, secret=secret, receive_buffer=SMALL)
    return partial(Person, address, name)
