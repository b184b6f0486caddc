"""How every lab goes: look, predict, run, compare; all sixteen share this.

    code that matters -> prediction -> experiment -> why -> three things to try

Who watches a demonstration learns nothing; who predicts it first does (Crouch, Fagen,
Callan and Mazur, 2004). So a lab asks before it runs. It is a file that holds only
what is its own; its number, title and question stand in labs/contents.py:

    LAB = Lab(__file__, code=(two_sends,), answers=(...), right="b", ...)

    if __name__ == "__main__":
        sys.exit(teach(LAB))

Exit code 0: the phenomenon appeared, or cannot appear on this system, and the lab says
so ("Not here"). 1: it did not appear. 2: a mistake in the options. 130: Ctrl+C.
A lab leaves nothing behind: its threads are waited for, also after Ctrl+C.
"""

from __future__ import annotations

import argparse
import inspect
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, NoReturn

from labs.choosers import Person, Plan, Seed
from labs.contents import Entry, entry_of
from labs.stepper import PATIENCE, Chooser, Stuck
from labs.wall import Wall

LETTERS = "abcd"


class NotHere(Exception):
    """The phenomenon needs another system; the text says which."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the experiment showed."""

    appeared: bool
    observed: str  # a sentence with figures


@dataclass(frozen=True, slots=True)
class Lab:
    """What one lab has to say."""

    file: str
    code: tuple[Callable[..., Any], ...]  # what is shown before the question
    answers: tuple[str, ...]  # three or four
    right: str  # the letter of one of them
    experiment: Callable[[Stage], Outcome]
    why: tuple[str, str, str]  # three sentences
    look: str  # try next: look closer, with what is there
    change: str  # a line or two of this file
    build: str  # something of your own
    plan: tuple[str, ...] = ()  # of the stepper: who goes on, step by step

    @property
    def entry(self) -> Entry:
        return entry_of(self.file)


class Stage:
    """What an experiment gets: somewhere to print, somebody who chooses."""

    def __init__(self, lab: Lab, options: argparse.Namespace, wall: Wall) -> None:
        self._plan = lab.plan
        self._options = options
        self._wall = wall
        self.show = wall.show

    def chooser(self) -> Chooser:
        """Who goes on in the stepper: a person, a seed, or the lab's own plan."""
        if self._options.step and self._wall.has_person:
            return Person(self._wall.ask, self.show)
        if self._options.seed is not None:
            return Seed(self._options.seed)
        return Plan(self._plan)


# -- The lesson --------------------------------------------------------------------


def teach(lab: Lab, arguments: list[str] | None = None) -> int:
    """Go through the lab; the exit code."""
    options = read_options(lab, sys.argv[1:] if arguments is None else arguments)
    try:
        return hold_lesson(lab, options)
    except KeyboardInterrupt:
        print("\nStopped; nothing is left running.")
        return 130


def hold_lesson(lab: Lab, options: argparse.Namespace) -> int:
    wall = Wall()
    introduce(lab, wall)
    prediction = "" if options.yes else predict(lab, wall)
    wall.show("\nRunning ...")
    try:
        with watched_threads() as deaths:
            outcome = lab.experiment(Stage(lab, options, wall))
    except NotHere as reason:
        wall.show()
        wall.show_paragraph("Not here", str(reason))
        return 0
    except (OSError, Stuck) as failure:
        outcome = Outcome(False, f"{type(failure).__name__}: {failure}")
    if deaths:
        outcome = Outcome(False, "; ".join(deaths))
    explain(lab, wall, prediction, outcome)
    return 0 if outcome.appeared else 1


def introduce(lab: Lab, wall: Wall) -> None:
    """The title, the story and the lines that matter, with their numbers."""
    title = f"Lab {lab.entry.number}: {lab.entry.title}"
    wall.show(f"{title}\n{'=' * len(title)}")
    wall.show_story(story_of(lab))
    wall.show(f"\nThe lines that matter, from {lab.entry.file}:\n")
    for function in lab.code:
        lines, first = inspect.getsourcelines(function)
        for number, line in enumerate(lines, start=first):
            wall.show(f"{number:5}  {line.rstrip()}".rstrip())
        wall.show()


def story_of(lab: Lab) -> str:
    """The docstring of the lab's file, after its first line."""
    module = inspect.getmodule(lab.experiment)
    return inspect.cleandoc((module and module.__doc__) or "").partition("\n\n")[2]


def predict(lab: Lab, wall: Wall) -> str:
    """Ask what will happen; the letter, or nothing where nobody guesses."""
    wall.show(f"{lab.entry.question[0].upper()}{lab.entry.question[1:]}")
    letters = LETTERS[: len(lab.answers)]
    for letter, answer in zip(letters, lab.answers, strict=True):
        wall.show(f"  {letter}  {answer}")
    if not wall.has_person:
        wall.show("(Nobody is asked: this is not a terminal.)")
    prompt = f"Your prediction ({', '.join(letters)}; Enter: no guess): "
    while (letter := wall.ask(prompt).strip().lower()) and letter not in list(letters):
        wall.show(f"  Type one of {', '.join(letters)}, or only Enter.")
    return letter


def explain(lab: Lab, wall: Wall, prediction: str, outcome: Outcome) -> None:
    wall.show()
    wall.show_paragraph("Predicted", describe(lab, prediction))
    if not outcome.appeared:
        wall.show_paragraph("Observed", outcome.observed)
        wall.show_paragraph("", "What this lab is about did not appear this time.")
        return
    wall.show_paragraph("Observed", answer_of(lab, lab.right))
    wall.show_paragraph("", outcome.observed)
    wall.show_paragraph("Why", " ".join(lab.why))
    wall.show("Try next")
    for depth in ("look", "change", "build"):
        wall.show_paragraph(f"  {depth}", getattr(lab, depth))


def describe(lab: Lab, letter: str) -> str:
    if not letter:
        return "-"
    verdict = "right!" if letter == lab.right else "not this time"
    return f"{answer_of(lab, letter)} ({verdict})"


def answer_of(lab: Lab, letter: str) -> str:
    return f"{letter}  {lab.answers[LETTERS.index(letter)]}"


@contextmanager
def watched_threads() -> Iterator[list[str]]:
    """Wait for every thread that begins here; yields how some died, if they did."""
    deaths: list[str] = []
    before, hook = set(threading.enumerate()), threading.excepthook

    def note(death: threading.ExceptHookArgs) -> None:
        name = death.thread.name if death.thread else "?"
        deaths.append(f"thread {name} died: {death.exc_type.__name__}")

    threading.excepthook = note
    try:
        yield deaths
    finally:
        for thread in set(threading.enumerate()) - before:
            thread.join(PATIENCE)
            if thread.is_alive():
                deaths.append(f"thread {thread.name} did not end")
        threading.excepthook = hook


# -- Options -----------------------------------------------------------------------


class Parser(argparse.ArgumentParser):
    """Says one sentence about a mistake and exits with 2."""

    def error(self, message: str) -> NoReturn:
        print(f"{self.prog}: {message} (--help lists the options)", file=sys.stderr)
        sys.exit(2)


def read_options(lab: Lab, arguments: list[str]) -> argparse.Namespace:
    parser = Parser(prog=lab.entry.file, description=str(lab.entry))
    parser.set_defaults(step=False, seed=None)
    add = parser.add_argument
    add("--yes", action="store_true", help="do not ask for a prediction")
    if lab.plan:
        add("--step", action="store_true", help="you choose which thread goes on")
        add("--seed", type=int, metavar="N", help="chance chooses, repeatably")
    return parser.parse_args(arguments)
