"""The scrollback and the viewport: what is read stays where it is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.scrollback import Item, Pages, Place, Scrollback, Viewport


def said(text):
    return Item("said", 0.0, text, "ana")


def filled(count, limit=10_000):
    scrollback = Scrollback(limit)
    for number in range(count):
        scrollback.append(said(str(number)))
    return scrollback


def pages(end, page=4, first=0, height=1, pending=0):
    return Pages(first, end, end + pending, page, lambda number: height)


def test_an_item_keeps_its_number_when_older_ones_fall_out():
    scrollback = filled(12, limit=10)
    assert (scrollback.first, scrollback.end) == (2, 12)
    assert scrollback[5].text == "5"


@pytest.mark.parametrize("number", [-1, 0, 1, 12])
def test_an_item_that_is_not_kept_is_an_index_error(number):
    with pytest.raises(IndexError):
        filled(12, limit=10)[number]


def test_numbers_go_on_after_clearing():
    scrollback = filled(3)
    scrollback.clear()
    scrollback.append(said("new"))
    assert (scrollback.first, scrollback.end) == (3, 4)
    assert scrollback[3].text == "new"


# -- The viewport ------------------------------------------------------------------


def test_the_newest_row_is_the_last_on_the_screen():
    assert Viewport().top(pages(10)) == Place(6)
    assert Viewport().top(pages(10, height=3)) == Place(8, 2)
    assert Viewport().top(pages(2)) == Place(0)


def test_a_page_up_keeps_one_row_in_sight_and_what_comes_moves_nothing():
    viewport = Viewport()
    viewport.turn(pages(20), -1)
    assert viewport.is_locked
    assert viewport.top(pages(20)) == Place(13)
    assert viewport.top(pages(500)) == Place(13)


def test_a_long_item_is_paged_through_row_by_row():
    viewport = Viewport()
    viewport.turn(pages(2, height=10), -1)
    assert viewport.top(pages(2, height=10)) == Place(1, 3)


def test_what_is_read_may_fall_out_of_the_ring():
    viewport = Viewport()
    viewport.turn(pages(20), -1)
    assert viewport.top(pages(120, first=100)) == Place(100)


def test_a_resize_there_and_back_shows_the_same_row():
    viewport = Viewport()
    viewport.turn(pages(9, height=10), -1)
    narrow = viewport.top(pages(9, height=10))
    assert viewport.top(pages(9, height=5)) == Place(narrow.item, 1)
    assert viewport.top(pages(9, height=10)) == narrow


def test_paging_back_to_the_newest_follows_again():
    viewport = Viewport()
    viewport.turn(pages(20), -2)
    viewport.turn(pages(20), +1)
    assert viewport.is_locked
    viewport.turn(pages(20), +1)
    assert not viewport.is_locked


def test_a_page_up_of_a_short_talk_locks_nothing():
    viewport = Viewport()
    viewport.turn(pages(3), -1)
    assert not viewport.is_locked


def test_new_items_are_counted_until_they_were_in_sight():
    viewport = Viewport()
    viewport.turn(pages(20), -1)
    assert viewport.new_below(20) == 0
    assert viewport.new_below(25) == 5
    viewport.turn(pages(25), +1)  # rows 16 to 19
    assert viewport.new_below(25) == 5
    viewport.turn(pages(25), +1)  # rows 19 to 22
    assert viewport.new_below(25) == 2
    viewport.follow()
    assert viewport.new_below(25) == 0


def test_a_pending_line_that_gets_through_counts_as_new():
    viewport = Viewport()
    viewport.turn(pages(20, pending=1), -1)
    assert viewport.new_below(21) == 1


@given(st.lists(st.integers(1, 5), min_size=1), st.integers(1, 9), st.data())
def test_forth_undoes_back(heights, page, data):
    rows = Pages(0, len(heights), len(heights), page, heights.__getitem__)
    start = data.draw(st.integers(0, len(heights) - 1))
    distance = data.draw(st.integers(0, sum(heights[:start])))
    place = rows.back(Place(start), distance)
    assert rows.forth(place, distance) == Place(start)
    assert rows.clamp(place) == place
