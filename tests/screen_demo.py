"""The screen with a made-up server behind it; test_screen.py runs it on a rig.

Every line that is sent comes back, but some texts make trouble.
"""

import itertools
import sys
import time

import messages
from messages import Bye, Said, Say, Users, Welcome
from tui import screen, surroundings
from tui.events import Ended, Lost, Reconnect, Send
from tui.inbox import Inbox
from tui.model import Model
from tui.terminal import Terminal

FLOOD = 50_000  # lines


class Tide(Inbox):
    """While it is high, every event that is taken brings another line."""

    is_high = False

    def drain(self, seconds):
        for event in super().drain(seconds):
            yield event
            if self.is_high:
                say("bob", "one more")


inbox = Tide()
seqs = itertools.count(1)


def carry_out(effect):
    match effect:
        case Send(Say(id, _, text)):
            answer(id, text)
        case Send(messages.Ping(token)):
            inbox.put(messages.Pong(token))
        case Send(messages.Quit()):
            inbox.put(Bye("quit"))
        case Reconnect():
            inbox.put(Welcome("1", "ana", "log", 0, "yes"))


def answer(id, text):
    say("ana", text, id)
    if text == "flood":
        for number in range(1, FLOOD + 1):
            say("bob", f"line {number}")
    elif text in ("tide", "ebb"):
        inbox.is_high = text == "tide"
    elif text == "cable":
        inbox.put(Lost("the cable is out", time.monotonic() + 3600, 1))
    elif text == "kick":
        inbox.put(Ended("you were kicked"))


def say(sender, text, id=""):
    inbox.put(Said(next(seqs), 0, "#lobby", sender, text, id))


def main():
    inbox.put(Welcome("1", "ana", "log", 0, "no"))
    inbox.put(Users("", "#lobby", ("ana", "bob")))
    with Terminal(inbox) as terminal:
        code = screen.run(Model("ana", "lab:5000"), inbox, carry_out, terminal)
    print("left with", code)
    return code


if __name__ == "__main__":
    if "no-utf8" in sys.argv:
        surroundings.UTF8_LOCALES = ()  # as where no such locale is installed
    sys.exit(main())
