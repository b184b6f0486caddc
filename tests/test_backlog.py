"""What waits in a wire keeps its order, however it is cut."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labs.backlog import Backlog, Tally


@given(st.lists(st.binary(min_size=1, max_size=9)), st.data())
def test_what_comes_out_is_what_came_in_in_pieces_of_any_size(reads, data):
    backlog = Backlog()
    for moment, read in enumerate(reads):
        backlog.append(moment, read)
    pieces = []
    while backlog.total:
        size = data.draw(st.integers(1, backlog.total))
        pieces.append(backlog.peek(size))
        assert len(pieces[-1]) == size
        backlog.drop(size)
    assert b"".join(pieces) == b"".join(reads)
    assert not backlog
    assert backlog.take_tally() == Tally(len(b"".join(reads)), len(reads), len(pieces))
    assert backlog.take_tally() == Tally(0, 0, 0)


@pytest.fixture
def backlog():
    backlog = Backlog()
    backlog.append(1.0, b"hello")
    backlog.append(2.0, b"you")
    return backlog


def test_the_rest_of_a_read_keeps_the_moment_it_came(backlog):
    backlog.drop(2)
    assert (backlog.oldest(), backlog.total) == ((1.0, 3), 6)
    backlog.drop(3)
    assert (backlog.oldest(), backlog.total) == ((2.0, 3), 3)


def test_the_end_is_an_empty_read_that_waits_like_the_others(backlog):
    backlog.append(3.0, b"")
    backlog.drop(8)
    assert backlog
    assert backlog.oldest() == (3.0, 0)
    assert backlog.take_tally().reads == 2
