"""Commands: what a typed line asks for, in every spelling people try."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.commands import COMMANDS, Parsed, Refused, help_text, parse

HERE = {"bob"}


def refusal(line):
    with pytest.raises(Refused) as caught:
        parse(line, HERE)
    return str(caught.value)


@pytest.mark.parametrize(
    ("line", "parsed"),
    [
        ("hi", Parsed("say", ("hi",))),
        ("  x = 1", Parsed("say", ("  x = 1",))),
        ("/msg bob hi there", Parsed("msg", ("bob", "hi there"))),
        ("/MSG bob Hi", Parsed("msg", ("bob", "Hi"))),
        ("  /msg  bob   a  b", Parsed("msg", ("bob", "a  b"))),
        ("/w bob a\nb", Parsed("msg", ("bob", "a\nb"))),
        ("/say /quit", Parsed("say", ("/quit",))),
        ("//usr/bin", Parsed("say", ("/usr/bin",))),
        ("/who", Parsed("who")),
        ("/quit see you", Parsed("quit")),
        ("list", Parsed("who")),
        ("Help", Parsed("help")),
        ("quit", Parsed("quit")),
        ("exit", Parsed("quit")),
        ("send bob hi there", Parsed("msg", ("bob", "hi there"))),
    ],
)
def test_a_line_is_read(line, parsed):
    assert parse(line, HERE) == parsed


@pytest.mark.parametrize(
    "alias", ["/p", "/pm", "/whisper", "/tell", "/w", "/Tell", "/msg"]
)
def test_a_private_line_has_many_spellings(alias):
    assert parse(f"{alias} bob hi", HERE) == Parsed("msg", ("bob", "hi"))


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("/list", "who"),
        ("/listusers", "who"),
        ("/names", "who"),
        ("/exit", "quit"),
        ("/bye", "quit"),
    ],
)
def test_other_chats_commands_work(line, name):
    assert parse(line, HERE).name == name


@pytest.mark.parametrize(
    "line",
    ["send help please", "send bob", "list of homework", "quit it", "help me", "bye"],
)
def test_an_ordinary_sentence_is_said(line):
    assert parse(line, HERE) == Parsed("say", (line,))


@pytest.mark.parametrize("line", ["/hlep", "/HLEP me", "  /hlep"])
def test_a_mistyped_command_gets_a_suggestion(line):
    assert refusal(line).endswith("did you mean /help?")


def test_an_unknown_command_says_how_to_send_it_after_all():
    assert refusal("/usr/bin/env x").endswith("//usr/bin/env sends it")
    assert "/help" in refusal("/")


@pytest.mark.parametrize("line", ["/msg", "/w   "])
def test_missing_arguments_are_explained(line):
    assert refusal(line) == "usage: /msg NAME [TEXT]"


@given(st.text())
def test_what_begins_with_a_slash_is_never_said_by_mistake(text):
    line = "/" + text.replace("/", "")
    try:
        parsed = parse(line, HERE)
    except Refused:
        return
    word = line.split()[0][1:].casefold()
    assert parsed.name != "say" or word == "say"


def test_the_help_shows_every_command_and_alias():
    for row in COMMANDS:
        for word in (row.name, *row.aliases):
            assert f"/{word}" in help_text()


@pytest.mark.parametrize("line", ["quit\nx", "send bob hi\nall", "list\n"])
def test_several_lines_are_a_text_whatever_they_begin_with(line):
    expected = "list" if line == "list\n" else "say"
    assert parse(line, {"bob"}).name == {"list": "who"}.get(expected, expected)


def test_a_command_without_a_text_refuses_further_lines():
    assert refusal("/quit\nreally").startswith("usage: /quit")
    assert parse("/msg bob a\nb", set()).arguments == ("bob", "a\nb")
