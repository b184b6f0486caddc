"""Rectangles and columns: a small screen loses parts, and never a cell."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.layout import MIN_TEXT, Wanted, columns, layout

widths, heights = st.integers(1, 200), st.integers(1, 60)
wanted = st.builds(
    Wanted,
    title=st.booleans(),
    people=st.booleans(),
    status=st.booleans(),
    notices=st.integers(0, 9),
    input=st.integers(1, 9),
    wire=st.booleans(),
)


def parts(screen):
    return {name: getattr(screen, name) for name in screen.__slots__}


def shown(width, height, want=None):
    screen = layout(width, height, want or Wanted())
    return {name for name, place in parts(screen).items() if place.width * place.height}


def cells(place):
    return {
        (x, y)
        for x in range(place.x, place.x + place.width)
        for y in range(place.y, place.y + place.height)
    }


@given(widths, heights, wanted)
def test_the_parts_tile_the_screen(width, height, want):
    places = parts(layout(width, height, want)).values()
    covered = [cell for place in places for cell in cells(place)]
    assert len(covered) == len(set(covered)) == width * height
    assert set(covered) == {(x, y) for x in range(width) for y in range(height)}


@given(widths, heights, wanted)
def test_the_input_is_always_there(width, height, want):
    place = layout(width, height, want).input
    assert place.width == width
    assert place.y + place.height == height
    assert place.height >= 1


@given(widths, heights, wanted)
def test_people_take_a_quarter_at_most(width, height, want):
    assert layout(width, height, want).people.width * 4 <= max(width, 64)


@pytest.mark.parametrize(
    ("width", "height", "parts"),
    [
        (76, 10, "title messages people status input"),
        (75, 10, "title messages status input"),
        (76, 9, "messages people status input"),
        (76, 7, "messages status input"),
        (50, 10, "title messages status input"),
        (49, 10, "messages status input"),
        (20, 4, "messages status input"),
        (20, 3, "messages input"),
        (10, 2, "messages input"),
        (10, 1, "input"),
        (9, 24, "input"),
        (1, 1, "input"),
    ],
)
def test_each_part_has_its_smallest_screen(width, height, parts):
    assert shown(width, height) == set(parts.split())


def test_a_bad_connection_has_its_bar_on_three_rows_too():
    assert "status" in shown(20, 3, Wanted(status=True))
    assert "status" not in shown(20, 2, Wanted(status=True))


def test_a_text_of_many_lines_takes_a_quarter_and_three_rows_at_most():
    def rows(height):
        return layout(80, height, Wanted(input=9)).input.height

    assert [rows(height) for height in (5, 8, 12, 40)] == [1, 2, 3, 3]


def test_the_wire_takes_half_of_the_messages_or_all_where_half_is_too_little():
    def rows(width, height):
        screen = layout(width, height, Wanted(wire=True))
        return screen.messages.height, screen.wire.height

    assert rows(80, 24) == (11, 10)
    assert rows(80, 15) == (6, 6)
    assert rows(80, 14) == (0, 11)
    assert rows(60, 16) == (7, 6)
    assert [rows(20, height) for height in (8, 5, 2, 1)] == [
        *((0, 6), (0, 3), (0, 1), (0, 0))
    ]
    assert layout(80, 24, Wanted(wire=True)).wire.width == 80
    assert "people" not in shown(80, 12, Wanted(wire=True))
    assert "wire" not in shown(80, 24)


def test_the_help_lies_over_all_but_status_and_input():
    screen = layout(80, 24, Wanted(notices=2))
    assert cells(screen.above_status) == (
        cells(screen.title)
        | cells(screen.messages)
        | cells(screen.people)
        | cells(screen.notices)
    )


# -- Columns -------------------------------------------------------------------------


@given(widths, st.integers(0, 40), st.booleans())
def test_a_text_has_twelve_cells_or_the_whole_row(width, longest, has_stamps):
    row = columns(width, longest, has_stamps=has_stamps)
    assert row.text_width >= min(width, MIN_TEXT)
    assert row.text_width - row.lead >= min(width, MIN_TEXT)


@pytest.mark.parametrize(
    ("width", "longest", "nick"),
    [(64, 18, 8), (64, 5, 5), (64, 1, 4), (50, 18, 6), (200, 18, 12), (49, 18, 0)],
)
def test_the_column_of_names_follows_the_longest(width, longest, nick):
    assert columns(width, longest).nick == nick


def test_what_a_narrow_row_gives_up():
    def stamp_nick_indent(width):
        row = columns(width, 8)
        return row.stamp, row.nick, row.indent

    assert stamp_nick_indent(50) == (6, 6, 15)
    assert stamp_nick_indent(49) == (6, 0, 2)
    assert stamp_nick_indent(39) == (0, 0, 2)
    assert stamp_nick_indent(29) == (0, 0, 1)
    assert stamp_nick_indent(12) == (0, 0, 0)


def test_who_wants_no_stamps_has_the_room():
    assert columns(80, 8, has_stamps=False).text == columns(80, 8).text - 6
