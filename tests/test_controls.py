"""What the dashboard's keys do."""

import pytest

from sight.motion import motion
from tui.signs import UNICODE
from tui.width import Ruler
from watch.controls import KEYS, ORDERS, STOP, Controls
from watch.footer import footer_row
from watch.parts import Sheet
from watch.picture import ORDERS as SORTED


@pytest.fixture
def controls():
    return Controls(names=lambda: ["ana", "bea", "bob", "Bobby"])


def press(controls, *keys):
    """The orders that these keys give."""
    return [order for key in keys if (order := controls.press(key))]


def bottom(controls, width=80):
    row, _cursor = footer_row(controls, Sheet(width, Ruler(), UNICODE))
    return "".join(span.text + " " for span in row)


def test_space_freezes_the_picture_and_lets_it_go_on(controls):
    press(controls, " ")
    assert controls.is_frozen
    press(controls, " ")
    assert not controls.is_frozen


def test_w_takes_the_wire_away_and_brings_it_back(controls):
    press(controls, "w")
    assert not controls.has_wire
    press(controls, "w")
    assert controls.has_wire


def test_minus_slows_down_and_plus_speeds_up(controls):
    press(controls, "-", "-")
    assert motion.seconds == 0.5
    press(controls, "+")
    assert motion.seconds == 0.1
    press(controls, "=")  # the same key without Shift
    assert motion.seconds == 0


def test_s_goes_through_every_order_and_says_which(controls):
    seen = []
    for _ in ORDERS:
        press(controls, "s")
        seen.append(controls.order)
        assert controls.order in controls.note
    assert seen == [*ORDERS[1:], ORDERS[0]]


def test_every_order_can_be_drawn():
    assert set(ORDERS) == set(SORTED)


@pytest.mark.parametrize("verb", ["kick", "mute", "unmute"])
def test_who_is_meant_is_asked_for(controls, verb):
    assert press(controls, verb[0]) == []
    assert f"{verb} whom?" in bottom(controls)
    assert press(controls, "b", "o", "enter") == [f"/{verb} bob"]
    assert controls.prompt is None


def test_first_letters_are_enough_and_their_case_does_not_matter(controls):
    assert press(controls, "k", *"BOBB", "enter") == ["/kick Bobby"]


@pytest.mark.parametrize(
    ("keys", "name"),
    [
        (["down"], "bea"),
        (["down", "right", "tab"], "Bobby"),
        (["up"], "Bobby"),
        (["down", "left"], "ana"),
        (["b", "down"], "bob"),
        (["down", "b"], "bea"),
        (["x", "backspace"], "ana"),
    ],
)
def test_arrows_choose_among_those_who_are_here(controls, keys, name):
    assert press(controls, "k", *keys, "enter") == [f"/kick {name}"]


def test_who_is_not_here_may_be_typed_all_the_same(controls):
    """To unmute who has gone: the desk knows them."""
    assert press(controls, "u", *"zoe", "enter") == ["/unmute zoe"]


def test_escape_forgets_the_question(controls):
    assert press(controls, "k", "a", "escape", "enter") == []
    assert "freeze" in bottom(controls)


def test_nobody_can_be_meant_where_nobody_is():
    assert press(Controls(), "k", "enter") == []


def test_while_a_name_is_typed_no_key_means_anything_else(controls):
    press(controls, "k", "w", "q", "s")
    assert controls.has_wire
    assert controls.prompt.typed == "wqs"
    assert controls.is_prompting


@pytest.mark.parametrize("yes", ["q", "y", "enter"])
def test_q_asks_once_before_it_stops_the_server(controls, yes):
    assert press(controls, "q") == []
    assert "stop the server?" in bottom(controls)
    assert press(controls, yes) == [STOP]


def test_any_other_key_keeps_the_server_running(controls):
    assert press(controls, "q", "w", "q", "escape") == []
    assert controls.has_wire, "the answer is only an answer"
    assert not controls.is_asking_to_stop


@pytest.mark.parametrize("closing", ["?", "escape", "q", " "])
def test_the_help_opens_and_closes(controls, closing):
    press(controls, "?")
    assert controls.is_help_open
    assert press(controls, closing) == []
    assert not controls.is_help_open
    assert not controls.is_asking_to_stop
    assert not controls.is_frozen


def test_arrows_and_pages_scroll_but_not_above_the_first_row(controls):
    press(controls, "down", "pagedown", "up")
    assert controls.top == 5
    press(controls, "pageup", "pageup")
    assert controls.top == 0


def test_a_help_opens_at_its_first_row(controls):
    press(controls, "down", "?")
    assert controls.top == 0
    press(controls, "down", "?")
    assert controls.top == 0


def test_a_note_stays_until_the_next_key(controls):
    controls.note = "bob is gone"
    assert "bob is gone" in bottom(controls)
    press(controls, "x")
    assert "bob is gone" not in bottom(controls)


def test_every_key_has_a_help_and_does_one_thing():
    keys = [key for row in KEYS for key in row.keys]
    assert len(keys) == len(set(keys))
    assert all(row.help for row in KEYS if row.name)


@pytest.mark.parametrize("width", [80, 60, 40, 20])
def test_the_way_to_the_help_and_the_way_out_are_always_there(controls, width):
    assert "? help" in bottom(controls, width)
    assert "q stop" in bottom(controls, width)
