"""The course of a lab: the question, the experiment, what is said, the exit code.

Most of what is said here is said by a lab of the tests' own; its story is this one.
"""

import errno
import socket
import sys
import threading
from dataclasses import replace

import pytest
from lab_rig import FILES

from labs.choosers import Plan, Seed
from labs.lesson import Lab, NotHere, Outcome, teach
from labs.stepper import Stuck


def the_line_that_matters():
    return 1 + 1


def see_it(stage):
    stage.show("  I look.")
    return Outcome(True, "One and one were 2.")


LAB = Lab(
    "05_lost_counter.py",
    code=(the_line_that_matters,),
    answers=("one", "two", "three"),
    right="b",
    experiment=see_it,
    why=("First.", "Second.", "Third."),
    look="look at it",
    change="change it",
    build="build it",
)


def learn(capsys, experiment=see_it, *options, **changes):
    """Go through the lab; the exit code and all that was said."""
    code = teach(replace(LAB, experiment=experiment, **changes), [*options])
    said = capsys.readouterr()
    assert said.err == ""
    return code, said.out


def raising(failure):
    def experiment(_stage):
        raise failure

    return experiment


def test_everything_is_said_in_its_order(capsys):
    code, said = learn(capsys)
    assert code == 0
    parts = [
        "Lab 5: the lost counter",
        "Most of what is said here",
        "from labs/05_lost_counter.py",
        "def the_line_that_matters",
        "Two threads add 1: can 1 come out?",
        "  a  one\n  b  two\n  c  three\n",
        "Running ...",
        "  I look.",
        "Predicted  -",
        "Observed   b  two\n           One and one were 2.",
        "Why        First. Second. Third.",
        "Try next",
        "  look     look at it",
        "  change   change it",
        "  build    build it",
    ]
    places = [said.index(part) for part in parts]
    assert places == sorted(places)


def test_code_is_shown_with_the_numbers_it_has_in_its_file(capsys):
    _, said = learn(capsys)
    number = the_line_that_matters.__code__.co_firstlineno + 1
    assert f"{number:5}      return 1 + 1\n" in said


def test_with_yes_nobody_is_asked(capsys):
    _, said = learn(capsys, see_it, "--yes")
    assert "can 1 come out?" not in said


# -- Exit codes --------------------------------------------------------------------


def test_what_did_not_appear_is_1_and_is_not_explained(capsys):
    code, said = learn(capsys, lambda _: Outcome(False, "One and one were 3."))
    assert code == 1
    assert "One and one were 3.\n           What this lab is about did not" in said
    assert "First." not in said


def test_what_cannot_appear_on_this_system_is_0_and_said(capsys):
    code, said = learn(capsys, raising(NotHere("This needs a Commodore 64.")))
    assert code == 0
    assert "Not here   This needs a Commodore 64." in said
    assert "Observed" not in said


@pytest.mark.parametrize(
    ("failure", "sentence"),
    [
        (TimeoutError("timed out"), "TimeoutError: timed out"),
        (OSError(errno.EADDRINUSE, "taken"), "taken"),
        (Stuck("ana neither stops nor ends"), "Stuck: ana neither stops"),
    ],
)
def test_an_experiment_that_fails_is_1_with_a_sentence(capsys, failure, sentence):
    code, said = learn(capsys, raising(failure))
    assert code == 1
    assert sentence in said


def test_ctrl_c_is_130_with_a_sentence(capsys):
    code, said = learn(capsys, raising(KeyboardInterrupt()))
    assert code == 130
    assert said.endswith("\nStopped; nothing is left running.\n")


def test_an_option_that_does_not_exist_is_2_with_a_sentence(capsys):
    with pytest.raises(SystemExit) as exited:
        teach(LAB, ["--no"])
    assert exited.value.code == 2
    said = capsys.readouterr().err
    assert said.startswith("labs/05_lost_counter.py: ")
    assert said.count("\n") == 1


# -- Threads -----------------------------------------------------------------------


def test_a_thread_that_dies_is_1_and_named(capsys):
    def experiment(_stage):
        threading.Thread(target=raising(ValueError()), args=[0], name="bob").start()
        return Outcome(True, "It looked fine.")

    code, said = learn(capsys, experiment)
    assert code == 1
    assert "thread bob died: ValueError" in said


def test_threads_are_waited_for(capsys):
    ours, theirs = socket.socketpair()

    def experiment(_stage):
        threading.Thread(target=ours.recv, args=[1]).start()
        threading.Thread(target=theirs.sendall, args=[b"!"]).start()
        return Outcome(True, "Both run.")

    with ours, theirs:
        before = threading.active_count()
        assert learn(capsys, experiment)[0] == 0
        assert threading.active_count() == before


def test_a_thread_that_does_not_end_is_1_and_named(capsys, monkeypatch):
    monkeypatch.setattr("labs.lesson.PATIENCE", 0.01)
    gate = threading.Event()

    def experiment(_stage):
        threading.Thread(target=gate.wait, name="bob").start()
        return Outcome(True, "It looked fine.")

    code, said = learn(capsys, experiment)
    gate.set()
    assert code == 1
    assert "thread bob did not end" in said


# -- Who goes on -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "kind"),
    [([], Plan), (["--seed", "1"], Seed), (["--step"], Plan)],  # nobody is here to step
)
def test_the_stepper_goes_by_plan_or_seed(capsys, options, kind):
    choosers = []

    def experiment(stage):
        choosers.append(stage.chooser())
        return Outcome(True, "-")

    learn(capsys, experiment, *options, plan=("ana",))
    assert [type(chooser) for chooser in choosers] == [kind]


def test_without_a_plan_there_is_nothing_to_step(capsys):
    with pytest.raises(SystemExit):
        teach(LAB, ["--step"])
    assert "--step" in capsys.readouterr().err


# -- A person at a terminal ----------------------------------------------------------


def at_lab_1():
    pytest.importorskip("termios")
    from terminal_rig import Rig

    rig = Rig([sys.executable, str(FILES[0])], columns=80, rows=60)
    rig.wait_for("Your prediction (a, b, c; Enter: no guess):")
    return rig


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("b\r", "b  b'helloworld' (right!)"),
        ("B\r", "b  b'helloworld' (right!)"),
        ("a\r", "b'world' (not this time)"),
        ("\r", "Predicted  -"),
        ("\x04", "Predicted  -"),
    ],
)
def test_a_prediction_is_compared_with_what_happened(typed, told):
    with at_lab_1() as rig:
        assert not any("Running" in row for row in rig.rows)
        rig.type(typed)
        rig.wait_for(told)
        assert rig.wait_for_exit() == 0


def test_another_letter_is_asked_for_again():
    with at_lab_1() as rig:
        rig.type("d\r")
        rig.wait_for("Type one of a, b, c, or only Enter.")
        rig.type("c\r")
        rig.wait_for("(not this time)")
        assert rig.wait_for_exit() == 0
