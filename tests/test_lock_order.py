"""The watch over the locks: it lets pass what is allowed, and nothing else."""

import queue
import selectors
import socket
import sqlite3
import subprocess
import sys
import threading
from contextlib import contextmanager

import lock_order
import pytest
from conftest import PATIENCE, expected
from lock_order import LockOrderError, RankedLock
from programs import ROOT

from chat.log import open_log
from chat.rules import HouseRules
from messages import Error, Rooms

CLIENTS = "server.py clients_lock"
RULES = "chat/rules.py _lock"
OUTBOX = "net/outbox.py _lock"


@pytest.fixture
def lock():
    return RankedLock(CLIENTS)


@contextmanager
def refused(*parts):
    """Expect one violation, and take it out of what fails this test."""
    with pytest.raises(LockOrderError) as caught:
        yield
    text = str(caught.value)
    assert lock_order.take_violations() == [text]
    for part in parts:
        assert part in text


# -- Ranks ---------------------------------------------------------------------------


def test_one_climbs_from_lower_to_higher_as_often_as_one_likes(lock):
    for _ in range(2):
        with lock, RankedLock(RULES):
            pass
    assert not lock_order.take_violations()


def test_a_step_down_is_refused_with_both_names(lock):
    with RankedLock(RULES), refused(f"{RULES} (rank 100)", f"{CLIENTS} (rank 90)"):
        climb_down(lock)
    assert not lock.locked()


def climb_down(lock):
    with lock:
        pytest.fail("taken")


def test_both_stacks_are_told(lock):
    with RankedLock(RULES), refused("in test_both_stacks_are_told", "in climb_down"):
        climb_down(lock)


def test_two_of_the_same_rank_are_refused():
    with RankedLock(OUTBOX), refused(OUTBOX), RankedLock(OUTBOX):
        pytest.fail("taken")


def test_the_same_once_more_is_refused_instead_of_waiting_for_ever(lock):
    with lock, refused(CLIENTS):
        lock.acquire()


def test_a_lock_that_was_given_back_counts_no_more(lock):
    rules = RankedLock(RULES)
    with rules:
        pass
    with lock:
        pass


def test_what_another_thread_holds_does_not_count(lock):
    with RankedLock(RULES):
        thread = threading.Thread(target=lock.acquire)
        with lock_order.looking_away():
            thread.start()
            thread.join(PATIENCE)
    assert lock.locked()


# -- What may be touched -------------------------------------------------------------


@pytest.fixture
def pair():
    one, other = socket.socketpair()
    with one, other:
        yield one, other


@pytest.fixture
def db():
    db = sqlite3.connect(":memory:")
    yield db
    db.close()


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        *(("send", [b"x"]), ("sendall", [b"x"]), ("recv", [1])),
        *(("accept", []), ("connect", ["/nowhere"])),
    ],
)
def test_a_socket_under_the_clients_lock_is_refused(lock, pair, name, arguments):
    with lock, refused(CLIENTS, f"{name}() called"):
        getattr(pair[0], name)(*arguments)


def test_the_lock_of_an_outbox_may_send(pair):
    with RankedLock(OUTBOX):
        pair[0].send(b"x")
    assert pair[1].recv(1) == b"x"


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        *(("execute", ["SELECT 1"]), ("executemany", ["SELECT ?", [(1,)]])),
        *(("executescript", ["SELECT 1"]), ("commit", [])),
    ],
)
def test_a_query_under_the_clients_lock_is_refused(lock, db, name, arguments):
    with lock, refused(CLIENTS, name):
        getattr(db, name)(*arguments)


def test_a_file_under_the_clients_lock_is_refused(lock, tmp_path):
    with lock, refused(CLIENTS, "open"):
        (tmp_path / "x").write_text("x")


def test_a_wait_under_the_clients_lock_is_refused(lock):
    waits = [
        lambda: queue.Queue().get(),
        lambda: queue.SimpleQueue().get(),
        lambda: threading.Event().wait(PATIENCE),
        lambda: threading.current_thread().join(),
        lambda: selectors.DefaultSelector().select(0),
        lambda: selectors.SelectSelector().select(0),
    ]
    for wait in waits:
        with lock, refused(CLIENTS):
            wait()


def test_what_does_not_wait_is_allowed(lock):
    jobs, lines = queue.SimpleQueue(), queue.Queue()
    with lock:
        jobs.put("job")
        lines.put_nowait("line")
        assert jobs.get_nowait() == "job"
        assert lines.get_nowait() == "line"


# -- Whose locks ---------------------------------------------------------------------


def test_the_locks_of_the_program_know_their_ranks(server, tmp_path):
    log = open_log(str(tmp_path / "log.db"))
    chat = server.chat
    watched = chat.clients_lock._lock
    locks = [watched, chat.rules._lock, chat.door._lock, chat.flusher._lock]
    locks += [log._lock, log._reading_lock, chat.desk._files_lock]
    log.close()
    assert [lock.name for lock in locks] == [
        *(CLIENTS, RULES, "net/door.py _lock", "net/flusher.py _lock"),
        *("chat/log.py _lock", "chat/log.py _reading_lock"),
        "chat/desk.py _files_lock",
    ]


def test_a_lock_of_the_program_without_a_rank_cannot_be_made(monkeypatch):
    monkeypatch.delitem(lock_order.RANKS, RULES)
    lock_order._name_of.cache_clear()
    with pytest.raises(LockOrderError, match=f"{RULES} has no rank"):
        HouseRules()


def test_a_lock_of_anybody_else_is_an_ordinary_one():
    assert not isinstance(threading.Lock(), RankedLock)
    assert not isinstance(queue.Queue().mutex, RankedLock)
    assert isinstance(HouseRules()._lock, RankedLock)


# -- Whatever swallows the exception -------------------------------------------------


def test_a_violation_that_a_reader_survives_is_kept(server, join, caplog, pair):
    ana = join("ana")
    server.chat.rooms.listing = lambda: pair[0].send(b"x")  # under the clients_lock
    ana.send(Rooms("r1"))
    assert ana.hear(Error).code == "internal"
    assert expected(caplog, "could not answer Rooms") == 1
    [violation] = lock_order.take_violations()
    assert "send() called, in thread reader ana" in violation


WRONG = f"""
import watched_server
from chat.rules import HouseRules
from lock_order import RankedLock
with HouseRules()._lock, RankedLock("{CLIENTS}"):
    pass
"""


def test_a_server_of_its_own_is_watched_too():
    command = [sys.executable, "-c", WRONG]
    ended = subprocess.run(
        command, cwd=ROOT / "tests", capture_output=True, check=False
    )
    assert b"LockOrderError" in ended.stderr
    assert f"{CLIENTS} (rank 90) wanted" in lock_order.take_report()
