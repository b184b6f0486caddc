"""Chaos: whatever is typed, sent or resized, the client lives and tidies up.

A real client, on a real pseudo-terminal, with a hostile server behind real sockets.

    HOMEROOM_CHAOS_SECONDS=30    how long (3 without it)
    HOMEROOM_CHAOS_SEED=7        which chaos; timing is not part of the seed
"""

import os
import re
import signal
import sys
import time
from pathlib import Path
from random import Random

import pytest

pytest.importorskip("termios", reason="pseudo-terminals are POSIX")

from hostile_server import NASTY, HostileServer
from terminal_rig import BlindRig

SECONDS = float(os.environ.get("HOMEROOM_CHAOS_SECONDS", "3"))
SEED = int(os.environ.get("HOMEROOM_CHAOS_SEED", "1"))
BREATH = 0.005  # seconds between two deeds

SIZES = [(1, 1), (2, 1), (1, 2), (10, 2), (20, 3), (40, 12), (80, 24), (200, 60)]
KEYS = [
    *("\x03x", "\r", "\x1b", "\x1b[A", "\x1b[B", "\x1b[A" * 3, "\x1b[5~", "\x1b[6~"),
    *("\x1b[F", "\x1bOP", "\x1bOQ", "\t", "\x7f", "\x0c", "\x12", "\x1b\r", "\x17"),
    *("\x19", "\x1f", "\x1b[<64;1;1M", "\x1b[<0;3;4M", "\x1b[<65;999;999M"),
    *("\x1b[M !!", "\x1b[200~", "/help\r", "/who\r", "/msg bob hi\r", "/clear\r"),
    *("/reconnect\r", "/nonsense\r", "/copy 5\r", "/mouse on\r", "/mouse off\r"),
    *("/theme light\r", "/search a\r"),
]
# Left, was refused, was told to, met Ctrl+C when the screen was given back already
# (in Python's own last moments, when no code of ours runs, that kills it).
ENDINGS = {0, 1, 128 + signal.SIGTERM, 128 + signal.SIGINT, -signal.SIGINT}


def type_noise(rig, random):
    """Any bytes, but those that would end a program which has left raw mode."""
    noise = random.randbytes(random.randint(1, 60))
    rig.type_bytes(noise.translate(None, b"\x03\x1c"))


def press_keys(rig, random):
    keys = "".join(random.choices(KEYS, k=random.randint(1, 8)))
    rig.type_bytes(keys.encode())


def type_text(rig, random):
    rig.type_bytes(random.choice(NASTY)[:200].encode())


def paste_text(rig, random):
    text = random.choice(NASTY)[:800].encode()
    rig.type_bytes(b"\x1b[200~" + text + b"\x1b[201~")


def drag_the_window(rig, random):
    rig.resize(random.randint(1, 200), random.randint(1, 60))


def choose_a_size(rig, random):
    rig.resize(*random.choice(SIZES))


def go_on(rig, random):
    rig.signal(signal.SIGCONT)


DEEDS = [type_noise, press_keys, type_text, paste_text] * 2 + [
    *(drag_the_window, choose_a_size, go_on)
]


@pytest.mark.timeout(SECONDS + 60)
def test_nothing_typed_sent_or_resized_breaks_the_client_or_the_terminal():
    random = Random(SEED)
    end = time.monotonic() + SECONDS
    with HostileServer(Random(SEED)) as server:
        while time.monotonic() < end:
            live_through(random, server, end)
    assert server.frames > 0


def live_through(random, server, end):
    """One life of a client: until the time is over, or some key made it leave."""
    command = [sys.executable, "client.py", "ana", server.address]
    with BlindRig(command) as rig:
        rig.wait_for_output(b"\x1b[?2004h")
        while time.monotonic() < end and not rig.has_ended:
            random.choice(DEEDS)(rig, random)
            rig.listen(BREATH)
        rig.signal(signal.SIGTERM)
        code = rig.wait_for_exit()
        assert_tidy(bytes(rig.output), code)
        assert rig.attributes_now() == rig.attributes


def assert_tidy(output, code):
    last = output[output.rindex(b"\x1b[?1049l") - 200 :]
    assert code in ENDINGS, f"seed {SEED}, code {code}:\n{errors_of(output)}"
    assert b"Traceback" not in output, last.decode(errors="replace")
    assert b"Errors while" not in output, errors_of(output)
    assert b"\x1b[?2004l" in last
    assert b"\x1b[?2004h" not in output[output.rindex(b"\x1b[?2004l") :]


def errors_of(output):
    """What the client wrote to stderr while it had the screen."""
    found = re.search(rb"Errors while the screen was up are in (\S+)", output)
    return Path(found[1].decode()).read_text() if found else output[-2000:]
