import subprocess
import sys

import pytest

from tui.style import (
    NICK_STYLES,
    NICKS_WITH_256_COLOURS,
    NickColours,
    looks,
    nick_style,
)

DEPTHS = [0, 1, 8, 16, 88, 256]
THEMES = ["dark", "light", "mono"]


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("colours", DEPTHS)
def test_every_style_has_a_look_on_every_terminal(colours, theme):
    named = {"normal", "dim", "bold", "mention", "error", "ok", "bar", "marker"}
    nicks = {f"nick{number}" for number in range(NICK_STYLES)}
    assert set(looks(colours, theme)) == named | nicks


@pytest.mark.parametrize("colours", [0, 1])
def test_without_colours_no_look_has_one(colours):
    assert all(look.colour is None for look in looks(colours).values())


@pytest.mark.parametrize("colours", DEPTHS)
def test_no_look_asks_for_more_colours_than_there_are(colours):
    assert all((look.colour or 0) < max(colours, 1) for look in looks(colours).values())


@pytest.mark.parametrize("colours", DEPTHS)
def test_errors_mentions_and_neighbouring_nicks_look_unlike_plain_text(colours):
    table = looks(colours)
    plain = table["normal"]
    assert plain not in (table["error"], table["mention"], table["bar"])
    assert table["nick0"] != table["nick1"]


def test_yellow_is_never_plain_because_white_screens_swallow_it():
    assert all("bold" in k.attributes for k in looks(8).values() if k.colour == 3)


def test_colours_are_readable_on_black_and_on_white():
    for style, look in looks(256).items():
        if look.colour is not None:
            assert contrast(look.colour, 0.0) >= 3.6, style
            assert contrast(look.colour, 1.0) >= 3.6, style


def test_the_light_theme_has_strong_greys_on_white_and_is_readable_throughout():
    table = looks(256, "light")
    for style, look in table.items():
        if look.colour is not None:
            assert contrast(look.colour, 1.0) >= 3.6, style
    for style in ("dim", "marker", "bar"):
        assert contrast(table[style].colour, 1.0) >= 7, style


def test_the_themes_differ_in_what_is_grey_and_in_nothing_else():
    dark, light = looks(256, "dark"), looks(256, "light")
    assert {s for s in dark if dark[s] != light[s]} == {"dim", "marker", "bar"}
    assert looks(16, "light") == looks(16, "dark")


@pytest.mark.parametrize("colours", DEPTHS)
def test_the_mono_theme_looks_as_no_color_does(colours):
    assert looks(colours, "mono") == looks(0)


def test_sixteen_nicks_have_sixteen_colours_of_their_own():
    assert len(set(NICKS_WITH_256_COLOURS)) == NICK_STYLES
    meaningful = {looks(256)[style] for style in ("mention", "error", "dim", "marker")}
    colours = {look.colour for look in NICKS_WITH_256_COLOURS}
    assert not colours & {look.colour for look in meaningful}


def test_a_name_keeps_its_colour_whatever_its_case():
    assert nick_style("Ana") == nick_style("ANA") == nick_style("ana")
    assert nick_style("STRASSE") == nick_style("straße")


def test_a_name_keeps_its_colour_in_another_process():
    program = "from tui.style import nick_style; print(nick_style('ana'))"
    ran = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True
    )
    assert ran.stdout.strip() == nick_style("ana") == "nick2"


def test_a_name_that_is_not_text_still_has_a_colour():
    assert nick_style("\udcff") in looks(256)


# -- colours of a room -----------------------------------------------------------


def names_with_the_same_wish(count):
    names = (f"n{number}" for number in range(10_000))
    return [name for name in names if nick_style(name) == "nick15"][:count]


def test_somebody_alone_has_the_colour_of_the_name():
    assert NickColours().style_of("ana") == nick_style("ana")


def test_who_comes_second_gets_the_next_free_colour():
    one, two, three = names_with_the_same_wish(3)
    colours = NickColours()
    given = [colours.style_of(name) for name in (one, two, three)]
    assert given == ["nick15", "nick0", "nick1"]


def test_sixteen_people_have_sixteen_colours_and_the_next_ones_share():
    colours = NickColours()
    given = [colours.style_of(f"pupil{n}") for n in range(NICK_STYLES)]
    assert len(set(given)) == NICK_STYLES
    assert colours.style_of("late") == nick_style("late")


def test_a_colour_once_given_stays_whatever_its_case_and_whoever_leaves():
    one, two = names_with_the_same_wish(2)
    colours = NickColours()
    colours.style_of(one)
    assert colours.style_of(two) == "nick0"
    colours.release(one)
    assert colours.style_of(two.upper()) == "nick0"
    assert colours.style_of(one) == "nick15"


def test_the_colour_of_somebody_who_left_is_free_for_a_newcomer():
    one, two = names_with_the_same_wish(2)
    colours = NickColours()
    colours.style_of(one)
    colours.release(one)
    assert colours.style_of(two) == "nick15"


def test_somebody_never_seen_can_leave():
    NickColours().release("nobody")


# -- contrast ----------------------------------------------------------------------


def contrast(colour, background):
    """WCAG 2 contrast of one of the 256 colours and a background's luminance."""
    lighter, darker = sorted((luminance(colour), background), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour):
    linear = [to_linear(part / 255) for part in rgb(colour)]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def to_linear(part):
    return part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4


def rgb(colour):
    """xterm's palette: a cube of 6x6x6 colours from 16, greys from 232."""
    if colour >= 232:
        return [8 + 10 * (colour - 232)] * 3
    cube = colour - 16
    steps = (0, 95, 135, 175, 215, 255)
    return [steps[cube // 36], steps[cube // 6 % 6], steps[cube % 6]]
