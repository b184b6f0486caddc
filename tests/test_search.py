"""Finding a word in what was said."""

from tui.scrollback import Item, Scrollback
from tui.search import Search


def kept(*texts, limit=100):
    scrollback = Scrollback(limit)
    for text in texts:
        scrollback.append(Item("said", 0.0, text, "bob"))
    return scrollback


def test_the_newest_line_with_the_word_comes_first_in_any_case():
    assert Search(kept("One", "two", "one"), "ONE").hit == 2


def test_older_and_newer_go_from_hit_to_hit_and_stop_at_the_ends():
    search = Search(kept("a1", "b", "a2", "a3"), "a")
    hits = [search.hit]
    for step in (search.older, search.older, search.older, search.newer, search.newer):
        step()
        hits.append(search.hit)
    assert hits == [3, 2, 0, 0, 2, 3]


def test_typing_narrows_the_search_and_erasing_widens_it():
    search = Search(kept("ab", "a"), "")
    assert search.hit is None
    search.type("a")
    assert search.hit == 1
    search.type("b")
    assert search.hit == 0
    search.erase()
    assert search.hit == 1


def test_a_word_that_is_not_there_has_failed_and_an_empty_one_has_not():
    assert Search(kept("a"), "z").has_failed
    assert not Search(kept("a"), "").has_failed


def test_a_speaker_is_found_too():
    assert Search(kept("hi"), "BOB").hit == 0


def test_what_fell_out_of_the_ring_is_not_found():
    search = Search(kept("a", "b", "c", limit=2), "a")
    assert search.hit is None


def test_what_somebody_did_is_found_as_it_is_shown():
    scrollback = kept("/me waves")
    assert Search(scrollback, "bob waves").hit == 0
    assert Search(scrollback, "/me").hit is None
