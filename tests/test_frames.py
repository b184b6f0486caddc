"""From what the chat knows to what travels: everything fits into frames."""

import pytest

from chat.archive import Line, Page
from chat.frames import (
    MAX_CHUNK,
    chunks,
    past_frames,
    report_of,
    roomlist_frame,
    roster_frames,
)
from chat.presence import FRAME_NAMES
from messages import Joined, Ok, Past, Said, Told
from protocol import MAX_PAYLOAD, Decoder, decode_report


@pytest.mark.parametrize("count", [0, 1, FRAME_NAMES, FRAME_NAMES + 1, 1_700])
def test_a_roster_of_any_size_arrives_sorted_and_whole(count):
    names = [f"p{n:04}" for n in range(count)]
    frames = roster_frames("#lobby", "w1", names[::-1])
    users, *more = map(decode_report, Decoder().feed(frames))
    assert (users.id, users.room) == ("w1", "#lobby")
    assert {type(report) for report in more} <= {Joined}
    assert [n for report in (users, *more) for n in report.names] == names


@pytest.mark.parametrize("letter", ["r", "漢", "\U00020000"])
def test_a_list_of_very_many_rooms_is_one_frame_with_the_first_of_them(letter):
    listing = [(f"#{letter * 26}{n:04}", 1, letter * 200) for n in range(2_000)]
    frame = roomlist_frame("i" * 64, listing)
    (listed,) = map(decode_report, Decoder().feed(frame))
    count, rest = divmod(len(listed.rows), 3)
    assert rest == 0
    assert list(listed.rows[::3]) == [room for room, _, _ in listing[:count]]
    one_more = len("\0".join(map(str, listing[count])).encode()) + 1
    assert len(frame) <= MAX_PAYLOAD + 4 < len(frame) + one_more + 128


def test_a_stored_line_is_told_as_it_was_when_it_was_new():
    line = Line(7, 1, "#lobby", "ana", None, "hi", "k1")
    assert report_of(line) == Said(7, 1, "#lobby", "ana", "hi", "k1")
    assert report_of(line._replace(room=None, recipient="bob", id=None)) == (
        Told(7, 1, "ana", "bob", "hi")
    )


def test_the_longest_page_of_the_longest_lines_fits_into_frames():
    line = Line(10**14, 10**14, "#" + "漢" * 30, "漢" * 20, None, "\U00020000" * 4_000)
    frames = past_frames("i" * 64, "漢" * 31, Page([line] * 3, has_more=True))
    *lines, end = map(decode_report, Decoder().feed(frames))
    assert {type(report) for report in lines} == {Past}
    assert end == Ok("i" * 64, ("yes",))


@pytest.mark.parametrize(
    "size", [1, 1_000, MAX_CHUNK // 2, MAX_CHUNK - 1, MAX_CHUNK, MAX_CHUNK + 9]
)
def test_pieces_hold_all_frames_in_order_and_are_as_large_as_they_may(size):
    frames = [bytes([n]) * size for n in range(200)]
    pieces = list(chunks(frames))
    assert b"".join(pieces) == b"".join(frames)
    assert all(pieces)
    assert all(len(p) <= max(size, MAX_CHUNK) and len(p) % size == 0 for p in pieces)
    assert all(len(p) + size > MAX_CHUNK for p in pieces[:-1])


def test_of_nothing_there_is_no_piece():
    assert list(chunks([])) == []
