"""The full screen on a real pseudo-terminal: keys in, picture out."""

import math
import re
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


def test_keys_are_answered_while_lines_come_in_without_end(rig):
    rig.type("tide\r")
    rig.wait_for("bob  one more")
    rig.type("ebb")
    rig.wait_for("> ebb")  # before the Enter that ends it
    rig.type("\r")
    rig.wait_for("ana  ebb")


def test_a_flood_is_painted_as_often_as_eyes_can_see_and_not_line_by_line(rig):
    rig.type("flood\r")
    rig.wait_for(f"line {FLOOD}")
    # 60 pictures a second, for as long as we wait. Each line would be megabytes.
    assert len(rig.output) < 1_000_000


def test_a_resize_is_seen_without_a_key(rig):
    rig.resize(40, 6)
    rig.wait_for(lambda rows: rows[-2].startswith(" ana@#lobby  online"))


def seconds_left(rows):
    """What the countdown shows; it begins at 3600."""
    found = re.search(r"retry in (\d+) s", rows[-2])
    return int(found[1]) if found else math.inf


def test_the_countdown_runs_without_a_key(rig):
    rig.type("cable\r")
    rig.wait_for(lambda rows: seconds_left(rows) < 3600)
    rig.type("/reconnect\r")
    rig.wait_for("·  reconnected")


def test_a_letter_long_after_escape_is_a_letter(rig):
    rig.type("cable\r")
    rig.wait_for(lambda rows: seconds_left(rows) <= 3600)
    rig.type("\x1b")
    later = seconds_left(rig.rows) - 2  # at least a second
    rig.wait_for(lambda rows: seconds_left(rows) <= later)
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


def test_a_terminal_without_utf8_gets_lines_of_plain_letters_and_is_told_why():
    demo = [sys.executable, "tests/screen_demo.py", "no-utf8"]
    with Rig(demo, columns=80, rows=12, env={"LC_ALL": "C"}) as rig:
        rig.wait_for("your locale knows no UTF-8")
        rig.wait_for(lambda rows: rows[1].endswith("|2 online"))
