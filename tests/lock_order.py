"""The order of the locks, watched while the tests run.

Two threads that take two locks in opposite orders stop for ever, once in a thousand
runs. One thread that takes them in the wrong order does it every time. So every lock
of the program has a rank, a thread may only climb, and the first step down is an
error at once, whatever the other threads do:

    clients_lock 90  <--  rules 100        raises: "rules is held, clients_lock wanted"

And what may be touched while a lock is held is written down too: a send, a query or
a wait under `clients_lock` raises, also where it would not have waited today.

    threading.Lock() --which line makes it?--> RankedLock(RANKS[file, attribute])
    send, execute, get, wait, join ... --------> look at what this thread holds

The program does not know: install() puts other factories in the place of Lock and
SimpleQueue, and wraps what waits. What is found raises in its thread, and is kept,
because a handler may swallow it: conftest.py fails the test at its end. A server of
tests/programs.py is a process of its own (watched_server.py) and writes it to a file.

The same table stands in docs/ARCHITECTURE.md; tests/test_docs.py compares them.
"""

import functools
import linecache
import os
import queue
import re
import selectors
import socket
import sqlite3
import sys
import threading
import traceback
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
REPORT = "HOMEROOM_LOCK_REPORT"  # the file where another process says what it found


class Rule(NamedTuple):
    """When a lock may be taken, and what may be touched while it is held."""

    rank: int  # only with lower ones held
    touches: frozenset = frozenset()


def rule(rank, *touches):
    return Rule(rank, frozenset(touches))


RANKS = {
    "chat/desk.py _files_lock": rule(10, "disk"),
    "labs/cable.py _lock": rule(20, "socket", "wait"),
    "labs/wires.py _lock": rule(30),
    "chat/replay.py _turn": rule(35, "disk"),
    "chat/log.py _lock": rule(40, "disk"),
    "chat/log.py _reading_lock": rule(50, "disk"),
    "net/door.py _lock": rule(60),
    "net/outbox.py _lock": rule(70, "socket"),
    "net/flusher.py _lock": rule(80),
    "tui/inbox.py _lock": rule(85, "socket"),
    "server.py clients_lock": rule(90),
    "chat/rules.py _lock": rule(100),
}

CALLS = {
    "socket": {
        socket.socket: ["accept", "connect", "recv", "recv_into", "send", "sendall"],
    },
    "wait": {
        threading.Event: ["wait"],
        threading.Condition: ["wait"],
        threading.Thread: ["join"],
        queue.Queue: ["get", "put"],
        selectors.SelectSelector: ["select"],
        getattr(selectors, "PollSelector", selectors.SelectSelector): ["select"],
        selectors.DefaultSelector: ["select"],
    },
}
NOT_WAITING = {"block": False}  # get_nowait() is get(block=False)
# Slow motion lingers under clients_lock, so that one can see the others wait for it;
# and the demo sits on it, to show what that does:
ON_PURPOSE = ("sight/motion.py", "demo/textbook.py")

PROGRAM = {
    "server.py",
    "client.py",
    "net",
    "chat",
    "tui",
    "labs",
    "watch",
    "sight",
    "demo",
}

violations = []  # what this process found, as text
_is_other_process = False  # than that of the tests
_here = threading.local()  # .held: the locks of this thread; .is_blind: see below
_new_lock = threading.Lock
_new_connection = sqlite3.connect


class LockOrderError(AssertionError):
    """A rule of RANKS is broken; the text names the locks and shows where."""


def _held():
    """What this thread holds: pairs of lock and frame, in the order of taking."""
    try:
        return _here.held
    except AttributeError:
        _here.held = []
        return _here.held


class RankedLock:
    """A lock that knows its rank."""

    def __init__(self, name):
        self.name = name
        self.rule = RANKS[name]
        self._lock = _new_lock()

    def acquire(self, blocking=True, timeout=-1, frame=None):
        held = _held()
        for other, taken in held:
            if other.rule.rank >= self.rule.rank:
                _complain(other, taken, f"{self.name} (rank {self.rule.rank}) wanted")
        if is_taken := self._lock.acquire(blocking, timeout):
            held.append((self, frame or sys._getframe(1)))
        return is_taken

    def release(self):
        held = _held()
        last = next(i for i in reversed(range(len(held))) if held[i][0] is self)
        del held[last]
        self._lock.release()

    def locked(self):
        return self._lock.locked()

    def __enter__(self):
        return self.acquire(frame=sys._getframe(1))

    def __exit__(self, *_):
        self.release()


@contextmanager
def looking_away():
    """What this thread touches just now is our own business."""
    _here.is_blind = True
    try:
        yield
    finally:
        _here.is_blind = False


def _complain(other, taken, what):
    """Say what is held since where, and what is wanted here."""
    with looking_away():  # the sources for the stacks are files
        where = "".join(traceback.format_stack(taken))
        here = "".join(traceback.format_stack(sys._getframe(2)))
        name = threading.current_thread().name
        text = (
            f"{other.name} (rank {other.rule.rank}) is held, {what}, "
            f"in thread {name}\nheld since:\n{where}now:\n{here}"
        )
        violations.append(text)
        if _is_other_process:
            with Path(os.environ[REPORT]).open("a", encoding="utf-8") as file:
                file.write(text)
    raise LockOrderError(text)


def _check(touched, what):
    """Whether all locks that this thread holds allow it."""
    if getattr(_here, "is_blind", False):
        return
    for lock, taken in getattr(_here, "held", ()):
        if touched not in lock.rule.touches:
            _complain(lock, taken, f"{what}() called")


def _watched(touched, call):
    @functools.wraps(call)
    def watched(*arguments, **options):
        if getattr(_here, "held", None) and options != NOT_WAITING:
            if sys._getframe(1).f_code.co_filename.endswith(ON_PURPOSE):
                with looking_away():  # what it calls waits as well
                    return call(*arguments, **options)
            _check(touched, call.__qualname__)
        return call(*arguments, **options)

    return watched


# -- In the place of what the program uses ----------------------------------------


def make_lock():
    """threading.Lock(), for the program's own files one with a rank."""
    caller = sys._getframe(1)
    name = _name_of(caller.f_code.co_filename, caller.f_lineno)
    return RankedLock(name) if name else _new_lock()


def is_lesson(path):
    """The labs and their stepper may do with locks what nobody else should."""
    return bool(re.match(r"labs/(\d\d_|stepper|zoo)", path.as_posix()))


@functools.cache
def _name_of(file, line):
    """`net/door.py _lock`, of who makes it in that line; None: it is not ours."""
    path = Path(file)
    if not path.is_relative_to(ROOT):
        return None
    path = path.relative_to(ROOT)
    if path.parts[0] not in PROGRAM or is_lesson(path):
        return None
    with looking_away():
        found = re.search(r"self\.(\w+) = ", linecache.getline(file, line))
    name = f"{path.as_posix()} {found[1] if found else f'line {line}'}"
    if name not in RANKS:
        raise LockOrderError(f"{name} has no rank: give it one in {__file__}")
    return name


class WatchedQueue(queue.SimpleQueue):
    """A SimpleQueue; its put() never waits."""

    def get(self, block=True, timeout=None):
        if block:
            _check("wait", "SimpleQueue.get")
        return super().get(block, timeout)


class WatchedConnection(sqlite3.Connection):
    """Each of these may read or write the disk."""

    execute = _watched("disk", sqlite3.Connection.execute)
    executemany = _watched("disk", sqlite3.Connection.executemany)
    executescript = _watched("disk", sqlite3.Connection.executescript)
    commit = _watched("disk", sqlite3.Connection.commit)


def connect(*arguments, **options):
    return _new_connection(*arguments, **{"factory": WatchedConnection, **options})


def _hear_audit(event, _arguments):
    if event == "open":
        _check("disk", "open")


def watch_for_tests():
    """Watch this process, if the tests that started it want to hear of it."""
    global _is_other_process
    if REPORT in os.environ:
        _is_other_process = True
        install()


def install():
    """Watch every lock that is made from now on."""
    replace(threading, "Lock", make_lock)
    replace(queue, "SimpleQueue", WatchedQueue)
    replace(sqlite3, "connect", connect)
    for touched, kinds in CALLS.items():
        for kind, names in kinds.items():
            for name in names:
                setattr(kind, name, _watched(touched, getattr(kind, name)))
    sys.addaudithook(_hear_audit)


def replace(home, name, new):
    """Put it in the place of the old one, also where that is imported by name."""
    old = getattr(home, name)
    for module in list(sys.modules.values()):
        if getattr(module, "__dict__", {}).get(name) is old:
            setattr(module, name, new)


def take_violations():
    """What was found since this was asked before."""
    found = violations[:]
    del violations[: len(found)]
    return found


def take_report():
    """The same from servers that are processes of their own."""
    report = Path(os.environ.get(REPORT, os.devnull))
    if not report.stat().st_size:
        return ""
    text = report.read_text(encoding="utf-8")
    report.write_bytes(b"")
    return text
