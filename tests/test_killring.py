from hypothesis import given
from hypothesis import strategies as st

from tui.killring import LIMIT, KillRing


def ring_of(*kills):
    ring = KillRing()
    for kill in kills:
        ring.add(kill, "", joins=False)
    return ring


def test_an_empty_ring_holds_nothing_to_put_back():
    assert KillRing().current == ""
    assert KillRing().turn() == ""


def test_a_kill_of_nothing_is_no_kill():
    ring = ring_of("one", "")
    ring.add("", "", joins=True)
    assert ring.current == "one"
    assert ring.turn() == "one"


def test_kills_in_a_row_grow_on_the_side_where_they_stood():
    ring = ring_of("two")
    ring.add("one ", "", joins=True)
    ring.add("", " three", joins=True)
    assert ring.current == "one two three"


def test_a_first_kill_joins_nothing():
    ring = KillRing()
    ring.add("one", "", joins=True)
    assert ring.current == "one"


@given(st.lists(st.text(min_size=1), min_size=1, max_size=LIMIT))
def test_turning_shows_every_kill_from_the_newest_and_comes_round(kills):
    ring = ring_of(*kills)
    turned = [ring.turn() for _ in kills]
    assert turned == [*reversed(kills[:-1]), kills[-1]]


def test_only_the_last_kills_are_kept():
    ring = ring_of(*map(str, range(LIMIT + 5)))
    assert {ring.turn() for _ in range(2 * LIMIT)} == set(map(str, range(5, LIMIT + 5)))
