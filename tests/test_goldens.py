"""The screen as text files: nineteen moments of a lesson at nine sizes.

    tests/goldens/talk.txt: one picture per size; under each, the styles by name

A change of the screen is then a diff that one can look at. To take it over:

    UPDATE_GOLDENS=1 python -m pytest tests/test_goldens.py
"""

import os
from pathlib import Path

import pytest
from states import STATES

from tui.view import view
from tui.width import Ruler

GOLDENS = Path(__file__).parent / "goldens"
SIZES = [
    *((80, 24), (60, 16), (40, 12), (20, 8), (20, 5)),
    *((20, 3), (80, 3), (10, 2), (1, 1)),
]
NOW = 100.0  # time.monotonic()
RULER = Ruler()

LETTERS = {  # of the styles; normal text has none
    "normal": " ",
    "dim": "d",
    "bold": "b",
    "mention": "m",
    "error": "e",
    "ok": "o",
    "bar": "r",
    "marker": "u",
}


def letter(style):
    return LETTERS.get(style, "n")  # nick0 to nick15


def filled(row, width, of):
    """A row as text, by cells: `of` makes each span's text, as wide as the span."""
    line, cells = "", 0
    for span in row:
        assert span.column >= cells
        line += " " * (span.column - cells) + of(span)
        cells = span.column + RULER.cells(span.text)
    return line + " " * (width - cells)


def words(span):
    return span.text


def styles(span):
    return letter(span.style) * RULER.cells(span.text)


def pictured(model, width, height):
    """Words in a frame, and then styles for the rows that have more than one."""
    frame = view(model, width, height, RULER, NOW)
    row, column = frame.cursor
    yield f"{width}x{height}, cursor in row {row + 1}, column {column + 1}"
    edge = f"+{'-' * width}+"
    yield from (edge, *(f"|{filled(r, width, words)}|" for r in frame.rows), edge)
    yield from (f" {filled(r, width, styles)}".rstrip() for r in frame.rows)


def picture(make):
    for width, height in SIZES:
        yield "\n".join(pictured(make(), width, height)).rstrip()


@pytest.mark.parametrize("name", STATES)
def test_the_screen_looks_as_it_did(name):
    path = GOLDENS / f"{name}.txt"
    shown = "\n\n".join(picture(STATES[name])) + "\n"
    if os.environ.get("UPDATE_GOLDENS"):
        path.write_text(shown, encoding="utf-8")
    assert shown.splitlines() == path.read_text(encoding="utf-8").splitlines()


def test_every_golden_has_its_state():
    assert {path.stem for path in GOLDENS.glob("*.txt")} == set(STATES)
