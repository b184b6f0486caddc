"""The operator's console: commands, from whoever sits at the server's terminal.

    keyboard --lines--> parse --row of COMMANDS--> desk --sentence--> the journal

A new command is a row of COMMANDS, its help included, and a method of the desk. The
slash may be left out: here nobody talks by accident. For the same reason a command
takes exactly the words that it knows: "stop that, please" does not stop the server.

The console has a thread of its own, which nobody waits for. A mistake is answered in
a sentence; a bug of ours ends one command; the end of the input ends the console, and
never the server.
"""

from __future__ import annotations

import difflib
import sys
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from chat.desk import Desk
from chat.journal import journal
from chat.keyboard import keyboard_of, typed_lines
from chat.refusal import Refusal
from chat.signals import read_in_background

HOW_TO_STOP = "to stop the server type /stop, or press Ctrl+C"
INVITATION = "Console: type /help for what you can do here"


@dataclass(frozen=True, slots=True)
class Command:
    """One row: what is typed, what the help says, what the desk does."""

    name: str
    arguments: str  # needed, but for those in []
    help: str
    act: Callable[..., str]
    aliases: tuple[str, ...] = ()

    @property
    def usage(self) -> str:
        return f"/{self.name} {self.arguments}".strip()

    @property
    def ends_in_text(self) -> bool:
        """Whether the last argument takes the rest of the line."""
        return self.arguments.endswith(("TEXT", "[WHY]"))


def help_text(_desk: Desk) -> str:
    width = max(len(row.usage) for row in COMMANDS)
    return "\n".join(f"{row.usage:{width}}  {row.help}" for row in COMMANDS)


COMMANDS = (
    Command(
        "who",
        "",
        "who is here, from where, how long, in which rooms",
        lambda desk: desk.survey.people(),
        ("list",),
    ),
    Command("kick", "NAME [WHY]", "send somebody away, who may come back", Desk.kick),
    Command("mute", "NAME [MINUTES]", "take somebody's voice", Desk.mute),
    Command("unmute", "NAME", "give it back", Desk.unmute),
    Command(
        "ban", "NAME|ADDRESS [WHY]", "send somebody away, and keep them out", Desk.ban
    ),
    Command("unban", "NAME|ADDRESS", "let them in again", Desk.unban),
    Command("bans", "", "who is banned, and why", lambda desk: desk.survey.bans()),
    Command("lock", "", "let nobody new in", Desk.lock),
    Command("unlock", "", "let people in again", Desk.unlock),
    Command("only", "[off]", "only the console speaks; again: everybody", Desk.only),
    Command("say", "TEXT", "say it to everybody, as server", Desk.say),
    Command("rooms", "", "which rooms there are", lambda desk: desk.survey.rooms()),
    Command("stats", "", "how the server is doing", lambda desk: desk.survey.stats()),
    Command("reload", "", "read --bans FILE and --motd FILE again", Desk.reload),
    Command("help", "", "see this list", help_text),
    Command("stop", "", "tell everybody, and stop", Desk.stop, ("quit", "exit")),
)

_BY_WORD = {word: row for row in COMMANDS for word in (row.name, *row.aliases)}


def start_console(desk: Desk, say: Callable[[str], None]) -> None:
    """Listen to the operator, if there is anything to listen to."""
    if not (keyboard := keyboard_of(sys.stdin)):
        return
    read_in_background()
    journal.info(INVITATION)
    lines = typed_lines(keyboard, lambda: say(HOW_TO_STOP))
    # Daemon: nobody can wake it from its last read.
    threading.Thread(
        target=run, args=(lines, desk, say), name="console", daemon=True
    ).start()


def run(lines: Iterable[str], desk: Desk, say: Callable[[str], None]) -> None:
    """Carry out line after line: the body of the console's thread."""
    try:
        for line in lines:
            if line.strip():
                say(answer(line, desk))
    except Exception:
        journal.exception("the console died; the server goes on, Ctrl+C stops it")


def answer(line: str, desk: Desk) -> str:
    """Carry out one line; what to tell the operator."""
    try:
        row, arguments = parse(line)
        return row.act(desk, *arguments)
    except Refusal as refusal:
        return refusal.text
    except Exception:
        journal.exception("the console could not do that")
        return "that went wrong: the server goes on"


def parse(line: str) -> tuple[Command, list[str]]:
    """Find what a line, not blank, asks for. Raises Refusal."""
    word, *rest = line.split(maxsplit=1)
    row = _BY_WORD.get(word.removeprefix("/").casefold())
    if row is None:
        raise Refusal("bad-verb", _unknown(word))
    wanted = row.arguments.split()
    most_cuts = len(wanted) - 1 if row.ends_in_text else -1
    given = rest[0].strip().split(maxsplit=most_cuts) if rest else []
    fewest = sum(not argument.startswith("[") for argument in wanted)
    if not fewest <= len(given) <= len(wanted):
        raise Refusal("bad-field", f"usage: {row.usage}")
    return row, given


def _unknown(word: str) -> str:
    known = difflib.get_close_matches(word.removeprefix("/").casefold(), _BY_WORD, n=1)
    hint = f"did you mean /{known[0]}?" if known else "/help lists all commands"
    return f'there is no command "{word[:20]}": {hint}'
