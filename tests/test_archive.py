"""The archive: pages of the past, and what a session has missed."""

from contextlib import closing

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chat import archive
from chat.archive import LARGEST_PAGE, MOST_MISSED, USUAL_PAGE
from chat.log import open_log


@pytest.fixture(params=["disk", "memory"])
def log(request, tmp_path):
    history = str(tmp_path / "history.db") if request.param == "disk" else "memory"
    with closing(open_log(history)) as log:
        yield log


def said(log, *texts, room="#lobby", who="ana", ids=True):
    """Store lines one after the other."""
    for text in texts:
        id = f"{room}-{text}" if ids else None
        log.append([(f"{who}'s", id, room, who, text)], 1)


def told(log, who, to, text):
    entry = (f"{who}'s", text, None, who, text, to, f"{to}'s")
    log.append([entry], 1)


def texts(page):
    return [line.text for line in page.lines]


def test_a_page_is_the_newest_lines_of_its_room_in_their_order(log):
    said(log, "1", "2")
    said(log, "elsewhere", room="#cellar")
    said(log, "3", "4")
    page = log.archive.page("#lobby", None, 3)
    assert (texts(page), page.has_more) == (["2", "3", "4"], True)


def test_pages_lead_back_to_the_beginning_and_miss_nothing(log):
    said(log, *map(str, range(50)))
    found, before, has_more = [], None, True
    while has_more:
        page = log.archive.page("#lobby", before, 7)
        found = texts(page) + found
        before, has_more = page.lines[0].seq, page.has_more
    assert found == [str(n) for n in range(50)]


def test_an_empty_room_has_an_empty_page(log):
    page = log.archive.page("#nowhere", None, None)
    assert (texts(page), page.has_more) == ([], False)


@pytest.mark.parametrize(
    ("limit", "count"),
    [(None, USUAL_PAGE), (0, USUAL_PAGE), (1, 1), (10**15, LARGEST_PAGE)],
)
def test_no_limit_is_absurd_enough_to_harm(log, limit, count):
    said(log, *map(str, range(LARGEST_PAGE + 5)))
    assert len(log.archive.page("#lobby", None, limit).lines) == count
    assert texts(log.archive.page("#lobby", 10**15, limit))[-1] == "104"
    assert texts(log.archive.page("#lobby", 0, limit)) == []  # before the first one


def test_a_page_of_huge_lines_stops_early_and_says_that_there_is_more(log):
    said(log, *[f"{n}" + "漢" * 3_999 for n in range(60)])
    page = log.archive.page("#lobby", None, 60)
    assert 10 < len(page.lines) < 30
    assert page.has_more
    assert page.lines[-1].text.startswith("59")


def test_a_talk_is_read_by_its_two_and_nobody_else(log):
    told(log, "ana", "bob", "to bob")
    told(log, "bob", "ana", "to ana")
    told(log, "ana", "mei", "to mei")
    said(log, "to all")
    assert texts(log.archive.page_with("ana's", "bob", None, 9)) == ["to bob", "to ana"]
    assert texts(log.archive.page_with("bob's", "ANA", None, 9)) == ["to bob", "to ana"]
    assert texts(log.archive.page_with("mei's", "bob", None, 9)) == []
    # Who has the name later is not who had it then.
    assert texts(log.archive.page_with("another ana's", "bob", None, 9)) == []


def test_a_line_to_oneself_is_there_once(log):
    told(log, "ana", "ana", "note")
    assert texts(log.archive.page_with("ana's", "ana", None, 9)) == ["note"]


def test_missed_are_ones_rooms_ones_talks_and_ones_own_lines(log):
    said(log, "before")
    since = log.newest
    said(log, "in the lobby", who="bob")
    said(log, "own line in a room that was left", room="#left")
    said(log, "not for ana", room="#cellar", who="bob")
    told(log, "bob", "ana", "psst")
    told(log, "ana", "mei", "hi mei")
    told(log, "bob", "mei", "secret")
    page = log.archive.missed("ana's", {"#lobby": 0}, since)
    assert texts(page) == [
        "in the lobby",
        "own line in a room that was left",
        "psst",
        "hi mei",
    ]
    assert [bool(line.id) for line in page.lines] == [False, True, False, True]
    assert not page.has_more


def test_of_very_much_that_was_missed_the_newest_is_told(log):
    log.append(
        [("ana's", f"k{n}", "#lobby", "ana", str(n)) for n in range(MOST_MISSED + 1)],
        1,
    )
    page = log.archive.missed("bob's", {"#lobby": 0}, 0)
    assert len(page.lines) == MOST_MISSED
    assert (page.lines[-1].text, page.has_more) == (str(MOST_MISSED), True)
    assert not log.archive.missed("bob's", {"#lobby": 0}, 1).has_more


def test_a_replay_alone_cannot_fill_an_outbox(log):
    said(log, *[f"{n}" + "漢" * 3_999 for n in range(100)], who="ana")
    page = log.archive.missed("bob's", {"#lobby": 0}, 0)
    size = sum(len(line.text.encode()) for line in page.lines)
    assert archive.MISSED_BYTES * 0.9 < size <= archive.MISSED_BYTES
    assert page.has_more


def test_what_was_said_before_one_entered_was_not_missed(log):
    said(log, "1", "2", "3")
    said(log, "4", room="#cellar")
    assert texts(log.archive.missed("bob's", {"#lobby": 2, "#cellar": 0}, 0)) == [
        "3",
        "4",
    ]
    assert texts(log.archive.missed("bob's", {"#lobby": 2}, 3)) == []


@pytest.mark.parametrize("since", [0, 100])
def test_a_month_in_a_busy_room_is_not_read_to_tell_its_end(log, since):
    entries = [("x", None, "#lobby", "ana", "x")] * 20_000
    log.append(entries, 1)
    steps = []
    log.own_archive._db.set_progress_handler(lambda: steps.append(1), 1_000)
    assert log.own_archive.missed("bob's", {"#lobby": 0}, since).has_more
    log.own_archive._db.set_progress_handler(None, 0)
    assert len(steps) < 100  # thousands of steps of SQLite; over 400 if all is read


@settings(max_examples=30, deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from(["#a", "#b"]), st.booleans()), max_size=40),
    st.integers(0, 45),
)
def test_missed_is_what_a_reader_of_everything_would_keep(lines, since):
    with closing(open_log("memory")) as log:
        entries = [
            ("ana's" if mine else "bob's", str(n), room, "x", str(n))
            for n, (room, mine) in enumerate(lines)
        ]
        if entries:
            log.append(entries, 1)
        expected = [
            str(n)
            for n, (room, mine) in enumerate(lines)
            if n + 1 > since and (room == "#a" or mine)
        ]
        assert texts(log.archive.missed("ana's", {"#a": 0}, since)) == expected
