"""The server's process, watched from outside.

    stage = Stage(folder, "--rate", "0", limits={"frame": 0.5})
    stage.threads, stage.descriptors, stage.rss_mib, stage.cpu_seconds

The figures come from /proc, so scenarios that ask for them are skipped elsewhere.
"""

import json
import os
import signal
import threading
from pathlib import Path
from time import monotonic

import pytest
from programs import WATCHED, Server

PATIENCE = 20.0  # seconds; only a failing test waits that long
LOOK_EVERY = 0.02  # seconds, at what another process does
MIB = 1 << 20


class Stage(Server):
    """A server process; what launch.py may change is named by keyword."""

    def __init__(self, folder, *options, popen=None, **change):
        self.folder = Path(folder)
        program = ["tests/torture/launch.py", json.dumps(change)]
        super().__init__(
            self.folder,
            *options,
            program=program if change else [WATCHED],
            **(popen or {}),
        )

    @property
    def pid(self):
        return self.process.pid

    @property
    def is_alive(self):
        return self.process.poll() is None

    # -- What /proc says -----------------------------------------------------------

    @property
    def rss_mib(self):
        """Memory in use now."""
        return status_of(self.pid, "VmRSS") / 1024

    @property
    def peak_rss_mib(self):
        """The most memory that was in use since forget_peak()."""
        return status_of(self.pid, "VmHWM") / 1024

    def forget_peak(self):
        proc(self.pid, "clear_refs").write_text("5")

    @property
    def threads(self):
        return status_of(self.pid, "Threads")

    @property
    def descriptors(self):
        return len(list(proc(self.pid, "fd").iterdir()))

    @property
    def cpu_seconds(self):
        """User and system time so far, of all threads."""
        fields = proc(self.pid, "stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    # -- Waiting -------------------------------------------------------------------

    def settle(self, is_settled, sentence, seconds=PATIENCE):
        """Wait until something is true of the process; return the seconds it took.

        Nobody tells us when a thread of another process ends: so we look often.
        """
        began, nap = monotonic(), threading.Event()
        while not is_settled():
            took = monotonic() - began
            assert took < seconds, f"after {took:.1f} s still not: {sentence}"
            nap.wait(LOOK_EVERY)
        return monotonic() - began

    # -- Its end -------------------------------------------------------------------

    def stop(self):
        """As Ctrl+C at its terminal; the exit code."""
        if self.is_alive:
            self.process.send_signal(signal.SIGINT)
        return self.wait()

    def tracebacks(self):
        """Everything it printed, if there is a traceback in it; else nothing."""
        text = "\n".join(self.lines)
        return text if "Traceback" in text else ""


def proc(pid, name):
    """A file of /proc about a process, or a reason to skip the scenario."""
    if not Path("/proc/self/status").exists():
        pytest.skip("needs /proc (Linux) to see memory, threads and descriptors")
    return Path(f"/proc/{pid}/{name}")


def status_of(pid, name):
    """A number of /proc/PID/status; memory is in KiB there."""
    for line in proc(pid, "status").read_text().splitlines():
        if line.startswith(f"{name}:"):
            return int(line.split()[1])
    raise AssertionError(f"/proc/{pid}/status has no {name}: has it ended?")
