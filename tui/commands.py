"""What a typed line asks for: a table of commands, and one function that reads it.

    "/w bob hi" --parse--> Parsed("msg", ("bob", "hi")) --> a case in the model
    "hi"        --parse--> Parsed("say", ("hi",))

A new command is a row of COMMANDS, its help included, and a function in tui/typed.py
or tui/orders.py.
The aliases are how other chats spell the same; people try those first.

Rules: a line that begins with `/` is a command or is refused, never said by
mistake. `//text` and `/say text` say it after all; a text that begins with `/me ` is
then what `/me` sends, for the wire has no other form for it. Bare words (`quit`,
`send bob hi`) are commands only where nobody could mean them as a line.
"""

from __future__ import annotations

import difflib
from collections.abc import Container
from dataclasses import dataclass

from tui import wording


class Refused(Exception):
    """This line is not carried out; the text says why, in a sentence."""


@dataclass(frozen=True, slots=True)
class Command:
    """One row: what is typed after the slash, and what the help says."""

    name: str
    aliases: tuple[str, ...]
    arguments: str  # needed, but for those in []; the last takes the rest of the line
    help: str
    bare: tuple[str, ...] = ()  # the same without a slash, as a whole line


@dataclass(frozen=True, slots=True)
class Parsed:
    """A command's name and its arguments."""

    name: str
    arguments: tuple[str, ...] = ()


COMMANDS = (
    Command(
        "msg",
        ("p", "pm", "whisper", "tell", "w"),
        "NAME [TEXT]",
        "talk with one person only",
    ),
    Command(
        "who",
        ("list", "listusers", "names"),
        "",
        "see who is here",
        bare=("list",),
    ),
    Command("join", ("j",), "ROOM", "enter a room, or make it"),
    Command("leave", ("part",), "[ROOM]", "leave a room"),
    Command("rooms", ("channels",), "", "see which rooms there are"),
    Command("topic", (), "[TEXT]", "say what this room is about; - says nothing"),
    Command("search", ("lastlog",), "WORD", "find it in what was said here"),
    Command("history", (), "[LINES]", "see what was said before"),
    Command("ask", ("request", "chat"), "NAME [TEXT]", "ask for a private chat"),
    Command("invite", (), "NAME", "ask somebody into this room"),
    Command("yes", (), "[NAME]", "say yes to who asks you"),
    Command("no", (), "[NAME]", "say no to who asks you"),
    Command("requests", (), "", "see who asks whom"),
    Command("nick", ("name", "rename"), "NAME", "take another name"),
    Command("me", (), "TEXT", "say what you do: * ana waves"),
    Command("ignore", (), "[NAME]", "hear somebody no more; again: hear them"),
    Command("say", (), "TEXT", "say it as it is, even if it begins with /"),
    Command("close", (), "", "close this private talk, or leave this room"),
    Command("unread", (), "", "go to where the unread lines begin"),
    Command("copy", (), "[LINES]", "show the last lines as plain text, to select"),
    Command("urls", ("links",), "", "show the addresses said here, to select"),
    Command("bell", (), "off|mention|all", "when to ring"),
    Command("theme", (), "dark|light|mono", "choose the colours"),
    Command("mouse", (), "wheel|on|off", "on: it clicks as well; off: it only selects"),
    Command("wire", (), "", "see each recv and each send, byte by byte"),
    Command("reconnect", (), "", "try to connect now"),
    Command("clear", (), "", "empty the screen, for you alone"),
    Command("help", (), "", "see this list", bare=("help",)),
    Command("quit", ("exit", "bye"), "", "leave", bare=("quit", "exit")),
)

_BY_WORD = {word: row for row in COMMANDS for word in (row.name, *row.aliases)}
_BY_BARE_WORD = {word: row for row in COMMANDS for word in row.bare}


def parse(line: str, roster: Container[str]) -> Parsed:
    """Read one line, not blank; `roster` says who is here. Raises Refused."""
    typed = line.strip()
    if typed.startswith("//"):
        return Parsed("say", (typed[1:],))
    if typed.startswith("/"):
        return _parse_command(typed)
    if "\n" in typed:  # several lines are a text, whatever they begin with
        return Parsed("say", (line,))
    if bare := _BY_BARE_WORD.get(typed.casefold()):
        return Parsed(bare.name)
    match typed.split(maxsplit=2):
        case [verb, name, text] if verb.casefold() == "send" and name in roster:
            return Parsed("msg", (name, text))
        case [verb, name] if verb.casefold() == "request" and name in roster:
            return Parsed("ask", (name,))
    return Parsed("say", (line,))


def _parse_command(typed: str) -> Parsed:
    word, *rest = typed.split(maxsplit=1)
    row = _BY_WORD.get(word[1:].casefold())
    if row is None:
        raise Refused(wording.unknown_command(word, _nearest(word[1:].casefold())))
    wanted = row.arguments.split()
    given = rest[0].split(maxsplit=len(wanted) - 1) if rest and wanted else []
    is_complete = len(given) >= sum(not word.startswith("[") for word in wanted)
    may_have_lines = row.arguments.endswith(("TEXT", "[TEXT]"))
    if not is_complete or ("\n" in typed and not may_have_lines):
        raise Refused(wording.usage(row.name, row.arguments))
    return Parsed(row.name, tuple(given))


def _nearest(word: str) -> str | None:
    return next(iter(difflib.get_close_matches(word, _BY_WORD, n=1)), None)


def help_text() -> str:
    """The table as people read it."""
    rows = [
        (f"/{row.name} {row.arguments}".rstrip(), _help_of(row)) for row in COMMANDS
    ]
    width = max(len(usage) for usage, _ in rows)
    lines = [f"{usage:{width}}  {text}" for usage, text in rows]
    return "\n".join(["type a line and press Enter, or a command:", *lines])


def _help_of(row: Command) -> str:
    aliases = " ".join(f"/{alias}" for alias in row.aliases)
    return f"{row.help} (or {aliases})" if aliases else row.help
