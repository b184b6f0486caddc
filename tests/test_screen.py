"""The full screen on a real pseudo-terminal: keys in, picture out."""

import signal
import sys

import pytest

pytest.importorskip("termios")  # Windows has no pseudo-terminals

from screen_demo import FLOOD
from terminal_rig import Rig, contains

UP, DOWN, END = "\x1b[5~", "\x1b[6~", "\x1b[F"


@pytest.fixture
def rig():
    with Rig([sys.executable, "tests/screen_demo.py"], columns=70, rows=12) as made:
        made.wait_for("you are in #lobby with bob")
        yield made


def test_what_is_typed_is_said_and_the_input_is_empty_again(rig):
    rig.type("grüße 漢字")
    rig.wait_for(lambda rows: rows[-1].startswith("> grüße 漢"))
    rig.type("\r")
    rig.wait_for("ana  grüße")
    rig.wait_for("> Message #lobby")
    rig.wait_for(lambda rows: rows[-2].startswith(" ana@#lobby  online"))


def test_the_cursor_follows_the_keys(rig):
    rig.type("hallo\x1b[D\x1b[D")
    rig.wait_for(lambda rows: rig.cursor == (11, 5))


def test_a_paste_with_a_command_in_it_waits_for_enter(rig):
    rig.type("\x1b[200~/quit\r/quit\x1b[201~")
    rig.wait_for(lambda rows: rows[-2:] == ["> //quit", "  /quit"])


def test_paging_up_and_down(rig):
    rig.type("flood\r")
    rig.wait_for(f"line {FLOOD}")
    rig.type(UP)
    rig.wait_for("older lines: press End")
    rig.wait_for(lambda rows: not contains(f"line {FLOOD}")(rows))
    rig.type(END)
    rig.wait_for(f"line {FLOOD}")


def test_keys_are_answered_while_a_flood_comes_in(rig):
    rig.type("flood\r")
    rig.wait_for("bob  line")
    rig.type("still here")
    rig.wait_for("> still here")
    assert not contains(f"line {FLOOD}")(rig.rows)
    rig.wait_for(f"line {FLOOD}")
    assert len(rig.output) < 200_000  # painted line by line it would be megabytes


def test_a_resize_is_seen_without_a_key(rig):
    rig.resize(40, 6)
    rig.wait_for(lambda rows: rows[-2].startswith(" ana@#lobby  online"))


def test_the_countdown_runs_without_a_key(rig):
    rig.type("cable\r")
    rig.wait_for("retry in 3600 s")
    rig.wait_for("retry in 3599 s")
    rig.type("/reconnect\r")
    rig.wait_for("·  reconnected")


def test_a_letter_long_after_escape_is_a_letter(rig):
    rig.type("cable\r")
    rig.wait_for("retry in 3600 s")
    rig.type("\x1b")
    rig.wait_for("retry in 3598 s")  # at least a second later
    rig.type("x")
    rig.wait_for("> x")


def test_ctrl_l_repairs_what_another_program_wrote(rig):
    rig.type("\x0c")
    rig.wait_for(lambda rows: rig.output.count(b"you are in") == 2)


def test_after_a_stop_the_whole_picture_is_painted_again(rig):
    rig.signal(signal.SIGCONT)
    rig.wait_for(lambda rows: rig.output.count(b"you are in") == 2)


def test_ctrl_c_twice_leaves_politely(rig):
    rig.type("draft\x03")
    rig.wait_for("Ctrl+C again leaves")
    rig.type("\x03")
    assert rig.wait_for_exit() == 0
    assert b"left with 0" in rig.output


def test_the_end_of_the_chat_ends_the_program_with_1(rig):
    rig.type("kick\r")
    assert rig.wait_for_exit() == 1


def test_sigterm_ends_it_as_a_shell_expects(rig):
    rig.signal(signal.SIGTERM)
    assert rig.wait_for_exit() == 128 + signal.SIGTERM


def test_a_closed_window_ends_it(rig):
    rig.hang_up()
    assert rig.wait_for_death() in (1, 128 + signal.SIGHUP)
