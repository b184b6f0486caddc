import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.history import LIMIT, History, HistorySearch, Recall, SearchEnded
from tui.keys import Key, Paste, Typed


def history_of(*entries):
    history = History()
    for entry in entries:
        history.add(entry)
    return history


def test_the_same_twice_in_a_row_and_nothing_at_all_are_not_kept():
    history = history_of("a", "b", "b", "", "a")
    assert list(history) == ["a", "b", "a"]


def test_only_the_last_five_hundred_are_kept():
    history = history_of(*map(str, range(LIMIT + 3)))
    assert (len(history), history[0], history[-1]) == (500, "3", str(LIMIT + 2))


def test_up_goes_back_and_down_returns_to_the_draft():
    recall = Recall(history_of("first", "two\nlines"))
    assert recall.older("draft") == "two\nlines"
    assert recall.older("two\nlines") == "first"
    assert recall.older("first") is None
    assert recall.newer("first") == "two\nlines"
    assert recall.newer("changed") == "draft"
    assert recall.newer("draft") is None


def test_up_finds_what_does_not_begin_like_the_draft():
    assert Recall(history_of("hello")).older("x") == "hello"


def test_after_sending_the_walk_begins_at_the_newest_again():
    history = history_of("first", "second")
    recall = Recall(history)
    recall.older("")
    recall.older("second")
    history.add("first")
    recall.end()
    assert recall.older("") == "first"


@given(st.lists(st.text(), max_size=20), st.text(), st.integers(0, 25))
def test_as_many_steps_down_as_up_lead_back_to_the_draft(entries, draft, steps):
    recall, shown = Recall(history_of(*entries)), draft
    taken = 0
    while taken < steps and (entry := recall.older(shown)) is not None:
        shown, taken = entry, taken + 1
    for _ in range(taken):
        shown = recall.newer(shown)
    assert shown == draft


# ---- searching ----

TALK = ("Current state?", "recursion", "the curses screen", "bye")


@pytest.mark.parametrize(
    ("query", "before", "index"),
    [
        *[("cur", 4, 2), ("cur", 2, 1), ("cur", 1, 0), ("cur", 0, None)],
        *[("CURRENT", 4, 0), ("x", 4, None), ("", 4, None), ("bye", 99, 3)],
    ],
)
def test_search_finds_the_newest_entry_before_a_place(query, before, index):
    assert history_of(*TALK).search(query, before) == index


@given(st.lists(st.text("ab", max_size=4)), st.text("ab", min_size=1), st.integers(0))
def test_what_is_found_holds_the_query_and_nothing_newer_does(entries, query, before):
    history = history_of(*entries)
    index = history.search(query, before)
    newer = range(0 if index is None else index + 1, min(before, len(history)))
    assert not any(query in history[i] for i in newer)
    assert index is None or (index < before and query in history[index])


def search(*keys, entries=TALK):
    found = HistorySearch(history_of(*entries))
    for key in keys:
        event = Key(key[1:-1]) if key.startswith("<") else Typed(key)
        assert found.press(event) is None
    return found


def test_the_prompt_shows_what_is_sought_and_what_is_found():
    assert search().prompt == "(search: ) "
    assert search("cur").prompt == "(search: cur) the curses screen"


def test_more_letters_stay_at_the_entry_that_fits_them():
    assert search("cur", "<ctrl-r>", "s").prompt == "(search: curs) recursion"
    assert search("c", "u", "rr").prompt == "(search: curr) Current state?"


def test_ctrl_r_again_goes_to_the_next_older_and_stays_at_the_last():
    assert search("cur", "<ctrl-r>").prompt == "(search: cur) recursion"
    assert search("cur", *["<ctrl-r>"] * 5).prompt == "(search: cur) Current state?"
    assert search("<ctrl-r>").prompt == "(search: ) "


def test_ctrl_r_passes_over_what_reads_the_same():
    entries = ("older a", "a", "b", "a")
    assert search("a", "<ctrl-r>", entries=entries).prompt == "(search: a) older a"


def test_what_is_nowhere_leaves_the_last_finding_and_says_so():
    assert search("cur", "x").prompt == "(nothing found: curx) the curses screen"
    shown = search("cur", "x", "<backspace>").prompt
    assert shown == "(search: cur) the curses screen"


def test_backspace_takes_back_a_whole_character_and_searches_from_the_newest():
    assert search("bye", "👍🏽", "<backspace>").prompt == "(search: bye) bye"
    assert search("cur", *["<backspace>"] * 4).prompt == "(search: ) "


def test_a_paste_is_sought_too():
    found = search()
    assert found.press(Paste("curses")) is None
    assert found.prompt == "(search: curses) the curses screen"


def test_enter_takes_the_entry_into_the_line_and_presses_nothing():
    assert search("cur").press(Key("enter")) == SearchEnded("the curses screen")


@pytest.mark.parametrize("key", ["escape", "ctrl-g", "ctrl-c"])
def test_escape_leaves_the_line_as_it_was(key):
    assert search("cur").press(Key(key)) == SearchEnded(None)


def test_any_other_key_takes_the_entry_and_does_its_work():
    assert search("cur").press(Key("left")) == SearchEnded(
        "the curses screen", Key("left")
    )


def test_with_nothing_found_the_line_stays():
    assert search("x").press(Key("enter")) == SearchEnded(None)
    assert search("x").press(Key("left")) == SearchEnded(None, Key("left"))
