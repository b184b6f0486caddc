"""A thread of the server that dies at SIGUSR1, on purpose (launch.py, `before`).

    stage(before="torture.doom:scribe")

From the signal on, the next thing that the thread does raises; "doomed" is printed
when it may be given that to do.
"""

import signal

import chat.console
from chat.journal import Journal
from chat.lines import Lines
from net.door import Door
from net.flusher import Flusher


class Doom(Exception):
    pass


def scribe():
    doom(Lines, "write")


def flusher():
    flushers = []
    init = Flusher.__init__

    def remember(self, *arguments):
        init(self, *arguments)
        flushers.append(self)

    Flusher.__init__ = remember
    doom(Flusher, "_wait", lambda: flushers[0]._wakeup.ring())


def clock():
    doom(Door, "check_pulses")


def acceptor():
    doom(Door, "admit")  # for each connection anew


def console():
    doom(chat.console, "answer")


def journal():
    doom(Journal, "_write")


def doom(home, name, wake=lambda: None):
    is_doomed = False
    healthy = getattr(home, name)

    def dying(*arguments):
        if is_doomed:
            raise Doom("on purpose")
        return healthy(*arguments)

    def handle(_signal, _frame):
        nonlocal is_doomed
        is_doomed = True
        print("doomed", flush=True)
        wake()

    setattr(home, name, dying)
    signal.signal(signal.SIGUSR1, handle)
