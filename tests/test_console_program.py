"""The operator at the real server's terminal, or at the end of a pipe."""

import os
import signal
import subprocess
import sys

import pytest
from conftest import Peer
from programs import PATIENCE, ROOT, Program, Server

from messages import Bye, Error, Hello, Notice, Said, Say, Welcome
from protocol import VERSION

pytest.importorskip("termios")
from terminal_rig import Rig

SERVER = str(ROOT / "server.py")
ELSEWHERE = "127.0.0.2"  # another address of this machine


@pytest.fixture
def connect():
    peers = []

    def connect(port, name=None, **options):
        peers.append(Peer(port, **options))
        if name:
            peers[-1].send(Hello(VERSION, name))
            peers[-1].hear(Welcome)
        return peers[-1]

    yield connect
    for peer in peers:
        peer.close()


@pytest.fixture
def server(tmp_path):
    with Server(tmp_path, "--bans", "bans.txt", "--motd", motd(tmp_path)) as server:
        yield server


def motd(folder, text="Lesson 3"):
    (folder / "motd.txt").write_text(text)
    return folder / "motd.txt"


def order(server, command, answer):
    server.type(command)
    return server.expect(answer)


# -- By a pipe -----------------------------------------------------------------------


def test_people_are_seen_sent_away_and_let_in_again(server, connect):
    ana = connect(server.port, "ana")
    bob = connect(server.port, "bob", source=ELSEWHERE)
    order(server, "/who", "name  address    since  state")
    server.expect("ana   127.0.0.1")
    server.expect("bob   127.0.0.2")
    order(server, "kick ana too loud", "ana (127.0.0.1) is gone")
    assert ana.rest()[-1] == Bye("kicked", "the operator sent you away: too loud")
    connect(server.port, "ana")  # and back
    order(server, "/ban ana", "ana is banned for good (bans.txt); sent away: ana")
    ana = connect(server.port)
    ana.send(Hello(VERSION, "ana"))
    assert ana.rest() == [Bye("banned", "the operator has banned you")]
    order(server, f"/ban {ELSEWHERE} spam", "sent away: bob")
    assert bob.rest()[-1] == Bye("banned", "the operator has banned you: spam")
    order(server, "/unban ana", "ana is not banned any more")
    connect(server.port, "ana")
    order(server, "/stop", "stopping")
    assert server.wait() == 0


@pytest.mark.parametrize("command", ["kick", "ban"])
def test_the_client_of_who_was_sent_away_says_why_and_does_not_call_again(
    server, command
):
    with Program("client.py", "ana", server.address, "--plain") as client:
        client.expect("Lesson 3")
        order(server, f"/{command} ana far too loud", "ana")
        client.expect("far too loud")
        assert client.wait() == 1
    order(server, "/who", "nobody is here")


def test_voices_are_taken_and_given_back(server, connect):
    ana = connect(server.port, "ana")
    order(server, "/mute ANA 5", "ana is muted for 5 min")
    ana.send(Say("k1", "", "hi"))
    assert ana.hear(Error).code == "muted"
    order(server, "/unmute ana", "ana may speak again")
    order(server, "/only", "quiet: only the console speaks")
    order(server, "/say привет 👩\u200d🏫", "said in #lobby; people here: 1")
    said = ana.hear(Said)
    assert (said.sender, said.text) == ("server", "привет 👩\u200d🏫")
    order(server, "only off", "everybody may speak")
    ana.send(Say("k2", "", "hi"))
    assert ana.hear(Said).id == "k2"


def test_mistakes_are_answered_in_sentences(server):
    order(server, "hlep", 'there is no command "hlep": did you mean /help?')
    order(server, "/kick", "usage: /kick NAME [WHY]")
    order(server, "/kick zoe", 'there is no "zoe" here')
    order(server, "/ban 10.0.0.0/8", '"10.0.0.0/8" is neither a name nor an address')
    order(server, "/mute zoe x", 'there is no "zoe" here')
    assert not any("Traceback" in line for line in server.lines)


def test_the_end_of_the_pipe_is_not_the_end_of_the_server(server, connect):
    server.type("/say last")  # and no line end after the next:
    server.process.stdin.write("/lock")
    server.end_input()
    server.expect("locked: who is here may stay")
    newcomer = connect(server.port)
    newcomer.send(Hello(VERSION, "ana"))
    assert newcomer.hear(Error).code == "forbidden"
    server.process.send_signal(signal.SIGTERM)
    assert server.process.wait(PATIENCE) == 0


@pytest.mark.parametrize("option", ["--no-console", "--verbose"])
def test_whether_there_is_a_console_is_said_and_true(tmp_path, option):
    with Server(tmp_path, option) as server:
        server.type("/stop")
        if option == "--no-console":
            server.process.send_signal(signal.SIGTERM)
        assert server.wait() == 0
    has_console = any(line.startswith("Console: ") for line in server.lines)
    assert has_console == (option != "--no-console")
    assert ("stopping: everybody is told" in server.lines) == has_console


@pytest.mark.parametrize("stdin", ["< /dev/null", "<&-"])
def test_without_an_input_there_is_no_console(tmp_path, connect, stdin):
    command = f"exec {sys.executable} {SERVER} --port 0 {stdin}"
    with subprocess.Popen(
        ["sh", "-c", command], cwd=tmp_path, stdout=subprocess.PIPE, encoding="utf-8"
    ) as process:
        port = int(process.stdout.readline().rpartition(":")[2])
        connect(port, "ana")
        process.send_signal(signal.SIGTERM)
        rest = process.stdout.read()
        assert process.wait(PATIENCE) == 0
    assert "Console" not in rest
    assert "Server stopped" in rest


# -- Files ---------------------------------------------------------------------------


def hang_up(server, answer):
    server.process.send_signal(signal.SIGHUP)
    return server.expect(answer)


def test_sighup_reads_the_files_again_and_keeps_what_it_knew(server, connect, tmp_path):
    ana = connect(server.port, "ana")
    notices = [ana.hear(Notice).text for _ in range(2)]
    assert notices[1] == "Lesson 3"

    motd(tmp_path, "Lesson 4")
    (tmp_path / "bans.txt").write_text("ana spam\n")
    hang_up(server, "bans.txt: 1 banned; ")
    assert ana.rest()[-1] == Bye("banned", "the operator has banned you: spam")
    bob = connect(server.port, "bob")
    assert [bob.hear(Notice).text for _ in range(2)][1] == "Lesson 4"

    (tmp_path / "bans.txt").write_bytes(b"\xff")
    motd(tmp_path, "x" * 2_001)
    told = hang_up(server, "bans.txt is not text in UTF-8; what it said before stays")
    assert "motd.txt is over 2,000 characters; what it said before stays" in told
    ana = connect(server.port)
    ana.send(Hello(VERSION, "ana"))
    assert ana.rest() == [Bye("banned", "the operator has banned you: spam")]
    mei = connect(server.port, "mei")
    assert [mei.hear(Notice).text for _ in range(2)][1] == "Lesson 4"
    order(server, "/reload", "bans.txt is not text")


@pytest.mark.parametrize(
    ("options", "part"),
    [
        (["--motd", "none.txt"], "cannot read none.txt: No such file"),
        (["--motd", "."], ". is not a file"),
        (["--bans", "bad.txt"], 'bad.txt: line 1: "10.0.0.0/8" is neither'),
        (["--bans", "no/such/bans.txt"], "cannot write no/such/bans.txt"),
    ],
)
def test_a_server_does_not_start_with_a_file_it_cannot_use(tmp_path, options, part):
    (tmp_path / "bad.txt").write_text("10.0.0.0/8\n")
    ended = subprocess.run(
        [sys.executable, SERVER, "--port", "0", *options],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )
    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr.startswith(f"server: {part}")
    assert ended.stderr.count("\n") == 1


# -- At a terminal -------------------------------------------------------------------


@pytest.fixture
def rig(tmp_path):
    history = str(tmp_path / "history.db")
    with Rig([sys.executable, SERVER, "--port", "0", "--history", history]) as rig:
        rig.wait_for("Console: type /help")
        yield rig


def test_at_a_terminal_commands_are_typed_between_the_log_lines(rig):
    rig.type("/stats\n")
    rig.wait_for("fullest outbox  all empty")
    rig.type("stop\n")
    assert rig.wait_for_exit() == 0


def test_ctrl_d_says_how_to_stop_and_ctrl_c_stops(rig):
    rig.type("\x04")
    rig.wait_for("to stop the server type /stop, or press Ctrl+C")
    rig.type("/who\n")
    rig.wait_for("nobody is here")
    rig.type("\x03")
    assert rig.wait_for_exit() == 0


def test_a_stopped_terminal_stops_nobody_else(rig, connect):
    port = next(int(r.rpartition(":")[2]) for r in rig.rows if "started on" in r)
    ana, bob = connect(port, "ana"), connect(port, "bob")
    rig.type("\x13")  # Ctrl+S
    rig.type("/help\n/kick bob\n/say still here\n")
    assert bob.rest()[-1].code == "kicked"
    assert ana.hear(Said).text == "still here"
    rig.type("\x11")  # Ctrl+Q
    rig.wait_for("said in #lobby")


def test_a_closed_window_stops_the_server_politely(rig, connect):
    port = next(int(r.rpartition(":")[2]) for r in rig.rows if "started on" in r)
    ana = connect(port, "ana")
    rig.hang_up()
    assert ana.rest()[-1].code == "shutdown"
    assert rig.wait_for_death() == 0


def test_a_signal_without_a_closed_window_is_a_reload(rig):
    rig.signal(signal.SIGHUP)
    rig.wait_for("nothing to read: see --bans FILE and --motd FILE")
    rig.type("/stop\n")
    assert rig.wait_for_exit() == 0


def test_in_the_background_it_is_not_stopped_and_in_the_foreground_it_listens(connect):
    script = (  # a shell with job control, as people have
        f"set -m; {sys.executable} {SERVER} --port 0 --history memory & "
        "read go; fg >/dev/null; echo over $?"
    )
    with Rig(["bash", "-c", script]) as rig:
        rig.wait_for("Console: type /help")
        port = next(int(r.rpartition(":")[2]) for r in rig.rows if "started on" in r)
        connect(port, "ana")  # it lives
        rig.type("go\n")
        rig.type("/say here I am\n/stop\n")
        rig.wait_for("stopping: everybody is told")
        rig.wait_for("over 0")


def test_the_end_does_not_wait_for_the_keyboard(tmp_path):
    reading, writing = os.pipe()  # nothing is ever typed
    with subprocess.Popen(
        [sys.executable, SERVER, "--port", "0"],
        cwd=tmp_path,
        stdin=reading,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
    ) as process:
        while "Console" not in process.stdout.readline():
            pass
        process.send_signal(signal.SIGTERM)
        assert process.stdout.read().endswith("Server stopped\n")
        assert process.wait(PATIENCE) == 0
    os.close(reading)
    os.close(writing)
