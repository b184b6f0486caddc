"""Torture, group J: nobody else's text steers a terminal, or fakes a line of a log."""

import re
import signal
import sys
from random import Random
from time import monotonic

import pytest

pytest.importorskip("termios", reason="pseudo-terminals are POSIX")

from hostile_server import HostileServer
from programs import Program
from terminal_rig import BlindRig, Rig

from messages import Error, Hello, Left, Ping, Said, Say, Tell
from protocol import MAX_PAYLOAD, VERSION, encode
from torture.impostor import Impostor, raw
from torture.peers import frame_of
from torture.scenario import scenario
from torture.stage import status_of

PASTE_ON, PASTE_OFF, MAIN_SCREEN = b"\x1b[?2004h", b"\x1b[?2004l", b"\x1b[?1049l"
CONTROLS = [
    *("\x1b[2J", "\x1b]52;c;aG9tZXJvb20=\x07", "\x1b]0;owned\x07", "\x1bc", "\x07"),
    *("ana: hi\rbob: I cheated", "abc\b\b\bxyz", "\x7f", "\x9b31m", "\x9d0;owned\x9c"),
]
STEERING = [
    *("\u202eeliah", "\u2066\u2067\u2069", "a\u200bb\ufeff", "\U000e0041", "\u2028x"),
    *("e" + "\u0301" * 3_999, "\u0301" * 4_000, "x" * 4_000, "👩‍👩‍👧‍👦" * 500),
]
OBEYED = [b"\x1b]", b"\xc2\x9b", b"\xc2\x9d", b"\x1bc", b"\xe2\x80\xae"]
HONEST = ("bob: ", "[Private from bob]: ", "Message from bob: ", "  ")
CLEAR = b"\x1b[H\x1b[2J"
ASIDE = "#aside"  # where others chat, so that they scroll nothing away


def client(address, *arguments, **options):
    argv = [sys.executable, "client.py", "ana", address, *arguments]
    return Rig(argv, **options)


def whole(rig, last):
    """A predicate: title, status and the people's pane in place, the last line too."""
    return lambda rows: (
        rows[0].startswith(" #lobby")
        and rows[0].endswith("F1 help")
        and rows[-2].startswith(" ana@#lobby")
        and any(last in row for row in rows)
        and has_straight_pane(rig, len(rows))
    )


def has_straight_pane(rig, height):
    """Counted in cells: some letters take two of them."""
    inside = range(1, height - 2)
    return any(
        all(rig.cell(row, column).data == "│" for row in inside)
        for column in range(50, 70)
    )


def assert_untouched(rig):
    sent = bytes(rig.output)
    assert not [obeyed for obeyed in OBEYED if obeyed in sent]


@scenario(69, "escape codes, backspaces, bidi, 5,000 accents: shown, never obeyed")
def test_what_would_steer_a_terminal_is_refused_or_shown_as_it_is(
    shared_stage, unharmed, join
):
    bob = join("bob69", shared_stage)
    with unharmed(shared_stage, room=ASIDE), client(shared_stage.address) as ana:
        ana.wait_for("you are in #lobby")
        for text in [*CONTROLS, "e" + "\u0301" * 5_000]:
            bob.send(Say("k", "", text), Ping(""))  # no ten mistakes in a row
            assert bob.hear(Error).code == "bad-text"
        bob.send(*(Say("", "", text) for text in STEERING), Say("", "", "unmoved"))
        ana.wait_for(whole(ana, "bob69  unmoved"))
        assert_untouched(ana)
        leave(ana)
    # And a server that relays them nevertheless:
    texts = [*CONTROLS, *STEERING, "unmoved"]
    frames = [raw("notice", text) for text in texts]
    for seq, text in enumerate(texts, 1):
        frames += [raw("said", str(seq), "0", "#lobby", "bob", text)]
    with Impostor(frames) as server, client(server.address, rows=30) as ana:
        ana.wait_for(whole(ana, "bob  unmoved"))
        ana.type("\x1b[5~" * 40)  # to the beginning
        ana.wait_for("^[[2J")
        ana.wait_for("^[]52;c;aG9tZXJvb20=^G")
        assert_untouched(ana)
        leave(ana, presses=3)


FORGERY = [
    "x\n[14:06] [Private from mei]: forged",
    "x\n14:06       mei  forged",
    "x\n* mei joined, forged",
    "x\nClient ('6.6.6.6', 666) connected, forged",
    "x\n\n\n[Private from mei]: forged\n",
]


@scenario(70, "newlines in names and texts: no forged line, in no log, on no screen")
def test_nobody_can_write_a_line_that_another_seems_to_have_written(
    stage, unharmed, join, connect
):
    server = stage("--verbose")
    bob, eve = join("bob", server), connect(server)
    with (
        unharmed(server, room=ASIDE),
        Program("client.py", "--plain", "zoe", server.address) as plain,
        client(server.address) as ana,
    ):
        plain.expect("you are in #lobby")
        ana.wait_for("you are in #lobby")
        for name in "mei\n* mei joined", "mei\r", "mei\u2028mei":
            eve.send(Hello(VERSION, name))
            assert eve.next().code == "bad-name"
        for text in FORGERY:
            bob.send(Say("", "", text), Tell("", "zoe", text))
        bob.send(Say("", "", "the end"), Tell("", "zoe", "the end"))
        plain.expect("[Private from bob]: the end")
        ana.wait_for(whole(ana, "bob  the end"))
        ana.wait_for(is_honest)
        leave(ana)
    assert_nothing_forged(plain.lines)
    assert_nothing_forged(server.lines)
    assert r"x\n[14:06] [Private from mei]: forged" in "\n".join(server.lines)


def is_honest(rows):
    """What is forged stands where texts do, not where names and times do."""
    texts = next(row.index("the end") for row in rows if "the end" in row)
    return all(not row[:texts].strip() for row in rows if "forged" in row)


def assert_nothing_forged(lines):
    stamp = re.compile(r"\[\d\d:\d\d\] ")
    for line in lines:
        line = stamp.sub("", line, count=1)
        honest = line.startswith(HONEST)
        assert honest or "forged" not in line, lines


@scenario(
    71, "a hostile server: huge frames, endless presence: the client stays usable"
)
def test_a_client_of_a_hostile_server_still_does_what_its_person_wants(
    figure, is_torture
):
    seconds = 20.0 if is_torture else 1.0
    argv = [sys.executable, "client.py", "ana"]
    with HostileServer(Random(71)) as server, BlindRig([*argv, server.address]) as ana:
        ana.wait_for_output(PASTE_ON)
        delays, end = [], monotonic() + seconds
        while monotonic() < end:
            began, so_far = monotonic(), len(ana.output)
            ana.type("\x0c")  # Ctrl+L: paint the whole screen anew
            ana.wait_for_more(CLEAR, so_far)
            delays.append((monotonic() - began) * 1000)
        figure("frames", server.frames, at_least=1_000)
        figure("keys", len(delays))
        figure("slowest answer", max(delays), "ms", at_most=1_000)
        memory = status_of(ana._program.pid, "VmRSS") / 1024
        figure("RSS of the client", memory, "MiB", at_most=150)
        leave(ana, presses=3)
    refuse_what_is_no_frame()


def refuse_what_is_no_frame():
    """Promises of a gibibyte are no reason to wait for it, nor is anything else."""
    for bad in b"\x40\0\0\0", b"\xff\xff\xff\xff", b"\0\0\0\0", b"HTTP/1.1 400 No":
        with Impostor([bad]) as server, client(server.address, rows=12) as ana:
            ana.wait_for("retry")
            leave(ana, presses=3)
    last = encode(Said(1, 0, "#lobby", "bob", "after all that", ""))
    odd = [raw("no-such-verb", "a"), frame_of(b"\xff"), frame_of(b"x" * MAX_PAYLOAD)]
    with Impostor([*odd, last]) as server, client(server.address) as ana:
        ana.wait_for("after all that")
        leave(ana, presses=3)


@scenario(72, "Ctrl+C, Ctrl+Z and fg, a resize, a closed window: all is tidied up")
def test_however_a_person_leaves_the_terminal_is_as_it_was_and_others_are_told(
    shared_stage, unharmed, join
):
    bob = join("bob72", shared_stage)
    with unharmed(shared_stage):
        for leave_somehow in (
            ctrl_c_twice,
            stop_and_go_on,
            resize_and_leave,
            *(by_signal(signal.SIGTERM), by_signal(signal.SIGHUP)),
            *(by_signal(signal.SIGINT), close_the_window),
        ):
            leave_somehow(shared_stage.address, bob)
            gone = bob.hear(Left)
            assert (gone.names, gone.why) == (("ana",), "quit"), leave_somehow


def ctrl_c_twice(address, bob):
    with client(address) as ana:
        ana.wait_for("you are in #lobby")
        leave(ana)


def stop_and_go_on(address, bob):
    """In a shell with job control, for the kernel does not stop an orphaned group."""
    command = f"'{sys.executable}' client.py ana {address}"
    script = f"{command}; echo STOPPED; read line; fg; echo ended $?"
    with Rig(["sh", "-mc", script]) as ana:
        ana.wait_for("you are in #lobby")
        ana.type("\x1a")
        ana.wait_for_output(b"STOPPED")
        assert_given_back(ana)
        bob.send(Say("", "", "while you slept"))
        ana.type("\n")
        ana.wait_for("while you slept")
        ana.type("\x03\x03")
        ana.wait_for_output(b"ended 0")
        assert_given_back(ana)


def resize_and_leave(address, bob):
    with client(address) as ana:
        ana.wait_for("you are in #lobby")
        for columns, rows in [(20, 5), (1, 1), (200, 60), (60, 16)]:
            ana.resize(columns, rows)
        ana.wait_for(
            lambda rows: len(rows) == 16 and rows[-2].startswith(" ana@#lobby")
        )
        leave(ana)


def by_signal(number):
    def leave_by_signal(address, bob):
        with client(address) as ana:
            ana.wait_for("you are in #lobby")
            ana.signal(number)
            ana.wait_for_exit()
            assert_given_back(ana)

    return leave_by_signal


def close_the_window(address, bob):
    with client(address) as ana:
        ana.wait_for("you are in #lobby")
        ana.hang_up()
        ana.wait_for_death()


def leave(rig, presses=2):
    """The third Ctrl+C is for servers that do not answer a quit."""
    rig.type("\x03" * presses)
    assert rig.wait_for_exit() == 0
    assert_given_back(rig)


def assert_given_back(rig):
    last = bytes(rig.output[rig.output.rindex(PASTE_OFF) :])
    assert MAIN_SCREEN in last
    assert PASTE_ON not in last
    assert b"Traceback" not in rig.output
    assert b"Errors while" not in rig.output
    assert rig.attributes_now() == rig.attributes
