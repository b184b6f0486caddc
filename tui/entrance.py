"""At the door, before there is a screen: who comes, how, and under what name.

The command line comes first, then the preferences. The name that a server accepted
is offered the next time; it is kept in a file of its own beside the preferences,
which the program never writes.
"""

from __future__ import annotations

import argparse
import getpass
import io
import os
import re
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from tui.preferences import Preferences, config_path, load
from tui.sanitize import make_safe_line

LONGEST_NAME = 20  # characters; the server has the last word on names


class NameRefused(Exception):
    """The server does not want this name; the text says why."""


@dataclass(frozen=True, slots=True)
class Guest:
    """Who starts the client, as far as options, files and streams tell."""

    name: str  # empty: to be asked
    address: str  # as typed; empty: this machine
    wants_lines: bool  # --plain
    wants_wire: bool  # --wire
    is_person: bool  # somebody sits at a terminal and can be asked
    preferences: Preferences
    warnings: tuple[str, ...]  # what is wrong with the preferences
    notes: Path  # where the last name is kept
    is_new: bool  # nobody was here before

    def log_in(self, call: Callable[[str], None], address: str) -> str:
        """Call the server under a name that it accepts; ask for one if need be.

        `call` raises NameRefused; so does this where there is nobody to ask.
        """
        name = self.name
        while True:
            name = name or self.ask_name()
            if self.is_person:  # who may have to wait for a host that does not answer
                print(f"connecting to {address} ...", flush=True)
            try:
                call(name)
            except NameRefused as refused:
                if not self.is_person:
                    raise
                complain(str(refused), 1)
                name = ""
            else:
                self.remember_name(name)
                return name

    def ask_name(self) -> str:
        """Ask until there is an answer. Raises EOFError, KeyboardInterrupt."""
        suggestion = suggest_name(self.notes)
        hint = f" [{suggestion}]" if suggestion else ""
        while True:
            if name := input(f"Your name{hint}: ").strip() or suggestion:
                return name

    def remember_name(self, name: str) -> None:
        """Keep the name for the next time; where nothing can be kept, nothing is."""
        if self.is_person:
            with suppress(OSError):
                self.notes.parent.mkdir(parents=True, exist_ok=True)
                self.notes.write_text(name, encoding="utf-8")


def read_guest(arguments: list[str], environ: Mapping[str, str], home: Path) -> Guest:
    """Read options, preferences and streams. A wrong option exits with 2."""
    prepare_streams()
    options = read_options(arguments)
    if options.no_color:
        os.environ["NO_COLOR"] = "1"
    preferences, warnings = load(environ, home)
    folder = config_path(environ, home, windows=os.name == "nt").parent
    return Guest(
        name=options.name or preferences.name,
        address=options.address or preferences.address,
        wants_lines=options.plain,
        wants_wire=options.wire,
        is_person=sys.stdin.isatty() and sys.stdout.isatty(),
        preferences=preferences,
        warnings=tuple(warnings),
        notes=folder / "last-name",
        is_new=not (folder / "last-name").exists(),
    )


def prepare_streams() -> None:
    """Speak UTF-8 whatever the locale says: names and texts are in any language."""
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="replace")


def read_options(arguments: list[str]) -> argparse.Namespace:
    """Read the command line. Exits with 2 after a sentence on stderr."""
    parser = argparse.ArgumentParser(
        prog="client.py", description="A chat client for the terminal."
    )
    parser.add_argument("name", nargs="?", default="", metavar="NAME")
    parser.add_argument(
        "address",
        nargs="?",
        default="",
        metavar="ADDRESS",
        help="HOST, HOST:PORT or [V6]:PORT (default: this machine, port 12345)",
    )
    parser.add_argument("--plain", action="store_true", help="lines in, lines out")
    parser.add_argument("--wire", action="store_true", help="show recvs and sends")
    parser.add_argument("--no-color", action="store_true", help="as NO_COLOR=1 does")
    return parser.parse_args(arguments)


def suggest_name(notes: Path) -> str:
    """The name of the last time, else the login name, as far as it is one here."""
    with suppress(OSError, ValueError):
        if last := make_safe_line(notes.read_text(encoding="utf-8")).strip():
            return last[:LONGEST_NAME]
    try:
        login = getpass.getuser()
    except (OSError, KeyError, ImportError):  # this machine has no such thing
        return ""
    return re.sub(r"[^A-Za-z0-9._-]", "", login)[:LONGEST_NAME]


def complain(sentence: str, code: int) -> int:
    """Say on standard error what went wrong; return the exit code."""
    print(f"! {sentence}", file=sys.stderr, flush=True)
    return code
