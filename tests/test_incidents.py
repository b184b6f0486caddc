"""The table of incidents: nine rows that can be asked and answered."""

import re
from pathlib import Path

import pytest

from demo.incidents import INCIDENTS, ROWS
from labs.contents import LABS

every = pytest.mark.parametrize("incident", ROWS, ids=lambda row: row.title)


def test_there_are_nine_and_their_keys_are_the_digits():
    assert list(INCIDENTS) == [str(number) for number in range(1, 10)]
    assert [row.key for row in ROWS] == list(INCIDENTS)


@every
def test_a_question_has_three_different_answers_one_of_them_right(incident):
    assert incident.question.endswith("?")
    assert len({*incident.answers}) == 3
    assert incident.right in "abc"


def test_not_always_the_same_letter_is_right():
    letters = [row.right for row in ROWS]
    assert all(2 <= letters.count(letter) <= 4 for letter in "abc")


@every
def test_the_labs_that_are_named_exist(incident):
    for number in re.findall(r"labs? (\d+)", incident.why):
        assert Path(LABS[int(number) - 1].file).exists()


@every
def test_each_has_a_scene_of_its_own(incident):
    assert [row.cause for row in ROWS].count(incident.cause) == 1
