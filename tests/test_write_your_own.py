"""docs/WRITE-YOUR-OWN.md: its snippets make a client, and each step is what it says."""

import re
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from labs.grading.client_stages import CLIENT_STAGES
from labs.grading.client_stand import ClientStand
from labs.grading.report import text_of
from labs.grading.stages import grade, up_to

ROOT = Path(__file__).resolve().parent.parent
TEXT = (ROOT / "docs" / "WRITE-YOUR-OWN.md").read_text(encoding="utf-8")
PATIENCE = 10.0  # seconds; nobody needs them on an idle machine
SHORT_PATIENCE = 5.0  # for who is to fail, and would use up the other
START = 40.0

STEPS = re.split(r"^## (?=Step )", TEXT.partition("\n## When nothing")[0], flags=re.M)[
    1:
]
FENCED = re.compile(r"^```(\w+)(?: (\d+))?(?: (\w+))?\n(.*?)^```$", re.S | re.M)
NUMBERS = range(1, len(STEPS) + 1)


def blocks(step, kind):
    return [found for found in FENCED.findall(STEPS[step - 1]) if found[0] == kind]


def program(step):
    """What the file holds after a step, as the page says: one below the other."""
    sources = [code for n in range(1, step + 1) for *_, code in blocks(n, "python")]
    return "\n\n".join([*sources, "main()\n"]) if sources else ""


def proofs(step):
    proof = STEPS[step - 1].partition("\nProof: ")[2].partition("\n\n")[0]
    return [int(number) for number in re.findall(r"`--stage (\d+)`", proof)]


FAILURES = {
    (step, int(stage)): (zoo, said)
    for step in NUMBERS
    for _, stage, zoo, said in blocks(step, "failure")
}


def grade_client(command, numbers, patience=PATIENCE):
    """The outcomes of these stages, and of those that they need."""
    wanted = {s.number for n in numbers for s in up_to(CLIENT_STAGES, n)}
    stages = [stage for stage in CLIENT_STAGES if stage.number in wanted]
    command = f"'{sys.executable}' {command} {{host}} {{port}} {{name}}"
    with ClientStand(command, patience, START) as stand:
        return list(grade(stages, stand.try_out, stand.last_words))


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    """Each step graded by its own stages, and the step before it by those it lacks."""
    folder = tmp_path_factory.mktemp("mine")

    def file(step):
        path = folder / f"mine{step}.py"
        path.write_text(program(step), encoding="utf-8")
        return f"'{path}'"

    jobs = {step: (file(step), proofs(step), PATIENCE) for step in NUMBERS}
    for (step, stage), (zoo, _) in FAILURES.items():
        lacking = f"-m labs.zoo.{zoo}" if zoo else file(step - 1)
        jobs[step, stage] = (lacking, [stage], SHORT_PATIENCE)
    with pytest.MonkeyPatch.context() as patch, ThreadPoolExecutor(20) as pool:
        patch.chdir(ROOT)  # where labs.zoo is found
        outcomes = pool.map(lambda job: grade_client(*job), jobs.values())
        return dict(zip(jobs, outcomes, strict=True))


@pytest.mark.parametrize("step", NUMBERS)
def test_a_step_passes_the_stages_that_prove_it(graded, step):
    outcomes = graded[step]
    assert all(outcome.is_passed for outcome in outcomes), text_of(outcomes)
    assert {*proofs(step)} <= {outcome.number for outcome in outcomes}


@pytest.mark.parametrize(("step", "stage"), FAILURES)
def test_without_the_step_the_check_says_what_the_page_shows(graded, step, stage):
    _, shown = FAILURES[step, stage]
    said = re.sub(r" +\d+\.\d\d s$", "", text_of(graded[step, stage]), flags=re.M)
    lines = said.splitlines()
    assert [line for line in shown.splitlines() if line not in lines] == [], said


def test_the_ten_steps_prove_all_fourteen_stages():
    assert [step.split(":")[0] for step in STEPS] == [f"Step {n}" for n in NUMBERS]
    assert len(STEPS) == 10
    proved = [stage for step in NUMBERS for stage in proofs(step)]
    assert sorted(proved) == [stage.number for stage in CLIENT_STAGES]


def test_the_last_step_passes_everything(tmp_path):
    mine = tmp_path / "mine.py"
    mine.write_text(program(len(STEPS)), encoding="utf-8")
    outcomes = grade_client(f"'{mine}'", range(1, len(CLIENT_STAGES) + 1))
    assert [o.number for o in outcomes] == [s.number for s in CLIENT_STAGES]
    assert all(outcome.is_passed for outcome in outcomes), text_of(outcomes)
