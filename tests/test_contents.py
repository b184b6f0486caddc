"""The table of the labs, and the shape that every lab keeps."""

import ast
import inspect
from pathlib import Path

import pytest
from lab_rig import FILES, load

from labs.contents import LABS, entry_of
from labs.lesson import LETTERS

ROOT = Path(__file__).resolve().parent.parent
EVERY_LAB = pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
LONGEST_CODE = 80 - 7  # columns; a line number goes before it


def test_there_are_sixteen_and_no_file_is_forgotten():
    found = sorted(path.name for path in (ROOT / "labs").glob("[0-9]*.py"))
    assert found == [Path(entry.file).name for entry in LABS]
    assert [entry.number for entry in LABS] == list(range(1, 17))


def test_a_copy_of_a_lab_knows_its_row():
    assert entry_of("/tmp/copies/04_who_is_ana.py").title == "who is ana"


@EVERY_LAB
def test_a_lab_fits_on_the_wall(file):
    lines = file.read_text(encoding="utf-8").splitlines()
    assert len(lines) <= 120


@EVERY_LAB
def test_a_lab_opens_with_its_number_its_title_and_its_question(file):
    story = ast.get_docstring(ast.parse(file.read_text(encoding="utf-8")))
    first, _, rest = story.partition("\n\n")
    assert first == str(entry_of(file))
    assert 200 < len(rest) < 500, "a story, and no novel"


@EVERY_LAB
def test_a_lab_says_where_it_was_tried(file):
    story = ast.get_docstring(ast.parse(file.read_text(encoding="utf-8")))
    last = " ".join(story.rpartition("\n\n")[2].split())
    assert "not tried" in last or last.startswith("Nothing here depends on the system")


@EVERY_LAB
def test_a_lab_asks_one_question_with_three_or_four_different_answers(file):
    lab = load(file).LAB
    assert len(lab.answers) in {3, 4}
    assert len(set(lab.answers)) == len(lab.answers)
    assert lab.right in list(LETTERS[: len(lab.answers)])


@EVERY_LAB
def test_a_lab_explains_itself_in_three_sentences(file):
    for sentence in load(file).LAB.why:
        assert sentence[0].isupper()
        assert sentence.endswith(".")
        assert ". " not in sentence


@EVERY_LAB
def test_a_lab_has_three_things_to_try(file):
    lab = load(file).LAB
    steps = [lab.look, lab.change, lab.build]
    assert len(set(steps)) == 3
    assert all(step.strip() for step in steps)


@EVERY_LAB
def test_the_code_that_is_shown_is_short_and_narrow(file):
    shown = [inspect.getsource(function) for function in load(file).LAB.code]
    lines = "".join(shown).splitlines()
    assert 3 <= len(lines) <= 30
    assert max(map(len, lines)) <= LONGEST_CODE
