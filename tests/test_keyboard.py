"""What is typed at the server's terminal, as lines."""

import io
import os
from types import SimpleNamespace

import pytest

from chat.keyboard import SIZE, keyboard_of, typed_lines


class Keys(io.RawIOBase):
    """Gives what it is told to, one piece at a time."""

    def __init__(self, *pieces, is_terminal=False):
        self._pieces = list(pieces)
        self._is_terminal = is_terminal

    def isatty(self):
        return self._is_terminal and bool(self._pieces)  # at last the window closes

    def read(self, _size):
        piece = self._pieces.pop(0) if self._pieces else b""
        if isinstance(piece, OSError):
            raise piece
        return piece


def never():
    raise AssertionError("nobody pressed Ctrl+D")


def lines(*pieces, at_ctrl_d=never, **options):
    return list(typed_lines(Keys(*pieces, **options), at_ctrl_d))


@pytest.fixture
def waits(monkeypatch):
    """How often a moment was waited."""
    waited = []
    event = SimpleNamespace(wait=waited.append)
    monkeypatch.setattr("chat.keyboard.Event", lambda: event)
    return waited


def test_a_line_may_come_in_pieces_and_several_at_once():
    assert lines(b"/wh", b"o\n/sta", b"ts\n/help\n") == ["/who", "/stats", "/help", ""]


def test_the_last_line_needs_no_end():
    assert lines(b"/who\n/stop") == ["/who", "/stop"]


def test_what_is_no_utf8_is_a_line_all_the_same():
    assert lines("/say да".encode() + b"\xff\n") == ["/say да\ufffd", ""]


def test_a_line_without_end_does_not_fill_the_memory():
    assert list(map(len, lines(b"x" * SIZE, b"y"))) == [SIZE, 1]


def test_ctrl_d_is_remarked_and_the_typing_goes_on(waits):
    remarks = []
    typed = lines(
        b"",
        b"/who\n",
        at_ctrl_d=lambda: remarks.append("stop?"),
        is_terminal=True,
    )
    assert typed == ["/who", ""]
    assert remarks == ["stop?"]
    assert len(waits) == 1


def test_in_the_background_it_asks_again_later_and_does_not_spin(waits):
    refused = OSError(5, "Input/output error")
    assert lines(refused, refused, b"/who\n", is_terminal=True) == ["/who", ""]
    assert len(waits) == 2


def test_a_terminal_that_is_gone_is_the_end():
    assert lines(b"/who\n", OSError(5, "Input/output error")) == ["/who", ""]


def test_a_pipe_that_has_nothing_yet_is_asked_again(waits):
    assert lines(None, b"/who\n") == ["/who", ""]
    assert len(waits) == 1


def test_where_nothing_can_come_there_is_no_keyboard(tmp_path):
    assert keyboard_of(None) is None  # python server.py <&-
    with open(os.devnull) as nothing:
        assert keyboard_of(nothing) is None
    assert keyboard_of(io.StringIO()) is None
    (tmp_path / "commands").write_text("/who\n")
    with open(tmp_path / "commands") as commands:
        assert list(typed_lines(keyboard_of(commands), never)) == ["/who", ""]
    assert keyboard_of(commands) is None  # closed
