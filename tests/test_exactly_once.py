"""The judge of the exactly-once gate, and the gate's machinery on a good day.

The bad day itself (cuts at random bytes, a killed server): tests/exactly_once.py.
"""

import os

import pytest
from exactly_once import NAMES, Result, Verdict, judge, run, too_few_cuts

SAID = {"ana": ["a1", "a2"], "bob": ["b1"]}
ALL = ["a1", "b1", "a2"]
GOOD = Verdict(0, 0, 0, is_one_order=True, is_spoken_order=True)


def judged(ana, bob=ALL):
    return judge(SAID, {"ana": ana, "bob": bob})


def test_every_line_once_for_everybody_in_one_order_is_good():
    assert judged(ALL) == GOOD
    assert GOOD.is_good
    assert str(GOOD) == "0 lost, 0 shown twice, one order"


@pytest.mark.parametrize(
    ("shown", "found"),
    [
        (["a1", "a2"], {"lost": 1}),
        ([], {"lost": 3}),
        (["a1", "b1", "a2", "b1"], {"doubled": 1}),
        (["a1", "a1", "a1", "b1", "a2"], {"doubled": 2}),
        ([*ALL, "c1"], {"strange": 1}),
        (["b1", "a1", "a2"], {"is_one_order": False}),
    ],
)
def test_what_one_person_was_shown_wrongly_is_found(shown, found):
    verdict = judged(shown)
    assert {name: getattr(verdict, name) for name in found} == found
    assert not verdict.is_good


def test_lines_in_another_order_than_they_were_typed_are_found():
    verdict = judged(["a2", "b1", "a1"], ["a2", "b1", "a1"])
    assert verdict.is_one_order
    assert not verdict.is_good
    assert "NOT as they were typed" in str(verdict)


def test_a_day_with_too_few_cuts_proves_nothing():
    assert too_few_cuts(99, is_bad_day=True)
    assert not too_few_cuts(100, is_bad_day=True)
    assert not too_few_cuts(0, is_bad_day=False)


@pytest.mark.skipif(os.name == "nt", reason="not tested there")
def test_on_a_good_day_four_people_are_shown_every_line_once(tmp_path):
    result = run(tmp_path, seed=1, lines=25, is_bad_day=False)
    assert isinstance(result, Result)
    assert result.is_good, str(result)
    assert result.lines == len(NAMES) * (25 + 2)
    assert (result.connections, result.cuts, result.resent) == (len(NAMES), 0, 0)


@pytest.mark.skipif(os.name == "nt", reason="not tested there")
@pytest.mark.parametrize("seed", range(1, 21))
def test_on_a_bad_day_too(tmp_path, seed):
    """300 lines from each of four, 100 cuts at least, the server killed twice."""
    result = run(tmp_path, seed)
    print(result)
    assert result.is_good, str(result)
