"""The receiver: what the client says when it calls again, and when it gives up.

test --plays the server--> python client.py ana     one connection after the other
"""

import socket
import sys

import pytest
from programs import PATIENCE, Program

from client import pause_before
from messages import Bye, Error, Hello, Notice, Said, Users, Welcome
from protocol import Decoder, decode_request, encode

WELCOME = Welcome("1", "ana", "5eed", 7, "no", ("history=off",))
RESUMED = Welcome("1", "ana", "5eed", 9, "yes", ("history=off",))
TAKEN = Error("", "name-taken", 'the name "ana" is taken')


class Stage:
    """A server that says what the test wants."""

    def __init__(self):
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.listener.settimeout(PATIENCE)
        self.sock = None
        self.address = f"127.0.0.1:{self.listener.getsockname()[1]}"

    def hear_hello(self):
        """Take the next call, and return its hello."""
        self.hang_up()
        self.sock, _ = self.listener.accept()
        self.sock.settimeout(PATIENCE)
        payloads = Decoder().feed(self.sock.recv(65536))
        hello = decode_request(next(iter(payloads)))
        assert isinstance(hello, Hello)
        return hello

    def say(self, *reports):
        self.sock.sendall(b"".join(map(encode, reports)))

    def hang_up(self):
        if self.sock:
            self.sock.close()
            self.sock = None


@pytest.fixture
def stage():
    stage = Stage()
    yield stage
    stage.hang_up()
    stage.listener.close()


@pytest.fixture
def ana(stage):
    with Program("client.py", "ana", stage.address) as program:
        yield program


def test_the_second_hello_says_how_far_one_has_read(stage, ana):
    first = stage.hear_hello()
    assert (first.since, first.log) == (None, "")
    stage.say(WELCOME, Users("", "#lobby", ("ana", "bob")))
    stage.say(Said(8, 0, "#lobby", "bob", "hi"))
    ana.expect("bob: hi")
    second = stage.hear_hello()
    assert second.session == first.session != ""
    assert (second.since, second.log) == (8, "5eed")
    stage.say(RESUMED, Said(9, 0, "#lobby", "bob", "missed"))
    ana.expect("bob: missed")


def test_the_pauses_between_calls_grow_and_stay_bounded_however_long_it_takes():
    assert [pause_before(attempt) for attempt in (1, 2, 3, 6)] == [1, 2, 4, 30]
    assert pause_before(100_000) == 30  # a month of calls


def test_a_name_that_is_taken_meanwhile_is_told_and_can_be_changed(stage, ana):
    stage.hear_hello()
    stage.say(WELCOME)
    assert stage.hear_hello().name == "ana"
    stage.say(TAKEN)
    ana.expect('the name "ana" is taken; trying on, /nick NAME tries another')
    ana.type("/nick anna")
    while stage.hear_hello().name != "anna":
        stage.say(TAKEN)
    stage.say(Welcome("1", "anna", "5eed", 7, "yes", ("history=off",)))
    ana.expect("you are anna from now on")


def test_who_is_replaced_by_an_earlier_call_of_their_own_calls_again(stage, ana):
    first = stage.hear_hello()
    stage.say(WELCOME, Bye("replaced"))
    assert stage.hear_hello().session == first.session
    stage.say(RESUMED)
    ana.expect("an earlier call of ours was heard late")
    ana.expect("reconnected")


def test_who_is_kicked_hears_why(stage, ana):
    stage.hear_hello()
    stage.say(WELCOME, Bye("kicked", "no spam, please"))
    stage.hang_up()
    assert ana.wait() == 1
    assert ana.lines[-1].endswith("! no spam, please")


def test_in_lines_the_wire_shows_every_recv_and_send_and_never_the_secret(stage):
    with Program("client.py", "ana", stage.address, "--plain", "--wire") as ana:
        session = stage.hear_hello().session
        stage.say(WELCOME)
        hello = ana.expect(
            "> send #1     48 bytes [00 00 00 2c] 68 65 6c 6c 6f 00 31 00"
        )
        assert hello.endswith("61 6e 61 00" + 32 * " .." + "  -> hello 1 ana")
        ana.expect("-> welcome 1 ana 5eed no history=off")
        frame = encode(Said(8, 0, "#lobby", "bob", "hi"))
        stage.sock.sendall(frame[:4])
        ana.expect("[00 00 00 16]  ... 0 of 22 bytes")
        stage.sock.sendall(frame[4:])
        ana.expect(f" {frame[4:].hex(' ')}  -> frame complete: said bob: hi")
        ana.expect("bob: hi")
        stage.hang_up()
        ana.expect(" 0 bytes the end: the other side has closed")
        assert stage.hear_hello().session == session
        stage.say(Notice("here you are"), RESUMED, Said(9, 0, "#lobby", "bob", "end"))
        ana.expect("bob: end")
    told = "".join(ana.lines)
    assert session not in told
    assert session.encode().hex(" ") not in told
    assert session.encode()[:8].hex(" ") not in told


def test_on_the_screen_the_wire_shows_each_byte_when_it_comes(stage):
    pytest.importorskip("termios")  # Windows has no pseudo-terminals
    from terminal_rig import Rig

    with Rig([sys.executable, "client.py", "ana", stage.address, "--wire"]) as ana:
        stage.hear_hello()
        stage.say(WELCOME)
        ana.wait_for("-> welcome 1 ana")
        frame = encode(Said(8, 0, "#lobby", "bob", "hi"))
        for data, seen in (
            (frame[:1], " [00  ... 1 of the 4 bytes of a length"),
            (frame[1:4], " 00 00 16]  ... 0 of 22 bytes"),
            (frame[4:9], " 73 61 69 64 00  ... 5 of 22 bytes"),
            (frame[9:], "-> frame complete: said bob: hi"),
        ):
            stage.sock.sendall(data)
            ana.wait_for(seen)
