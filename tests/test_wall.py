"""Where a lab prints, and where it asks."""

import io
import subprocess
import sys

import pytest
from lab_rig import FILES

from labs.wall import Wall


def test_without_a_terminal_every_answer_is_empty_at_once(monkeypatch, capsys):
    monkeypatch.setattr("sys.stdin", io.StringIO("b\n"))
    assert Wall().ask("Well? ") == ""
    assert capsys.readouterr().out == ""


def test_without_any_input_nobody_is_there(monkeypatch):
    monkeypatch.setattr("sys.stdin", None)
    assert not Wall().has_person


def test_a_paragraph_stands_beside_its_label_and_is_not_too_wide(capsys):
    Wall().show_paragraph("Why", "because " * 30)
    first, *others = capsys.readouterr().out.splitlines()
    assert first.startswith("Why        because")
    assert all(row.startswith(" " * 11 + "because") for row in others)
    assert max(map(len, [first, *others])) <= 80


def test_a_story_keeps_its_paragraphs(capsys):
    Wall().show_story("one " * 30 + "\n\n" + "two\nthree")
    said = capsys.readouterr().out
    assert said.endswith("\n\ntwo three\n")
    assert max(map(len, said.splitlines())) <= 80


def test_signs_that_a_console_cannot_show_are_no_reason_to_stop():
    ran = subprocess.run(
        [sys.executable, "-c", "from labs.wall import Wall; Wall().show('\\u2713')"],
        capture_output=True,
        env={"PYTHONIOENCODING": "cp1252", "PYTHONPATH": str(FILES[0].parent.parent)},
    )
    assert (ran.stdout.strip(), ran.stderr) == (rb"\u2713", b"")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has other pipes")
def test_who_has_seen_enough_may_close_the_pipe():
    with subprocess.Popen(
        [sys.executable, str(FILES[0])],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as lab:
        lab.stdout.close()
        assert lab.stderr.read() == b""
        assert lab.wait(20) == 0
