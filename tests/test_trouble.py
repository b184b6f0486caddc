"""The operator hears of a full disk when it begins, now and then, and at its end."""

import pytest

from chat.refusal import StorageError
from chat.trouble import AGAIN, Trouble

FULL = StorageError("cannot write the history: disk full")


@pytest.fixture
def clock():
    return [100.0]


@pytest.fixture
def trouble(clock):
    return Trouble(lambda: clock[0])


def told(caplog):
    texts = [record.getMessage() for record in caplog.records]
    caplog.clear()
    return texts


def test_a_trouble_is_told_at_once_and_not_for_every_line(trouble, clock, caplog):
    trouble.note(FULL, 3)
    assert told(caplog) == ["cannot write the history: disk full; lines refused: 3"]
    trouble.note(FULL, 1)
    clock[0] += AGAIN - 0.1
    trouble.note(FULL, 1)
    assert told(caplog) == []


def test_it_is_told_again_after_a_while_with_all_that_was_refused(
    trouble, clock, caplog
):
    trouble.note(FULL, 3)
    clock[0] += AGAIN
    trouble.note(FULL, 2)
    trouble.note(FULL, 2)
    assert told(caplog)[1:] == [
        "cannot write the history: disk full; lines refused by now: 5"
    ]


def test_its_end_is_told_once_and_the_next_is_a_new_one(trouble, caplog):
    trouble.note(FULL, 3)
    trouble.end()
    trouble.end()
    assert told(caplog)[1:] == ["the history can be written again; lines refused: 3"]
    trouble.note(FULL, 1)
    assert told(caplog) == ["cannot write the history: disk full; lines refused: 1"]


def test_where_all_is_well_nothing_is_told(trouble, caplog):
    trouble.end()
    assert told(caplog) == []
