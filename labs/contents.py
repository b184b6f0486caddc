"""The table of contents: every lab with its number, its title and its question.

The labs ask these questions, the README lists them, and whoever fails a check is sent
to one of them. The first line of each lab repeats its row, and a test compares.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple


class Entry(NamedTuple):
    """One lab."""

    number: int
    name: str  # of its file, without the number
    title: str
    question: str

    @property
    def file(self) -> str:
        return f"labs/{self.number:02}_{self.name}.py"

    def __str__(self) -> str:
        return f"Lab {self.number}, {self.title}: {self.question}"


ROWS = (
    ("glue", "glue", "what does one recv bring after two sends?"),
    ("crumbs", "crumbs", "how many recvs does one big send need?"),
    ("framing", "framing", "which messages survive a cable that dribbles?"),
    ("who_is_ana", "who is ana", "can two people be ana at the same time?"),
    ("lost_counter", "the lost counter", "two threads add 1: can 1 come out?"),
    (
        "dict_changed_size",
        "the dict changed size",
        "what if somebody joins during a broadcast?",
    ),
    ("slow_reader", "the slow reader", "one of three never reads: who is frozen?"),
    ("deadly_embrace", "the deadly embrace", "two threads, two locks: who gets both?"),
    (
        "three_goodbyes",
        "three goodbyes",
        "what does the server see when a client goes?",
    ),
    (
        "forty_milliseconds",
        "the forty milliseconds",
        "how much slower are two sends than one?",
    ),
    (
        "four_cooks",
        "four cooks and one knife",
        "do four threads compute faster, or wait faster?",
    ),
    ("last_words", "last words", "does all arrive that was sent before close?"),
    ("port_is_taken", "the port is taken", "can a server start again at once?"),
    ("who_says_so", "who says so", "can eve write a line that the teacher said?"),
    (
        "do_not_trust_bytes",
        "do not trust bytes",
        "can a message change what stands on your screen?",
    ),
    (
        "five_hundred_threads",
        "five hundred threads",
        "how much memory do 500 waiting threads take?",
    ),
)

LABS = tuple(Entry(number, *row) for number, row in enumerate(ROWS, start=1))


def entry_of(file: str) -> Entry:
    """The row of the lab in this file, wherever a copy of it may lie."""
    return next(entry for entry in LABS if Path(entry.file).name == Path(file).name)
