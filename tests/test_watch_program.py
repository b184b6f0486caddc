"""`python server.py --watch` at a real terminal: one looks, others talk."""

import re
import signal
import sys

import pytest
from conftest import Peer

from messages import Bye, Error, Notice, Said, Say, Tell, Told

pytest.importorskip("termios", reason="pseudo-terminals are POSIX")
from programs import WATCHED
from terminal_rig import ROOT, Rig
from test_terminal import assert_given_back

OPTIONS = ["--watch", "--port", "0", "--history", "memory", "--rate", "0"]
COMMAND = [sys.executable, str(ROOT / WATCHED), *OPTIONS]
NARRATED = [sys.executable, str(ROOT / "tests" / "narrated_server.py"), *OPTIONS]


class Watched(Rig):
    """A server with its dashboard; `port` is in its title."""

    def __init__(self, command=COMMAND):
        super().__init__(command, columns=100, rows=30)
        self.wait_for("THREADS")
        self.wait_for("q stop")
        started = re.search(rb"Chat server started on 127.0.0.1:(\d+)", self.output)
        self.port = int(started[1])

    def stop(self):
        self.type("q")
        self.wait_for("stop the server?")
        self.type("q")
        return self.wait_for_exit()


@pytest.fixture
def watched():
    with Watched() as rig:
        yield rig


@pytest.fixture
def narrated():
    with Watched(NARRATED) as rig:
        yield rig


@pytest.fixture
def join():
    peers = []

    def join(watched, name, session="", **options):
        peers.append(Peer(watched.port, **options))
        peers[-1].log_in(name, session)
        return peers[-1]

    yield join
    for peer in peers:
        peer.close()


def row_of(rows, name):
    return next((row for row in rows if row.startswith(f" {name} ")), "")


def test_the_first_two_lines_come_before_the_picture(watched):
    before = bytes(watched.output).partition(b"\x1b[")[0].decode().splitlines()
    assert re.fullmatch(r"Chat server started on 127.0.0.1:\d+", before[0])
    assert before[1].startswith("Waiting for connections")


def test_who_comes_is_seen_with_where_their_thread_stands(watched, join):
    join(watched, "ana")
    watched.wait_for(lambda rows: "recv" in row_of(rows, "ana"))
    watched.wait_for("1 here")
    for part in ("scribe", "flusher", "clock", "acceptor"):
        watched.wait_for(lambda rows, part=part: row_of(rows, part) != "")


def test_a_line_is_seen_on_the_wire_coming_and_going(watched, join):
    ana, bob = join(watched, "ana"), join(watched, "bob")
    watched.wait_for("2 here")
    ana.send(Say("k1", "#lobby", "hello there"))
    bob.hear(Said)
    watched.wait_for("ana > server")
    watched.wait_for("server > *2")
    watched.wait_for("say | k1 | #lobby | hello there")


def test_private_texts_and_secrets_are_never_on_the_screen(watched, join):
    secret = "00112233445566778899aabbccddeeff"
    ana, bob = join(watched, "ana", secret), join(watched, "bob")
    ana.send(Tell("t1", "bob", "psst-private"))
    assert bob.hear(Told).text == "psst-private"
    watched.wait_for("tell | t1 | bob | [private, 12 by")
    ana.send(Say("k1", "#lobby", "the end"))  # after it nothing of the tell can come
    watched.wait_for("say | k1 | #lobby | the end")
    shown = bytes(watched.output)
    assert b"psst" not in shown
    assert secret[:16].encode() not in shown
    assert b"30 30 31 31 32" not in shown, "the secret as hex"
    assert watched.stop() == 0


def test_who_does_not_read_is_slow_and_comes_first(watched, join):
    ana, bob = join(watched, "ana"), join(watched, "bob", receive_buffer=4096)
    for number in range(150):
        ana.send(Say(f"k{number}", "#lobby", "x" * 4_000))
        ana.hear(Said)
    watched.wait_for(lambda rows: rows[2].startswith(" bob ") and "SLOW" in rows[2])
    bob.close()


def test_a_frozen_picture_stays_while_the_chat_goes_on(watched, join):
    ana = join(watched, "ana")
    watched.wait_for(lambda rows: row_of(rows, "ana") != "")
    watched.type(" ")
    watched.wait_for("FROZEN")
    bob = join(watched, "bob")
    ana.send(Say("k1", "#lobby", "hi"))
    assert bob.hear(Said).text == "hi"
    for order in ("longest", "busiest", "name", "trouble"):  # several pictures later
        watched.type("s")
        watched.wait_for(f"sorted by {order}")
        watched.wait_for(lambda rows: row_of(rows, "ana") and not row_of(rows, "bob"))
    watched.type(" ")
    watched.wait_for(lambda rows: row_of(rows, "bob") != "")
    watched.wait_for("2 here")


def test_in_slow_motion_the_steps_are_seen_and_the_server_still_stops(watched, join):
    ana = join(watched, "ana")
    watched.wait_for(lambda rows: "recv" in row_of(rows, "ana"))
    watched.type("---")
    watched.wait_for("SLOW MOTION 2.0 s")
    ana.send(Say("k1", "#lobby", "hi"))
    watched.wait_for(lambda rows: "answers Say" in row_of(rows, "ana"))
    watched.wait_for(lambda rows: "stores 1 line" in row_of(rows, "scribe"))
    watched.wait_for(lambda rows: "sends to 1" in row_of(rows, "scribe"))
    assert ana.hear(Said).text == "hi"
    assert watched.stop() == 0


def test_somebody_is_muted_and_sent_away_by_keys(watched, join):
    ana, bob = join(watched, "ana"), join(watched, "bob")
    watched.wait_for("2 here")
    watched.type("m")
    watched.wait_for("mute whom?")
    watched.type("b\r")
    assert bob.hear(Notice).text == "the operator has muted you"
    watched.wait_for("bob is muted until /unmute")
    bob.send(Say("k1", "#lobby", "hi"))
    assert bob.hear(Error).code == "muted"
    watched.type("k")
    watched.wait_for("kick whom?")
    watched.type("b\r")
    assert bob.hear(Bye).code == "kicked"
    watched.wait_for("bob (127.0.0.1) is gone")
    watched.wait_for("1 here")
    del ana


def test_the_help_lies_over_the_picture(watched):
    watched.type("?")
    watched.wait_for("freeze this picture")
    watched.type("?")
    watched.wait_for("THREADS")


def test_the_wire_can_be_switched_off(watched):
    watched.wait_for("WIRE")
    watched.type("w")
    watched.wait_for(lambda rows: not any(row.startswith(" WIRE") for row in rows))


@pytest.mark.parametrize("size", [(60, 12), (120, 40), (20, 5)])
def test_another_size_is_another_picture(watched, join, size):
    join(watched, "ana")
    watched.resize(*size)
    watched.wait_for(lambda rows: rows[-1].rstrip().endswith("q stop"))
    watched.wait_for(lambda rows: "THREADS" in rows[1])


def test_q_asked_twice_stops_the_server_and_gives_the_terminal_back(watched, join):
    ana = join(watched, "ana")
    assert watched.stop() == 0
    assert ana.hear(Bye).code == "shutdown"
    assert_given_back(watched)
    last = bytes(watched.output).decode().splitlines()
    assert "Server stopped" in last[-1]
    assert any("ana joined" in line for line in last), "the journal's lines are kept"


def test_ctrl_c_stops_the_server_at_once(watched):
    watched.type("\x03")
    assert watched.wait_for_exit() == 0
    assert_given_back(watched)


def test_sigterm_stops_the_server_politely(watched, join):
    ana = join(watched, "ana")
    watched.signal(signal.SIGTERM)
    assert ana.hear(Bye).code == "shutdown"
    assert watched.wait_for_exit() == 0
    assert_given_back(watched)


def test_a_closed_window_stops_the_server(watched, join):
    ana = join(watched, "ana")
    watched.hang_up()
    assert ana.hear(Bye).code == "shutdown"
    assert watched.wait_for_death() == 0


def test_a_terminal_that_cannot_be_drawn_on_gets_lines():
    with Rig(COMMAND, env={"TERM": "dumb"}) as rig:
        rig.wait_for("0 here, 0 lines, ")
        rig.signal(signal.SIGTERM)
        assert rig.wait_for_exit() == 0


# -- Somebody who explains -----------------------------------------------------------


def has_row(text):
    """Whether the box has this row; its border may be drawn in two ways."""
    return lambda rows: any(row.lstrip("│| ") == text for row in rows)


def test_who_explains_gets_each_key_first_and_has_a_box(narrated):
    narrated.type("1")
    narrated.wait_for(has_row("pressed:"))
    narrated.wait_for(has_row("1"))
    narrated.type("s")
    narrated.wait_for(has_row("s"))
    narrated.wait_for("sorted by longest")
    assert narrated.stop() == 0


def test_while_a_name_is_asked_for_nobody_else_gets_a_key(narrated):
    narrated.type("k1")
    narrated.wait_for("kick whom? 1")
    narrated.type("\x1b")
    narrated.wait_for("space freeze")
    narrated.type("s")
    narrated.wait_for("sorted by longest")
    narrated.wait_for(lambda rows: has_row("k")(rows) and not has_row("1")(rows))


def test_a_dashboard_that_dies_leaves_the_chat_and_the_terminal(narrated, join):
    ana = join(narrated, "ana")
    narrated.type("!")
    narrated.wait_for("the dashboard died; the server goes on")
    ana.send(Say("k1", "#lobby", "still here?"))
    assert ana.hear(Said).text == "still here?"
    narrated.signal(signal.SIGTERM)
    assert ana.hear(Bye).code == "shutdown"
    assert narrated.wait_for_exit() == 0
    assert_given_back(narrated)
