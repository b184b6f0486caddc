"""At the door: options before preferences, and a name that is asked once."""

import io

import pytest

from tui.entrance import NameRefused, read_guest, suggest_name


@pytest.fixture
def guest(tmp_path, monkeypatch):
    """Read a guest whose files are in tmp_path and who answers these lines."""

    def read(*arguments, answers=()):
        lines = "".join(f"{line}\n" for line in answers)
        monkeypatch.setattr("sys.stdin", io.StringIO(lines))
        return read_guest(list(arguments), {"XDG_CONFIG_HOME": str(tmp_path)}, tmp_path)

    return read


def be_a_person(monkeypatch, guest):
    object.__setattr__(guest, "is_person", True)
    return guest


def test_the_command_line_comes_before_the_preferences(guest, tmp_path):
    (tmp_path / "homeroom").mkdir()
    file = tmp_path / "homeroom" / "client.ini"
    file.write_text("[client]\nname = ana\naddress = lab:5000\nbell = off\nhat = red\n")
    ours = guest("bob")
    assert (ours.name, ours.address, ours.preferences.bell) == (
        "bob",
        "lab:5000",
        "off",
    )
    assert guest("bob", "school").address == "school"
    assert guest().name == "ana"
    assert "hat" in ours.warnings[0]


def test_a_pipe_is_nobody_to_ask(guest):
    assert not guest().is_person


def test_a_wrong_option_ends_with_2(guest, capsys):
    with pytest.raises(SystemExit) as caught:
        guest("--nope")
    assert caught.value.code == 2
    assert "--nope" in capsys.readouterr().err


def test_an_empty_answer_takes_the_suggestion(guest, monkeypatch):
    monkeypatch.setenv("LOGNAME", "ana")
    assert guest(answers=[""]).ask_name() == "ana"


def test_without_a_suggestion_it_asks_again(guest, monkeypatch, capsys):
    monkeypatch.setattr("tui.entrance.suggest_name", lambda notes: "")
    assert guest(answers=["", "  ", " mei "]).ask_name() == "mei"
    assert capsys.readouterr().out == "Your name: " * 3


def test_the_end_of_input_is_the_end(guest, monkeypatch):
    monkeypatch.setattr("tui.entrance.suggest_name", lambda notes: "")
    with pytest.raises(EOFError):
        guest().ask_name()


def test_the_wire_is_shown_if_it_is_asked_for(guest):
    assert guest("--wire").wants_wire
    assert not guest("ana").wants_wire


class Door:
    """A server that has an ana already."""

    def __init__(self):
        self.calls = []

    def __call__(self, name):
        self.calls.append(name)
        if name == "ana":
            raise NameRefused('the name "ana" is taken')


def test_a_person_whose_name_is_refused_is_asked_for_another(
    guest, monkeypatch, capsys
):
    door = Door()
    ana = be_a_person(monkeypatch, guest("ana", answers=["mei"]))
    assert ana.log_in(door, "lab:5000") == "mei"
    assert door.calls == ["ana", "mei"]
    out, err = capsys.readouterr()
    assert out.count("connecting to lab:5000 ...") == 2
    assert err == '! the name "ana" is taken\n'
    assert suggest_name(ana.notes) == "mei"


def test_a_pipe_whose_name_is_refused_is_not_asked(guest, capsys):
    door = Door()
    with pytest.raises(NameRefused):
        guest("ana").log_in(door, "lab:5000")
    assert door.calls == ["ana"]
    assert capsys.readouterr() == ("", "")


def test_the_last_name_of_a_person_is_offered_the_next_time(guest, monkeypatch):
    first = be_a_person(monkeypatch, guest())
    assert first.is_new
    first.remember_name("Zoë")
    assert suggest_name(first.notes) == "Zoë"
    assert not guest().is_new


def test_a_script_leaves_nothing_behind(guest):
    robot = guest("robot")
    robot.remember_name("robot")
    assert not robot.notes.exists()


def test_a_file_that_is_no_name_harms_nobody(tmp_path, monkeypatch):
    monkeypatch.setenv("LOGNAME", "ana o'hara")
    notes = tmp_path / "last-name"
    notes.write_bytes(b"\xff\xfe")
    assert suggest_name(notes) == "anaohara"
    notes.write_text("\x1b[2J" + "x" * 99)
    assert suggest_name(notes).isprintable()
    assert len(suggest_name(notes)) == 20


def test_where_nothing_can_be_kept_nothing_is(guest, monkeypatch, tmp_path):
    (tmp_path / "homeroom").write_text("not a folder")
    be_a_person(monkeypatch, guest()).remember_name("ana")
