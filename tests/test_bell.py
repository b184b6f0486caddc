import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.bell import PAUSE_S, Bell, is_mention


def rings(bell, now=100.0, *, is_own=False, is_mention=False):
    return bell.rings(is_own=is_own, is_mention=is_mention, now=now)


@pytest.mark.parametrize(
    ("ring", "at_a_mention", "at_any_line"),
    [("off", False, False), ("mention", True, False), ("all", True, True)],
)
def test_it_rings_for_what_the_person_wants(ring, at_a_mention, at_any_line):
    assert rings(Bell(ring), is_mention=True) == at_a_mention
    assert rings(Bell(ring)) == at_any_line


def test_nobody_rings_for_oneself():
    assert not rings(Bell("all"), is_own=True, is_mention=True)


def test_a_hundred_mentions_at_once_ring_once():
    bell = Bell()
    rung = [rings(bell, 100.0 + n / 100, is_mention=True) for n in range(100)]
    assert rung.count(True) == 1


def test_after_two_seconds_it_may_ring_again():
    bell = Bell()
    assert rings(bell, 100.0, is_mention=True)
    assert not rings(bell, 100.0 + PAUSE_S - 0.01, is_mention=True)
    assert rings(bell, 100.0 + PAUSE_S, is_mention=True)


def test_a_line_that_does_not_ring_costs_no_pause():
    bell = Bell()
    rings(bell, 100.0, is_own=True, is_mention=True)
    assert rings(bell, 100.1, is_mention=True)


def test_the_bell_can_be_changed_while_it_hangs():
    bell = Bell("off")
    assert not rings(bell, is_mention=True)
    bell.ring = "mention"
    assert rings(bell, is_mention=True)


@pytest.mark.parametrize(
    "text",
    [
        *("ana", "Ana!", "hi ana, look", "@ana: yes", "(ANA)", "ask ana.", "ana?"),
        *("ａｎａ", "banana and ana", "is it ana's?", "'ana'", "ana\nbob", "to:ana"),
        *("你好ana你好", "ana-", "-ana", "...ana..."),
    ],
)
def test_ana_is_meant(text):
    assert is_mention(text, "ana")


@pytest.mark.parametrize(
    "text",
    [
        *("", "banana", "anathema", "ana2", "_ana", "ana_b", "an a", "anaïs", "a n a"),
        *("ana\u0301", "ana-maria", "dr.ana", "ana.example.org", "анa"),
    ],
)
def test_ana_is_not_meant(text):
    assert not is_mention(text, "ana")


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("frag Jürgen!", "ju\u0308rgen"),
        ("STRASSE?", "straße"),
        ("привет, Оля!", "оля"),
        ("hey dave.b", "dave.b"),
        ("小明你好", "小明"),
        ("지수는 어디?", "지수"),
        ("ありがとう花子さん", "花子"),
        ("مرحبا علي كيف", "علي"),
        ("हे राम सुनो", "राम"),
        ("สวัสดีนารี", "นารี"),
    ],
)
def test_names_of_every_script_are_found(text, name):
    assert is_mention(text, name)


@pytest.mark.parametrize(
    ("text", "name"), [("रामायण", "राम"), ("Толя", "оля"), ("معلي", "علي")]
)
def test_part_of_a_word_is_no_name_in_every_script_with_spaces(text, name):
    assert not is_mention(text, name)


def test_nobody_is_called_nothing():
    assert not is_mention("hello", "")


@given(st.text(max_size=30), st.text(min_size=1, max_size=5), st.text(max_size=30))
def test_no_text_and_no_name_is_an_error(before, name, after):
    is_mention(before + name + after, name)
    assert is_mention(f"{before} {name}, {after}", name) or not name.strip()
