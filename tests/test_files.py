"""The operator's files: read, changed by one line, never half written."""

import os

import pytest

from chat import files
from chat.refusal import FileError


@pytest.fixture
def bans(tmp_path):
    return tmp_path / "bans.txt"


@pytest.fixture
def motd(tmp_path):
    return tmp_path / "motd.txt"


# -- Bans --------------------------------------------------------------------------


def test_a_line_is_a_name_or_an_address_and_perhaps_why(bans):
    bans.write_text("# mine\nＡＮＡ  too   loud\r\n\n10.0.0.7\n 2001:db8::1 spam # 3\n")
    assert files.read_bans(str(bans)) == {
        "ana": "too   loud",
        "10.0.0.7": "",
        "2001:db8::/64": "spam # 3",
    }


def test_what_notepad_writes_is_read_too(bans):
    bans.write_bytes("\ufeffаня\r\nbob why\r\n".encode())
    assert files.read_bans(str(bans)) == {"аня": "", "bob": "why"}


def test_a_line_that_makes_no_sense_is_named(bans):
    bans.write_text("ana\n\n10.0.0.0/8 all of them\n")
    with pytest.raises(FileError) as failure:
        files.read_bans(str(bans))
    what = '"10.0.0.0/8" is neither a name nor an address'
    assert str(failure.value) == f"{bans}: line 3: {what}"


def test_a_ban_changes_no_other_line(bans):
    bans.write_text("# mine\n\nana  too loud\n10.0.0.7\n???\n")
    files.note_ban(str(bans), "bob", "spam")
    files.note_ban(str(bans), "ana", "")
    assert bans.read_text() == "# mine\n\n10.0.0.7\n???\nbob spam\nana\n"


def test_a_last_line_without_an_end_gets_one(bans):
    bans.write_text("ana")
    files.note_ban(str(bans), "bob", "")
    assert bans.read_text() == "ana\nbob\n"


def test_an_unban_takes_away_its_own_lines_however_they_are_written(bans):
    bans.write_text("Ana\n# ana\nbob ana\nANA once more\n2001:db8::7\n")
    assert files.strike_ban(str(bans), "ana")
    assert files.strike_ban(str(bans), "2001:db8::/64")
    assert bans.read_text() == "# ana\nbob ana\n"
    assert not files.strike_ban(str(bans), "ana")


def test_a_list_begins_with_how_it_is_written(bans):
    files.make_bans(str(bans))
    assert bans.read_text().startswith("# Who may not come in")
    assert files.read_bans(str(bans)) == {}
    files.note_ban(str(bans), "ana", "")
    files.make_bans(str(bans))
    assert files.read_bans(str(bans)) == {"ana": ""}


@pytest.mark.skipif(os.name == "nt", reason="links and modes are not tested there")
def test_a_link_stays_one_and_a_mode_too(bans, tmp_path):
    real = tmp_path / "real.txt"
    real.write_text("ana\n")
    real.chmod(0o640)
    bans.symlink_to(real)
    files.note_ban(str(bans), "bob", "")
    assert bans.is_symlink()
    assert real.read_text() == "ana\nbob\n"
    assert real.stat().st_mode & 0o777 == 0o640
    assert sorted(p.name for p in tmp_path.iterdir()) == ["bans.txt", "real.txt"]


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no /dev/full there")
def test_what_cannot_be_written_is_said_and_nothing_is_left(bans, tmp_path):
    bans.write_text("ana\n")
    (tmp_path / "bans.txt.new").symlink_to("/dev/full")
    with pytest.raises(FileError, match=r"cannot write .*: No space left on device"):
        files.note_ban(str(bans), "bob", "")
    assert bans.read_text() == "ana\n"
    assert list(tmp_path.iterdir()) == [bans]


# -- The message of the day ----------------------------------------------------------


def test_the_message_may_have_lines_and_emoji_but_no_controls(motd):
    motd.write_bytes("\n Lesson 3 👩\u200d🏫\r\n\x1b[2J\x00\tnow\n\n".encode())
    told = files.read_motd(str(motd))
    assert told == "Lesson 3 👩\u200d🏫\n\\x1b[2J\\x00   now"


def test_an_empty_message_is_none(motd):
    motd.write_text(" \n\n")
    assert files.read_motd(str(motd)) == ""


def test_2000_characters_pass_and_one_more_does_not(motd):
    motd.write_text("漢" * 2_000, encoding="utf-8")
    assert len(files.read_motd(str(motd))) == 2_000
    motd.write_text("漢" * 2_001, encoding="utf-8")
    with pytest.raises(FileError, match="is over 2,000 characters"):
        files.read_motd(str(motd))


# -- What is no file -----------------------------------------------------------------


def test_what_cannot_be_read_is_said_in_a_sentence(tmp_path, motd):
    with pytest.raises(FileError, match=r"^cannot read .*motd.txt: No such file"):
        files.read_text(str(motd))
    with pytest.raises(FileError, match=r"is not a file$"):
        files.read_text(str(tmp_path))
    motd.write_bytes(b"caf\xe9")
    with pytest.raises(FileError, match=r"is not text in UTF-8$"):
        files.read_text(str(motd))


def test_a_huge_file_is_not_even_read(motd):
    with motd.open("wb") as file:
        file.truncate(files.LARGEST_FILE + 1)
    with pytest.raises(FileError, match="is over 1,048,576 bytes"):
        files.read_text(str(motd))


@pytest.mark.skipif(os.name == "nt", reason="no named pipes there")
def test_a_pipe_is_refused_and_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(FileError, match="is not a file"):
        files.read_text(str(tmp_path / "pipe"))
