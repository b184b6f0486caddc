import pytest

from tui.keynames import ALT, CTRL, SHIFT, KeyNames


def stroke_named(name, *, windows=False):
    return KeyNames(lambda number: name.encode(), windows=windows).stroke(0)


@pytest.mark.parametrize(
    ("name", "stroke"),
    [
        ("KEY_UP", ("up", 0)),
        ("KEY_PPAGE", ("pageup", 0)),
        ("KEY_NPAGE", ("pagedown", 0)),
        ("KEY_DC", ("delete", 0)),
        ("KEY_IC", ("insert", 0)),
        ("KEY_ENTER", ("enter", 0)),
        ("KEY_BTAB", ("shift-tab", 0)),
        ("kcbt2", ("shift-tab", 0)),  # the Linux console
        ("KEY_SR", ("shift-up", 0)),
        ("KEY_SF", ("shift-down", 0)),
        ("KEY_SLEFT", ("left", SHIFT)),
        ("KEY_SEND", ("end", SHIFT)),
        ("KEY_END", ("end", 0)),
        ("KEY_SELECT", ("end", 0)),
        ("KEY_RESIZE", ("resize", 0)),
        ("KEY_A1", ("home", 0)),
        ("kb1", ("left", 0)),
        ("kLFT5", ("left", CTRL)),
        ("kUP", ("up", SHIFT)),
        ("kDN3", ("down", ALT)),
        ("kHOM6", ("home", CTRL | SHIFT)),
        ("kPRV5", ("pageup", CTRL)),
        ("kpMUL", ("*", 0)),
        ("KEY_F(1)", ("f1", 0)),
        ("KEY_F(12)", ("f12", 0)),
        ("KEY_F(13)", ("f1", SHIFT)),
        ("KEY_F(29)", ("f5", CTRL)),
        ("KEY_F(52)", ("f4", ALT)),
    ],
)
def test_ncurses_names_are_understood(name, stroke):
    assert stroke_named(name) == stroke


@pytest.mark.parametrize(
    ("name", "stroke"),
    [
        ("KEY_UP", ("up", 0)),
        ("KEY_SUP", ("up", SHIFT)),
        ("KEY_SPREVIOUS", ("pageup", SHIFT)),
        ("KEY_RESIZE", ("resize", 0)),
        ("KEY_A2", ("up", 0)),
        ("KEY_B1", ("left", 0)),
        ("KEY_B3", ("right", 0)),
        ("KEY_C2", ("down", 0)),
        ("ALT_A", ("a", ALT)),
        ("ALT_F", ("f", ALT)),
        ("ALT_9", ("9", ALT)),
        ("ALT_ENTER", ("enter", ALT)),
        ("ALT_BKSP", ("backspace", ALT)),
        ("ALT_BSLASH", ("\\", ALT)),
        ("CTL_PGUP", ("pageup", CTRL)),
        ("CTL_PAD7", ("home", CTRL)),
        ("CTL_DEL", ("delete", CTRL)),
        ("SHF_PADENTER", ("enter", SHIFT)),
        ("PADENTER", ("enter", 0)),
        ("PADSLASH", ("/", 0)),
        ("PADSTOP", ("delete", 0)),
        ("KEY_F(37)", ("f1", ALT)),
    ],
)
def test_pdcurses_names_are_understood(name, stroke):
    assert stroke_named(name, windows=True) == stroke


@pytest.mark.parametrize("windows", [False, True])
@pytest.mark.parametrize(
    "name",
    ["", "UNKNOWN KEY", "KEY_BREAK", "KEY_SAVE", "KEY_F(0)", "KEY_F(99)", "kXYZ5"],
)
def test_a_key_without_a_meaning_has_no_name(name, windows):
    assert stroke_named(name, windows=windows) is None
