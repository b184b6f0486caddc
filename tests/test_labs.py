"""Every lab shows what it is about, leaves nothing behind, and can fail.

With HOMEROOM_LONG=1 each runs a hundred times.
"""

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from lab_rig import FILES, ROOT, changed, load, run

TIMES = 100 if os.environ.get("HOMEROOM_LONG") else 1
EVERY_LAB = pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
HAS_GIL = getattr(sys, "_is_gil_enabled", lambda: True)()
NEEDS_GIL = {"11_four_cooks"}  # says "Not here" where there is none
STEPPED = [file for file in FILES if load(file).LAB.plan]

POLITE = "    server.recv(1024)\n    server.close()\n\n\ndef close_politely"
# What makes each phenomenon go away: what stands in the lab, and what instead.
CURES = {
    "01_glue": ("bob.recv(1024)", "bob.recv(5)"),
    "02_crumbs": ("bob.recv(1023)", "bob.recv(1020)"),
    "03_framing": ("return read(Bob(bob, pieces))", "return [*MESSAGES]"),
    "04_who_is_ana": ("else nullcontext()", "else steps.lock('')"),
    "05_lost_counter": ("self.count = seen + 1", "self.count += 1"),
    "06_dict_changed_size": ("in self.clients:\n", "in [*self.clients]:\n"),
    "07_slow_reader": ("LINES = 100", "LINES = 2"),
    "08_deadly_embrace": ("with self.locks[enter]:", "if enter:"),
    "09_three_goodbyes": ("cable.mode = Hold()", "pass"),
    "10_forty_milliseconds": ("(HEADER)\n    client.sendall(BODY)", "(HEADER + BODY)"),
    "11_four_cooks": ("OVEN = 0.25", "OVEN = 0.0"),
    "12_last_words": ("    server.close()\n\n\ndef close_politely", POLITE),
    "13_port_is_taken": ("start_again(reuse=False)", "start_again(reuse=True)"),
    "14_who_says_so": ('["said", sender, text]', '["said", session_name, text]'),
    "15_do_not_trust_bytes": ('f"{name}: {text}"', 'f"{name}: {text!r}"'),
    "16_five_hundred_threads": ("connection.sendall(data)", "break"),
}


@pytest.fixture(autouse=True)
def _limits_as_they_were():
    """Lab 16 raises what this process may open."""
    resource = pytest.importorskip("resource")
    limits = resource.getrlimit(resource.RLIMIT_NOFILE)
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, limits)


def what_is_left(folder):
    """Everything that a lab could leave behind: threads, files, processes, sockets."""
    task = Path(f"/proc/self/task/{threading.get_native_id()}/children")
    children = task.read_text() if task.exists() else ""
    open_files = len(os.listdir("/proc/self/fd")) if task.exists() else 0
    return threading.enumerate(), sorted(folder.rglob("*")), children, open_files


def skip_without_gil(file):
    if file.stem in NEEDS_GIL and not HAS_GIL:
        pytest.skip("this Python has no GIL")


@EVERY_LAB
def test_the_phenomenon_appears_and_nothing_is_left_behind(file, tmp_path, monkeypatch):
    skip_without_gil(file)
    monkeypatch.chdir(tmp_path)
    module, before = load(file), what_is_left(tmp_path)
    code, said = run(module, "--yes")
    assert code == 0, said
    assert what_is_left(tmp_path) == before
    for heading in ("Predicted ", "Observed ", "Why ", "Try next"):
        assert f"\n{heading}" in said
    assert all(function.__name__ in said for function in module.LAB.code)
    assert max(map(len, said.splitlines())) <= 80


@EVERY_LAB
def test_without_its_phenomenon_a_lab_ends_with_1_and_says_so(file, tmp_path):
    skip_without_gil(file)
    code, said = run(load(changed(file, tmp_path, *CURES[file.stem])), "--yes")
    assert code == 1, said
    assert "did not appear" in said
    assert "\nWhy" not in said


@pytest.mark.timeout(600)
@EVERY_LAB
def test_a_lab_shows_it_every_time(file):
    module = load(file)
    lessons = [run(module, "--yes") for _ in range(TIMES)]
    failures = [said for code, said in lessons if code]
    assert not failures, f"{len(failures)} of {TIMES}, the first:\n{failures[0]}"


# -- As programs -------------------------------------------------------------------


@pytest.mark.parametrize("number", [0, 3, 14])
def test_a_pipe_without_a_person_never_hangs(number, tmp_path):
    with subprocess.Popen(
        [sys.executable, str(FILES[number])],
        stdin=subprocess.PIPE,  # open, and nobody ever writes
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        cwd=tmp_path,
        encoding="utf-8",
    ) as lab:
        said = lab.stdout.read()
        assert lab.wait(20) == 0
    assert "Nobody is asked" in said


def test_a_program_whose_phenomenon_stays_away_exits_with_1(tmp_path):
    copy = changed(FILES[0], tmp_path, *CURES["01_glue"])
    ran = subprocess.run(
        [sys.executable, str(copy)],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        encoding="utf-8",
    )
    assert (ran.returncode, ran.stderr) == (1, "")


def on_a_terminal(file, *options):
    pytest.importorskip("termios")
    from terminal_rig import Rig

    return Rig([sys.executable, str(file), *options], columns=100, rows=60)


def test_ctrl_c_at_the_question_ends_politely():
    with on_a_terminal(FILES[0]) as rig:
        rig.wait_for("Your prediction")
        rig.type("\x03")
        rig.wait_for("Stopped")
        assert rig.wait_for_exit() == 130
        assert b"Traceback" not in rig.output


def test_ctrl_c_in_the_middle_of_an_experiment_ends_it_politely(tmp_path):
    patient = 'server.settimeout(print("Waiting", flush=True))'  # None: for ever
    slow = changed(FILES[8], tmp_path, "server.settimeout(PATIENT)", patient)
    with on_a_terminal(slow, "--yes") as rig:
        rig.wait_for("Waiting")
        rig.type("\x03")
        rig.wait_for("Stopped")
        assert rig.wait_for_exit() == 130
        assert b"Traceback" not in rig.output


def test_ctrl_c_while_threads_stand_on_the_stage_ends_them():
    with on_a_terminal(FILES[3], "--yes", "--step") as rig:
        rig.wait_for("Who goes on")
        rig.type("\x03")
        rig.wait_for("Stopped")
        assert rig.wait_for_exit() == 130
        assert b"Traceback" not in rig.output


# -- The class decides -------------------------------------------------------------


def test_a_class_finds_the_order_in_which_two_are_ana():
    with on_a_terminal(FILES[3], "--yes", "--step") as rig:
        for step, number in enumerate("1212" + "12112", start=1):
            rig.wait_for(lambda _, n=step: rig.output.count(b"Who goes on") == n)
            rig.type(f"{number}\r")
        assert rig.wait_for_exit() == 0


def test_a_class_that_finds_a_good_order_is_told_that_nothing_appeared():
    with on_a_terminal(FILES[3], "--yes", "--step") as rig:
        rig.wait_for("Who goes on")
        rig.type("\r" * 20)  # the first of all who can go, each time
        rig.wait_for("did not appear this time")
        assert rig.wait_for_exit() == 1


def test_a_class_that_goes_away_leaves_the_rest_to_the_first_who_can_go():
    with on_a_terminal(FILES[3], "--yes", "--step") as rig:
        rig.wait_for("Who goes on")
        rig.type("\x04")  # once
        rig.wait_for("did not appear this time")
        assert rig.wait_for_exit() == 1


@pytest.mark.parametrize("file", STEPPED, ids=lambda file: file.stem)
def test_the_same_seed_goes_the_same_way(file):
    module = load(file)
    first, again = [steps_of(run(module, "--yes", "--seed", "7")[1]) for _ in range(2)]
    assert first == again


@pytest.mark.parametrize("file", STEPPED, ids=lambda file: file.stem)
def test_some_seed_hides_what_the_plan_shows(file):
    """That is why "it worked" proves nothing."""
    module = load(file)
    codes = {run(module, "--yes", f"--seed={seed}")[0] for seed in range(20)}
    assert codes == {0, 1}


def steps_of(said):
    return [row for row in said.splitlines() if ">" in row]


def test_step_without_a_person_goes_by_the_plan():
    code, said = run(load(FILES[3]), "--step")
    assert code == 0
    assert "Who goes on" not in said
