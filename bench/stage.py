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


OURS, BARE = "client.py", "bench/bare.py"  # what can be on the stage


@dataclass(frozen=True, slots=True)
class Stage:
    """Everything that is running."""

    program: str  # OURS or BARE
    terminal: PseudoTerminal  # ana's, 80x24
    talker: Talker
    environment: dict[str, str]
    port: int

    def started_in_s(self, name: str) -> float:
        """One more client comes and goes: from nothing to usable input."""
        began = perf_counter()
        terminal = _client(self.program, name, self.port, self.environment)
        try:
            return terminal.wait_for(ONLINE) - began
        finally:
            terminal.close()


@contextmanager
def set_up(program: str = OURS) -> Iterator[Stage]:
    """Start all three, and end them with the with-block."""
    with tempfile.TemporaryDirectory() as folder, _server(folder) as port:
        environment = _environment(folder)
        talker = Talker(port)
        terminal = _client(program, "ana", port, environment)
        try:
            terminal.wait_for(ONLINE)
            terminal.settle(0.3)
            yield Stage(program, terminal, talker, environment, port)
        finally:
            terminal.close()
            talker.close()


def _client(
    program: str, name: str, port: int, environment: dict[str, str]
) -> PseudoTerminal:
    argv = [sys.executable, str(ROOT / program), name, f"127.0.0.1:{port}"]
    terminal = PseudoTerminal(argv, environment)
    terminal.resize(80, 24)
    return terminal


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


def _environment(folder: str) -> dict[str, str]:
    """A known terminal and language, nobody's preferences, and compiled modules.

    Whoever starts a program twice has its modules compiled, also on a machine whose
    environment forbids to write them. Here the first client fills the folder.
    """
    known = {
        "TERM": "xterm-256color",
        "LC_ALL": "C.UTF-8",
        "HOMEROOM_CONFIG": os.devnull,
        "PYTHONPYCACHEPREFIX": folder,
    }
    unwanted = {"COLUMNS", "LINES", "NO_COLOR", "PYTHONDONTWRITEBYTECODE"}
    return {k: v for k, v in os.environ.items() if k not in unwanted} | known
