"""`python server.py` as its operator meets it: output, signals, exit codes."""

import os
import signal
import socket
import sqlite3
import subprocess
import sys
from contextlib import closing

import pytest
from conftest import Peer
from programs import PATIENCE, ROOT, Program, Server

from messages import Bye, Said, Say

pytestmark = pytest.mark.skipif(os.name == "nt", reason="signals are not tested there")


@pytest.fixture
def connect():
    peers = []

    def connect(server, name, **options):
        peers.append(Peer(server.port, **options))
        peers[-1].log_in(name)
        return peers[-1]

    yield connect
    for peer in peers:
        peer.close()


def stop(server):
    server.process.send_signal(signal.SIGTERM)
    return server.wait()


def refused(tmp_path, *options):
    """Run a server that cannot start; its exit code and what it said."""
    command = [sys.executable, str(ROOT / "server.py"), *options]
    ended = subprocess.run(
        command, cwd=tmp_path, capture_output=True, text=True, timeout=PATIENCE
    )
    assert ended.stdout == ""
    assert "Traceback" not in ended.stderr
    return ended.returncode, ended.stderr


def test_the_first_two_lines_are_what_programs_wait_for(tmp_path):
    with Server(tmp_path) as server:
        assert server.lines[0] == f"Chat server started on 127.0.0.1:{server.port}"
        assert server.lines[1].startswith("Waiting for connections")
        assert server.port > 0
        assert stop(server) == 0


def test_comings_goings_and_with_verbose_lines_are_logged(tmp_path, connect):
    with Server(tmp_path, "--verbose") as server:
        ana = connect(server, "ana")
        port = ana.sock.getsockname()[1]
        server.expect(f"Client ('127.0.0.1', {port}) connected")
        server.expect("ana joined")
        ana.send(Say("k1", "", "hi"))
        server.expect("Message from ana: hi")
        ana.close()
        server.expect("ana has disconnected")
        assert stop(server) == 0


def test_a_text_cannot_fake_a_log_line(tmp_path, connect):
    with Server(tmp_path, "--verbose") as server:
        connect(server, "ana").send(Say("k1", "", "x\nbob joined\tand\u202eso on"))
        assert (
            server.expect("Message from ana")
            == r"Message from ana: x\nbob joined\tand\u202eso on"
        )
        assert stop(server) == 0
        assert "bob joined" not in server.lines


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_tells_everybody_and_ends_with_0(tmp_path, connect, number):
    with Server(tmp_path) as server:
        ana = connect(server, "ana")
        server.process.send_signal(number)
        assert isinstance(last := ana.rest()[-1], Bye)
        assert last.code == "shutdown"
        assert server.wait() == 0


def test_who_does_not_read_does_not_delay_the_end(tmp_path, connect):
    with Server(tmp_path, "--rate", "0") as server:
        ana = connect(server, "ana")
        for i in range(30):
            connect(server, f"frozen{i}", receive_buffer=4096)
        for i in range(150):
            ana.send(Say(f"k{i}", "", "x" * 4000))
            ana.hear(Said)
        server.process.send_signal(signal.SIGTERM)
        assert server.process.wait(8) == 0  # 2 s are granted, a stall would be 10 s


def test_a_restart_takes_the_same_port_at_once(tmp_path, connect):
    with Server(tmp_path) as server:
        connect(server, "ana")
        assert stop(server) == 0
        with Server(tmp_path, port=server.port) as again:
            assert again.port == server.port
            assert stop(again) == 0


def test_a_taken_port_is_said_in_one_sentence(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        code, sentence = refused(tmp_path, "--port", str(port))
    assert code == 2
    assert sentence.startswith(f"server: port {port} is taken")
    assert sentence.count("\n") == 1


@pytest.mark.parametrize(
    ("options", "part"),
    [
        (["--port", "65536"], "not a port"),
        (["--port", "http"], "not a port"),
        (["--rate", "-1"], "not a number"),
        (["--burst", "0"], "not a number"),
        (["--max-clients", "many"], "not a number"),
        (["--nope"], "--nope"),
        (["--history", ""], "not a file"),
        (["--history", ":memory:"], "not a file"),
        (["--port", "0", "--host", "a..b"], "not a host name"),
        (["--port", "0", "--host", "192.0.2.77"], "not an address of this machine"),
        (["--port", "0", "--host", "no.such.host.invalid"], "not an address"),
        (["--port", "0", "--history", "/no/such/folder/x.db"], "/no/such/folder/x.db"),
    ],
)
def test_what_cannot_work_is_said_in_one_sentence(tmp_path, options, part):
    code, sentence = refused(tmp_path, *options)
    assert code == 2
    assert part in sentence
    assert sentence.count("\n") == 1


def test_a_file_that_is_no_history_is_left_alone(tmp_path):
    (tmp_path / "essay.txt").write_text("My holidays. " * 1000)
    code, sentence = refused(tmp_path, "--port", "0", "--history", "essay.txt")
    assert code == 2
    assert "essay.txt" in sentence
    assert (tmp_path / "essay.txt").read_text() == "My holidays. " * 1000


def test_a_history_with_other_tables_is_refused_in_one_sentence(tmp_path):
    with closing(sqlite3.connect(tmp_path / "chat-history.db")) as other:
        other.executescript("CREATE TABLE topics (room); PRAGMA user_version = 1")
    code, sentence = refused(tmp_path, "--port", "0")
    assert code == 2
    assert "cannot read the history: no such column" in sentence


def test_ctrl_c_ends_a_server_that_still_waits_for_its_history(tmp_path):
    history = tmp_path / "chat-history.db"
    with closing(sqlite3.connect(history, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        with Program("server.py", "--port", "0", cwd=tmp_path) as server:
            while not (tmp_path / "chat-history.db-owner").exists():
                assert server.process.poll() is None
            server.process.send_signal(signal.SIGINT)
            assert server.wait() == -signal.SIGINT
            assert server.lines == []


def test_a_second_server_does_not_write_the_same_history(tmp_path):
    with Server(tmp_path) as server:
        code, sentence = refused(tmp_path, "--port", "0")
        assert code == 2
        assert "another server is using the history" in sentence
        assert stop(server) == 0


def test_a_killed_server_has_every_line_that_came_back(tmp_path, connect):
    with Server(tmp_path, "--rate", "0") as server:
        ana = connect(server, "ana")
        for i in range(100):
            ana.send(Say(f"k{i}", "", f"line {i}"))
        seen = [ana.hear(Said).text for _ in range(60)]
        server.process.kill()
        server.wait()
    with Server(tmp_path) as server:  # opens it, as an operator would
        assert stop(server) == 0
    history = sqlite3.connect(tmp_path / "chat-history.db")
    rows = history.execute("SELECT text FROM lines ORDER BY seq").fetchall()
    history.close()
    assert [text for (text,) in rows][:60] == seen


@pytest.mark.parametrize("history", ["memory", "off"])
def test_without_a_file_nothing_is_left_behind(tmp_path, connect, history):
    with Server(tmp_path, "--history", history) as server:
        connect(server, "ana").send(Say("k1", "", "hi"))
        assert stop(server) == 0
    assert list(tmp_path.iterdir()) == []


def test_a_stdout_that_nobody_reads_or_that_is_closed_harms_nobody(tmp_path, connect):
    reading, writing = os.pipe()
    command = [sys.executable, str(ROOT / "server.py"), "--verbose", "--port", "0"]
    with subprocess.Popen(
        [*command, "--rate", "0"], cwd=tmp_path, stdout=writing, stderr=writing
    ) as process:
        os.close(writing)
        first = os.read(reading, 4096).decode().splitlines()[0]
        port = int(first.rpartition(":")[2])
        ana = Peer(port)
        ana.log_in("ana")
        for i in range(50):  # more than the pipe holds, and then it is gone
            ana.send(Say(f"k{i}", "", "x" * 4000))
            assert ana.hear(Said).id == f"k{i}"
        os.close(reading)
        ana.send(Say("end", "", "still here"))
        assert ana.hear(Said).id == "end"
        process.send_signal(signal.SIGTERM)
        assert process.wait(PATIENCE) == 0
        ana.close()


def test_lan_says_what_others_type(tmp_path):
    with Server(tmp_path, "--lan") as server:
        line = server.expect("Others type: python client.py NAME ")
        assert line.endswith(f":{server.port}")
        assert stop(server) == 0


def test_help_lists_every_option(tmp_path):
    with Program("server.py", "--help", cwd=tmp_path) as server:
        assert server.wait() == 0
        text = "\n".join(server.lines)
    for option in ("host", "port", "lan", "history", "durable", "rate", "burst"):
        assert f"--{option}" in text
