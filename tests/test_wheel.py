import pytest

from tui.keys import Key, Paste, Typed, Wheel
from tui.wheel import STRAGGLER_S, Notches

UP, DOWN = Key("up"), Key("down")


def test_arrows_that_come_together_are_the_wheel():
    assert Notches().find([UP] * 3, 0.0) == [Wheel(-3)]
    assert Notches().find([DOWN] * 2, 0.0) == [Wheel(2)]


@pytest.mark.parametrize("key", [UP, DOWN])
def test_an_arrow_that_comes_alone_is_the_key(key):
    assert Notches().find([key], 0.0) == [key]


def test_up_and_down_in_one_batch_are_no_notch():
    assert Notches().find([UP, DOWN, UP], 0.0) == [UP, DOWN, UP]


def test_other_keys_and_texts_are_left_alone_however_often_they_come():
    batch = [Key("left")] * 3 + [Typed("a"), Typed("a"), Paste("x"), Key("shift-up")]
    assert Notches().find(batch, 0.0) == batch


def test_a_notch_between_letters_stays_between_them():
    batch = [Typed("a"), UP, UP, UP, DOWN, DOWN, Typed("b")]
    assert Notches().find(batch, 0.0) == [Typed("a"), Wheel(-3), Wheel(2), Typed("b")]


def test_the_last_arrow_of_a_notch_may_come_a_little_later():
    notches = Notches()
    notches.find([UP, UP], 10.0)
    assert notches.find([UP], 10.05) == [Wheel(-1)]


def test_an_arrow_long_after_a_notch_is_a_key_again():
    notches = Notches()
    notches.find([UP, UP], 10.0)
    assert notches.find([UP], 10.0 + 2 * STRAGGLER_S) == [UP]


def test_the_other_arrow_right_after_a_notch_is_a_key():
    notches = Notches()
    notches.find([UP, UP], 10.0)
    assert notches.find([DOWN], 10.01) == [DOWN]


def test_a_key_held_down_that_began_as_a_notch_stays_one():
    notches = Notches()
    notches.find([UP, UP], 10.0)
    for repeat in range(1, 20):
        assert notches.find([UP], 10.0 + repeat * 0.03) == [Wheel(-1)]
