"""The log: real SQLite files, real failures, a real kill."""

import os
import sqlite3
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from typing import NamedTuple

import pytest
from lock_order import looking_away

from chat.log import (
    BUSY,
    DAY_MS,
    LEAP,
    OFF_KEEPS,
    STEP,
    Log,
    Membership,
    Retention,
    open_log,
)
from chat.refusal import StorageError
from chat.storage import PAGE


@pytest.fixture
def path(tmp_path):
    return str(tmp_path / "history.db")


@pytest.fixture
def open_it():
    """open_it(path, ...) like open_log; closed at the end."""
    opened = []

    def open_it(history, **options):
        opened.append(open_log(history, **options))
        return opened[-1]

    yield open_it
    for log in opened:
        log.close()


@pytest.fixture
def log(open_it, path):
    return open_it(path)


def entry(text, id="k1", session="ana's", to=None):
    room = None if to else "#lobby"
    private = (to, f"{to}'s") if to else ()
    return (session, id, room, "ana", text, *private)


class Told(NamedTuple):
    seq: int
    time: int
    is_double: bool


def append(log, entries, time):
    """What became of each entry."""
    seqs, at, doubles = log.append(entries, time)
    firsts = [doubles.get(seq) for seq in seqs]
    return [
        Told(first.seq, first.time, True) if first else Told(seq, at, False)
        for seq, first in zip(seqs, firsts, strict=True)
    ]


def lines(log):
    return log._db.execute("SELECT seq, time, text FROM lines ORDER BY seq").fetchall()


# -- Numbers ---------------------------------------------------------------------


def test_lines_are_numbered_in_their_order(log):
    assert append(log, [entry("one", "k1"), entry("two", "k2")], 500) == [
        (1, 500, False),
        (2, 500, False),
    ]
    assert append(log, [entry("three", "k3")], 400) == [(3, 400, False)]
    assert log.newest == 3
    assert lines(log) == [(1, 500, "one"), (2, 500, "two"), (3, 400, "three")]


def test_every_field_is_kept(log):
    log.append([entry("psst 漢\n", to="bob")], 7)
    assert log._db.execute("SELECT * FROM lines").fetchall() == [
        (1, 7, "ana's", "k1", None, "ana", "bob", "psst 漢\n", "bob's")
    ]


def test_a_reopened_file_is_the_same_log(open_it, path):
    first = open_it(path)
    first.append([entry("one")], 500)
    first.close()
    again = open_it(path)
    assert (again.id, again.newest, lines(again)) == (first.id, 1, [(1, 500, "one")])
    assert append(again, [entry("two", "k2")], 600) == [(2, 600, False)]


def test_a_new_file_has_small_pages_and_an_old_one_keeps_its_own(open_it, tmp_path):
    def page_size(log):
        return log._db.execute("PRAGMA page_size").fetchone()[0]

    old = str(tmp_path / "old.db")
    with closing(sqlite3.connect(old)) as db:
        db.execute("PRAGMA page_size = 8192")
        db.execute("VACUUM")
    assert page_size(open_it(str(tmp_path / "new.db"))) == PAGE
    assert page_size(open_it(old)) == 8192


def test_two_files_are_two_logs(open_it, tmp_path):
    assert open_it(str(tmp_path / "a.db")).id != open_it(str(tmp_path / "b.db")).id


@pytest.mark.parametrize("size", [1, 7, 8, 9, 63, 64, 65, 72, 200])
def test_a_batch_of_any_size_is_stored_whole_and_in_order_but_for_doubles(log, size):
    batch = [entry(f"text {n}", f"k{n}") for n in range(size)]
    log.append(batch[::3], 1)
    stamps = append(log, batch, 2)
    assert [stamp.is_double for stamp in stamps] == [n % 3 == 0 for n in range(size)]
    new = [one[4] for n, one in enumerate(batch) if n % 3]
    assert [text for _, _, text in lines(log)] == [one[4] for one in batch[::3]] + new


def test_private_lines_and_others_are_stored_in_one_order(log):
    batch = [
        entry("a", "k1"),
        entry("psst", "k2", to="bob"),
        entry("b", "k3"),
        entry("psst", "k2", to="bob"),
        entry("b", "k3"),
    ]
    told = append(log, batch, 500)
    assert [one.is_double for one in told] == [False] * 3 + [True] * 2
    assert [one.seq for one in told] == [1, 2, 3, 2, 3]
    assert [text for _, _, text in lines(log)] == ["a", "psst", "b"]


# -- Doubles ---------------------------------------------------------------------


def test_a_line_sent_again_keeps_its_first_number_and_time(log):
    log.append([entry("one")], 500)
    new, again = append(log, [entry("new", "k2"), entry("one")], 900)
    assert new[:3] == (2, 900, False)
    assert again[:3] == (1, 500, True)
    assert [text for _, _, text in lines(log)] == ["one", "new"]


def test_a_line_sent_twice_in_one_batch_is_stored_once(log):
    batch = [entry("one"), entry("one"), entry("two", "k2")]
    first, again, other = append(log, batch, 500)
    assert again[:3] == (first.seq, 500, True)
    assert not other.is_double
    assert other.seq > first.seq
    assert [text for _, _, text in lines(log)] == ["one", "two"]


def test_a_line_sent_again_after_a_restart_is_known(open_it, path):
    first = open_it(path)
    first.append([entry("one")], 500)
    first.close()
    (again,) = append(open_it(path), [entry("one")], 900)
    assert again[:3] == (1, 500, True)


def test_the_same_id_of_another_session_is_another_line(log):
    log.append([entry("one")], 500)
    assert append(log, [entry("one", session="bob's")], 900) == [(2, 900, False)]


def test_lines_without_an_id_are_never_doubles(log):
    stamps = append(log, [entry("hi", id=None), entry("hi", id=None), entry("k")], 1)
    stamps += append(log, [entry("hi", id=None), entry("k")], 2)
    assert [stamp.is_double for stamp in stamps] == [False] * 4 + [True]
    assert len(lines(log)) == 4


def test_after_a_double_a_restart_does_not_give_out_a_number_again(open_it, path):
    first = open_it(path)
    first.append([entry("one"), entry("one")], 500)
    told, *_ = first.newest, first.close()
    again = open_it(path)
    assert again.newest == told
    assert append(again, [entry("two", "k2")], 600)[0].seq > told


# -- Kinds of history ------------------------------------------------------------


def test_off_keeps_the_newest_lines_only(open_it):
    log = open_it("off")
    for start in range(0, OFF_KEEPS + 500, 300):
        log.append([entry(str(n), f"k{n}") for n in range(start, start + 300)], 1)
    kept = [text for _, _, text in lines(log)]
    assert kept == [str(n) for n in range(500, OFF_KEEPS + 500)]
    assert log.newest == OFF_KEEPS + 500


@pytest.mark.parametrize("history", ["memory", "off"])
def test_without_a_history_there_is_no_file(history, open_it, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    one, other = open_it(history), open_it(history)
    one.append([entry("one")], 1)
    assert other.newest == 0
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize(("durable", "level"), [(False, 1), (True, 2)])  # NORMAL, FULL
def test_durable_syncs_every_commit(open_it, path, durable, level):
    log = open_it(path, durable=durable)
    assert log._db.execute("PRAGMA synchronous").fetchone() == (level,)
    assert log._db.execute("PRAGMA journal_mode").fetchone() == ("wal",)


# -- Failures --------------------------------------------------------------------


def test_a_disk_that_fills_up_in_a_batch_stores_nothing_of_it_and_recovers(log):
    log.append([entry("before")], 1)
    (pages,) = log._db.execute("PRAGMA page_count").fetchone()
    log._db.execute(f"PRAGMA max_page_count = {pages + 2}")
    batch = [entry("x" * 3000, f"big{n}") for n in range(20)]
    with pytest.raises(StorageError, match=r"cannot write the history: .* full"):
        log.append(batch, 2)
    assert (log.newest, lines(log)) == (1, [(1, 1, "before")])

    log._db.execute("PRAGMA max_page_count = 1000000")
    assert append(log, batch, 3)[0] == (2, 3, False)


def test_a_failure_at_one_line_takes_back_the_lines_before_it(log):
    log._db.execute(
        "CREATE TEMP TRIGGER fails BEFORE INSERT ON lines WHEN new.text = 'two' "
        "BEGIN SELECT raise(ABORT, 'a bad sector'); END"
    )
    batch = [entry("one", "k1"), entry("two", "k2")]
    with pytest.raises(StorageError, match="a bad sector"):
        log.append(batch, 1)
    assert (log.newest, lines(log)) == (0, [])
    log._db.execute("DROP TRIGGER fails")
    assert append(log, batch, 2) == [(1, 2, False), (2, 2, False)]


def test_a_file_that_another_program_locks_is_refused_and_recovers(log, path):
    log._db.execute("PRAGMA busy_timeout = 10")
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StorageError, match="locked"):
        log.append([entry("one")], 1)
    other.execute("ROLLBACK")
    other.close()
    assert append(log, [entry("one")], 2) == [(1, 2, False)]


def busy_timeout(log):
    (milliseconds,) = log._db.execute("PRAGMA busy_timeout").fetchone()
    return milliseconds / 1000


def test_a_file_that_stays_locked_is_waited_for_once(log, path):
    """Else every line, and every newcomer behind it, would wait anew."""
    assert busy_timeout(log) == BUSY
    log._db.execute("PRAGMA busy_timeout = 10")  # now it is short: nobody waits here
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        for write in (
            lambda: log.append([entry("one")], 1),
            lambda: log.note([Membership("ana's", "#a", True)], 1),
            lambda: log.set_topic("#a", "ana", "sums"),
            lambda: log.sweep(1),
        ):
            with pytest.raises(StorageError, match="locked"):
                write()
            assert busy_timeout(log) == 0
    log.sweep(1)
    assert busy_timeout(log) == BUSY


def test_a_locked_file_does_not_hold_up_the_end(open_it, path):
    log = open_it(path)
    log._writing.be_patient(1_000_000)
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        log.close()  # returns
    assert open_it(path).newest == LEAP  # nobody could note that all was well


def test_the_end_does_not_wait_for_a_scribe_that_waits(log):
    is_held, may_go_on = threading.Event(), threading.Event()

    def wait_for_the_file():
        with log._lock, looking_away():  # from the wait: it stands for SQLite's own
            is_held.set()
            may_go_on.wait()

    scribe = threading.Thread(target=wait_for_the_file)
    scribe.start()
    is_held.wait()
    log.close()  # returns
    may_go_on.set()
    scribe.join()
    log.append([entry("the scribe got through after all")], 1)


def test_a_file_that_became_read_only_stores_nothing(log):
    log._db.execute("PRAGMA query_only = ON")
    with pytest.raises(StorageError, match="cannot write the history"):
        log.append([entry("one")], 1)
    assert log.newest == 0


def test_a_file_that_is_locked_at_the_start_is_refused_in_words(path, monkeypatch):
    monkeypatch.setattr("chat.log.BUSY", 0.01)
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(
            StorageError, match="another program has locked the history"
        ):
            open_log(path)


def test_a_second_server_is_refused_until_the_first_has_ended(open_it, path):
    first = open_it(path)
    with pytest.raises(StorageError) as refusal:
        open_log(path)
    assert str(refusal.value) == (
        f"another server is using the history {path}: stop it, or choose another "
        "with --history"
    )
    first.append([entry("unharmed")], 1)
    first.close()
    assert open_it(path).newest == 1


def test_a_directory_that_is_not_there_is_refused_with_a_sentence(tmp_path):
    with pytest.raises(StorageError, match=r"cannot use the history .*missing"):
        open_log(str(tmp_path / "missing" / "history.db"))


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="needs POSIX rights")
def test_a_directory_that_is_not_ours_is_refused_with_a_sentence(tmp_path):
    if os.geteuid() == 0:
        pytest.skip("root may write everywhere")
    tmp_path.chmod(0o500)
    with pytest.raises(StorageError, match="cannot use the history"):
        open_log(str(tmp_path / "history.db"))
    tmp_path.chmod(0o700)


def test_a_link_to_a_history_is_the_same_history(open_it, path, tmp_path):
    open_it(path)
    link = tmp_path / "link.db"
    link.symlink_to(path)
    with pytest.raises(StorageError, match="another server is using"):
        open_log(str(link))


def test_a_damaged_page_is_found_at_the_start(open_it, path):
    log = open_it(path)
    log.append([entry("a few words " * 20, f"k{n}") for n in range(1000)], 1)
    log.close()
    with open(path, "r+b") as file:
        file.seek(40 * 4096)
        file.write(b"\xa5" * 8192)
    with open(path, "rb") as file:
        damaged = file.read()
    with pytest.raises(StorageError, match=r"damaged; move it away .* --history"):
        open_log(path)
    with open(path, "rb") as file:
        assert file.read() == damaged  # whoever can mend it finds it as it was


@pytest.mark.skipif(os.name == "nt", reason="needs POSIX rights")
def test_what_is_kept_is_for_its_owner_alone(open_it, path, tmp_path):
    open_it(path).append([entry("psst", to="bob")], 1)
    files = [p for p in tmp_path.iterdir() if "-owner" not in p.name]  # always empty
    assert {p.name for p in files} == {"history.db", "history.db-wal", "history.db-shm"}
    assert {p.stat().st_mode & 0o777 for p in files} == {0o600}


@pytest.mark.skipif(os.name == "nt", reason="needs POSIX rights")
def test_the_rights_of_a_file_that_is_there_are_its_owners_choice(open_it, path):
    open_it(path).close()
    os.chmod(path, 0o640)
    open_it(path).close()
    assert os.stat(path).st_mode & 0o777 == 0o640


@pytest.mark.parametrize("ending", ["", "-owner"])
def test_a_file_that_is_no_history_is_refused_and_left_as_it_is(path, ending):
    letter = "Dear diary, " * 100
    with open(path + ending, "w") as file:
        file.write(letter)
    for _ in range(2):  # the first failure must not keep the file locked
        with pytest.raises(StorageError, match="not a database"):
            open_log(path)
    with open(path + ending) as file:
        assert file.read() == letter


WRITER = """
import sys
from chat.log import open_log
log = open_log(sys.argv[1])
for n in range(10_000):
    log.append([("s", f"k{n}", "#lobby", "ana", f"line {n}")], n)
    print(n, flush=True)
"""


def test_a_killed_server_loses_nothing_that_it_had_stored(open_it, path):
    with subprocess.Popen(
        [sys.executable, "-c", WRITER, path], stdout=subprocess.PIPE, text=True
    ) as writer:
        for line in writer.stdout:
            if line == "50\n":
                break
        writer.kill()
        told = [50, *(int(n) for n in writer.stdout if n.endswith("\n"))]
    log = open_it(path)
    kept = [text for _, _, text in lines(log)]
    assert len(kept) > told[-1]
    assert kept == [f"line {n}" for n in range(len(kept))]


def test_no_number_is_given_twice_even_if_lines_were_lost_with_the_power(open_it, path):
    log = open_it(path)
    log.append([entry("one")], 1)
    shown = append(log, [entry("shown, then lost", "k2")], 1)[0].seq
    log._db.execute("DELETE FROM lines WHERE seq = ?", (shown,))
    log._files.close()  # and not log.close(): nobody said goodbye
    log = open_it(path)
    assert log.newest > shown
    assert append(log, [entry("new", "k3")], 1)[0].seq > log.newest - 1


def test_a_closed_file_goes_on_where_it_ended(open_it, path):
    log = open_it(path)
    log.append([entry("one")], 1)
    log.close()
    assert append(open_it(path), [entry("two", "k2")], 1) == [(2, 1, False)]


def test_a_file_of_another_format_is_refused_in_words(open_it, path):
    with closing(sqlite3.connect(path)) as db:
        db.execute("CREATE TABLE lines (text)")
    with pytest.raises(StorageError, match="not a history of this version"):
        open_it(path)


# -- Retention -------------------------------------------------------------------


def test_only_so_many_lines_are_kept(open_it, path):
    log = open_it(path, retention=Retention(lines=10))
    for n in range(25):
        log.append([entry(str(n), f"k{n}")], 1)
    assert [text for _, _, text in lines(log)] == [str(n) for n in range(15, 25)]


def test_a_store_that_is_far_too_full_is_emptied_in_small_steps(open_it, path):
    log = open_it(path)
    log.append([entry(str(n), f"k{n}") for n in range(3 * STEP)], 1)
    log.close()
    log = open_it(path, retention=Retention(lines=10))
    counts = []
    for n in range(4):
        log.append([entry("new", f"n{n}")], 1)
        counts.append(len(lines(log)))
    assert counts == [2 * STEP, STEP, 10, 10]


def test_what_is_too_old_is_swept_away_and_nothing_else(open_it, path):
    log = open_it(path, retention=Retention(days=2))
    for day in (1, 2, 3, 4):
        log.append([entry(f"day {day}", f"k{day}")], day * DAY_MS)
        log.note([Membership("ana's", f"#day{day}", True)], day * DAY_MS)
    log.sweep(4 * DAY_MS + 1)
    assert [text for _, _, text in lines(log)] == ["day 3", "day 4"]
    assert log.archive.rooms_of("ana's") == {"#day3": 3, "#day4": 4}
    log.append([entry("day 5", "k5")], 5 * DAY_MS)
    assert [text for _, _, text in lines(log)] == ["day 3", "day 4", "day 5"]


def test_one_sweep_deletes_only_a_few(open_it, path):
    log = open_it(path, retention=Retention(days=1))
    log.append([entry(str(n), f"k{n}") for n in range(STEP + 5)], 1)
    log.sweep(9 * DAY_MS)
    assert len(lines(log)) == 5


# -- Rooms -----------------------------------------------------------------------


def test_rooms_and_topics_are_remembered_over_a_restart(open_it, path):
    log = open_it(path)
    moves = [("ana's", "#b", True), ("ana's", "#a", True), ("bob's", "#c", True)]
    for at, move in enumerate(moves):
        log.note([Membership(*move)], at)
    log.note([Membership("ana's", "#gone", True)], 8)
    log.note([Membership("ana's", "#gone", False)], 9)
    log.set_topic("#a", "ana", "old")
    log.set_topic("#a", "bob", "sums")
    log.set_topic("#b", "bob", "taken away")
    log.set_topic("#b", "bob", "")
    log.close()
    log = open_it(path)
    assert list(log.archive.rooms_of("ana's")) == ["#b", "#a"]
    assert log.topics() == {"#a": ("bob", "sums")}


def test_a_log_opened_by_one_thread_is_used_by_another(path):
    log = Log(path)
    with ThreadPoolExecutor(1) as scribe:
        assert scribe.submit(append, log, [entry("one")], 1).result() == [(1, 1, False)]
    log.close()


@pytest.mark.parametrize("is_killed", [False, True])
def test_no_number_is_given_twice_though_every_line_was_swept_away(
    open_it, path, is_killed
):
    log = open_it(path, retention=Retention(days=1))
    newest = 10 * LEAP  # far above where an empty file would begin, or leap to
    log.newest = newest - 1
    log.append([entry("old")], 0)
    log.sweep(10 * DAY_MS)
    assert lines(log) == []
    if is_killed:
        log._files.close()
    else:
        log.close()
    assert open_it(path).newest >= newest


def test_a_number_once_told_as_the_newest_is_never_forgotten(open_it, path):
    log = open_it(path)
    log._files.close()
    told = open_it(path)  # it leaps, and says so in every welcome
    told.close()
    assert open_it(path).newest == told.newest == LEAP


def test_reading_a_file_does_not_wait_for_the_writing(log):
    log.append([entry("one")], 1)
    with log._lock:  # a batch is being stored
        (line,) = log.archive.page("#lobby", None, None).lines
    assert line.text == "one"


def test_what_was_swept_away_makes_room_for_new_lines(open_it, path):
    log = open_it(path, retention=Retention(lines=4, days=1))
    log.append([entry(str(n), f"k{n}") for n in range(4)], 0)
    log.sweep(2 * DAY_MS)
    log.append([entry(str(n), f"n{n}") for n in range(4)], 2 * DAY_MS)
    assert [text for _, _, text in lines(log)] == ["0", "1", "2", "3"]


def test_a_history_of_the_first_days_goes_on(open_it, path):
    log = open_it(path)
    log.note([Membership("ana's", "#maths", True)], 1)
    log._db.execute("ALTER TABLE members DROP COLUMN newest")
    log.close()
    log = open_it(path)
    log.append([entry("one")], 1)
    log.note([Membership("ana's", "#physics", True)], 2)
    assert log.archive.rooms_of("ana's") == {"#maths": 0, "#physics": 1}
