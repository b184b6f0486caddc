"""The zoo checks the check: every animal fails at its stage, with its hint.

Here each is tried up to its stage and what that needs; with HOMEROOM_LONG=1 in all
stages, of which no other may fail.
"""

import ast
import os
import re
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from labs.grading.client_stages import CLIENT_STAGES
from labs.grading.client_stand import ClientStand
from labs.grading.report import text_of
from labs.grading.server_stages import SERVER_STAGES
from labs.grading.stages import grade, up_to
from labs.grading.stand import ServerStand
from labs.grading.subject import ServerProgram

ROOT = Path(__file__).resolve().parent.parent
IS_LONG = bool(os.environ.get("HOMEROOM_LONG"))
PATIENCE = 2.5  # seconds; every animal makes the check wait once
START = 30.0  # seconds: the machine may be busy
ANIMALS = [p.stem for p in sorted((ROOT / "labs/zoo").glob("*.py")) if p.stem[0] != "_"]
HEALTHY = {"healthy", "healthy_client"}
BROKEN = [name for name in ANIMALS if name not in HEALTHY]
AT_ONCE = 6  # they mostly wait


def source(name):
    return (ROOT / f"labs/zoo/{name}.py").read_text(encoding="utf-8")


def promise(name):
    """The stage at which it fails, and words of the hint, as its docstring says."""
    story = ast.get_docstring(ast.parse(source(name)))
    stage, words = re.match(r'Defect: .*\. Stage (\d+), "(.+)"\.', story).groups()
    return int(stage), words


def grade_animal(name):
    is_client = "client" in name
    stages = CLIENT_STAGES if is_client else SERVER_STAGES
    if name in BROKEN and not IS_LONG:
        stages = up_to(stages, promise(name)[0])
    return check_client(name, stages) if is_client else check_server(name, stages)


def check_server(name, stages):
    command = f"'{sys.executable}' -m labs.zoo.{name} {{port}}"
    with ServerProgram(command, START) as program:
        address = (program.host, program.port)
        with ServerStand(address, PATIENCE, program) as stand:
            return list(grade(stages, stand.try_out, stand.last_words))


def check_client(name, stages):
    command = f"'{sys.executable}' -m labs.zoo.{name} {{host}} {{port}} {{name}}"
    with ClientStand(command, PATIENCE, START) as stand:
        return list(grade(stages, stand.try_out, stand.last_words))


@pytest.fixture(scope="module")
def graded():
    """What the check found, of every animal; several at once."""
    with pytest.MonkeyPatch.context() as patch, ThreadPoolExecutor(AT_ONCE) as pool:
        patch.chdir(ROOT)
        return dict(zip(ANIMALS, pool.map(grade_animal, ANIMALS), strict=True))


@pytest.mark.parametrize("name", sorted(HEALTHY))
def test_the_healthy_ones_pass(graded, name):
    outcomes = graded[name]
    assert all(outcome.is_passed for outcome in outcomes), text_of(outcomes)
    assert len(outcomes) == 14


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_one_fails_at_its_stage_alone_with_the_hint_that_names_it(
    graded, name
):
    outcomes = graded[name]
    stage, words = promise(name)
    failed = [outcome for outcome in outcomes if outcome.failure]
    assert [outcome.number for outcome in failed] == [stage], text_of(outcomes)
    assert words in failed[0].trial.hint, text_of(outcomes)


def test_there_are_enough_of_them_and_each_fits_on_a_wall():
    servers = [name for name in BROKEN if "client" not in name]
    assert len(servers) >= 10
    assert len(BROKEN) - len(servers) >= 2
    for name in BROKEN:
        assert source(name).count("\n") <= 60
    assert {promise(name)[0] for name in servers} >= {
        2,
        3,
        4,
        5,
        7,
        8,
        9,
        *range(10, 15),
    }
