"""The dashboard as text files: moments of a lesson at several sizes.

tests/goldens/watch/slow.txt: one picture per size; under each, the styles by name

UPDATE_GOLDENS=1 python -m pytest tests/test_picture.py
"""

import os
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_goldens import filled, styles, words

from tui.signs import ASCII
from tui.width import Ruler
from watch.controls import Controls, Prompt
from watch.picture import render
from watch.snapshot import LockStory, Passed, Snapshot, Standing

GOLDENS = Path(__file__).parent / "goldens" / "watch"
SIZES = [(80, 24), (120, 40), (60, 12), (40, 10), (20, 5), (10, 2), (1, 1)]
RULER = Ruler()

PARTS = (
    Standing("scribe", "queue", 0.4),
    Standing("flusher", "select", 12.0),
    Standing("clock", "timer", 0.1),
    Standing("acceptor", "accept", 0.3),
)
READERS = (
    Standing("ana", "recv", 2.1, 12, 98),
    Standing("bob", "recv", 31.0, 3, 41, 213_000),
    Standing("carol", "HOLDS clients_lock", 0.5, 22, 97),
    Standing("dave", "WAITS clients_lock", 0.3, 9, 95),
    Standing("王小明", "recv", 754.0, 1_204, 20_311),
)
WIRE = (
    Passed("14:02:11.204", "carol", "server", 16, b"say\0k1\0#lobby\0hi",
        "say | k1 | #lobby | hi"),
    Passed("14:02:11.205", "server", "*14", 38, b"said\x0018\x001790000000000\0",
        "said | 18 | time | #lobby | carol | hi | k1"),
    Passed("14:02:12.001", "dave", "server", 16, b"tell\0t1\0ana\0",
        "tell | t1 | ana | [private, 4 bytes]"),
    Passed("14:02:12.002", "server", "*2", 41, b"told\0",
        "told | 19 | time | dave | ana | [private, 7 bytes]"),
)  # fmt: skip
AT_REST = Snapshot(
    "127.0.0.1:12345",
    "python client.py NAME 127.0.0.1:12345",
    people=1,
    threads=6,
    standings=(*PARTS, READERS[0]),
    wire=WIRE[:2],
    log=("ana joined",),
)
LESSON = replace(
    AT_REST,
    people=14,
    lines=1_204,
    threads=29,
    standings=(*PARTS, *READERS),
    lock=LockStory(
        *("clients_lock", "clients, rooms"), 1_204, 0.012, 0.0004, "carol", ("dave",)
    ),
    wire=WIRE * 3,
    log=("dave joined", "bob joined", "carol is now caroline"),
)
CAPTION = (
    "1  Bob stops reading. Who has to wait for him?",
    "   a  everybody        b  nobody        c  who sits beside him",
    "a, b, c or Enter: what happens?   Esc: another time",
)
MOMENTS = {
    "at_rest": (AT_REST, Controls()),
    "lesson": (LESSON, Controls()),
    "without_the_wire": (LESSON, Controls(has_wire=False)),
    "frozen": (replace(LESSON, pause=0.5), Controls(is_frozen=True)),
    "sorted_by_name": (LESSON, Controls(order="name", note="sorted by name")),
    "explained": (replace(LESSON, caption=CAPTION), Controls()),
    "help": (LESSON, Controls(is_help_open=True)),
    "kick": (LESSON, Controls(prompt=Prompt("kick", ("ana", "bea", "bob"), "b"))),
    "stopping": (
        replace(LESSON, is_stopping=True),
        Controls(is_asking_to_stop=True),
    ),
}


def pictured(moment, width, height):
    """Words in a frame, and then styles for the rows that have more than one."""
    frame = render(*_split(moment, width, height))
    row, column = frame.cursor
    yield f"{width}x{height}, cursor in row {row + 1}, column {column + 1}"
    edge = f"+{'-' * width}+"
    yield from (edge, *(f"|{filled(r, width, words)}|" for r in frame.rows), edge)
    yield from (f" {filled(r, width, styles)}".rstrip() for r in frame.rows)


def _split(moment, width, height):
    snapshot, controls = moment
    return snapshot, width, height, controls


@pytest.mark.parametrize("name", MOMENTS)
def test_the_dashboard_looks_as_it_did(name):
    path = GOLDENS / f"{name}.txt"
    pictures = ("\n".join(pictured(MOMENTS[name], *size)).rstrip() for size in SIZES)
    shown = "\n\n".join(pictures) + "\n"
    if os.environ.get("UPDATE_GOLDENS"):
        path.parent.mkdir(exist_ok=True)
        path.write_text(shown, encoding="utf-8")
    assert shown.splitlines() == path.read_text(encoding="utf-8").splitlines()


def test_every_golden_has_its_moment():
    assert {path.stem for path in GOLDENS.glob("*.txt")} == set(MOMENTS)


def drawn(snapshot, width=80, height=24, **options):
    return list(render(snapshot, width, height, **options).lines())


def test_who_is_in_trouble_comes_first():
    rows = drawn(LESSON)[2:6]
    assert [row.split()[0] for row in rows] == ["bob", "dave", "carol", "scribe"]


def test_who_is_held_up_stands_above_who_only_waits():
    flo = Standing("flo", "held up for 0.1 s", 0.0, 80, 40)
    rows = drawn(replace(AT_REST, standings=(*AT_REST.standings, flo)))
    assert rows[2].startswith(" flo")


def test_what_the_words_mean_is_also_in_reverse_video():
    frame = render(LESSON, 80, 24)
    reversed_ = [s.text for row in frame.rows[2:] for s in row if s.style == "bar"]
    assert reversed_[:-1] == ["SLOW", "WAITS", "HOLDS", "HOLDS", "WAITS"]


def test_the_lock_stands_beside_what_it_guards():
    rows = "\n".join(drawn(LESSON))
    assert "LOCK clients_lock guards clients, rooms (14 people)" in rows
    assert "longest wait 12 ms, hold 0.4 ms   HOLDS carol   WAITS dave" in rows


def test_the_newest_frame_is_the_lowest():
    rows = drawn(LESSON)
    log = next(y for y, row in enumerate(rows) if row == " LOG")
    assert "told | 19" in rows[log - 1]


@pytest.mark.parametrize("has_wire", [True, False])
def test_an_empty_log_leaves_its_rows_to_the_others(has_wire):
    quiet, controls = replace(LESSON, log=()), Controls(has_wire=has_wire)
    assert " LOG" in drawn(LESSON, controls=controls)
    assert " LOG" not in drawn(quiet, controls=controls)


def test_who_does_not_fit_is_counted():
    many = tuple(Standing(f"p{n:03}", "recv", 1.0) for n in range(1_000))
    rows = drawn(replace(LESSON, standings=many))
    [more] = [row for row in rows if row.startswith(" and ")]
    shown = sum(row.startswith(" p0") for row in rows)
    assert more == f" and {1_000 - shown} more"


def scrolled(top, **options):
    many = tuple(Standing(f"p{n:03}", "recv", 1.0) for n in range(100))
    rows = drawn(replace(LESSON, standings=many), controls=Controls(top=top, **options))
    return [row.split()[0] for row in rows if row.startswith(" p")]


def test_the_threads_scroll_and_the_last_stays_in_sight():
    assert scrolled(0)[0] == "p000"
    assert scrolled(7)[0] == "p007"
    assert scrolled(1_000)[-1] == "p099"
    assert len(scrolled(1_000)) > 5


def test_the_help_scrolls_on_a_small_screen():
    rows = drawn(LESSON, 60, 12, controls=Controls(is_help_open=True, top=1_000))
    assert "server > *14" in rows[-2]


def test_a_caption_of_too_many_rows_is_cut():
    caption = tuple(f"row {n}" for n in range(9))
    rows = drawn(replace(LESSON, caption=caption), height=40)
    assert "│ row 5" in rows
    assert "│ row 6" not in rows


def test_without_utf_8_only_ascii_of_ours_is_drawn():
    ours = replace(LESSON, standings=PARTS, caption=CAPTION)
    assert "\n".join(drawn(ours, signs=ASCII)).isascii()


@given(
    st.integers(1, 200),
    st.integers(1, 60),
    st.sampled_from(sorted(MOMENTS)),
)
def test_at_any_size_it_fits_the_screen(width, height, name):
    frame = render(*_split(MOMENTS[name], width, height))
    assert len(frame.rows) == height
    for row in frame.rows:
        end = 0
        for span in row:
            assert span.column >= end
            end = span.column + RULER.cells(span.text)
        assert end <= width
