"""What a measurement plays on: a server, somebody who talks, a client on a terminal."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

from bench.pseudo_terminal import PseudoTerminal
from bench.talker import Talker

ROOT = Path(__file__).resolve().parent.parent
SERVER = ["server.py", "--port", "0", "--history", "memory", "--rate", "0"]
ONLINE = b"online"  # in the status bar: whoever types now is heard


@dataclass(frozen=True, slots=True)
class Stage:
    """Everything that is running."""

    terminal: PseudoTerminal  # ana's, 80x24
    talker: Talker
    started_in_s: float  # from nothing to usable input


@contextmanager
def set_up() -> Iterator[Stage]:
    """Start all three, and end them with the with-block."""
    with tempfile.TemporaryDirectory() as folder, _server(folder) as port:
        talker = Talker(port)
        began = perf_counter()
        argv = [sys.executable, str(ROOT / "client.py"), "ana", f"127.0.0.1:{port}"]
        terminal = PseudoTerminal(argv, _environment())
        terminal.resize(80, 24)
        try:
            online_at = terminal.wait_for(ONLINE)
            terminal.settle(0.3)
            yield Stage(terminal, talker, online_at - began)
        finally:
            terminal.close()
            talker.close()


@contextmanager
def _server(folder: str) -> Iterator[int]:
    """A server on a free port; yields the port."""
    argv = [sys.executable, "-u", str(ROOT / SERVER[0]), *SERVER[1:]]
    with subprocess.Popen(
        argv, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, cwd=folder, text=True
    ) as process:
        try:
            assert process.stdout
            for line in process.stdout:
                if found := re.search(r"started on \S*:(\d+)", line):
                    yield int(found[1])
                    return
        finally:
            process.kill()


def _environment() -> dict[str, str]:
    """A known terminal and language, and nobody's preferences."""
    known = {
        "TERM": "xterm-256color",
        "LC_ALL": "C.UTF-8",
        "HOMEROOM_CONFIG": os.devnull,
    }
    unwanted = {"COLUMNS", "LINES", "NO_COLOR"}
    return {k: v for k, v in os.environ.items() if k not in unwanted} | known
