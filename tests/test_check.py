"""`python labs/check.py`: our own programs pass, and every failure speaks for itself.

With HOMEROOM_LONG=1 our server must pass 100 times in a row, our client 20 times.
"""

import json
import os
import re
import signal
import socket
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
from conftest import PATIENCE
from programs import ROOT

from labs.check import main
from labs.grading import report
from labs.grading.client_stages import CLIENT_STAGES
from labs.grading.client_stand import ClientStand
from labs.grading.server_stages import SERVER_STAGES
from labs.grading.stages import Failure, Outcome, Stage, Trial, grade, up_to
from labs.grading.stand import ServerStand
from labs.grading.subject import ServerProgram, words_of

IS_LONG = bool(os.environ.get("HOMEROOM_LONG"))
PYTHON = f"'{sys.executable}'"
SERVER = f"{PYTHON} server.py --port {{port}} --history memory"
CLIENT = f"{PYTHON} client.py {{name}} {{host}}:{{port}} --plain"
SILENT = f"{PYTHON} -m labs.zoo.healthy {{port}}"  # prints nothing at all
START = 30.0  # seconds
UNHURRIED = ["--slow", "4"]  # a busy machine is no defect

pytestmark = pytest.mark.skipif(os.name == "nt", reason="signals are not tested there")


@pytest.fixture(autouse=True)
def _in_the_root(monkeypatch):
    monkeypatch.chdir(ROOT)


@pytest.fixture
def check(capsys):
    """Run the check in this process: its exit code, and what it prints."""

    def check(*arguments):
        code = main([*arguments])
        return code, capsys.readouterr().out

    return check


# -- Our own ---------------------------------------------------------------------------


def grade_our_server():
    with (
        ServerProgram(SERVER, START) as program,
        ServerStand((program.host, program.port), 10.0, program) as stand,
    ):
        return list(grade(SERVER_STAGES, stand.try_out, stand.last_words))


def grade_our_client():
    with ClientStand(CLIENT, 10.0, START) as stand:
        return list(grade(CLIENT_STAGES, stand.try_out, stand.last_words))


@pytest.mark.timeout(1200 if IS_LONG else 60)
def test_our_server_and_our_client_pass_every_stage_again_and_again():
    runs = [grade_our_client] * (20 if IS_LONG else 1)
    runs += [grade_our_server] * (100 if IS_LONG else 3)
    with ThreadPoolExecutor(4) as pool:
        for outcomes in pool.map(lambda run: run(), runs):
            passed = [outcome.is_passed for outcome in outcomes]
            assert all(passed), report.text_of(outcomes)
            assert len(outcomes) == 14


def test_it_says_so(check):
    code, out = check("client", CLIENT, "--stage", "3", *UNHURRIED)
    assert code == 0
    assert out.count(" ok ") == 3
    assert out.endswith("\nall stages passed\n")


# -- What a failure says ---------------------------------------------------------------


def test_a_failure_tells_what_was_sent_expected_and_came_and_what_helps(check):
    code, out = check("server", f"{PYTHON} -m labs.zoo.crumbs {{port}}", "--stage", "5")
    assert code == 1
    said = " ".join(out.split())
    assert "5 frames, however they are cut FAILED" in said
    assert "tried one byte at a time is one message" in said
    assert "sent 00 00 00 14 73 61 79 00 63 31 00 23 6c 6f 62 62 79 00" in said
    assert "say | c1 | #lobby | crumbs" in said
    assert "expected said | <seq> | <time> | <room> | <from> | crumbs | c1" in said
    assert "the end of the connection hint It looks" in said
    assert (
        "hint It looks as if your server believes that recv(n) brings n bytes" in said
    )
    assert "see python labs/02_crumbs.py" in said
    assert "struct.error: unpack requires a buffer of 4 bytes" in said
    assert "3 of 4 stages; mend stage 5 first" in said


def test_what_came_cannot_clear_the_screen_of_who_checks_it():
    failure = Failure("hi", ["\x1b[2J\x9b2J"], b"\0\0\0\3\x1b[2")
    outcome = Outcome(1, "", 5, trial=Trial("", print, "hint"), failure=failure)
    text = "\n".join(report.lines_of(outcome))
    assert r"\x1b[2J\x9b2J" in text
    assert "\x1b" not in text
    assert "\x9b" not in text


def test_json_says_the_same_to_a_machine(check):
    crumbs = f"{PYTHON} -m labs.zoo.crumbs {{port}}"
    code, out = check("server", crumbs, "--stage", "8", "--json")
    found = json.loads(out)
    assert code == 1
    assert (found["passed"], found["score"], found["of"]) == (False, 25, 45)
    assert [row["result"] for row in found["stages"]] == [
        *["passed"] * 4,
        "failed",
        "not tried",
    ]
    assert found["stages"][4]["lab"] == "02_crumbs"
    assert bytes.fromhex(found["stages"][4]["sent"])
    assert found["stages"][5]["needs"] == [5]


def test_score_prints_the_points_of_each_stage(check):
    code, out = check("server", SILENT, "--stage", "3", "--score")
    assert code == 0
    assert out.splitlines()[-1].split() == ["15", "of", "15"]


# -- Stages ----------------------------------------------------------------------------


def fail(_stand):
    raise Failure("something else")


def grade_numbers(*stages):
    """Grade stages whose trials do nothing, but for those that fail."""

    def stage(number, needs, run):
        return Stage(number, "", 5, needs, (Trial("", run, ""),))

    outcomes = grade(
        [stage(*row) for row in stages], lambda trial: trial.run(None), list
    )
    return {o.number: o.missing or o.is_passed for o in outcomes}


def test_a_stage_is_not_tried_if_one_that_it_needs_failed_or_was_not_tried():
    fine = str  # a trial that returns
    rows = [(1, (), fine), (2, (1,), fail), (3, (1,), fine), (4, (2,), fine)]
    rows += [(5, (3, 4), fine)]
    assert grade_numbers(*rows) == {1: True, 2: False, 3: True, 4: (2,), 5: (4,)}


@pytest.mark.parametrize("stages", [SERVER_STAGES, CLIENT_STAGES])
def test_a_stage_needs_only_stages_below_it(stages):
    assert [stage.number for stage in stages] == [*range(1, 15)]
    assert sum(stage.points for stage in stages) == 100
    for stage in stages:
        assert all(need < stage.number for need in stage.needs)
    assert [stage.number for stage in up_to(stages, 4)][-1] == 4


LABS = re.findall(
    r"\w+",
    """
01_glue 02_crumbs 03_framing 04_who_is_ana 05_lost_counter 06_dict_changed_size
07_slow_reader 08_deadly_embrace 09_three_goodbyes 10_forty_milliseconds
11_four_cooks 12_last_words 13_port_is_taken 14_who_says_so
15_do_not_trust_bytes 16_five_hundred_threads
""",
)


@pytest.mark.parametrize("stages", [SERVER_STAGES, CLIENT_STAGES])
def test_every_trial_has_a_hint_and_names_a_lab_that_there_is(stages):
    for stage in stages:
        for trial in stage.trials:
            assert trial.hint.endswith((".", ")"))
            assert trial.sentence
            assert not trial.lab or trial.lab in LABS


# -- The command -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["server", "python my_server.py"], "must say where its {port} goes"),
        (["server", "localhost:99999"], ""),
        (["server", "'unfinished {port}"], ""),
        (["client", "./my_client"], "CMD {host} {port} {name}"),
        (["server", "127.0.0.1:1", "--stage", "14"], "stage 14 stops the server"),
        (["server", SILENT, "--stage", "15"], "there are stages 1 to 14"),
        (["server", SILENT, "--slow", "0"], "--slow is from 0.1 to 100"),
        (["pizza", "x"], "invalid choice"),
    ],
)
def test_a_mistake_in_the_command_is_one_sentence(arguments, complaint, capsys):
    with pytest.raises(SystemExit) as caught:
        main(arguments)
    assert caught.value.code == 2
    printed = capsys.readouterr().err
    assert complaint in printed
    assert printed.count("\n") == 1


def test_a_command_is_split_and_its_places_are_filled_in():
    words = words_of("./my 'chat client' {host} -p{port}", host="h", port=5)
    assert words == ["./my", "chat client", "h", "-p5"]


@pytest.mark.parametrize(
    ("command", "came"),
    [
        ("no-such-program-here {port}", "No such file"),
        (f"{PYTHON} -c 'print(7 * 191); exit({{port}} and 3)'", "exit code 3"),
    ],
)
def test_a_server_that_does_not_start_is_told_with_its_last_words(check, command, came):
    code, out = check("server", command, "--stage", "1")
    assert code == 1
    assert came in out
    assert "1337" in out or came != "exit code 3"


def test_a_server_that_runs_already_is_graded_but_not_ended(check, server):
    address = f"127.0.0.1:{server.port}"
    code, out = check("server", address, "--stage", "10", *UNHURRIED)
    assert code == 0, out
    with socket.create_connection(("127.0.0.1", server.port), PATIENCE):
        pass  # it is still there


CHILD = (
    "import socket; home = socket.create_connection(('127.0.0.1', {})); "
    "print(flush=True); home.recv(1)"
)
PARENT = """
import socket, subprocess, sys, threading
child = [sys.executable, "-c", sys.argv[2]]
subprocess.Popen(child, stdout=subprocess.PIPE).stdout.read(1)  # it is there
listener = socket.create_server(("127.0.0.1", int(sys.argv[1])))
threading.Event().wait()
"""


def test_what_it_started_is_ended_with_all_that_that_started(check, tmp_path):
    program = tmp_path / "server.py"
    program.write_text(PARENT)
    with socket.create_server(("127.0.0.1", 0)) as home:
        child = CHILD.format(home.getsockname()[1])
        command = f'{PYTHON} {program} {{port}} "{child}"'
        check("server", command, "--stage", "2")
        home.settimeout(PATIENCE)
        sock, _ = home.accept()
        with sock:
            sock.settimeout(PATIENCE)
            assert sock.recv(1) == b"", "the child has ended"


def test_it_works_where_ctrl_c_is_ignored():
    done = subprocess.run(
        [
            sys.executable,
            "labs/check.py",
            "server",
            SILENT,
            "--stage",
            "14",
            *UNHURRIED,
        ],
        check=False,
        capture_output=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_IGN),
    )
    assert done.stderr == b""
    assert b"all stages passed" in done.stdout


def test_a_terminal_that_knows_only_ascii_sees_codes_and_no_traceback():
    broken = f"{PYTHON} -m labs.zoo.counts_characters {{port}}"
    done = subprocess.run(
        [sys.executable, "labs/check.py", "server", broken, "--stage", "8", *UNHURRIED],
        check=False,
        capture_output=True,
        env={**os.environ, "PYTHONIOENCODING": "ascii"},
    )
    assert (done.returncode, done.stderr) == (1, b"")
    assert rb"h\xe9llo" in done.stdout
