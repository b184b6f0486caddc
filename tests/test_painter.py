"""The painter, on real pseudo-terminals read through pyte."""

import subprocess

import pytest

pytest.importorskip("termios", reason="pseudo-terminals are POSIX")

from terminal_demo import DEMO, shown
from terminal_rig import Rig

from tui.painter import printable

TERMS = ["xterm-256color", "screen-256color", "tmux-256color", "linux", "vt100"]


def skip_unless_installed(term):
    asked = subprocess.run(["tput", "-T", term, "longname"], capture_output=True)
    if asked.returncode:
        pytest.skip(f"no terminfo for {term} on this machine")


@pytest.mark.parametrize("term", TERMS)
def test_the_screen_shows_the_frame_on_every_kind_of_terminal(term):
    skip_unless_installed(term)
    with Rig(DEMO, env={"TERM": term}) as rig:
        rig.wait_for(lambda rows: rows == shown(80, 24))


@pytest.mark.parametrize("term", TERMS)
def test_the_screen_follows_what_changes(term):
    skip_unless_installed(term)
    with Rig(DEMO, env={"TERM": term}) as rig:
        rig.wait_for("80x24")
        rig.type("aé")
        typed = shown(80, 24, ["'a'", "'\\xe9'"])
        rig.wait_for(lambda rows: (rows, rig.cursor) == (typed, (23, 3)))


@pytest.mark.parametrize("size", [(1, 1), (2, 1), (1, 2), (10, 2), (300, 100)])
def test_no_size_of_the_screen_is_an_error(size):
    columns, rows = size
    with Rig(DEMO, columns=columns, rows=rows) as rig:
        rig.wait_for_output(b"\x1b[?2004h")
        rig.resize(80, 24)
        rig.wait_for(lambda rows: rows == shown(80, 24))
        rig.resize(columns, rows)
        rig.resize(80, 25)
        rig.wait_for(lambda rows: rows == shown(80, 25))


def test_a_frame_too_large_is_cut_at_the_edges_and_the_corner_stays_free():
    with Rig(DEMO, columns=20, rows=5) as rig:
        rig.wait_for("20x5")
        rig.type("m")
        filled = ["[2J" + "x" * 17] * 4 + ["[2J" + "x" * 16]
        rig.wait_for(lambda rows: rows == filled)


def test_a_terminal_that_knows_no_size_gets_the_one_of_its_kind():
    with Rig(DEMO, columns=0, rows=0) as rig:
        rig.wait_for_output(b"80x24")


def test_styles_become_colours_and_the_background_stays():
    with Rig(DEMO) as rig:
        rig.wait_for(lambda rows: rows == shown(80, 24))
        error, bar = rig.cell(0, 20), rig.cell(0, 30)
    assert (error.fg, error.bg, error.bold) == ("ff0000", "default", True)
    assert bar.reverse
    assert bar.fg == "default"


@pytest.mark.parametrize(
    "env", [{"NO_COLOR": "1"}, {"TERM": "vt100"}], ids=["NO_COLOR", "vt100"]
)
def test_without_colours_an_error_is_bold(env):
    skip_unless_installed(env.get("TERM", "xterm-256color"))
    with Rig(DEMO, env=env) as rig:
        rig.wait_for("an error")
        error = rig.cell(0, 20)
    assert (error.fg, error.bold) == ("default", True)


def test_eight_colours_are_enough_for_a_red_error():
    with Rig(DEMO, env={"TERM": "linux"}) as rig:
        rig.wait_for("an error")
        assert rig.cell(0, 20).fg == "red"


def test_the_theme_can_change_while_the_screen_is_up():
    with Rig(DEMO) as rig:
        rig.wait_for("a bar")
        rig.type("L")
        grey = "585858"  # number 240
        rig.wait_for(lambda _: looks(rig) == {"error": "ff0000", "bar": grey})
        rig.type("M")
        rig.wait_for(lambda _: looks(rig) == {"error": "default", "bar": "default"})
        rig.type("D")
        rig.wait_for(lambda _: looks(rig) == {"error": "ff0000", "bar": "default"})


def looks(rig):
    """The colours of the frame's two words; False while one lacks its attribute."""
    error, bar = rig.cell(0, 20), rig.cell(0, 30)
    return {"error": error.bold and error.fg, "bar": bar.reverse and bar.fg}


def test_a_theme_brings_no_colours_where_none_are_wanted():
    with Rig(DEMO, env={"NO_COLOR": "1"}) as rig:
        rig.wait_for("a bar")
        rig.type("L")
        rig.wait_for("'L'")
        assert (rig.cell(0, 30).fg, rig.cell(0, 30).reverse) == ("default", True)


def test_curses_is_asked_how_wide_a_character_is():
    with Rig(DEMO) as rig:
        rig.type("p")
        rig.wait_for(r"'a'=1 '\u6f22'=2 '\u0301'=0 '\x00'=0")


def test_a_control_character_that_got_this_far_is_dropped():
    assert printable("ana: hi\rbob: I cheated\x1b[2J\x9b\0\ud800") == (
        "ana: hibob: I cheated[2J"
    )
    assert printable("漢字 é \u200d") == "漢字 é \u200d"


def test_a_typed_key_costs_a_few_bytes_and_not_a_screen():
    with Rig(DEMO) as rig:
        rig.type("a")
        rig.wait_for("'a'")
        before = len(rig.output)
        rig.type("b")  # also rings the bell
        rig.wait_for("'b'")
        assert len(rig.output) - before < 20
