"""A program on a pseudo-terminal, with a stopwatch at both of its ends.

    type(b"x") --> kernel --> program --> kernel --> first byte, last byte, a token

Nothing is drawn here: an emulated screen costs more than the client itself. Who
wants to know when something is on the screen waits for bytes that occur nowhere
else. POSIX only, and what comes from /proc is Linux's.
"""

from __future__ import annotations

import fcntl
import os
import pty
import select
import signal
import struct
import termios
from collections.abc import Mapping
from pathlib import Path
from time import perf_counter

PATIENCE_S = 30.0  # before a measurement is given up


class NotMeasured(Exception):
    """This number cannot be had here; the text says why."""


class PseudoTerminal:
    """Starts `argv` on a terminal of its own. Belongs to one thread."""

    def __init__(self, argv: list[str], environ: Mapping[str, str]) -> None:
        self.pid, self._master = pty.fork()
        if self.pid == 0:
            os.execvpe(argv[0], argv, dict(environ))
        os.set_blocking(self._master, False)
        self.bytes_read = 0

    def type(self, keys: bytes) -> None:
        """Send all keys, reading meanwhile.

        The kernel takes about 4 kB at a time, and a program that cannot write
        does not read.
        """
        both = [self._master]
        while keys:
            readable, writable, _ = select.select(both, both, [], PATIENCE_S)
            if readable:
                self.read(0)
            if writable:
                keys = keys[os.write(self._master, keys[:4096]) :]

    def resize(self, columns: int, rows: int) -> None:
        """As a dragged window does; the kernel sends SIGWINCH."""
        size = struct.pack("HHHH", rows, columns, 0, 0)
        fcntl.ioctl(self._master, termios.TIOCSWINSZ, size)

    def read(self, seconds: float) -> bytes:
        """What comes first within so long; nothing if nothing does."""
        if not select.select([self._master], [], [], seconds)[0]:
            return b""
        try:
            data = os.read(self._master, 1 << 16)
        except OSError as gone:  # EIO: how Linux says that the program has ended
            raise NotMeasured("the client has ended") from gone
        self.bytes_read += len(data)
        return data

    def wait_for(self, token: bytes) -> float:
        """Read until these bytes come; the moment they did."""
        deadline = perf_counter() + PATIENCE_S
        tail = b""
        while perf_counter() < deadline:
            tail = tail[-len(token) :] + self.read(PATIENCE_S)
            if token in tail:
                return perf_counter()
        raise NotMeasured(f"{token!r} never came to the screen")

    def settle(self, silence_s: float) -> float:
        """Read until so long nothing comes; the moment of the last byte, or now."""
        last = perf_counter()
        while self.read(silence_s):
            last = perf_counter()
        return last

    def close(self) -> None:
        """End the program."""
        os.kill(self.pid, signal.SIGKILL)
        os.close(self._master)
        os.waitpid(self.pid, 0)


# -- What the kernel knows of a process (Linux) ------------------------------------


def cpu_s(pid: int) -> float:
    """Seconds on a processor so far, all threads, to about 10 ms."""
    after_name = _proc(pid, "stat").rpartition(")")[2].split()
    ticks = int(after_name[11]) + int(after_name[12])  # utime and stime
    return ticks / os.sysconf("SC_CLK_TCK")


def memory_mb(pid: int) -> float:
    """Resident memory now."""
    return _status(_proc(pid, "status"), "VmRSS") / 1024


def wake_ups(pid: int) -> int:
    """How often its threads went to sleep, and so woke up, until now."""
    tasks = Path(f"/proc/{pid}/task")
    name = "voluntary_ctxt_switches"
    return sum(_status(_proc(pid, f"task/{t.name}/status"), name) for t in _list(tasks))


def _list(folder: Path) -> list[Path]:
    try:
        return list(folder.iterdir())
    except OSError as failure:
        raise NotMeasured("there is no /proc here") from failure


def _proc(pid: int, name: str) -> str:
    try:
        return Path(f"/proc/{pid}/{name}").read_text(encoding="utf-8")
    except OSError as failure:
        raise NotMeasured("there is no /proc here") from failure


def _status(text: str, name: str) -> int:
    (line,) = (line for line in text.splitlines() if line.startswith(f"{name}:"))
    return int(line.split()[1])
