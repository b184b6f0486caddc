"""`python client.py` as people meet it: in a pipe, and on a terminal."""

import os
import re
import signal
import socket

import pytest
from conftest import Peer
from programs import Program, Server

from labs.cable import Cable
from labs.modes import Dribble
from messages import Hello, Said, Say, Tell, Told
from protocol import VERSION

pytestmark = pytest.mark.skipif(os.name == "nt", reason="signals are not tested there")


@pytest.fixture
def server(tmp_path):
    with Server(tmp_path, "--history", "memory") as server:
        yield server


@pytest.fixture
def client(server):
    """Start a plain client: client("ana")."""
    programs = []

    def start(*arguments):
        programs.append(Program("client.py", *arguments, server.address))
        return programs[-1]

    yield start
    for program in programs:
        program.__exit__()


@pytest.fixture
def bob(server):
    peer = Peer(server.port)
    peer.log_in("bob")
    yield peer
    peer.close()


STAMP = re.compile(r"\[\d\d:\d\d\] ")


def without_stamp(line):
    assert STAMP.match(line), line
    return STAMP.sub("", line, count=1)


# -- Lines ---------------------------------------------------------------------------


def test_a_piped_line_is_delivered_and_the_client_ends_with_0(client, bob):
    ana = client("ana")
    ana.type("hi")
    ana.end_input()
    assert ana.wait() == 0
    assert bob.hear(Said).text == "hi"
    assert without_stamp(ana.lines[-1]) == "ana: hi"


def test_every_event_is_one_line(client, bob):
    ana = client("ana")
    bob.hear_joined("ana")
    bob.send(Say("k1", "", "hi"), Tell("k2", "ana", "psst"))
    assert without_stamp(ana.expect("hi")) == "bob: hi"
    assert without_stamp(ana.expect("psst")) == "[Private from bob]: psst"
    ana.type("/msg bob psst yourself")
    assert without_stamp(ana.expect("yourself")) == "[Private to bob]: psst yourself"
    assert bob.hear(Told).sender == "bob"  # what bob told ana
    assert bob.hear(Told).text == "psst yourself"

    mei = Peer(int(ana_port(ana)))
    mei.log_in("mei")
    assert without_stamp(ana.expect("mei")) == "* mei joined"
    mei.close()
    assert without_stamp(ana.expect("mei")).startswith("* mei left")


def ana_port(program):
    return program.process.args[-1].rpartition(":")[2]


@pytest.mark.parametrize(
    "spelling",
    ["/p bob hi", "/pm bob hi", "/whisper bob hi", "/msg bob hi", "/tell bob hi",
     "/w bob hi", "send bob hi", "SEND Bob hi"],
)  # fmt: skip
def test_a_private_line_works_as_other_chats_spell_it(client, bob, spelling):
    ana = client("ana")
    ana.expect("you are in #lobby")
    ana.type(spelling)
    assert bob.hear(Told).text == "hi"


@pytest.mark.parametrize("spelling", ["/who", "/list", "/listusers", "/names", "list"])
def test_who_is_here_can_be_asked_as_other_chats_spell_it(client, bob, spelling):
    ana = client("ana")
    ana.type(spelling)
    assert without_stamp(ana.expect("people in")) == "* 2 people in #lobby: ana, bob"


@pytest.mark.parametrize("spelling", ["/quit", "/exit", "/bye", "quit", "exit"])
def test_leaving_can_be_spelled_as_other_chats_do(client, spelling):
    ana = client("ana")
    ana.type(spelling)
    assert ana.wait() == 0


@pytest.mark.parametrize("spelling", ["/help", "help"])
def test_help_lists_the_commands(client, spelling):
    ana = client("ana")
    ana.type(spelling)
    ana.expect("/msg NAME [TEXT]")


def test_an_unknown_command_is_explained_and_never_sent(client, bob):
    ana = client("ana")
    ana.type("/whoo")
    ana.type("//whoo")
    assert "did you mean /who?" in ana.expect("/whoo")
    assert (
        bob.hear(Said).text == "/whoo"
    )  # the second, meant as text; and not the first


def test_nothing_a_remote_person_writes_can_forge_a_line(client, bob):
    ana = client("ana")
    bob.hear_joined("ana")
    bob.send(Say("k1", "", "x\n[14:06] [Private from mei]: forged\n* mei joined"))
    bob.send(Say("k2", "", "\u202eend"))
    ana.expect("end")
    for line in ana.lines:
        assert not line.startswith("[14:06] [Private")
        assert not STAMP.sub("", line).startswith("* mei")
        assert "\u202e" not in line


# -- Getting in ----------------------------------------------------------------------


def test_no_server_is_said_in_a_sentence_and_ends_with_1():
    with Program("client.py", "ana", "127.0.0.1:1") as client:
        assert client.wait() == 1
        assert client.lines == ["! no server at 127.0.0.1:1: is it running?"]


@pytest.mark.parametrize(
    ("arguments", "code", "part"),
    [
        (["ana", "no.such.host.invalid"], 1, "unknown host"),
        (["ana", "127.0.0.1:http"], 2, "not a port"),
        (["ana", "[::1"], 2, "not an address"),
        (["--nope"], 2, "--nope"),
        ([], 2, "give a name"),
    ],
)
def test_what_cannot_work_is_explained(arguments, code, part):
    with Program("client.py", *arguments) as client:
        assert client.wait() == code
        assert part in client.lines[-1]
        assert "Traceback" not in "\n".join(client.lines)


def test_a_taken_name_is_explained_where_nobody_can_be_asked(client, bob):
    other = client("bob")
    assert other.wait() == 1
    assert other.lines == ['! the name "bob" is taken']


def test_a_lost_server_is_said_and_found_again_with_nothing_typed_lost(tmp_path):
    with Server(tmp_path) as server:
        ana = Program("client.py", "ana", server.address)
        ana.expect("you are in #lobby")
        server.process.send_signal(signal.SIGTERM)
        ana.expect("the server is stopping")
        assert server.wait() == 0
    ana.type("typed while nobody was there")
    with ana, Server(tmp_path, port=server.port):
        ana.expect("reconnected")
        assert without_stamp(ana.expect("typed while")).startswith("ana: typed")
        ana.type("/quit")
        assert ana.wait() == 0


# -- On a terminal -------------------------------------------------------------------


@pytest.fixture
def rig(server):
    """Start a client on a terminal: rig("ana", columns=60, rows=16)."""
    pytest.importorskip("termios")
    import sys

    from terminal_rig import Rig

    rigs = []

    def start(*arguments, **options):
        argv = [sys.executable, "client.py", *arguments]
        rigs.append(Rig(argv, **options))
        return rigs[-1]

    yield start
    for started in rigs:
        started.close()


def test_two_people_meet_on_their_screens(rig, server):
    ana = rig("ana", server.address)
    ana.wait_for("you are in #lobby")
    bob = rig("bob", server.address, columns=60, rows=16)
    ana.wait_for("bob joined")
    ana.type("Hello 漢字, how are you?\r")
    bob.wait_for("ana  Hello 漢字, how are you?")
    bob.type("/msg ana psst\r")
    bob.wait_for("bob  psst")
    ana.wait_for("Alt+2 bob 1!")
    ana.type("\x1ba")
    ana.wait_for("bob  psst")
    bob.type("\x03\x03")
    assert bob.wait_for_exit() == 0
    ana.wait_for("bob left")


def test_a_taken_name_is_explained_and_asked_again(rig, server, bob):
    ana = rig("bob", server.address)
    ana.wait_for('the name "bob" is taken')
    ana.wait_for("Your name")
    ana.type("ana\r")
    ana.wait_for("you are in #lobby with bob")


def test_without_a_name_it_is_asked(rig, server):
    client = rig("", server.address)
    client.wait_for("Your name")
    client.type("mei\r")
    client.wait_for("mei@#lobby")


def test_a_screen_follows_a_restart_of_the_server(rig, tmp_path):
    with Server(tmp_path) as first:
        ana = rig("ana", first.address)
        ana.wait_for("online")
        first.process.send_signal(signal.SIGTERM)
        ana.wait_for("retry in")
        assert first.wait() == 0
    with Server(tmp_path, port=first.port):
        ana.wait_for("reconnected")


def test_who_waits_for_a_server_that_does_not_answer_is_told_so(rig):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        client = rig("ana", f"127.0.0.1:{silent.getsockname()[1]}")
        client.wait_for("connecting to 127.0.0.1:")
        assert b"1049h" not in client.output  # it stands before the screen
        silent.accept()[0].close()
        client.wait_for("does not speak this chat")


def test_ctrl_c_at_the_question_for_a_name_leaves_quietly(rig, server):
    client = rig("", server.address)
    client.wait_for("Your name")
    # Enter behind it: a Ctrl+C between prompt and read is noticed only after the read.
    client.type("\x03\r")
    assert client.wait_for_exit() == 0
    assert b"Traceback" not in client.output


def test_a_signal_gives_the_terminal_back(rig, server):
    ana = rig("ana", server.address)
    ana.wait_for("online")
    ana.signal(signal.SIGTERM)
    ana.wait_for_exit()
    assert b"\x1b[?1049l" in ana.output
    assert b"\x1b[?2004l" in ana.output


def test_a_dumb_terminal_gets_lines(rig, server, bob):
    ana = rig("ana", server.address, env={"TERM": "dumb"})
    ana.wait_for("no full screen")
    bob.send(Say("k1", "", "hi"))
    ana.wait_for("bob: hi")


def test_a_peer_with_no_session_is_welcome(server):
    peer = Peer(server.port)
    peer.send(Hello(VERSION, "ten-lines"))
    assert peer.next().name == "ten-lines"
    peer.close()


# -- The wire ------------------------------------------------------------------------


def has_all(*texts):
    return lambda rows: all(text in "\n".join(rows) for text in texts)


def test_f3_shows_the_frames_that_come_and_go_until_it_is_pressed_again(
    rig, server, bob
):
    ana = rig("ana", server.address)
    ana.wait_for("you are in #lobby with bob")
    ana.type("\x1bOR")
    ana.wait_for("── the wire: [length] begins a frame")
    bob.send(Say("k1", "", "hi all"))
    ana.wait_for("-> said bob: hi all")
    ana.type("me too\r")
    ana.wait_for(has_all("> send #", "-> say: me too", "-> said ana: me too"))
    ana.type("\x1bOR")
    ana.wait_for(lambda rows: not any("the wire" in row for row in rows))
    ana.wait_for("ana  me too")


def test_with_the_wire_open_a_dribbling_cable_is_no_harm(rig, server, bob):
    with Cable(("127.0.0.1", server.port), Dribble()) as cable:
        # So tall that nothing that follows can push it out before we look.
        ana = rig("ana", cable.address, columns=100, rows=150)
        ana.wait_for("you are in #lobby with bob")
        ana.type("/wire\r")
        ana.wait_for("── the wire")
        bob.send(Say("k1", "", "hi all"))
        ana.wait_for(has_all("bob  hi all", "said bob: hi all"))
        ana.type("still quick")
        ana.wait_for("> still quick")


def test_with_wire_the_hello_is_seen_without_its_secret(rig, server):
    ana = rig("ana", server.address, "--wire", columns=120, rows=50)
    ana.wait_for("> send #1")
    ana.wait_for("68 65 6c 6c 6f 00 31 00 61 6e 61 00 .. .. ..")
    ana.wait_for("-> welcome 1 ana")
