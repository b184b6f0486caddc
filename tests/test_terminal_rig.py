"""The terminal of the tests does what real ones do, where pyte alone does not."""

import pytest

pytest.importorskip("termios", reason="pseudo-terminals are POSIX")

from terminal_rig import Screen, Stream


def rows_after(codes):
    screen = Screen(3, 5)
    Stream(screen).feed(b"a\r\nb\r\nc\r\nd\r\ne" + codes)
    return [row.strip() for row in screen.display]


def test_a_part_of_the_screen_is_scrolled_up_and_down():
    assert rows_after(b"\x1b[2;4r\x1b[2S\x1b[1;5r") == ["a", "d", "", "", "e"]
    assert rows_after(b"\x1b[2;4r\x1b[1T\x1b[1;5r") == ["a", "", "b", "c", "e"]


def test_the_whole_screen_is_scrolled_and_the_cursor_stays():
    assert rows_after(b"\x1b[S!") == ["b", "c", "d", "e", "!"]


def test_restoring_a_mode_sets_no_margins():
    assert rows_after(b"\x1b[?1007r\r\n!") == ["b", "c", "d", "e", "!"]
