"""Three real clients and a real server: rooms, a request, a new name, a killed server.

ana, bob, zoe   python client.py, in lines    <-- TCP -->   python server.py
"""

import os
import re
import signal

import pytest
from programs import Program, Server

pytestmark = pytest.mark.skipif(os.name == "nt", reason="signals are not tested there")

STAMP = re.compile(r"\[[-\d ]*\d\d:\d\d\] ")


@pytest.fixture
def server(tmp_path):
    with Server(tmp_path, "--history", "kept.db", "--rate", "0") as server:
        yield server


@pytest.fixture
def client(server):
    """Start a client that has entered the lobby: client("ana")."""
    programs = []

    def start(name):
        programs.append(Program("client.py", name, server.address))
        programs[-1].expect("you are in #lobby")
        return programs[-1]

    yield start
    for program in programs:
        program.__exit__()


def told(program):
    """What it printed, without the times."""
    return [STAMP.sub("", line) for line in program.lines]


def test_two_talk_in_a_room_and_the_third_sees_nothing_of_it(client):
    ana, bob, zoe = client("ana"), client("bob"), client("zoe")
    ana.type("/join physik")
    ana.expect("you are in #physik")
    ana.type("/topic about recv")
    ana.expect("#physik is about: about recv, says ana")
    ana.type("the first line here")
    ana.expect("the first line")
    bob.type("/join #PHYSIK")
    bob.expect("[#physik] ana: the first line here")
    ana.expect("[#physik] bob joined")
    bob.type("/me waves")
    ana.expect("[#physik] * bob waves")
    ana.type("/who")
    ana.expect("2 people in #physik: ana, bob")
    ana.type("/rooms")
    ana.expect("2 rooms: #lobby (3), #physik (2, about recv)")
    ana.type("/leave")
    ana.expect("what you type goes to #lobby now")
    bob.expect("[#physik] ana left")
    ana.type("for all")
    zoe.expect("ana: for all")
    assert not any("first line" in line for line in zoe.lines)
    earlier = [line for line in told(bob) if "earlier" in line]
    assert earlier == ["(earlier) [#physik] ana: the first line here"]


def test_what_was_said_before_is_shown_to_who_comes_and_only_once(client, server):
    ana = client("ana")
    for number in range(30):
        ana.type(f"line {number:02}")
    ana.expect("line 29")
    bob = client("bob")
    bob.expect("(earlier) ana: line 29")
    bob.type("/history 100")
    bob.expect("line 09")
    lines = [line for line in told(bob) if "ana: line" in line]
    expected = [*range(10, 30), *range(10)]
    assert lines == [f"(earlier) ana: line {number:02}" for number in expected]


def test_a_question_and_its_answers(client):
    ana, bob = client("ana"), client("bob")
    ana.expect("bob joined")
    ana.type("/ask bob exercise 3")
    bob.expect("ana asks for a private chat: exercise 3. /yes or /no")
    bob.type("/yes")
    ana.expect("bob says yes to a private chat")
    ana.type("/join physik")
    ana.expect("you are in #physik")
    ana.type("/invite bob")
    bob.expect("ana invites you to #physik")
    bob.type("/yes ana")
    ana.expect("bob joined")
    bob.type("/yes")
    bob.expect("nobody asks you for anything")


def test_a_new_name_is_told_and_kept_by_who_writes_to_it(client):
    ana, bob = client("ana"), client("bob")
    ana.expect("bob joined")
    bob.type("/nick ana")
    bob.expect('! the name "ana" is taken')
    bob.type("/nick robert")
    bob.expect("you are robert from now on")
    ana.expect("bob is now robert")
    ana.type("/msg Robert psst")
    bob.expect("[Private from ana]: psst")


def test_a_killed_server_loses_and_doubles_nothing(client, server, tmp_path):
    ana, bob = client("ana"), client("bob")
    ana.expect("bob joined")
    for program in (ana, bob):
        program.type("/join physik")
        program.expect("you are in #physik")
    ana.type("before")
    bob.expect("ana: before")
    server.process.send_signal(signal.SIGKILL)
    bob.expect("offline, trying again")
    ana.expect("offline, trying again")
    ana.type("while nobody listens")
    bob.type("/nick rob")
    with Server(tmp_path, "--history", "kept.db", port=server.port):
        bob.expect("[#physik] ana: while nobody listens")
        ana.expect("[#physik] ana: while nobody listens")
        bob.type("and after")
        ana.expect("[#physik] rob: and after")
        for program in (ana, bob):
            for text in ("before", "while nobody listens"):
                assert sum(line.endswith(f"ana: {text}") for line in program.lines) == 1
            assert not any("missing here" in line for line in program.lines)
