"""The lesson, the student's page and the ten steps say what the programs do.

Commands are read by the programs' own readers, excerpts of labs are compared with
their output, and whatever is named (labs, stages, keys, commands) is there.
"""

import re
from pathlib import Path
from shlex import split

import pytest
from lab_rig import load, run

from chat.console import COMMANDS as CONSOLE_COMMANDS
from chat.settings import read_settings
from demo.incidents import INCIDENTS
from explain.frames import explain
from explain.program import main as explain_program
from labs.cable import read_arguments as read_cable
from labs.check import read_arguments as read_check
from labs.contents import LABS
from labs.grading.client_stages import CLIENT_STAGES
from labs.lesson import read_options as read_lab
from net.address import parse_address
from tui import captions
from tui.commands import COMMANDS
from tui.entrance import read_options as read_client
from tui.pressed import KEYS
from watch.controls import KEYS as DASHBOARD_KEYS

ROOT = Path(__file__).resolve().parent.parent
LESSON, STUDENT, STEPS, README = (
    (ROOT / name).read_text(encoding="utf-8")
    for name in (
        "docs/LESSON.md",
        "docs/STUDENT.md",
        "docs/WRITE-YOUR-OWN.md",
        "README.md",
    )
)
DOCUMENTS = {"LESSON": LESSON, "STUDENT": STUDENT, "STEPS": STEPS, "README": README}
EACH = pytest.mark.parametrize("text", DOCUMENTS.values(), ids=DOCUMENTS)
FILES = {lab.number: lab.file for lab in LABS}


def fenced(text, kind):
    """What stands behind ```kind, and the block."""
    return re.findall(rf"^ *```{kind} ?(.*)\n((?:.*\n)*?) *```$", text, flags=re.M)


# -- Commands --------------------------------------------------------------------------


def commands(text):
    """Every `python ...` that somebody may type, in code and in the text."""
    typed = re.findall(r"^ {4,}(python .+?)(?: {2,}.*)?$", text, flags=re.M)
    return typed + re.findall(r"`(python [^`]+)`", text)


def read_command(command):
    """Read it as the program would; SystemExit or AssertionError if it cannot."""
    # What is optional is there, what goes on is not.
    plain = command.translate(str.maketrans("", "", "[]\\")).replace("...", "")
    _, program, *rest = split(plain, comments=True)
    match program:
        case "server.py":
            read_settings(rest)
        case "client.py":
            parse_address(read_client(rest).address or "localhost")
        case "labs/check.py":
            read_check(rest) if rest else None
        case "labs/cable.py":
            read_cable(rest)
        case "protocol.py":
            assert explain_program(rest) == 0 if rest[1:] else rest == ["explain"]
        case "-m":
            assert rest == ["bench"]
        case "tests" | "mine.py" | "--version":
            pass
        case _:
            assert program in FILES.values()
            read_lab(load(ROOT / program).LAB, rest)


EVERY_COMMAND = sorted({c for text in DOCUMENTS.values() for c in commands(text)})


@pytest.mark.parametrize("command", EVERY_COMMAND)
def test_a_command_is_one_that_its_program_reads(command):
    read_command(command)


def test_each_document_has_commands_and_a_wrong_one_is_found():
    assert all(commands(text) for text in DOCUMENTS.values())
    for wrong in (
        "python server.py --wach",
        "python labs/17_no.py",
        "python labs/cable.py x",
        "python labs/01_glue.py --step",
        "python labs/check.py client 'mine {port}' --stage 15",
        "python protocol.py explain 00",
    ):
        with pytest.raises((SystemExit, AssertionError)):
            read_command(wrong)


@EACH
def test_a_stage_that_is_named_exists(text):
    numbers = {int(number) for number in re.findall(r"--stage (\d+)", text)}
    assert numbers <= {stage.number for stage in CLIENT_STAGES}


@EACH
def test_a_file_that_is_linked_or_named_exists(text):
    folder = ROOT if text is README else ROOT / "docs"
    for link in re.findall(r"\]\(([^)#]+)\)", text):
        assert link.startswith("http") or (folder / link).exists(), link
    named = re.findall(
        r"`((?:labs|tests|tui|chat|net|messages|docs)/[\w/.-]+\.\w+)`", text
    )
    assert [name for name in named if not (ROOT / name).exists()] == []


# -- Labs, keys, commands of the chat --------------------------------------------------


@EACH
def test_a_lab_that_is_named_exists_and_asks_what_is_written(text):
    questions = dict(
        re.findall(r"^ {4}python (labs/\d\S+)[\w -]* {3,}(.+\?)$", text, re.M)
    )
    assert questions.items() <= {lab.file: lab.question for lab in LABS}.items()
    numbers = re.findall(r"\blabs? (\d+)(?:(?:, | and | to )(\d+))*", text)
    assert {int(n) for pair in numbers for n in pair if n} <= {*FILES}


def test_the_lesson_asks_what_the_labs_ask_and_has_their_answers():
    prose = " ".join(LESSON.split()).replace("`", "")
    for block in re.split(r"^## ", LESSON, flags=re.M):
        if "**Question (the lab asks it): " not in block:
            continue
        file = re.search(r"python (labs/\d\S+)", block)[1]
        lab = load(ROOT / file).LAB
        asked = block.partition("**Question (the lab asks it): ")[2].partition("**")[0]
        assert asked == lab.entry.question
        for letter, answer in zip("abcd", lab.answers, strict=False):
            assert f"* {letter}) {answer}".replace("`", "") in prose
        assert re.search(r"^\*\*([a-d])\.\*\*", block, re.M)[1] == lab.right


KEY_NAMES = {key for row in KEYS for key in row.keys} | {"ctrl-c"}
KEY_NAMES |= {row.name for row in DASHBOARD_KEYS} | {*INCIDENTS}
WORDS = {word for row in COMMANDS for word in (row.name, *row.aliases)}
WORDS |= {word for row in CONSOLE_COMMANDS for word in (row.name, *row.aliases)}
PLANNED = {"emote", "count"}  # what a class is to add


@EACH
def test_a_key_that_is_named_is_in_a_table_of_keys(text):
    named = set(re.findall(r"\b[Pp]ress(?:es)? `([^`]+)`", text))
    named |= set(re.findall(r"\b((?:F\d+|(?:Ctrl|Alt)\+\w+))\b", text))
    named = {key.lower().replace("+", "-") if len(key) > 1 else key for key in named}
    assert named - {f"alt-{n}" for n in range(10)} <= KEY_NAMES | EDITED
    assert text is STEPS or named


EDITED = {"ctrl-end", "alt-enter", "ctrl-r"}  # of the line, as in a shell


@pytest.mark.parametrize(
    "text", [LESSON, STUDENT, STEPS], ids=["LESSON", "STUDENT", "STEPS"]
)
def test_a_command_of_the_chat_that_is_named_exists(text):
    named = set(re.findall(r"`/([a-z]+)|^.* {3,}/([a-z]+) ", text, flags=re.M))
    assert {one or other for one, other in named} <= WORDS | PLANNED


def test_what_a_lab_says_in_the_lesson_is_what_it_says():
    shown = fenced(LESSON, "lab")
    assert [number for number, _ in shown] == ["1", "4", "7"]
    for number, block in shown:
        _, said = run(load(ROOT / FILES[int(number)]), "--yes")
        lines = [without_figures(line) for line in said.splitlines()]
        for line in block.splitlines():
            assert without_figures(line) in lines, said


def test_only_the_seed_that_the_lesson_names_breaks_lab_4():
    lab = load(ROOT / FILES[4])
    broken = [n for n in range(1, 6) if run(lab, "--yes", "--seed", str(n))[0] == 0]
    assert f"Of the numbers 1 to 5 only {broken[0]} breaks it" in LESSON
    assert len(broken) == 1


def without_figures(line):
    """Line numbers and counts differ from version to version, from run to run."""
    return re.sub(r"\d+", "N", line).rstrip()


def test_the_pictures_of_the_lesson_are_drawn_as_the_programs_draw():
    shown = "".join(block for _, block in fenced(LESSON, "text"))
    heading = re.search(r"where it stands .*", shown)[0]
    assert heading in (ROOT / "tests/goldens/watch/lesson.txt").read_text("utf-8")
    rule = re.search(r"── (the wire: .*?) ─", shown)[1]
    assert rule in captions.WIRE
    failure = shown.partition("    tried ")[2].splitlines()
    assert failure[1:] == STEPS[STEPS.index(failure[1]) :].splitlines()[:3]


# -- Frames ----------------------------------------------------------------------------


def test_the_frames_to_read_by_hand_are_frames():
    ((_, frame),) = fenced(LESSON, "frame")
    said = "\n".join(explain(bytes.fromhex(frame)))
    for word in ("tell", "k2", "bob", "psst", "16 bytes"):
        assert word in said
    on_paper = [
        bytes.fromhex(row)
        for row in re.findall(r"^ {4}(00 00 [\da-f ]+)$", STUDENT, re.M)
    ]
    assert on_paper[1] == bytes.fromhex(frame)
    assert "say" in "\n".join(explain(on_paper[0]))


# -- The minutes, the page -------------------------------------------------------------


def test_the_minutes_are_ninety_without_a_gap():
    table = re.findall(r"^\| (\d+)-(\d+) \| ([^|]+) \|", LESSON, flags=re.M)
    spans = [(int(begin), int(end)) for begin, end, _ in table]
    assert [begin for begin, _ in spans] == [0, *[end for _, end in spans][:-1]]
    assert spans[-1][1] == 90
    titles = [f"{begin}-{end}: {title}" for begin, end, title in table]
    assert re.findall(r"^## (\d+-\d+: .*)$", LESSON, flags=re.M) == titles


def test_every_block_says_what_goes_wrong_and_what_to_leave_out():
    blocks = re.findall(r"^## (\d+-\d+): .*\n((?:(?!## ).*\n)*)", LESSON, flags=re.M)
    for minutes, block in blocks[:-1]:
        assert "**Goes wrong**" in block, minutes
        assert "**If time is short**" in block, minutes


def test_the_exit_ticket_has_three_questions_of_three_answers():
    ticket = LESSON.partition("## 85-90")[2].partition("\n## ")[0]
    assert re.findall(r"^\*\*(\d)\. ", ticket, flags=re.M) == ["1", "2", "3"]
    assert re.findall(r"^\* (\w)\) ", ticket, flags=re.M) == [*"abc" * 3]
    assert re.search(r"^\*\*([abc]) ([abc]) ([abc])\.\*\*", ticket, flags=re.M)


def test_the_students_page_fits_on_a_page():
    lines = STUDENT.splitlines()
    assert len(lines) <= 60
    assert max(map(len, lines)) <= 90
