"""Which piece goes next, and when: modes as pure values."""

import math
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labs.modes import (
    MODES,
    Break,
    Cut,
    Delay,
    Dribble,
    Glue,
    Hold,
    Straight,
    Waiting,
    help_text,
    parse_mode,
)

NEVER = -math.inf
TWO_READS = Waiting(came_at=10.0, oldest=24, total=34, passed_at=NEVER, passed=0)
AFTER_ONE = Waiting(came_at=10.0, oldest=23, total=33, passed_at=11.0, passed=1)
THE_END = Waiting(came_at=10.0, oldest=0, total=0, passed_at=NEVER, passed=0)


@pytest.mark.parametrize(
    ("mode", "waiting", "piece"),
    [
        (Straight(), TWO_READS, (10.0, 24)),
        (Dribble(), TWO_READS, (10.0, 1)),
        (Dribble(500), AFTER_ONE, (11.5, 1)),
        (Glue(500), TWO_READS, (10.5, 34)),
        (Delay(500), TWO_READS, (10.5, 24)),
        (Hold(), TWO_READS, (math.inf, 0)),
        (Break(10, is_reset=False), TWO_READS, (10.0, 10)),
        (Break(10, is_reset=False), AFTER_ONE, (10.0, 9)),
        (Break(99, is_reset=False), TWO_READS, (10.0, 24)),
    ],
)
def test_a_mode_says_which_piece_goes_next_and_when(mode, waiting, piece):
    assert mode.next_piece(waiting) == piece


@pytest.mark.parametrize(
    "mode", [Straight(), Dribble(), Glue(), Delay(5), Break(9, True)]
)
def test_the_end_of_the_stream_is_a_piece_of_no_bytes(mode):
    assert mode.next_piece(THE_END).size == 0


@pytest.mark.parametrize(
    ("text", "mode"),
    [
        ("straight", Straight()),
        ("  Straight \n", Straight()),
        ("dribble", Dribble(1)),
        ("dribble 50", Dribble(50)),
        ("glue", Glue(300)),
        ("glue 1000", Glue(1000)),
        ("delay 500", Delay(500)),
        ("cut", Cut(0, 0)),
        ("cut 57", Cut(57, 57)),
        ("cut 1..4000", Cut(1, 4000)),
        ("hold", Hold()),
    ],
)
def test_a_mode_is_read_as_people_write_it(text, mode):
    assert parse_mode(text) == mode


@pytest.mark.parametrize(
    "text",
    [
        *("", "hodl", "hold 1", "dribble x", "glue ٣"),
        *("delay", "delay -1", "delay 1 2", "cut 5..", "cut ..5", "cut 2..1"),
    ],
)
def test_what_makes_no_sense_is_refused_in_a_sentence(text):
    with pytest.raises(ValueError, match=r"try straight, |write \w+"):
        parse_mode(text)


def test_the_help_has_a_row_for_every_mode():
    assert [line.split()[0] for line in help_text().splitlines()] == [
        row.name for row in MODES
    ]


def test_every_mode_says_in_words_what_it_does():
    for mode in (Straight(), Dribble(), Glue(), Delay(5), Hold(), Cut(), Cut(1, 9)):
        assert str(mode).startswith(f"{type(mode).__name__.lower()}: ")
    assert "after 7 bytes" in str(Cut(7, 7))
    assert "after 1..9 bytes" in str(Cut(1, 9))


@given(st.integers(0, 500), st.integers(0, 500), st.integers())
def test_a_cut_is_drawn_from_its_range(least, more, seed):
    drawn = Cut(least, least + more).draw(Random(seed))
    assert least <= drawn.after <= least + more


def test_only_a_cut_leaves_anything_to_chance():
    for mode in (Straight(), Dribble(), Glue(), Delay(5), Hold(), Break(9, True)):
        assert mode.draw(Random(1)) is mode
