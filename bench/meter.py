"""What a process has used: processor and memory, as Linux tells it.

Where there is no /proc the answer is nan, "not measured": the table shows a dash.
"""

from __future__ import annotations

import math
import os
import platform
from pathlib import Path
from time import strftime

BUSY_LOAD = 0.5  # of others, before we began; more than that and figures are doubtful


def cpu_s(pid: int) -> float:
    """Processor seconds of a process and all its threads; steps of 10 ms."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="ascii")
    except OSError:
        return math.nan
    user, system = stat.rpartition(")")[2].split()[11:13]
    ticks: int = os.sysconf("SC_CLK_TCK")
    return (int(user) + int(system)) / ticks


def memory_kb(pid: int) -> float:
    """What is really in memory now."""
    try:
        status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    except OSError:
        return math.nan
    row = next(row for row in status.splitlines() if row.startswith("VmRSS"))
    return float(row.split()[1])


def load() -> float:
    """How many processes have wanted to run in the last minute."""
    try:
        return os.getloadavg()[0]
    except (OSError, AttributeError):
        return math.nan


def machine(load_before: float) -> str:
    """One line that says where and when, and a warning if others were at work."""
    told = (
        f"{_processor()}, {os.cpu_count()} cores, {platform.system()} "
        f"{platform.release()}, Python {platform.python_version()}, "
        f"{strftime('%Y-%m-%d %H:%M')}, load {load_before:.2f} before and "
        f"{load():.2f} after"
    )
    if load_before > BUSY_LOAD:
        told += "\nWARNING: this machine was busy; measure again on a quiet one."
    return told


def _processor() -> str:
    try:
        about = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    except OSError:
        return platform.processor() or platform.machine()
    names = [row for row in about.splitlines() if row.startswith("model name")]
    return names[0].partition(":")[2].strip() if names else platform.machine()
