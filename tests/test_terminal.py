"""The terminal, taken and given back on real pseudo-terminals."""

import os
import re
import signal
import subprocess
import sys

import pytest

pytest.importorskip("termios", reason="pseudo-terminals are POSIX")

from terminal_demo import DEMO, shown
from terminal_rig import Rig, environment

PASTE_ON, PASTE_OFF = b"\x1b[?2004h", b"\x1b[?2004l"
WHEEL_OFF, MAIN_SCREEN = b"\x1b[?1007l", b"\x1b[?1049l"
WHEEL_SAVED, WHEEL_RESTORED = b"\x1b[?1007s", b"\x1b[?1007r"
MOUSE_ON, MOUSE_OFF = b"\x1b[?1000h\x1b[?1006h", b"\x1b[?1006l\x1b[?1000l"


# A shell with job control, because the kernel does not stop an orphaned group.
# It starts the demo, says when it stopped, and brings it back after a line.
SHELL = [
    "sh",
    "-mc",
    f"'{DEMO[0]}' '{DEMO[1]}'; echo STOPPED; read line; fg; echo ended $?",
]


def assert_given_back(rig):
    """The terminal is as the shell left it: modes, screen and line discipline."""
    last = bytes(rig.output[rig.output.rindex(PASTE_OFF) :])
    assert rig.output.rindex(WHEEL_RESTORED) > rig.output.rindex(WHEEL_OFF)
    assert rig.output.rindex(MOUSE_OFF) > rig.output.rfind(MOUSE_ON)
    assert MAIN_SCREEN in last
    assert PASTE_ON not in last
    assert rig.attributes_now() == rig.attributes


# --- size -------------------------------------------------------------------


def test_a_resize_is_noticed_without_a_key_press():
    with Rig(DEMO) as rig:
        rig.wait_for("80x24")
        rig.resize(100, 30)
        rig.wait_for(lambda rows: rows == shown(100, 30))
        rig.resize(40, 10)
        rig.wait_for(lambda rows: rows == shown(40, 10))


def test_lines_and_columns_of_the_environment_are_not_believed():
    with Rig(DEMO, env={"LINES": "5", "COLUMNS": "33"}) as rig:
        rig.wait_for(lambda rows: rows == shown(80, 24))
        rig.resize(70, 20)
        rig.wait_for(lambda rows: rows == shown(70, 20))
        assert b"\x1b[1;5r" not in rig.output  # a scroll region of five lines


# --- keys -------------------------------------------------------------------


def test_ctrl_c_and_friends_are_keys_and_enter_is_not_ctrl_j():
    with Rig(DEMO) as rig:
        rig.wait_for("80x24")
        rig.type("\x03\x13\x11\r\n")
        rig.wait_for(r"'\x03' '\x13' '\x11' '\r' '\n'")


def test_function_keys_have_names_and_pasted_text_is_marked():
    with Rig(DEMO) as rig:
        rig.wait_for_output(PASTE_ON)
        rig.type("\x1bOA")
        rig.wait_for("KEY_UP")
        rig.type("\x1b[200~")
        rig.wait_for("'[' '2' '0' '0' '~'")


def test_many_keys_at_once_are_all_read():
    with Rig(DEMO) as rig:
        rig.wait_for("80x24")
        rig.type("k" * 3000 + "z")
        rig.wait_for("'k' 'z'")


def test_keys_that_curses_read_ahead_are_not_left_behind():
    with Rig(DEMO) as rig:
        rig.wait_for("80x24")
        rig.type("\x1b[1;5Z")  # begins like Ctrl+Left, so curses reads all of it
        rig.wait_for("'[' '1' ';' '5' 'Z'")


def test_bytes_that_spell_no_code_point_do_not_end_the_program():
    with Rig(DEMO) as rig:
        rig.wait_for("80x24")
        rig.type_bytes(b"a\xf4\x90\x80\x80z")  # U+110000; curses lets it through
        rig.wait_for("'a' 'z'")


def test_escape_alone_is_known_long_before_a_second_has_passed():
    with Rig(DEMO) as rig:
        rig.wait_for("80x24")
        rig.type("\x1b")
        rig.wait_for(r"'\x1b'")
        rig.type("d")
        rig.wait_for("delay:25.")  # milliseconds; curses' own patience is 1,000


def test_an_event_of_another_thread_shows_without_a_key_press():
    with Rig(DEMO) as rig:
        rig.type("t")
        rig.wait_for("event:hello")


def test_ctrl_l_sends_the_whole_screen_again():
    with Rig(DEMO) as rig:
        rig.wait_for("row 22")
        before = len(rig.output)
        rig.type("\x0c")
        rig.wait_for(lambda _: b"row 22" in rig.output[before:])


def test_the_bell_rings():
    with Rig(DEMO) as rig:
        rig.wait_for("80x24")
        before = len(rig.output)
        rig.type("b")
        rig.wait_for(lambda _: b"\x07" in rig.output[before:])


@pytest.mark.parametrize("spoken", ["C", "xx_XX.ISO-8859-1", "POSIX"])
def test_a_broken_locale_is_repaired_so_that_kanji_paint(spoken):
    with Rig(DEMO, env={"LC_ALL": spoken}) as rig:
        rig.wait_for("漢字 and Grüße")
        rig.type("é")
        rig.wait_for(r"'\xe9'")


# --- mouse ------------------------------------------------------------------


def test_the_terminals_own_wheel_is_saved_before_ours_is_set():
    with Rig(DEMO) as rig:
        sent = rig.wait_for_output(PASTE_ON)
        assert sent.index(WHEEL_SAVED) < sent.index(b"\x1b[?1007h")
        assert MOUSE_ON not in sent


def test_the_mouse_is_taken_and_left_again_as_the_person_likes():
    with Rig(DEMO) as rig:
        rig.wait_for("80x24")
        rig.type("o")
        rig.wait_for_output(WHEEL_OFF + MOUSE_ON)
        rig.type("w")
        rig.wait_for_output(MOUSE_OFF + b"\x1b[?1007h")
        rig.type("n")
        rig.wait_for_output(MOUSE_OFF + WHEEL_OFF)


def test_a_mouse_that_was_taken_is_given_back():
    with Rig(DEMO) as rig:
        rig.wait_for("80x24")
        rig.type("oq")
        assert rig.wait_for_exit() == 7
        assert_given_back(rig)


def test_a_stop_gives_the_mouse_back_and_fg_takes_it_again():
    with Rig(SHELL) as rig:
        rig.wait_for("80x24")
        rig.type("o\x1a")
        rig.wait_for_output(b"STOPPED")
        assert_given_back(rig)
        stopped = len(rig.output)
        rig.type("\n")
        rig.wait_for(lambda _: MOUSE_ON in rig.output[stopped:])


# --- plain page ---------------------------------------------------------------


def on_the_plain_page(rig):
    rig.wait_for("80x24")
    rig.type("c")
    rig.wait_for_output(b"Enter returns\r\n")
    assert_given_back(rig)
    assert b"14:06 ana: exactly\r\n" in rig.output.rpartition(MAIN_SCREEN)[2]


@pytest.mark.parametrize("key", ["\r", "\x03", "\x04"], ids=["Enter", "^C", "^D"])
def test_lines_are_shown_on_the_plain_terminal_until_a_key_returns(key):
    with Rig(DEMO) as rig:
        on_the_plain_page(rig)
        rig.type(key)
        rig.wait_for(lambda rows: rows == shown(80, 24, ["'c'"]))
        rig.type("aq")
        assert rig.wait_for_exit() == 7
        assert_given_back(rig)


def test_a_resize_on_the_plain_page_is_seen_after_it():
    with Rig(DEMO) as rig:
        on_the_plain_page(rig)
        rig.resize(60, 12)
        rig.type("\r")
        rig.wait_for(lambda rows: rows == shown(60, 12, ["'c'"]))


def test_what_is_pasted_on_the_plain_page_is_not_said_afterwards():
    with Rig(DEMO) as rig:
        on_the_plain_page(rig)
        rig.type("one\ntwo\nthree\n")
        rig.wait_for(lambda rows: rows == shown(80, 24, ["'c'"]))
        rig.type("z")
        rig.wait_for(lambda rows: rows == shown(80, 24, ["'c'", "'z'"]))


@pytest.mark.parametrize("name", ["SIGTERM", "SIGHUP"])
def test_a_signal_to_end_on_the_plain_page_gives_the_terminal_back(name):
    with Rig(DEMO) as rig:
        on_the_plain_page(rig)
        rig.signal(getattr(signal, name))
        assert rig.wait_for_exit() == 0
        assert_given_back(rig)


def test_a_window_closed_over_the_plain_page_ends_the_program():
    with Rig(DEMO) as rig:
        on_the_plain_page(rig)
        rig.hang_up()
        assert rig.wait_for_death() is not None


def test_the_plain_page_can_be_stopped_and_brought_back():
    with Rig(SHELL) as rig:
        on_the_plain_page(rig)
        rig.type("\x1a")
        stopped = len(rig.wait_for_output(b"STOPPED"))
        rig.type("\n")  # to the shell
        rig.type("\n")  # to the page
        rig.wait_for(lambda rows: rows == shown(80, 24, ["'c'"]))
        assert rig.output.count(PASTE_ON, stopped) == 1  # at Enter, not at `fg`


# --- leaving ----------------------------------------------------------------


def test_a_normal_exit_gives_the_terminal_back():
    with Rig(DEMO) as rig:
        rig.wait_for("80x24")
        rig.type("q")
        assert rig.wait_for_exit() == 7
        assert_given_back(rig)


def test_an_exception_gives_the_terminal_back_before_its_traceback():
    with Rig(DEMO) as rig:
        rig.wait_for("80x24")
        rig.type("x")
        assert rig.wait_for_exit() == 1
        assert_given_back(rig)
        assert b"RuntimeError: on purpose" in rig.output.partition(MAIN_SCREEN)[2]


@pytest.mark.parametrize("name", ["SIGTERM", "SIGHUP"])
def test_a_signal_to_end_gives_the_terminal_back(name):
    number = getattr(signal, name)
    with Rig(DEMO) as rig:
        rig.wait_for("80x24")
        rig.signal(number)
        assert rig.wait_for_exit() == 0
        assert_given_back(rig)
        assert f"stopped by {number:d}".encode() in rig.output


def test_ctrl_c_from_outside_gives_the_terminal_back():
    with Rig(DEMO) as rig:
        rig.wait_for("80x24")
        rig.signal(signal.SIGINT)
        rig.wait_for_exit()
        assert_given_back(rig)
        assert b"Traceback" not in rig.output


def test_leaving_twice_is_leaving_once():
    with Rig(DEMO) as rig:
        rig.wait_for("80x24")
        rig.type("l")
        assert rig.wait_for_exit() == 0
        assert rig.output.count(PASTE_OFF) == 1
        assert_given_back(rig)


def test_a_program_that_forgets_to_leave_is_caught_at_its_exit():
    with Rig([*DEMO, "forgetful"]) as rig:
        assert rig.wait_for_exit() == 0
        assert_given_back(rig)


def test_a_closed_window_ends_the_program():
    with Rig(DEMO) as rig:
        rig.wait_for("80x24")
        rig.hang_up()
        assert rig.wait_for_death() is not None


# --- stopping and going on --------------------------------------------------


def process_of(rig):
    rig.type("g")
    pid = re.compile(r"pid:(\d+)\.")
    rig.wait_for(lambda rows: pid.search(rows[-1]))
    return int(pid.search(rig.rows[-1])[1])


def test_ctrl_z_gives_the_terminal_back_and_fg_takes_it_again():
    with Rig(SHELL) as rig:
        rig.wait_for("80x24")
        rig.type("\x1a")
        rig.wait_for_output(b"STOPPED")
        assert_given_back(rig)
        rig.resize(90, 20)  # while nobody looks
        rig.type("\n")
        rig.wait_for(lambda rows: rows == shown(90, 20, ["'\\x1a'"]))
        assert rig.output.rindex(PASTE_ON) > rig.output.rindex(PASTE_OFF)
        rig.type("aq")
        rig.wait_for_output(b"ended 7")
        assert_given_back(rig)


def test_a_second_stop_gives_the_terminal_back_too():
    with Rig(SHELL) as rig:
        rig.wait_for("80x24")
        rig.type("\x1a")
        rig.wait_for_output(b"STOPPED")
        rig.type("\n")
        rig.wait_for(lambda rows: "row 22" in rows[22])
        os.kill(process_of(rig), signal.SIGTSTP)
        stopped, _, _ = rig.wait_for_output(b"ended ").partition(b"ended ")
        assert stopped.rindex(PASTE_OFF) > stopped.rindex(PASTE_ON)


def test_ctrl_z_where_no_shell_waits_goes_on_with_the_screen():
    with Rig(DEMO) as rig:  # alone in its session: the kernel will not stop it
        rig.wait_for("80x24")
        rig.type("\x1a")
        rig.wait_for(lambda rows: rows == shown(80, 24, ["'\\x1a'"]))
        assert rig.output.rindex(PASTE_ON) > rig.output.rindex(PASTE_OFF)


def test_a_window_closed_over_a_stopped_program_ends_it_quietly():
    reading, writing = os.pipe()  # at its end when the last program is
    with open(reading, "rb") as errors, Rig(SHELL, stderr=writing) as rig:
        os.close(writing)
        rig.wait_for("80x24")
        rig.type("\x1a")
        rig.wait_for_output(b"STOPPED")
        rig.hang_up()
        assert b"_curses.error" not in errors.read()


@pytest.mark.parametrize("name", ["SIGTSTP", "SIGSTOP"])
def test_a_stop_from_outside_is_survived(name):
    with Rig(SHELL) as rig:
        rig.wait_for("80x24")
        os.kill(process_of(rig), getattr(signal, name))
        rig.wait_for_output(b"STOPPED")
        if name == "SIGTSTP":  # nobody is asked before a SIGSTOP
            assert_given_back(rig)
        rig.type("\n")
        rig.wait_for(lambda rows: "row 22" in rows[22])
        rig.type("a")
        rig.wait_for("'a'")
        rig.type("q")
        rig.wait_for_output(b"ended 7")
        assert_given_back(rig)


# --- why plain --------------------------------------------------------------

WHY = [
    sys.executable,
    "-c",
    "import os, sys; from tui.terminal import why_plain;"
    "print('reason:', why_plain(sys.stdin, sys.stdout, os.environ))",
]


@pytest.mark.parametrize(
    ("env", "reason"),
    [
        ({"TERM": "xterm-256color"}, "None"),
        ({"TERM": "vt100"}, "None"),
        ({"TERM": "dumb"}, "a terminal called 'dumb' cannot move its cursor"),
        ({"TERM": ""}, "TERM does not say what terminal this is"),
        ({"TERM": None}, "TERM does not say what terminal this is"),
        ({"TERM": "no-such"}, "nothing is known about a terminal called 'no-such'"),
    ],
)
def test_a_full_screen_is_refused_with_a_reason(env, reason):
    with Rig(WHY, env=env) as rig:
        rig.wait_for(f"reason: {reason}")


def test_a_pipe_is_no_screen():
    ran = subprocess.run(
        WHY, env=environment({}), input="", capture_output=True, text=True
    )
    assert ran.stdout == "reason: input or output is not a terminal\n"


def test_without_curses_the_reason_says_so():
    without = "import sys; sys.modules['_curses'] = None\n" + WHY[2]
    with Rig([sys.executable, "-c", without]) as rig:
        rig.wait_for("reason: this Python has no curses module")


def test_ctrl_s_on_the_plain_page_is_over_with_it():
    with Rig(DEMO) as rig:
        on_the_plain_page(rig)
        rig.type("\x13\r")
        rig.wait_for(lambda rows: rows == shown(80, 24, ["'c'"]))


def test_ctrl_s_on_the_plain_page_cannot_keep_a_signal_from_ending_it():
    with Rig(DEMO) as rig:
        on_the_plain_page(rig)
        rig.type("\x13x")
        rig.signal(signal.SIGTERM)
        assert rig.wait_for_exit() == 0
        assert_given_back(rig)
