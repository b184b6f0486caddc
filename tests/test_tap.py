"""The latest frames, kept only while somebody watches."""

import threading

import pytest
from conftest import PATIENCE

from messages import Said, Say
from sight.seat import Seat
from sight.tap import CAPACITY, PER_LOOK, Tap, tap
from watch.privacy import count, keep


def as_it_is(data, comes_in):
    return data, comes_in


def one(_chunk):
    return 1


@pytest.fixture
def open_tap():
    tap_ = Tap()
    tap_.open(as_it_is, one)
    return tap_


def test_it_keeps_what_comes_in_with_its_sender(open_tap):
    ana = Seat("ana")
    open_tap.note_in(ana, b"say")
    [note] = open_tap.latest()
    assert (note.sender, note.kept, note.readers) == (ana, (b"say", True), [])
    assert ana.frames_in == 1


def test_one_chunk_for_many_is_one_note(open_tap):
    readers = [Seat(name) for name in ("ana", "bob", "cy")]
    chunk = b"said"
    for reader in readers:
        open_tap.note_out(reader, chunk)
    [note] = open_tap.latest()
    assert (note.sender, note.readers) == (None, readers)
    assert [reader.frames_out for reader in readers] == [1, 1, 1]


def test_an_equal_chunk_that_is_another_is_another_note(open_tap):
    ana = Seat("ana")
    open_tap.note_out(ana, bytes([1, 2]))
    open_tap.note_out(ana, bytes([1, 2]))
    assert len(open_tap.latest()) == 2


def test_what_two_threads_send_at_once_is_not_mixed_up(open_tap):
    """The scribe is in the middle of a chunk when a reader answers a ping."""
    chunk, readers = bytes([7, 7]), [Seat("ana"), Seat("bob")]
    open_tap.note_out(readers[0], chunk)

    def answer():
        Seat("reader").take()
        open_tap.note_out(readers[1], b"pong")

    thread = threading.Thread(target=answer)
    thread.start()
    thread.join(PATIENCE)
    open_tap.note_out(readers[1], chunk)
    assert [len(note.readers) for note in open_tap.latest()] == [2, 1]


def test_a_chunk_counts_as_its_frames():
    counting, ana = Tap(), Seat("ana")
    counting.open(as_it_is, lambda _chunk: 7)
    counting.note_out(ana, b"seven frames")
    assert ana.frames_out == 7


def test_only_the_latest_are_kept(open_tap):
    ana = Seat("ana")
    for number in range(CAPACITY + 5):
        open_tap.note_in(ana, b"%d" % number)
        open_tap.latest()  # somebody looks
    notes = open_tap.latest()
    assert len(notes) == CAPACITY
    assert notes[0].kept[0] == b"5"


def test_of_a_flood_that_nobody_can_read_only_the_beginning_is_kept(open_tap):
    ana, bob = Seat("ana"), Seat("bob")
    for number in range(PER_LOOK + 5):
        open_tap.note_in(ana, b"%d" % number)
    open_tap.note_out(bob, b"said")
    assert len(open_tap.latest()) == PER_LOOK
    assert (ana.frames_in, bob.frames_out) == (PER_LOOK + 5, 1), "all are counted"
    open_tap.note_in(ana, b"after a look")
    assert open_tap.latest()[-1].kept[0] == b"after a look"


def test_closed_it_has_forgotten_everything(open_tap):
    open_tap.note_in(Seat("ana"), b"say")
    open_tap.close()
    assert not open_tap.is_open
    assert open_tap.latest() == []


# -- In a real server -----------------------------------------------------------------


def passed():
    return [
        (note.sender.name if note.sender else "server", kept.payload)
        for note in tap.latest()
        for kept in note.kept
    ]


def test_a_line_is_seen_coming_in_and_going_out_to_all(join):
    ana, bob = join("ana"), join("bob")
    tap.open(keep, count)
    ana.send(Say("k1", "#lobby", "hi"))
    ana.hear(Said)
    bob.hear(Said)
    first, last = passed()[0], passed()[-1]
    assert first == ("ana", b"say\0k1\0#lobby\0hi")
    assert last[0] == "server"
    assert last[1].startswith(b"said\0")
    assert {seat.name for seat in tap.latest()[-1].readers} == {"ana", "bob"}


def test_while_nobody_watches_nothing_is_kept(join):
    ana = join("ana")
    ana.send(Say("k1", "#lobby", "hi"))
    ana.hear(Said)
    assert tap.latest() == []
