import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.preferences import ROWS, Preferences, _read, config_path, load, sample


@pytest.fixture
def loaded(tmp_path):
    """Load a file with this content: loaded("[client]\nname = ana")."""

    def load_text(text):
        path = tmp_path / "client.ini"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return load({"HOMEROOM_CONFIG": str(path)}, tmp_path)

    return load_text


def test_every_key_is_read(loaded):
    preferences, warnings = loaded(
        "[client]\nname = ana\naddress = [::1]:5000\ntheme = light\n"
        "bell = all\nmouse = on\nstamps = off\n"
    )
    assert warnings == []
    assert preferences == Preferences("ana", "[::1]:5000", "light", "all", "on", "off")


def test_a_file_may_say_little_and_the_rest_has_its_default(loaded):
    assert loaded("[client]\nBell: = x\n")[0] == Preferences()
    assert loaded("[client]\nBELL = Off\n") == (Preferences(bell="off"), [])
    assert loaded("# nothing\n") == (Preferences(), [])
    assert loaded("[client]\nname =\ntheme =\n") == (Preferences(), [])


def test_a_file_written_by_notepad_is_read(loaded):
    assert loaded(b"\xef\xbb\xbf[client]\r\nname = J\xc3\xbcrgen\r\n") == (
        Preferences(name="Jürgen"),
        [],
    )


def test_a_percent_sign_is_a_percent_sign(loaded):
    assert loaded("[client]\nname = 100%(x)s\n") == (Preferences(name="100%(x)s"), [])


def test_an_unknown_key_is_a_warning_and_the_others_count(loaded):
    preferences, (warning,) = loaded("[client]\ncolour = red\nname = ana\n")
    assert preferences == Preferences(name="ana")
    assert warning.endswith(
        "client.ini: colour is no preference; "
        "there are name, address, theme, bell, mouse, stamps"
    )


def test_a_value_that_cannot_be_is_a_warning_that_names_the_choices(loaded):
    preferences, (warning,) = loaded("[client]\nbell = loud\nmouse = off\n")
    assert preferences == Preferences(mouse="off")
    assert warning.endswith("client.ini: bell cannot be loud, only off, mention, all")


def test_an_unknown_section_is_a_warning(loaded):
    preferences, (warning,) = loaded("[server]\nport = 1\n[client]\nname = ana\n")
    assert preferences == Preferences(name="ana")
    assert warning.endswith("nobody reads [server], only [client]")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("name = ana\n", "it must begin with [client]"),
        ("[client]\nname ana\n", "line 2 is not of the form: key = value"),
        ("[client]\nname = a\nName = b\n", "line 3 says name a second time"),
        ("[client]\n\n[client]\n", "line 3 begins [client] a second time"),
        (b"[client]\nname = \xff\n", "client.ini cannot be read: it is not UTF-8 text"),
    ],
)
def test_a_broken_file_is_one_sentence_and_everything_has_its_default(
    loaded, text, why
):
    preferences, (warning,) = loaded(text)
    assert preferences == Preferences()
    assert warning.endswith(why)


def test_a_warning_cannot_give_orders_to_the_terminal(loaded):
    _, warnings = loaded("[client]\nbell = \x1b[2Jx\n\x1b]0;title\x07 = y\n[\x1bc]\n")
    assert len(warnings) == 3
    assert all(warning.isprintable() for warning in warnings)


def test_no_file_is_no_mistake_unless_it_was_named(tmp_path):
    assert load({}, tmp_path) == (Preferences(), [])
    preferences, (warning,) = load({"HOMEROOM_CONFIG": str(tmp_path / "no")}, tmp_path)
    assert preferences == Preferences()
    assert "cannot be read: No such file" in warning


def test_a_folder_in_the_place_of_the_file_is_a_warning(tmp_path):
    preferences, (warning,) = load({"HOMEROOM_CONFIG": str(tmp_path)}, tmp_path)
    assert preferences == Preferences()
    assert "cannot be read" in warning


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="a device that never ends")
def test_a_file_without_end_is_read_in_part(tmp_path):
    preferences, (_warning,) = load({"HOMEROOM_CONFIG": "/dev/zero"}, tmp_path)
    assert preferences == Preferences()


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps such files in %APPDATA%")
def test_the_file_is_found_where_such_files_are(tmp_path):
    folder = tmp_path / ".config" / "homeroom"
    folder.mkdir(parents=True)
    (folder / "client.ini").write_text("[client]\nname = ana\n")
    assert load({}, tmp_path) == (Preferences(name="ana"), [])
    assert load({"XDG_CONFIG_HOME": "not/absolute"}, tmp_path)[0].name == "ana"
    found = load({"XDG_CONFIG_HOME": str(tmp_path / ".config")}, tmp_path / "else")
    assert found[0].name == "ana"


def test_on_windows_it_is_looked_for_among_the_application_data(tmp_path):
    roaming = config_path({"APPDATA": str(tmp_path)}, tmp_path / "x", windows=True)
    assert roaming == tmp_path / "homeroom" / "client.ini"
    guessed = config_path({}, tmp_path, windows=True)
    assert guessed.relative_to(tmp_path).parts[:2] == ("AppData", "Roaming")


def test_the_sample_has_every_key_and_changes_nothing(loaded):
    assert loaded(sample()) == (Preferences(), [])
    assert all(f"\n{key} =" in sample() for key in ROWS)


@given(st.text() | st.text("[]=:client#;%\n\t name\x00\x1b").map("[client]\n".__add__))
def test_no_content_is_an_error_and_no_warning_has_a_second_line(text):
    preferences, warnings = _read(text, "client.ini")
    assert isinstance(preferences, Preferences)
    assert all("\n" not in warning for warning in warnings)
