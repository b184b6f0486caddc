"""The gate `python tests`: bad luck gets a second chance, a bug does not."""

import importlib.util
from pathlib import Path

import pytest

spec = importlib.util.spec_from_file_location(
    "gates", Path(__file__).with_name("__main__.py")
)
gates = importlib.util.module_from_spec(spec)
spec.loader.exec_module(gates)

UNLUCKY = """
from pathlib import Path
import pytest

@pytest.mark.parametrize("number", range({count}))
def test_luck(number, luck=Path(__file__).parent):
    been_here = luck / f"been here {{number}}"
    was_here = been_here.exists()
    been_here.touch()
    assert was_here
"""


@pytest.fixture
def check(tmp_path, capfd):
    """Run the last gate over this one file of tests: its exit code, what it prints."""
    if not gates.PYTHON.exists():
        pytest.skip("only `python tests` makes the .venv")

    def check(source, *options):
        (tmp_path / "test_it.py").write_text(source, encoding="utf-8")
        code = gates.check_behaviour([*options], tmp_path)
        return code, capfd.readouterr().out

    return check


def test_what_is_green_is_tested_once(check):
    code, out = check("def test_it(): pass")
    assert (code, out.count("$ pytest")) == (0, 1)


def test_what_is_red_by_chance_is_green_alone_and_named(check):
    code, out = check(UNLUCKY.format(count=3))
    assert code == 0
    named = out.partition("please mend")[2].split()
    assert named[1:] == [f"test_it.py::test_luck[{number}]" for number in range(3)]


def test_a_bug_is_red_again(check):
    code, out = check("def test_it(): assert 0")
    assert (code, out.count("$ pytest")) == (1, 2)
    assert "please mend" not in out


def test_what_was_red_another_time_is_no_excuse_for_now(check):
    check("def test_then(): assert 0")
    now = "def test_then(): pass\n\ndef test_now(): assert 0"
    code, out = check(now, "-p", "no:cacheprovider")
    assert (code, out.count("$ pytest")) == (1, 1)


def test_four_red_ones_are_no_bad_luck(check):
    code, out = check(UNLUCKY.format(count=4))
    assert (code, out.count("$ pytest")) == (1, 1)


def test_a_file_that_cannot_be_read_gets_no_second_chance(check):
    code, out = check("def test_it(:")
    assert (code, out.count("$ pytest")) == (2, 1)
