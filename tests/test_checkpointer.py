"""The checkpointer: what was committed comes home without the scribe."""

import sqlite3

import pytest

from chat import checkpointer
from chat.checkpointer import Checkpointer
from chat.log import open_log
from chat.storage import connect

LINE = ("ana's", None, "#lobby", "ana", "hi")


@pytest.fixture
def path(tmp_path, monkeypatch):
    monkeypatch.setattr(checkpointer, "PAUSE", 0.001)
    return str(tmp_path / "history.db")


def wait_until_home(path):
    """Read the file alone, without what stands beside it, until there is a line."""
    uri = f"file:{path}?mode=ro&immutable=1"
    while True:
        alone = sqlite3.connect(uri, uri=True)
        try:
            if alone.execute("SELECT count(*) FROM lines").fetchone() == (1,):
                return
        except sqlite3.Error:
            pass  # in the middle of a copy
        finally:
            alone.close()


def test_a_line_comes_home_while_the_log_is_open(path):
    log = open_log(path)
    log.append([LINE], 1)
    wait_until_home(path)
    log.close()


def test_nothing_is_checkpointed_by_the_writer_itself(path, monkeypatch):
    monkeypatch.setattr(checkpointer, "PAUSE", 60)
    log = open_log(path)
    size = (found := sqlite3.connect(path)).execute("PRAGMA page_size").fetchone()[0]
    found.close()
    for _ in range(1_000):  # commits of some pages each; SQLite alone keeps 1,000 pages
        log.append([LINE], 1)
    with open(path + "-wal", "rb") as wal:
        assert wal.seek(0, 2) > 2_000 * size
    log.close()


def test_it_goes_on_after_a_checkpoint_that_failed(path):
    log = open_log(path)
    with pytest.MonkeyPatch.context() as patch:
        failed = []

        class Locked:
            def execute(self, _):
                failed.append(1)
                raise sqlite3.OperationalError("database is locked")

        patch.setattr(log._checkpointer, "_db", Locked())
        log.append([LINE], 1)
        while not failed:
            pass
    log._checkpointer.note()
    wait_until_home(path)
    log.close()


def test_it_ends_with_the_log_and_leaves_one_file(path, tmp_path):
    log = open_log(path)
    thread = log._checkpointer._thread
    log.append([LINE], 1)
    log.close()
    assert not thread.is_alive()
    assert not [p for p in tmp_path.iterdir() if p.name.endswith("-wal")]


def test_a_checkpointer_that_was_never_told_anything_ends_too(path):
    connect(path, patience=0).close()
    one = Checkpointer(path)
    one.close()
    assert not one._thread.is_alive()
