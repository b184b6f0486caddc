"""What goes wrong inside the server's process, on purpose (launch.py, `before`)."""

import errno
import os
import signal
import socket
import time
from itertools import cycle
from pathlib import Path

import net.door
import server
from chat.flood import Bucket

HOUR = 3_600  # seconds
READERS = 40  # about so many threads are left for connections
NOBODY = 54_321  # a user who runs nothing else, so its threads are ours
# The last but one is answered by accepting and closing: the one after is for that.
HICCUPS = (errno.ECONNABORTED, 0, errno.EPROTO, 0, errno.ENOBUFS, 0)


def only_one_local_address():
    """Take all but 127.0.0.1 for other machines."""
    net.door.is_local = "127.0.0.1".__eq__


def never_late():
    """Let who must wait be read on exactly when they may, as the buckets see it.

    One pause forgives a flood (chat/flood.py). On a busy machine a reader sleeps a
    tenth of a second too long, and its bucket takes that for a pause of the peer.
    """
    take = Bucket.take

    def take_when_due(bucket, now):
        now = vars(bucket).pop("due", now)
        if delay := take(bucket, now):
            bucket.due = now + delay
        return delay

    Bucket.take = take_when_due


def few_threads():
    """Let the system itself refuse more threads, once everything is set up."""
    run = server.ChatServer.run

    def run_with_few(chat):
        lower_the_limit()
        return run(chat)

    server.ChatServer.run = run_with_few


def lower_the_limit():
    import resource

    if os.geteuid() == 0:  # root has no such limit
        os.setuid(NOBODY)
    most = tasks_of(os.geteuid()) + READERS
    resource.setrlimit(resource.RLIMIT_NPROC, (most, most))


def tasks_of(user):
    """How many threads a user has by now."""
    found = 0
    for task in Path("/proc").glob("[0-9]*/task/*"):
        try:
            found += task.stat().st_uid == user
        except OSError:
            pass  # it has just ended
    return found


def hiccuping_accept():
    """From SIGUSR2 on let most accept() fail, in the ways of a bad network."""
    open_listeners = server.open_listeners
    server.open_listeners = lambda host, port: [
        Hiccuping(listener) for listener in open_listeners(host, port)
    ]
    signal.signal(signal.SIGUSR2, lambda *_: setattr(Hiccuping, "is_ill", True))


class Hiccuping(socket.socket):
    """A listener that fails in turn with each error that is not about the server."""

    is_ill = False

    def __init__(self, listener):
        super().__init__(fileno=listener.detach())
        self.setblocking(False)
        self._failures = cycle(HICCUPS)

    def accept(self):
        if self.is_ill and (failure := next(self._failures)):
            raise OSError(failure, os.strerror(failure))
        return super().accept()


def bug_in_who():
    """Let one request crash, as a mistake of ours would."""
    server.Enquiries.who = lambda self, id, room: 1 // 0


def jumping_clock():
    """Let the wall clock jump with each SIGUSR2: an hour on, two back, and so on."""
    steps = cycle([HOUR, -HOUR])
    ahead = 0
    wall, wall_ns = time.time, time.time_ns

    def jump(*_):
        nonlocal ahead
        ahead = next(steps)

    signal.signal(signal.SIGUSR2, jump)
    time.time = lambda: wall() + ahead
    time.time_ns = lambda: wall_ns() + ahead * 1_000_000_000
