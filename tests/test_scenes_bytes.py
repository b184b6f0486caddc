"""Scenes with bytes: what each says is what somebody else in the room can see."""

import re

import pytest

from demo import scenes_bytes
from demo.scenes_bytes import (
    announce_four_gigabytes,
    flood,
    glue_and_dribble,
    send_an_escape,
)
from messages import Said


@pytest.fixture(autouse=True)
def _nobody_looks_on(monkeypatch):
    monkeypatch.setattr(scenes_bytes, "LOOK", 0.01)
    monkeypatch.setattr(scenes_bytes, "FLOOD", 55)


@pytest.fixture
def witness(stage):
    """What cy hears, who takes no part in these scenes."""
    with stage.ears(stage.cast["cy"]) as (ear,):
        yield ear


def said_by(witness, name, last):
    """What somebody said, up to a text."""
    texts = []
    while last not in texts:
        _, said = witness.wait(Said)
        texts += [said.text] if said.sender == name else []
    return texts


def test_ten_lines_in_one_send_are_ten_and_one_in_ten_is_one(stage, witness):
    seen = stage.perform(glue_and_dribble)
    assert re.fullmatch(
        r"1 send: 10 lines, after [\d,]+ ms\. 10 sends: 1 line, [\d,]+ ms after the "
        r"last\.",
        seen,
    ), seen
    assert said_by(witness, "gus", "one line in ten pieces") == [
        *(f"line {number} of one send" for number in range(10)),
        "one line in ten pieces",
    ]


def test_four_gigabytes_that_are_announced_cost_none(stage):
    seen = stage.perform(announce_four_gigabytes)
    match = re.fullmatch(
        r"4 times 4,294,967,295 bytes announced: bye frame-too-large\. "
        r"(?:The most memory we ever had grew by ([\d,]+) KB\. )?"
        r"Eve came back each time\.",
        seen,
    )
    assert match, seen
    assert int((match[1] or "0").replace(",", "")) < 1 << 20  # KB, so it is 1 GB


def test_a_flood_is_slowed_down_and_nothing_is_lost(stage, witness):
    seen = stage.perform(flood)
    match = re.fullmatch(
        r"Sent in [\d,]+ ms\. \d+ lines came at once, the last after ([\d.]+) s; 0 "
        r"were lost\. What others said meanwhile was heard after [\d,]+ ms at most\.",
        seen,
    )
    assert match, seen
    assert float(match[1]) >= 1.0  # 40 at once, 15 more at ten a second
    lines = said_by(witness, "flo", "buy 54 hats!")
    assert lines == [f"buy {number} hats!" for number in range(55)]


def test_an_escape_code_is_refused_and_nobody_sees_it(stage, witness):
    seen = stage.perform(send_an_escape)
    assert seen == (
        "Eve got error bad-text: the text has the control character U+001B. The next "
        'that Ada heard of her was "Did it work?"'
    )
    assert said_by(witness, "eve", "Did it work?") == ["I am here.", "Did it work?"]
