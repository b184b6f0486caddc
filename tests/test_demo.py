"""`python server.py --demo`: on a terminal with keys, in a pipe as lines."""

import os
import signal
import subprocess
import sys

import pytest
from conftest import Peer
from programs import PATIENCE, ROOT, WATCHED, Program

from demo.incidents import INCIDENTS
from messages import Said

pytestmark = pytest.mark.skipif(os.name == "nt", reason="signals are not tested there")

TWO, NINE = INCIDENTS["2"], INCIDENTS["9"]
SHORT = """
import sys
import watched_server
import demo.program
demo.program.ROWS = demo.program.ROWS[8:]  # the last takes one second
sys.exit(watched_server.main(["--demo"]))
"""


def start(folder, *options):
    demo = Program(WATCHED, "--demo", *options, cwd=folder)
    demo.port = int(demo.expect("Chat server started on ").rpartition(":")[2])
    return demo


# -- In a pipe -----------------------------------------------------------------------


def test_without_a_terminal_it_happens_by_itself_and_ends(tmp_path):
    done = subprocess.run(
        [sys.executable, "-c", SHORT],
        cwd=ROOT / "tests",
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        timeout=2 * PATIENCE,
    )
    assert (done.returncode, done.stderr) == (0, "")
    told = " ".join(done.stdout.split())
    parts = [
        "Chat server started on 127.0.0.1:",
        "Waiting for connections",
        "five bots chat with this server",
        NINE.question,
        *NINE.answers,
        "It is b",
        "Seen: Eve got error bad-text",
        "Why: A text has no control characters",
        "What you saw",
        "9 An escape code. It is b",
        "lines stored",
    ]
    places = [told.index(part) for part in parts]
    assert places == sorted(places)
    assert "Esc:" not in told  # there are no keys


def test_it_ends_after_so_many_seconds_and_leaves_no_file(tmp_path):
    with start(tmp_path, "--seconds", 1) as demo:
        demo.expect("What you saw")
        assert demo.wait() == 0
        assert not any("Traceback" in line for line in demo.lines)
    assert not [*tmp_path.iterdir()]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_it_with_a_summary(tmp_path, number):
    with start(tmp_path) as demo:
        demo.expect("1  Bo closes")
        demo.process.send_signal(number)
        demo.expect("What you saw")
        assert demo.wait() == 0


def test_two_of_them_do_not_quarrel_about_a_port(tmp_path):
    with start(tmp_path) as one, start(tmp_path) as other:
        assert one.port != other.port
        for demo in (one, other):
            demo.process.send_signal(signal.SIGTERM)
            assert demo.wait() == 0


def test_anybody_may_join(tmp_path):
    with start(tmp_path) as demo:
        wim = Peer(demo.port)
        wim.log_in("wim")
        assert wim.hear(Said).sender in {"ada", "bo", "cy", "dee", "eve"}
        wim.close()
        demo.process.send_signal(signal.SIGTERM)
        assert demo.wait() == 0


def test_a_port_that_is_taken_is_told_in_a_sentence(tmp_path):
    with start(tmp_path) as demo:
        command = [sys.executable, "server.py", "--demo", "--port", str(demo.port)]
        second = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
        assert second.returncode == 2
        assert second.stderr.startswith(f"server: port {demo.port} is taken")
        demo.process.send_signal(signal.SIGTERM)
        assert demo.wait() == 0


# -- On a terminal -------------------------------------------------------------------


@pytest.fixture
def rig():
    pytest.importorskip("termios")
    from terminal_rig import Rig

    with Rig([sys.executable, "tests/watched_server.py", "--demo"]) as rig:
        rig.wait_for("THREADS")
        yield rig


def quit_politely(rig):
    rig.type("q")
    rig.wait_for("q again")
    rig.type("q")
    assert rig.wait_for_exit() == 0
    return " ".join(rig.output.decode().rpartition("What you saw")[2].split())


def test_it_says_what_to_press_and_five_are_there(rig):
    rig.wait_for_output(b"Five bots chat")
    rig.wait_for("5 here")
    assert "Next time press 1 to 9" in quit_politely(rig)


def test_a_question_an_answer_and_what_was_seen(rig):
    rig.type("2")
    rig.wait_for(TWO.question)
    rig.wait_for(f"a  {TWO.answers[0]}")
    rig.type("b")
    rig.wait_for("Seen: 12 times two: 12 welcomes, 12 x name-taken.")
    rig.wait_for("Right: b")
    told = quit_politely(rig)
    assert "12 times two: 12 welcomes" in told
    assert "1 of 1 guesses were right." in told


def test_escape_brings_the_hints_back(rig):
    rig.type("9")
    rig.wait_for(NINE.question)
    rig.type("\x1b")
    rig.wait_for(lambda rows: not any(NINE.question in row for row in rows))
    assert "Next time press 1 to 9" in quit_politely(rig)


def test_the_end_comes_in_the_middle_of_an_incident(rig):
    rig.type("1")
    rig.wait_for("Who suffers?")
    rig.type("c")
    rig.type("q")
    rig.wait_for("q again")
    rig.type("q")
    assert rig.wait_for_exit() == 0
    assert b"Traceback" not in rig.output
