"""`python -m bench`: its options, its table, its exit codes."""

import json
import math
import subprocess
import sys
from pathlib import Path

import pytest

from bench import table
from bench.__main__ import main
from bench.meter import cpu_s, machine, memory_kb
from bench.servers import KINDS, LIMIT, NAIVE
from bench.stream import Broken, Faults
from bench.workloads import WORKLOADS, Result, Scale, Workload, fan_out

ROOT = Path(__file__).resolve().parent.parent
SMALL = Scale(seconds=0.02, crowd=4, few=2)


@pytest.fixture
def know_only(monkeypatch):
    """Let the program know one workload only, as its argument says."""

    def set_up(measure, kinds=(LIMIT,)):
        workloads = (Workload("trial", measure, kinds),)
        monkeypatch.setattr("bench.__main__.WORKLOADS", workloads)

    return set_up


def test_the_table_and_the_file_have_every_round(tmp_path, capsys, know_only):
    know_only(fan_out, (LIMIT, NAIVE))
    file = tmp_path / "found.json"
    assert main(["--rounds", "2", "--json", str(file)], SMALL) == 0
    out, err = capsys.readouterr()
    assert "trial: deliveries/s" in out
    assert "4 runs, every delivery checked: no loss, no double, no disorder." in out
    assert "cores" in out
    assert "round 2: trial, naive\n" in err
    rounds = json.loads(file.read_text(encoding="utf-8"))["results"]["trial"]
    assert [len(rounds[server]) for server in ("limit", "naive")] == [2, 2]
    first, _ = rounds["naive"]
    assert first["faults"] == {"lost": 0, "doubled": 0, "disordered": 0}
    assert first["figures"]["deliveries/s"] > 0


def test_on_a_slow_machine_there_are_fewer_rounds_unless_one_asks(
    capsys, know_only, monkeypatch
):
    know_only(lambda _crowd, _scale: Result({"lines": 4.0}))
    monkeypatch.setattr("bench.__main__.USUAL_TIME_S", 0.0)
    for options, told in [([], "of 1 round"), (["--rounds", "2"], "of 2 rounds")]:
        assert main(options) == 0
        assert f"Medians {told}." in capsys.readouterr().out


def test_usually_there_are_three_rounds(capsys, know_only):
    know_only(lambda _crowd, _scale: Result({"lines": 4.0}))
    assert main([]) == 0
    assert "Medians of 3 rounds." in capsys.readouterr().out


def test_a_lost_line_is_said_and_makes_the_exit_code_one(capsys, know_only):
    know_only(lambda _crowd, _scale: Result({"lines": 1.0}, Faults(lost=1)))
    assert main(["--rounds", "2"]) == 1
    assert "WRONG in 2 runs: 2 lost" in capsys.readouterr().out


def test_a_run_that_breaks_off_is_said_and_the_others_go_on(capsys, know_only):
    answers = iter([Broken("the server fell asleep"), None])

    def measure(_crowd, _scale):
        if failure := next(answers):
            raise failure
        return Result({"lines": 4.0})

    know_only(measure)
    assert main(["--rounds", "2"]) == 1
    out = capsys.readouterr().out
    assert "BROKEN OFF: trial, limit: the server fell asleep" in out
    assert "trial: lines" in out


def test_ctrl_c_shows_what_there_is(capsys, know_only):
    answers = iter([None, KeyboardInterrupt()])

    def measure(_crowd, _scale):
        if failure := next(answers):
            raise failure
        return Result({"lines": 4.0})

    know_only(measure)
    assert main([]) == 1
    out = capsys.readouterr().out
    assert "BROKEN OFF: interrupted" in out
    assert "trial: lines" in out


def test_what_was_not_measured_is_null_in_the_file(tmp_path, know_only):
    know_only(lambda _crowd, _scale: Result({"CPU": math.nan}))
    main(["--rounds", "1", "--json", str(tmp_path / "found.json")])
    found = json.loads((tmp_path / "found.json").read_text(encoding="utf-8"))
    assert found["results"]["trial"]["limit"][0]["figures"] == {"CPU": None}


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["dance"], "'dance' is none of fan-out, crowd, talk"),
        (["--seconds", "0"], "'0' is not above 0 and up to 4 seconds"),
        (["--seconds", "soon"], "'soon' is not above 0 and up to 4 seconds"),
        (["--rounds", "0"], "'0' is not a number from 1 to 100"),
        (["--rounds", "³"], "'³' is not a number from 1 to 100"),
        (["--json", "no/such/folder/x"], "no/such/folder/x cannot be written: No such"),
        (["--nonsense"], "--nonsense"),
    ],
)
def test_a_mistake_in_the_options_is_a_sentence_and_two(arguments, sentence, capsys):
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2
    assert sentence in capsys.readouterr().err


def test_the_help_says_what_each_workload_asks():
    command = [sys.executable, "-m", "bench", "--help"]
    help_ = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, check=True
    )
    for workload in WORKLOADS:
        assert f"{workload.name:10}{workload.question}" in help_.stdout


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="Linux has it")
def test_a_table_that_cannot_be_written_is_a_sentence_and_one():
    command = [sys.executable, "-m", "bench", "talk", "--rounds", "1"]
    with open("/dev/full", "w", encoding="utf-8") as full:
        ended = subprocess.run(
            [*command, "--seconds", "0.01"], cwd=ROOT, check=False,
            stdout=full, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
    assert ended.returncode == 1
    assert ended.stderr.endswith("could not be written: No space left on device\n")


def test_the_page_about_it_explains_every_workload_and_every_server():
    page = (ROOT / "bench/README.md").read_text(encoding="utf-8")
    for name in [w.name for w in WORKLOADS] + [kind.name for kind in KINDS]:
        assert f"\n| `{name}` | " in page


# -- The table -----------------------------------------------------------------------


def row(**servers):
    results = {name: [Result({"speed": v}) for v in vs] for name, vs in servers.items()}
    (found,) = table.rows_of("trial", results)
    return found


def cells(found):
    return table.show(found).split()[2:]


def test_a_cell_is_the_median_and_a_ratio_is_of_medians():
    found = row(ours=[1.0, 300.0, 30.0], naive=[2.0, 3.0, 4.0], limit=[60.0])
    assert cells(found) == ["30.0", "-", "3.00", "60.0", "10x", "0.5x"]


def test_what_is_a_ratio_already_has_no_ratio():
    results = {"ours": [Result({"growth: x": 2.0})]} | {
        name: [Result({"growth: x": 4.0})] for name in ("naive", "limit")
    }
    (found,) = table.rows_of("trial", results)
    assert table.show(found).split()[-2:] == ["-", "-"]


def test_the_columns_stand_under_their_headings():
    wide = row(ours=[1234567.0], memory=[999999.0], naive=[0.0], limit=[0.25])
    assert len(table.show(wide)) == len(table.heading())
    assert cells(wide) == ["1.23M", "999,999", "0", "0.25", "-", "4,938,268x"]


def test_a_busy_generator_is_told_beside_its_figure():
    results = {"limit": [Result({"speed": 5.0}, busy=0.97)]}
    (found,) = table.rows_of("trial", results)
    assert "5.00*" in table.show(found)
    (sentence,) = table.lower_bounds([found])
    assert sentence == (
        "* trial, limit: the generator was busy 97% of the time: a lower bound"
    )


def test_an_idle_generator_is_not_mentioned():
    assert table.lower_bounds([row(ours=[1.0])]) == []


# -- The machine ---------------------------------------------------------------------


def test_a_busy_machine_is_a_warning():
    assert "WARNING" in machine(2.0)
    assert "WARNING" not in machine(0.1)


def test_a_process_that_is_not_there_was_not_measured():
    assert math.isnan(cpu_s(0))
    assert math.isnan(memory_kb(0))
