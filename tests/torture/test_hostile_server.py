"""Torture, beyond the list: a server that never stops, and what its client does.

    tormentor ===> kernel ===> receiver ---> [ inbox ] ---> model ---> screen, lines
               the client reads no further |  2 MiB  |  talks, rosters ... are bounded

Keys are answered while all of that arrives, memory has an end, and when the server
relents its next sentence is shown: nobody has died. What each list keeps is in
tests/test_bounds.py; noise on both sides at once in tests/test_chaos.py.
"""

import socket
import sys
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as FutureTimeout
from contextlib import closing, suppress

import pytest

pytest.importorskip("termios", reason="pseudo-terminals are POSIX")

from programs import PATIENCE, Program
from terminal_rig import Rig

from client import Receiver
from messages import Bye, Notice, Welcome
from protocol import HEADER, MAX_PAYLOAD, encode
from torture.impostor import Impostor
from torture.scenario import scenario
from torture.stage import status_of
from torture.tormentor import RELENTED, Tormentor
from tui.events import Ended
from tui.inbox import MOST_BYTES, Inbox

SAID = "you do not hear nobody any more"  # the answer to /ignore, without the server
BREATH = 0.05  # seconds between two looks at the server
LOOK_AWAY = 0.3  # seconds; a shorter time finds less, and never anything wrong


def rounds(is_torture):
    return 100 if is_torture else 1


def rss_mib(process):
    return status_of(process.pid, "VmRSS") / 1024


def is_typed(text):
    """A predicate: this stands in the input row."""
    return lambda rows: rows[-1].endswith(f" {text}")


@scenario(78, "endless presence, strangers, huge and wrong lines: keys are answered")
def test_a_tormented_screen_answers_keys_and_shows_what_comes_after(is_torture, figure):
    argv = [sys.executable, "client.py", "ana"]
    with (
        Tormentor(rounds(is_torture)) as server,
        Rig([*argv, server.address]) as ana,
    ):
        ana.wait_for_output(b"\x1b[?2004h")
        ana.type("q")
        ana.wait_for(is_typed("q"))
        while not server.said_everything.is_set():
            ana.listen(BREATH)
            assert not ana.has_ended, ana.picture()
        ana.type("w")
        ana.wait_for(is_typed("qw"))
        figure("sent", server.sent / 1e6, "MB")
        figure("RSS of the client", rss_mib(ana._program), "MiB", at_most=150)
        server.relent()
        ana.wait_for(RELENTED)
        ana.type("\x15/quit\r/quit\r")  # the second, for it asked for rooms in vain
        assert ana.wait_for_exit() == 0
        assert b"Traceback" not in ana.output
        assert b"Errors while" not in ana.output


@scenario(79, "the same in plain mode: lines are answered")
def test_a_tormented_client_in_lines_answers_and_tells_what_comes_after(
    is_torture, figure
):
    with (
        Tormentor(rounds(is_torture)) as server,
        Program("client.py", "--plain", "ana", server.address) as ana,
    ):
        ana.type("/ignore nobody")
        ana.expect(SAID)
        assert server.said_everything.wait(4 * PATIENCE)
        ana.type("/ignore nobody2")
        ana.expect("nobody2 any more")
        figure("RSS of the client", rss_mib(ana.process), "MiB", at_most=150)
        server.relent()
        ana.expect(RELENTED)
        ana.type("/quit\n/quit")
        assert ana.wait() == 0
        assert not [line for line in ana.lines if "Traceback" in line]


HALVES = [b"\0\0", HEADER.pack(9) + b"said", b"\xff" * 4, HEADER.pack(0)]


@scenario(80, "half a frame, or a header of four billion bytes: keys are answered")
def test_a_client_that_waits_for_the_rest_of_a_frame_answers_keys():
    for half in HALVES:
        with (
            Impostor([encode(Notice("so far")), half]) as server,
            Rig([sys.executable, "client.py", "ana", server.address]) as ana,
        ):
            ana.wait_for("so far")
            ana.type("still here")
            ana.wait_for(is_typed("still here"))
            ana.type("\x15/quit\r/quit\r")
            assert ana.wait_for_exit() == 0
            assert b"Traceback" not in ana.output


@scenario(81, "30 MB for a client whose person looks away: it reads 2 MiB")
def test_a_receiver_reads_no_more_than_there_is_room_for():
    """What was not read is not lost either: it waits in the network."""
    frames = [encode(Notice(f"{number} {'x' * 60_000}")) for number in range(500)]
    taken, most = [], 0
    with (
        socket.create_server(("127.0.0.1", 0)) as listener,
        closing(Inbox()) as inbox,
        ThreadPoolExecutor() as threads,
    ):
        sending = threads.submit(serve_once, listener, b"".join(frames))
        receiver = Receiver(*listener.getsockname(), inbox, tries=0)
        receiver.log_in("ana")
        receiver.start()
        with suppress(FutureTimeout):  # long enough to read all, if it did
            sending.result(LOOK_AWAY)
        while not any(isinstance(event, Ended) for event in taken[-1:]):
            inbox.wait(PATIENCE)
            most = max(most, inbox._bytes)
            taken += inbox.drain(0)
        receiver._flusher.stop()
    assert [encode(e) for e in taken if isinstance(e, Notice)] == frames
    assert most <= MOST_BYTES + MAX_PAYLOAD


def serve_once(listener, frames):
    sock, _ = listener.accept()
    with sock:
        sock.sendall(encode(Welcome("1", "ana", "log", 0, "no")))
        sock.sendall(frames + encode(Bye("shutdown")))
        sock.shutdown(socket.SHUT_WR)
        while sock.recv(65_536):  # its hello; unread, it would break off the rest
            pass
