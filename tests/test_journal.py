"""The journal: a terminal that is slow, stopped or closed never slows the chat."""

import io
import logging
import os
import subprocess
import sys
import threading
from time import monotonic

import pytest
from tcp_rig import PATIENCE

from chat.journal import (
    CAPACITY,
    KEPT,
    LAST_WORDS,
    RESERVED,
    SELDOM,
    Journal,
    Seldom,
    make_visible,
    show_controls,
)


class Terminal(io.StringIO):
    """Knows when it was written to."""

    def __init__(self):
        super().__init__()
        self.written = threading.Event()

    def flush(self):
        self.written.set()


class StoppedTerminal(Terminal):
    """Takes nothing, as after Ctrl+S, until it may go on."""

    def __init__(self):
        super().__init__()
        self.is_waiting, self.may_go_on = threading.Event(), threading.Event()

    def write(self, text):
        self.is_waiting.set()
        self.may_go_on.wait(PATIENCE)
        return super().write(text)


class Pipe:
    """A real pipe as a terminal; it takes some 64 KiB until somebody reads."""

    def __init__(self):
        self._reader, writer = os.pipe()
        self.stream = io.TextIOWrapper(io.FileIO(writer, "w"), write_through=True)

    def read(self):
        return os.read(self._reader, 65_536)

    def break_off(self):
        if self._reader is not None:
            os.close(self._reader)
        self._reader = None


@pytest.fixture
def pipe():
    pipe = Pipe()
    yield pipe
    pipe.break_off()
    pipe.stream.close()


@pytest.fixture
def start(pipe):
    """start(out, err) -> a journal, and a logger that only it hears."""
    journals = []

    def start(out, err):
        journals.append(Journal(out, err))
        logger = logging.Logger("test")
        logger.addHandler(journals[-1])
        return journals[-1], logger

    yield start
    pipe.break_off()  # what still waits for the pipe fails now, and is through
    for journal in journals:
        journal._queue.put(None)
        journal._thread.join(PATIENCE)
        assert not journal._thread.is_alive()
        journal.close()


def fill(journal, logger, text="x" * 100):
    """Log until records are left out; return how many were logged."""
    logged = 0
    while journal._skipped < 7:
        logger.info("%s %s", logged, text)
        logged += 1
        assert logged < 3 * CAPACITY
    return logged


# -- What is printed -------------------------------------------------------------


def test_news_go_to_stdout_and_trouble_to_stderr(start):
    out, err = Terminal(), Terminal()
    journal, logger = start(out, err)
    logger.info("%s joined", "ana")
    logger.warning("disk full")
    journal.close()
    assert (out.getvalue(), err.getvalue()) == ("ana joined\n", "disk full\n")


def test_a_name_cannot_fake_a_line_or_move_the_cursor(start):
    out = Terminal()
    journal, logger = start(out, Terminal())
    logger.info("%s joined", "ana\nserver stopped\x1b[2J\r\u202eb\x9b")
    journal.close()
    shown = "ana\\nserver stopped\\x1b[2J\\r\\u202eb\\x9b joined\n"
    assert out.getvalue() == shown


@pytest.mark.parametrize("text", ["plain", "привет 漢 👋", "back\\slash", ""])
def test_what_can_be_seen_is_left_as_it_is(text):
    assert make_visible(text) == text


def test_a_traceback_keeps_its_lines(start):
    err = Terminal()
    journal, logger = start(Terminal(), err)
    try:
        raise ValueError("broken")
    except ValueError:
        logger.exception("a reader\ncrashed")
    journal.close()
    first, second, *_, last = err.getvalue().splitlines()
    assert first == "a reader\\ncrashed"
    assert second == "Traceback (most recent call last):"
    assert last == "ValueError: broken"


def test_what_waits_is_printed_before_the_end(start):
    out = Terminal()
    journal, logger = start(out, Terminal())
    for n in range(1_000):
        logger.info("%s", n)
    journal.close()
    assert out.getvalue().split() == [str(n) for n in range(1_000)]


# -- A terminal that takes nothing -------------------------------------------------


def test_who_logs_never_waits_for_a_terminal_that_takes_nothing(start, pipe):
    journal, logger = start(pipe.stream, Terminal())
    logging_thread = threading.Thread(target=fill, args=[journal, logger], daemon=True)
    logging_thread.start()
    logging_thread.join(PATIENCE)
    assert not logging_thread.is_alive()


def test_the_end_does_not_wait_for_it_either(start, pipe):
    journal, logger = start(pipe.stream, Terminal())
    for n in range(2_000):
        logger.info("%s %s", n, "x" * 100)
    began = monotonic()
    journal.close()
    assert LAST_WORDS - 0.1 < monotonic() - began < LAST_WORDS + PATIENCE


def test_lines_left_out_are_counted_once_there_is_room(start, pipe):
    err = Terminal()
    journal, logger = start(pipe.stream, err)
    logged = fill(journal, logger)
    printed = 0
    while printed < logged - 7:
        printed += pipe.read().count(b"\n")
    assert err.written.wait(PATIENCE)
    assert err.getvalue() == "... 7 log lines left out\n"


def test_lines_left_out_are_counted_at_the_end_too(start, pipe):
    err = Terminal()
    journal, logger = start(pipe.stream, err)
    logged = fill(journal, logger)
    printed = 0
    while journal._queue.qsize() > CAPACITY - 10:
        printed += pipe.read().count(b"\n")
    journal.close()
    while printed < logged - 7:
        printed += pipe.read().count(b"\n")
    assert err.written.wait(PATIENCE)
    assert err.getvalue() == "... 7 log lines left out\n"


class Crowded(Journal):
    """Whenever its thread looks how many were left out, another one is, just then."""

    more = 3

    @property
    def _skipped(self):
        skipped = self.__dict__.get("_skipped", 0)
        if self.more and threading.current_thread() is self._thread:
            self.more -= 1
            self.__dict__["_skipped"] = skipped + 1
        return skipped

    @_skipped.setter
    def _skipped(self, skipped):
        self.__dict__["_skipped"] = skipped


def test_no_line_is_left_out_of_the_count_of_those_left_out():
    err = Terminal()
    journal = Crowded(Terminal(), err)
    for text in ("one", "two", "three", "four"):
        journal.answer(text)
        with journal.lock:
            journal._skipped += 1
    journal.close()
    journal._admit_gap()  # what came while it looked for the last time
    told = [int(line.split()[1]) for line in err.getvalue().splitlines()]
    assert sum(told) == 4 + (Crowded.more - journal.more)


def test_a_terminal_that_is_gone_does_not_silence_the_other(start, pipe):
    pipe.break_off()
    err = Terminal()
    journal, logger = start(pipe.stream, err)
    logger.info("nobody reads this")
    logger.warning("but this")
    journal.close()
    assert err.getvalue() == "but this\n"


def test_a_closed_file_is_no_crash(start):
    out, err = Terminal(), Terminal()
    out.close()
    journal, logger = start(out, err)
    logger.info("nobody reads this")
    logger.warning("but this")
    journal.close()
    assert err.getvalue() == "but this\n"


# -- Answers to the operator ---------------------------------------------------------


def test_an_answer_is_one_piece_and_cannot_move_the_cursor(start):
    terminal = StoppedTerminal()
    journal, logger = start(terminal, Terminal())
    logger.info("before")
    assert terminal.is_waiting.wait(PATIENCE)
    journal.answer("name  since\nana\x1b  14:05")
    assert journal._queue.qsize() == 1
    terminal.may_go_on.set()
    journal.close()
    assert terminal.getvalue() == "before\nname  since\nana\\x1b  14:05\n"


def test_a_full_log_leaves_out_no_answer_but_a_flood_of_them_ends(start):
    terminal = StoppedTerminal()
    journal, logger = start(terminal, Terminal())
    logger.info("the printer holds this one")
    assert terminal.is_waiting.wait(PATIENCE)
    fill(journal, logger)
    skipped = journal._skipped
    for _ in range(RESERVED):
        journal.answer("nobody is here")
    assert journal._skipped == skipped
    journal.answer("one too many")
    assert journal._skipped == skipped + 1
    terminal.may_go_on.set()


# -- The whole process -------------------------------------------------------------

CHILD = """
import sys
from chat.journal import journal, open_journal

console = open_journal(verbose=False)
journal.debug("not said")
journal.info("привет \\ud800")
sys.stdin.readline()
for n in range(5000):
    journal.info("x" * 100)
console.close()
sys.exit(3)
"""


@pytest.fixture
def child():
    # PYTHONUNBUFFERED would hide what Python does with its buffer at the end.
    environment = {**os.environ, "PYTHONUNBUFFERED": "", "PYTHONIOENCODING": "ascii"}
    with subprocess.Popen(
        [sys.executable, "-c", CHILD],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment,
    ) as child:
        yield child
        child.kill()


def test_the_terminal_gets_utf8_whatever_it_says(child):
    assert child.stdout.readline().rstrip() == "привет \\ud800".encode()


def test_a_program_whose_terminal_takes_nothing_still_ends(child):
    child.stdin.write(b"\n")
    child.stdin.flush()
    assert child.wait(PATIENCE) == 3


def test_a_program_whose_terminal_is_closed_ends_without_a_complaint(child):
    child.stdout.readline()
    child.stdout.close()
    child.stdin.write(b"\n")
    child.stdin.flush()
    assert child.stderr.read() == b""
    assert child.wait(PATIENCE) == 3


def test_what_joins_an_emoji_is_no_control():
    assert show_controls("👩\u200d🏫\x1b\n\ud800") == "👩\u200d🏫\\x1b\\n\\ud800"


# -- Complaints ------------------------------------------------------------------


def test_the_same_complaint_is_made_every_ten_seconds_only(monkeypatch):
    now, heard = 1000.0, []
    monkeypatch.setattr("chat.journal.monotonic", lambda: now)
    complain = Seldom(heard.append)
    for _ in range(1_000):
        complain("no room")
    complain("no thread")
    now += SELDOM - 0.1
    complain("no room")
    assert heard == ["no room", "no thread"]
    now += 0.1
    complain("no room")
    assert heard == ["no room", "no thread", "no room"]


# -- While a dashboard has the terminal ----------------------------------------------


class RealTerminal(Terminal):
    def isatty(self):
        return True


def lines_of(terminal):
    return terminal.getvalue().splitlines()


def test_what_is_logged_while_the_terminal_is_lent_is_printed_afterwards(start):
    out, err = RealTerminal(), RealTerminal()
    journal, logger = start(out, err)
    logger.info("before")
    journal.lend_terminal()
    assert lines_of(out) == ["before"]
    logger.info("ana joined")
    logger.error("the disk is full")
    journal.answer("bob is muted")
    journal.take_terminal_back()
    logger.info("after")
    journal.close()
    assert lines_of(out) == ["before", "ana joined", "bob is muted", "after"]
    assert lines_of(err) == ["the disk is full"]


def test_who_has_the_terminal_may_read_the_newest_lines(start):
    out = RealTerminal()
    journal, logger = start(out, out)
    journal.lend_terminal()
    for number in range(5):
        logger.info("line %s", number)
    journal.lend_terminal()  # waits for all before it
    assert journal.latest(2) == ("line 3", "line 4")
    journal.take_terminal_back()
    assert journal.latest(2) == ()
    journal.close()


def test_only_a_terminal_is_lent_and_a_file_gets_its_lines_at_once(start):
    out, err = RealTerminal(), Terminal()
    journal, logger = start(out, err)
    journal.lend_terminal()
    logger.error("the disk is full")
    journal.lend_terminal()  # waits for all before it
    assert lines_of(err) == ["the disk is full"]
    assert journal.latest(9) == ()
    journal.close()


def test_of_very_many_lines_the_newest_are_kept(start):
    out = RealTerminal()
    journal, logger = start(out, out)
    journal.lend_terminal()
    for number in range(KEPT + 3):
        logger.info("line %s", number)
    journal.take_terminal_back()
    journal.close()
    assert lines_of(out)[0] == "line 3"
    assert len(lines_of(out)) == KEPT


def test_a_server_that_ends_while_the_terminal_is_lent_loses_no_line(start):
    out = RealTerminal()
    journal, logger = start(out, out)
    journal.lend_terminal()
    logger.info("the last words")
    journal.close()
    assert lines_of(out) == ["the last words"]
