"""The example clients, in every language whose tools are here, pass the check."""

import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest

from labs.grading.client_stages import CLIENT_STAGES
from labs.grading.client_stand import ClientStand
from labs.grading.report import text_of
from labs.grading.stages import grade

EXAMPLES = Path(__file__).resolve().parent.parent / "labs" / "examples"
PATIENCE = 5.0  # seconds; nobody needs them on an idle machine
START = 30.0
BUILD_PATIENCE = 50  # seconds


@dataclass
class Example:
    """One file, how it is built, and how it is started."""

    file: str
    tools: list[str]
    build: list[str]  # {source}, {out}: a folder for what comes out
    start: str


EXAMPLE_ROWS = [
    Example("chat.py", [], [], f"'{sys.executable}' '{{source}}'"),
    Example("chat.js", ["node"], [], "node '{source}'"),
    Example("chat.c", ["cc"], ["cc", "-std=gnu99", "-Wall", "-Wextra", "-Werror", "-o",
            "{out}/chat_c", "{source}", "-pthread"], "'{out}/chat_c'"),
    Example("Chat.java", ["javac", "java"], ["javac", "-Werror", "-d", "{out}",
            "{source}"], "java -Xshare:auto -XX:TieredStopAtLevel=1 -cp '{out}' Chat"),
    Example("chat.rs", ["rustc"], ["rustc", "-Dwarnings", "-o", "{out}/chat_rs",
            "{source}"], "'{out}/chat_rs'"),
    Example("chat.go", ["go"], ["go", "build", "-o", "{out}/chat_go", "{source}"],
            "'{out}/chat_go'"),
]  # fmt: skip
FILES = [example.file for example in EXAMPLE_ROWS]


def is_possible(example):
    return all(map(shutil.which, example.tools))


def build_and_grade(example, out):
    """The outcomes, or None where a tool is missing."""
    if not is_possible(example):
        return None
    places = {"source": EXAMPLES / example.file, "out": out}
    if example.build:
        build = [word.format(**places) for word in example.build]
        subprocess.run(build, check=True, timeout=BUILD_PATIENCE)
    command = example.start.format(**places) + " {host} {port} {name}"
    with ClientStand(command, PATIENCE, START) as stand:
        return list(grade(CLIENT_STAGES, stand.try_out, stand.last_words))


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    out = tmp_path_factory.mktemp("examples")
    with ThreadPoolExecutor(3) as pool:
        outcomes = pool.map(lambda row: build_and_grade(row, out), EXAMPLE_ROWS)
        return dict(zip(FILES, outcomes, strict=True))


@pytest.mark.parametrize("example", EXAMPLE_ROWS, ids=FILES)
def test_an_example_passes_the_check(graded, example):
    if (outcomes := graded[example.file]) is None:
        pytest.skip(f"{' and '.join(example.tools)} not installed: not tried")
    assert all(outcome.is_passed for outcome in outcomes), text_of(outcomes)
    assert len(outcomes) == 14


def test_every_example_is_tried_where_it_can_be():
    here = {path.name for path in EXAMPLES.iterdir() if path.is_file()}
    assert here == set(FILES)


def test_the_python_example_has_thirty_lines():
    source = (EXAMPLES / "chat.py").read_text(encoding="utf-8")
    assert source.count("\n") <= 30
