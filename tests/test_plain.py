"""Plain mode: lines in, lines out, and a polite end."""

import contextlib
import io
import os
import re
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

import messages
from messages import Bye, Said, Say, Tell, Told, Users, Welcome, Who
from protocol import encode
from tui import plain
from tui.events import Ended, Lost, Send
from tui.inbox import Inbox
from tui.model import Model
from tui.wire import Wire

ROOT = Path(__file__).resolve().parent.parent
WELCOME = Welcome("1", "ana", "log", 0, "no", ("history=off",))
LOST = Lost("the cable is out", 0.0, 1)


class Server:
    """Stands in for receiver and server: what is sent is answered in the inbox."""

    def __init__(self, *events):
        self.inbox = Inbox()
        self.seq = 0
        self.sent = []
        for event in events:
            self.inbox.put(event)

    def __call__(self, effect):
        assert isinstance(effect, Send)
        self.sent.append(effect.message)
        if (answer := self.answer(effect.message)) is not None:
            self.inbox.put(answer)

    def answer(self, message):
        self.seq += 1
        match message:
            case Say(id, room, text):
                return Said(self.seq, 0, room, "ana", text, id)
            case Tell(id, to, text):
                return Told(self.seq, 0, "ana", to, text, id)
            case Who(id, room):
                return Users(id, room, ("ana", "bob"))
            case messages.Join(id, room):
                self.inbox.put(messages.Ok(id))
                return Users("", room, ("ana", "bob"))
            case messages.Quit():
                return Bye("quit")


class Deaf(Server):
    """Takes everything and answers nothing."""

    def answer(self, message):
        return None


@pytest.fixture
def endless():
    """A keyboard on which nobody types any more."""
    reading, writing = os.pipe()
    with open(reading) as keyboard, open(writing, "w") as typing:
        yield keyboard, typing
        typing.close()
        for thread in threading.enumerate():
            if thread.name == "keyboard":
                thread.join(20)


def talk(server, keyboard, out=None, wire=None):
    """Run plain mode to its end: the exit code and the lines without their time."""
    out = out or io.StringIO()
    keyboard = io.StringIO(keyboard) if isinstance(keyboard, str) else keyboard
    model = Model("ana", "lab:5000", wire=wire)
    with contextlib.closing(server.inbox):
        code = plain.run(model, server.inbox, server, keyboard, out)
    lines = re.sub(r"^\[\d\d:\d\d\] ", "", out.getvalue(), flags=re.MULTILINE)
    return code, lines.splitlines()


CONNECTING = "* connecting to lab:5000 ..."


def test_piped_lines_are_sent_and_printed_once_and_then_one_leaves():
    server = Server(WELCOME)
    assert talk(server, "hi\n/w bob psst\n/who\n") == (
        0,
        [
            "ana: hi",
            "[Private to bob]: psst",
            "* 2 people in #lobby: ana, bob",
        ],
    )
    assert server.sent[-1] == messages.Quit()


def test_quit_ends_the_input_but_not_before_the_lines_got_through():
    code, lines = talk(Server(WELCOME), "hi\n/quit\n")
    assert (code, lines[-1]) == (0, "ana: hi")


def test_where_lines_go_is_told_and_lines_of_a_room_bear_its_name():
    server = Server(WELCOME)
    assert talk(server, "/join physik\nhi\n/join lobby\nback\n") == (
        0,
        [
            "* what you type goes to #physik now",
            "* what you type goes to #lobby now",
            "* you are in #physik with bob",
            "[#physik] ana: hi",
            "ana: back",
        ],
    )


def test_a_refused_command_is_told_and_the_rest_goes_on():
    code, lines = talk(Server(WELCOME), "/hlep\nhi\n")
    assert code == 0
    assert "! unknown command /hlep, did you mean /help?" in lines
    assert lines[-1] == "ana: hi"


def test_without_input_one_leaves_at_once():
    assert talk(Server(), "") == (0, [CONNECTING])


class Wired(Server):
    """Sends and answers through a wire."""

    def __init__(self, *events):
        super().__init__(*events)
        self.wire = Wire(self.inbox.wake)

    def answer(self, message):
        answer = super().answer(message)
        if self.wire.is_on:
            self.wire.sent(encode(message))
            self.wire.received(b"", encode(answer))
        return answer


def test_the_wire_is_told_in_lines_and_before_what_it_has_brought():
    server = Wired(WELCOME)
    server.wire.switch()
    code, lines = talk(server, "hi\n/quit\n", wire=server.wire)
    assert code == 0
    found = [line for line in lines if line[0] in "<>" or line == "ana: hi"]
    assert [line[:9] for line in found] == [
        *("> send #1", "< recv #1", "ana: hi", "> send #2", "< recv #2")
    ]
    assert found[0].startswith("> send #1     20 bytes [00 00 00 10] 73 61 79 00 6b 31")
    assert found[0].endswith("68 69  -> say: hi")
    assert found[4].endswith("-> bye quit")


def test_why_the_chat_ended_is_told_after_the_recv_that_brought_it(endless):
    server = Wired(Ended("you were kicked"))
    server.wire.switch()
    server.wire.received(b"", encode(Bye("kicked")))
    _, (first, second) = talk(server, endless[0], wire=server.wire)
    assert first.endswith("-> bye kicked")
    assert second == "! you were kicked"


def test_the_wire_can_be_opened_and_closed_in_lines():
    server = Wired(WELCOME)
    _, lines = talk(server, "/wire\nseen\n/wire\nunseen\n", wire=server.wire)
    marks = [line for line in lines if line[0] in "<>"]
    assert len(marks) == 2
    assert "unseen" not in "".join(marks)
    assert lines.index("* wire: no more") > lines.index(marks[1])
    assert any(line.startswith("* wire: < is what a recv brought") for line in lines)


def test_the_end_of_the_chat_is_told_and_is_a_failure(endless):
    assert talk(Server(WELCOME, Ended("you were kicked")), endless[0]) == (
        1,
        ["! you were kicked"],
    )


def test_lines_that_cannot_be_sent_are_told_in_the_end(monkeypatch):
    monkeypatch.setattr(plain, "LINES_PATIENCE_S", 0.01)
    assert talk(Server(LOST), "one\ntwo\n") == (
        1,
        [
            "! offline, trying again: the cable is out",
            "! not sent: one",
            "! not sent: two",
        ],
    )


def test_a_server_that_says_no_goodbye_is_not_waited_for(monkeypatch):
    monkeypatch.setattr(plain, "BYE_PATIENCE_S", 0.01)
    server = Deaf(WELCOME)
    assert talk(server, "/quit\n")[0] == 0


def test_a_goodbye_lost_with_the_connection_is_good_enough():
    class Cut(Server):
        def answer(self, message):
            return LOST if isinstance(message, messages.Quit) else None

    server = Cut(WELCOME, Users("", "#lobby", ("ana",)))
    assert talk(server, "/quit\n")[0] == 0
    assert server.sent == [messages.Quit()]


def test_ctrl_c_leaves_politely(endless):
    class Interrupting(Server):
        def answer(self, message):
            if isinstance(message, Say):
                self.inbox.put(super().answer(message))
                signal.raise_signal(signal.SIGINT)
            return super().answer(message)

    keyboard, typing = endless
    typing.write("hi\n")
    typing.flush()
    server = Interrupting(WELCOME)
    code, lines = talk(server, keyboard)
    assert (code, lines[-1]) == (0, "ana: hi")
    assert server.sent[-1] == messages.Quit()


def test_a_reader_who_left_ends_the_chat_quietly():
    reading, writing = os.pipe()
    os.close(reading)
    server = Server(WELCOME)
    with open(writing, "w") as out, contextlib.closing(server.inbox) as inbox:
        keyboard = io.StringIO("hi\n")
        assert plain.run(Model("ana", "x"), inbox, server, keyboard, out) == 0
    assert server.sent[-1] == messages.Quit()


def test_bytes_that_are_no_text_do_not_end_the_input(tmp_path):
    file = tmp_path / "input"
    file.write_bytes(b"caf\xff\nhi\n")
    server = Server(WELCOME)
    with open(file, encoding="utf-8") as keyboard:
        talk(server, keyboard)
    assert [m.text for m in server.sent if isinstance(m, Say)] == ["caf\ufffd", "hi"]


ENDS_WHILE_NOBODY_TYPES = """
import sys
from tui import plain
from tui.events import Ended
from tui.inbox import Inbox
from tui.model import Model

inbox = Inbox()
inbox.put(Ended("over"))
model = Model("ana", "lab:5000")
sys.exit(plain.run(model, inbox, print, sys.stdin, sys.stdout))
"""


def test_a_keyboard_nobody_types_on_does_not_hold_the_program():
    with subprocess.Popen(
        [sys.executable, "-c", ENDS_WHILE_NOBODY_TYPES],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as program:
        assert program.wait(20) == 1
        assert b"! over" in program.stdout.read()
        assert program.stderr.read() == b""
