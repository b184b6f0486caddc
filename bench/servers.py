"""The servers that are compared, as a table, and how one is started.

All of them listen on 127.0.0.1 on a port of the system's choice, in a folder that is
removed after them, and end with the with-block that started them.
"""

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
from threading import Thread
from typing import IO

from bench.stream import Broken

ROOT = Path(__file__).resolve().parent.parent
STARTED = re.compile(r"started on \S*:(\d+)")
OUR_OPTIONS = ["--port", "0", "--rate", "0", "--max-clients", "9000", "--no-console"]


@dataclass(frozen=True, slots=True)
class Kind:
    """A server that can be started."""

    name: str
    about: str
    argv: tuple[str, ...]
    is_ours: bool = False  # it knows rooms, tells who comes, and can resume
    is_mirror: bool = False  # it sends what it hears: one must say it as reported
    may_stop: bool = False  # for good, if somebody does not read


def _ours(history: str) -> tuple[str, ...]:
    return ("server.py", *OUR_OPTIONS, "--history", history)


OURS = Kind("ours", "every line stored on disk", _ours("bench.db"), is_ours=True)
MEMORY = Kind("memory", "ours, lines in memory only", _ours("memory"), is_ours=True)
NAIVE = Kind(
    "naive", "the textbook's: sendall under a lock", ("bench/naive.py",), may_stop=True
)
LIMIT = Kind("limit", "a bare loop of sends", ("bench/limit.py",), is_mirror=True)
KINDS = (OURS, MEMORY, NAIVE, LIMIT)


@dataclass(frozen=True, slots=True)
class Server:
    """One that runs."""

    kind: Kind
    port: int
    pid: int


@contextmanager
def started(kind: Kind) -> Iterator[Server]:
    """Raises Broken if it does not start."""
    program, *options = kind.argv
    module = ["-m", program.removesuffix(".py").replace("/", ".")]
    with tempfile.TemporaryDirectory(prefix="homeroom-bench-") as folder:
        argv = [sys.executable, "-u", *module, *options]
        process = subprocess.Popen(
            argv, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, cwd=folder, text=True,
            env=_environment(),
        )  # fmt: skip
        assert process.stdout
        drain = Thread(target=_drain, args=[process.stdout], daemon=True)
        try:
            yield Server(kind, _port(process.stdout, drain), process.pid)
        finally:
            process.kill()
            process.wait()
            if drain.ident:
                drain.join()
            process.stdout.close()


def _environment() -> dict[str, str]:
    return os.environ | {"PYTHONPATH": str(ROOT)}


def _port(output: IO[str], drain: Thread) -> int:
    said = []
    for line in output:
        said.append(line)
        if found := STARTED.search(line):
            drain.start()
            return int(found[1])
    raise Broken(f"the server did not start: {''.join(said).strip()}")


def _drain(output: IO[str]) -> None:
    """Read away what it prints: a full pipe would stop it."""
    for _ in output:
        pass
