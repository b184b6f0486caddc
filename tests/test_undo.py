from hypothesis import given
from hypothesis import strategies as st

from tui.undo import CHANGE_COST, Change, Undo

TEXTS = st.text("abc\n漢", max_size=8)


def changed(text, start, end, inserted):
    start, end = sorted((min(start, len(text)), min(end, len(text))))
    return Change(start, text[start:end], inserted, 0)


@given(TEXTS, st.integers(0, 8), st.integers(0, 8), TEXTS)
def test_reverting_a_change_gives_the_text_before_it(text, start, end, inserted):
    change = changed(text, start, end, inserted)
    assert change.revert(change.apply(text)) == text


@given(TEXTS, st.lists(st.tuples(st.integers(0, 8), st.integers(0, 8), TEXTS)))
def test_two_joined_changes_are_as_the_two(text, edits):
    undo, now = Undo(), text
    for start, end, inserted in edits:
        change = changed(now, start, end, inserted)
        now = change.apply(now)
        undo.record(change, joins=True)
    first = now
    while change := undo.back():
        first = change.revert(first)
    assert first == text
    while change := undo.again():
        first = change.apply(first)
    assert first == now


def test_a_run_of_letters_is_one_change():
    undo = Undo()
    for place, letter in enumerate("hello"):
        undo.record(Change(place, "", letter, place), joins=True)
    assert undo.back() == Change(0, "", "hello", 0)
    assert undo.back() is None


def test_changes_in_two_places_are_never_joined():
    undo = Undo()
    undo.record(Change(9, "", "a", 9))
    undo.record(Change(0, "", "b", 0), joins=True)
    assert undo.back() == Change(0, "", "b", 0)
    assert undo.back() == Change(9, "", "a", 9)


def test_a_new_change_ends_what_could_be_done_again():
    undo = Undo()
    undo.record(Change(0, "", "a", 0))
    undo.back()
    undo.record(Change(0, "", "b", 0))
    assert undo.again() is None


def test_the_oldest_changes_are_forgotten_beyond_the_limit_of_characters():
    undo = Undo(limit=3 * CHANGE_COST + 100)
    for size in (40, 30, 20, 60):
        undo.record(Change(0, "", "x" * size, 0))
    sizes = []
    while change := undo.back():
        sizes.append(len(change.inserted))
    assert sizes == [60, 20]


def test_undone_and_done_again_counts_once_against_the_limit():
    undo = Undo(limit=3 * CHANGE_COST + 3)
    for _ in range(2):
        undo.record(Change(0, "", "x", 0))
    for _ in range(10):
        undo.back()
        undo.again()
    undo.record(Change(0, "", "x", 0))
    assert [undo.back() is None for _ in range(3)] == [False, False, False]


def test_a_change_beyond_the_limit_cannot_be_undone_nor_those_before_it():
    undo = Undo(limit=1_000)
    undo.record(Change(0, "", "a", 0))
    undo.record(Change(0, "", "x" * 1_001, 0))
    assert undo.back() is None


def test_a_hundred_letters_behind_a_pasted_megabyte_cost_a_hundred_letters():
    undo = Undo()
    undo.record(Change(0, "", "x" * 900_000, 0))
    for place in range(100):
        undo.record(Change(900_000 + place, "", "y", 0))
    steps = 0
    while undo.back():
        steps += 1
    assert steps == 101
