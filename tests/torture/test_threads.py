"""Torture, beyond the list: a thread of the server dies of a bug.

What only looks alive is worse than what is gone: a server without one of its vital
threads says so, says bye to everybody, and ends with a code of its own.
"""

import signal
import socket
from contextlib import suppress

import pytest

from chat.guard import DIED
from messages import Bye, Ping, Pong, Said, Say
from torture.scenario import scenario

pytestmark = pytest.mark.skipif(
    not hasattr(signal, "SIGUSR1"), reason="needs signals to say when (POSIX)"
)


def doomed(stage, name, *options):
    """A server one of whose threads dies at the next thing it has to do."""
    server = stage("--history", "memory", *options, before=f"torture.doom:{name}")
    server.expects_traceback = True
    return server


def doom(server):
    server.process.send_signal(signal.SIGUSR1)
    server.expect("doomed")


def give_work(name, server, ana):
    if name == "scribe":
        ana.send(Say("k1", "", "hi"))
    if name == "acceptor":
        with suppress(OSError):  # it may die as fast as that
            socket.create_connection(("127.0.0.1", server.port)).close()


@scenario(74, "scribe, flusher, clock, acceptor die: logged, a bye for all, exit 3")
def test_a_server_without_a_vital_thread_says_bye_and_stops(stage, join, connect):
    names = ("scribe", "flusher", "clock", "acceptor")
    for name, server in [(name, doomed(stage, name)) for name in names]:
        ana, silent = join("ana", server), connect(server)
        silent.send(Ping("here"))
        assert silent.hear(Pong)
        doom(server)
        give_work(name, server, ana)
        assert ana.hear(Bye).code == silent.hear(Bye).code == "shutdown"
        assert server.wait() == DIED
        printed = "\n".join(server.lines)
        assert printed.count(f"the {name} died; stopping") == 1
        assert printed.count("Traceback") == printed.count("Doom: on purpose") == 1


@scenario(75, "console or journal dies: it is seen, and the chat goes on")
def test_the_chat_goes_on_without_console_or_journal(stage, join, connect):
    told = {"console": "the console died", "journal": "Exception in thread journal"}
    for name, sentence in told.items():
        server = doomed(stage, name)
        ana = join("ana", server)
        doom(server)
        server.type("/who")
        server.expect(sentence)
        server.expect("Doom: on purpose")
        bob = join("bob", server)
        ana.send(Say("k1", "", "hi"))
        assert bob.hear(Said).text == "hi"
        assert server.stop() == 0
        assert ana.hear(Bye).code == "shutdown"
        assert "\n".join(server.lines).count("Traceback") == 1
