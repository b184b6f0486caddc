"""The help: every row of the tables is in it, at every size."""

import pytest

from tui.commands import COMMANDS
from tui.editor import BINDINGS
from tui.frame import Frame
from tui.overlay import (
    command_entries,
    editing_entries,
    help_rows,
    key_entries,
    overlay_rows,
)
from tui.pressed import KEYS
from tui.width import Ruler

RULER = Ruler()


def lines(rows, width):
    return list(Frame(width, tuple(rows), (0, 0)).lines())


def help_at(width):
    return " ".join(" ".join(lines(help_rows(width, RULER), width)).split())


def everything():
    return [*key_entries(), *command_entries(), *editing_entries()]


def test_a_key_is_told_to_do_what_it_does_and_nothing_else():
    keys = [k for name, _ in everything() for k in name.split(", ")]
    assert {k for k in keys if keys.count(k) > 1} == {"Ctrl+D"}  # deletes, or leaves


def test_the_first_screen_has_what_most_people_look_for():
    first = " ".join(lines(overlay_rows(0, 80, 22, RULER), 80))
    for word in ("Tab", "PgUp", "Alt+1", "/msg", "/who", "/search"):
        assert word in first


def test_every_key_and_every_command_has_its_help():
    texts = {text for _, text in everything()}
    wanted = {row.help for row in (*KEYS, *BINDINGS, *COMMANDS)} - {""}
    assert texts == wanted


def test_keys_are_written_as_on_the_keys():
    names = [name for name, _ in everything()]
    assert "PgUp" in names
    assert "Home, Ctrl+A" in names
    assert "Ctrl+_, Ctrl+/" in names
    assert "Alt+1 to Alt+9" in names


def test_a_wide_screen_has_keys_left_and_commands_right():
    first = lines(help_rows(80, RULER), 80)[0]
    assert first.startswith("Enter ")
    assert first[40:].startswith("/msg ")


@pytest.mark.parametrize("width", [10, 20, 40, 60])
def test_a_narrow_screen_has_them_below_each_other(width):
    shown = help_at(width)
    for name, _ in everything():
        assert name.split()[0].rstrip(",") in shown or len(name) > width // 2


@pytest.mark.parametrize("width", [1, 2, 5, 10, 20, 40, 60, 76, 80, 200])
def test_no_row_is_wider_than_the_screen(width):
    for row in help_rows(width, RULER):
        assert all(s.column + RULER.cells(s.text) <= width for s in row)
        assert [s.column for s in row] == sorted(s.column for s in row)


def test_it_scrolls_to_its_last_row_and_not_further():
    everything = help_rows(40, RULER)
    assert overlay_rows(0, 40, 10, RULER)[1:] == everything[:9]
    assert overlay_rows(3, 40, 10, RULER)[1:] == everything[3:12]
    assert overlay_rows(999, 40, 10, RULER)[1:] == everything[-9:]


def test_the_heading_says_where_one_is():
    heading = lines(overlay_rows(3, 60, 10, RULER), 60)[0]
    count = len(help_rows(60, RULER))
    assert heading == f" Help   Esc closes, Up and Down scroll   rows 4-12 of {count}"


@pytest.mark.parametrize("height", [0, 1, 2, 5, 90])
def test_every_height_is_filled_exactly(height):
    assert len(overlay_rows(7, 80, height, RULER)) == height
