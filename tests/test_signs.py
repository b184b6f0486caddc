"""Signs beyond letters, in both families."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.signs import ASCII, UNICODE
from tui.width import Ruler

RULER = Ruler()


@given(st.text("ab漢é", max_size=12), st.integers(0, 12))
def test_a_name_is_whole_or_says_that_it_is_not(name, width):
    for signs in (UNICODE, ASCII):
        short = signs.shorten(name, width, RULER)
        assert RULER.cells(short) <= width
        assert short == name or short.endswith(signs.cut) or not width


def test_a_long_name_is_cut_in_cells_not_in_letters():
    assert UNICODE.shorten("dave_the_long_name", 8, RULER) == "dave_th…"
    assert UNICODE.shorten("漢字先生", 6, RULER) == "漢字…"
    assert ASCII.shorten("dave_the_long_name", 8, RULER) == "dave_th~"


@pytest.mark.parametrize("cells", [1, 2])
def test_a_rule_fits_however_wide_the_terminal_draws_it(cells):
    wide = Ruler(lambda char: cells)
    assert wide.cells(UNICODE.rule(9, wide)) in (8, 9)
    assert UNICODE.rule(-3, wide) == ""


def test_without_utf8_there_is_nothing_but_ascii():
    assert all(getattr(ASCII, name).isascii() for name in ASCII.__slots__)
