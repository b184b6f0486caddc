"""The console: what the operator types, and what comes of it."""

import logging

import pytest
from conftest import expected

from chat.console import COMMANDS, answer, help_text, parse, run
from chat.refusal import Refusal


def parsed(line):
    row, arguments = parse(line)
    return row.name, *arguments


def refusal(line):
    with pytest.raises(Refusal) as caught:
        parse(line)
    return caught.value.text


@pytest.mark.parametrize(
    ("line", "command"),
    [
        ("/who", ("who",)),
        ("who", ("who",)),
        ("  /WHO  ", ("who",)),
        ("list", ("who",)),
        ("/kick ana", ("kick", "ana")),
        ("kick ana  far too loud ", ("kick", "ana", "far too loud")),
        ("/mute ana 5", ("mute", "ana", "5")),
        ("/ban 2001:db8::1 spam", ("ban", "2001:db8::1", "spam")),
        ("/only", ("only",)),
        ("/only off", ("only", "off")),
        ("/say /stop is  not said", ("say", "/stop is  not said")),
        ("quit", ("stop",)),
        ("/exit", ("stop",)),
    ],
)
def test_a_line_is_read(line, command):
    assert parsed(line) == command


@pytest.mark.parametrize(
    ("line", "hint"),
    [
        ("/knick ana", 'there is no command "/knick": did you mean /kick?'),
        ("hlep", 'there is no command "hlep": did you mean /help?'),
        ("/UNBAM ana", 'there is no command "/UNBAM": did you mean /unban?'),
        ("/", 'there is no command "/": /help lists all commands'),
        ("привет всем", 'there is no command "привет": /help lists all commands'),
    ],
)
def test_a_mistyped_command_gets_a_suggestion(line, hint):
    assert refusal(line) == hint


@pytest.mark.parametrize(
    ("line", "usage"),
    [
        ("/kick", "usage: /kick NAME [WHY]"),
        ("say", "usage: /say TEXT"),
        ("stop that please", "usage: /stop"),
        ("/lock the door", "usage: /lock"),
        ("unmute ana and bob", "usage: /unmute NAME"),
    ],
)
def test_a_command_takes_the_words_it_knows_and_no_others(line, usage):
    assert refusal(line) == usage


def test_the_help_shows_every_command_within_80_columns():
    lines = help_text(None).split("\n")
    assert len(lines) == len(COMMANDS)
    for row, line in zip(COMMANDS, lines, strict=True):
        assert line.startswith(f"/{row.name}")
        assert line.endswith(row.help)
        assert len(line) <= 80


@pytest.mark.parametrize("row", COMMANDS, ids=lambda row: row.name)
def test_every_command_is_something_that_the_desk_does(row, server):
    words = {"NAME": "zoe", "NAME|ADDRESS": "zoe", "TEXT": "hi"}
    line = " ".join(
        [row.name, *[words[w] for w in row.arguments.split() if w in words]]
    )
    told = answer(line, server.chat.desk)
    assert told
    assert "went wrong" not in told


def test_each_line_gets_one_answer_and_a_blank_one_none(server):
    said = []
    run(["/who", "", "  ", "nope", "/kick ana"], server.chat.desk, said.append)
    assert said == [
        "nobody is here",
        'there is no command "nope": /help lists all commands',
        'there is no "ana" here; /who lists everybody',
    ]


def test_a_bug_of_ours_ends_one_command(caplog):
    class Broken:
        survey = None

    said = []
    with caplog.at_level(logging.ERROR, "homeroom"):
        run(["/who", "/help"], Broken(), said.append)
    assert said[0] == "that went wrong: the server goes on"
    assert said[1] == help_text(None)
    assert expected(caplog, "the console could not do that") == 1


def test_a_console_that_dies_says_so_and_leaves_the_server_alone(caplog):
    def lines():
        yield "/help"
        raise ValueError("a bug")

    said = []
    with caplog.at_level(logging.ERROR, "homeroom"):
        run(lines(), None, said.append)
    assert len(said) == 1
    assert expected(caplog, "the console died; the server goes on") == 1
