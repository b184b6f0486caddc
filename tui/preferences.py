r"""What a person chooses for good: a small optional file, read at the start.

    [client]
    name = ana
    theme = light

    HOMEROOM_CONFIG                      where it is, if set; else
    %APPDATA%\homeroom\client.ini        on Windows
    $XDG_CONFIG_HOME/homeroom/client.ini elsewhere; without that, ~/.config/...

A new preference is a field of Preferences, with its default, and a row of TABLE,
with its choices and its help.

Rules: nothing in the file can stop the chat. What is wrong with it becomes a
warning, a sentence for the person, and what is not understood has its default.
Written by hand, never by the program. The command line comes first, then this.
"""

from __future__ import annotations

import configparser
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, get_args

from tui.bell import Ring
from tui.sanitize import make_safe_line
from tui.style import Theme
from tui.wheel import Mouse

SECTION = "client"
MOST_CHARACTERS = 65_536  # of a file that is meant to have ten lines


@dataclass(frozen=True, slots=True)
class Preferences:
    """The file, read; without one, this."""

    name: str = ""
    address: str = ""
    theme: Theme = "dark"
    bell: Ring = "mention"
    mouse: Mouse = "wheel"
    stamps: Literal["on", "off"] = "on"


@dataclass(frozen=True, slots=True)
class Row:
    """One key of the file: which words it takes, all if none is named, and its help."""

    key: str
    choices: tuple[str, ...]
    help: str


TABLE = (
    Row("name", (), "your name; without one you are asked"),
    Row("address", (), "the server: HOST, HOST:PORT or [V6]:PORT"),
    Row("theme", get_args(Theme), "colours for the background of your terminal"),
    Row("bell", get_args(Ring), "what the bell rings for"),
    Row("mouse", get_args(Mouse), "wheel: it scrolls; on: it clicks as well"),
    Row("stamps", ("on", "off"), "the time of day beside each line"),
)
ROWS = {row.key: row for row in TABLE}


def load(environ: Mapping[str, str], home: Path) -> tuple[Preferences, list[str]]:
    """The preferences, and a warning for everything that is wrong with the file.

    `home` is the person's home directory. No file is no mistake, unless
    HOMEROOM_CONFIG named it.
    """
    path = config_path(environ, home, windows=os.name == "nt")
    try:
        with path.open(encoding="utf-8-sig") as file:  # Notepad begins with a mark
            text = file.read(MOST_CHARACTERS)
    except (FileNotFoundError, NotADirectoryError) as failure:
        is_named = bool(environ.get("HOMEROOM_CONFIG"))
        return Preferences(), [_unreadable(path, failure)] * is_named
    except (OSError, ValueError) as failure:  # ValueError: this is not UTF-8
        return Preferences(), [_unreadable(path, failure)]
    return _read(text, make_safe_line(str(path)))


def config_path(environ: Mapping[str, str], home: Path, *, windows: bool) -> Path:
    """Where the file is looked for. Not tested on Windows."""
    if named := environ.get("HOMEROOM_CONFIG"):
        return Path(named)
    if windows:
        folder = Path(environ.get("APPDATA") or home / "AppData" / "Roaming")
    else:
        folder = Path(environ.get("XDG_CONFIG_HOME") or "")
        if not folder.is_absolute():  # then XDG's specification says: ignore it
            folder = home / ".config"
    return folder / "homeroom" / "client.ini"


def sample() -> str:
    """A whole file with every key at its default, for people to begin with."""
    lines = [f"[{SECTION}]"]
    for row in TABLE:
        choices = f" ({' | '.join(row.choices)})" if row.choices else ""
        default = getattr(Preferences(), row.key)
        lines += ["", f"# {row.help}{choices}", f"{row.key} = {default}".rstrip()]
    return "\n".join(lines) + "\n"


def _unreadable(path: Path, failure: OSError | ValueError) -> str:
    why = failure.strerror if isinstance(failure, OSError) else "it is not UTF-8 text"
    return f"{make_safe_line(str(path))} cannot be read: {why}"


def _read(text: str, path: str) -> tuple[Preferences, list[str]]:
    # No interpolation: a % in a name is a %. No default section: one is enough.
    parser = configparser.ConfigParser(
        delimiters=("=",), interpolation=None, default_section=""
    )
    try:
        parser.read_string(text)
    except configparser.Error as broken:
        return Preferences(), [f"{path} is not used: {_explain(broken)}"]
    found = parser[SECTION] if parser.has_section(SECTION) else {}
    values = {key: _meant(key, value) for key, value in found.items()}
    good: dict[str, Any] = {key: value for key, value in values.items() if value}
    warnings = [*_unknown_sections(parser), *_mistakes(found)]
    return Preferences(**good), [f"{path}: {warning}" for warning in warnings]


def _meant(key: str, value: str) -> str:
    """The value in its one spelling; nothing if the default holds instead."""
    if not (row := ROWS.get(key)):
        return ""
    if not row.choices:
        return value
    return value.casefold() if value.casefold() in row.choices else ""


def _mistakes(found: Mapping[str, str]) -> Iterator[str]:
    for key, value in found.items():
        if key not in ROWS:
            yield f"{make_safe_line(key)} is no preference; there are {', '.join(ROWS)}"
        elif value and not _meant(key, value):
            choices = ", ".join(ROWS[key].choices)
            yield f"{key} cannot be {make_safe_line(value)}, only {choices}"


def _unknown_sections(parser: configparser.ConfigParser) -> Iterator[str]:
    for name in parser.sections():
        if name != SECTION:
            yield f"nobody reads [{make_safe_line(name)}], only [{SECTION}]"


def _explain(broken: configparser.Error) -> str:
    """What is wrong, in a sentence without line breaks."""
    match broken:
        case configparser.MissingSectionHeaderError():
            return f"it must begin with [{SECTION}]"
        case configparser.DuplicateOptionError(option=key, lineno=line):
            return f"line {line} says {make_safe_line(key)} a second time"
        case configparser.DuplicateSectionError(section=name, lineno=line):
            return f"line {line} begins [{make_safe_line(str(name))}] a second time"
        case configparser.ParsingError(errors=[(line, _), *_]):
            return f"line {line} is not of the form: key = value"
        case _:
            return make_safe_line(str(broken))
