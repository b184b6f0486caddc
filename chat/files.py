"""The operator's two files: who may not come in, and the message of the day.

    --bans FILE   one ban a line: a name or an address, then why, if there is a
                  reason; a line that begins with # is a comment
    --motd FILE   what everybody is told after login, at most 2,000 characters

Both are small and in UTF-8. People write them with an editor while the server runs,
so /ban and /unban change only the lines they mean, and leave the others as they are.
Writing goes to a second file, which then takes the place of the first in one step:
whoever reads, or pulls the plug, finds a whole file.

Whatever is wrong with a file is a FileError; who asked keeps what was there before.
"""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from chat.journal import show_controls
from chat.refusal import FileError, Refusal
from chat.rules import banned_form

LONGEST_MOTD = 2_000  # characters
LARGEST_FILE = 1 << 20  # bytes
COMMENT = "#"
HEADING = f"""\
{COMMENT} Who may not come in: one name or address a line, then why, if you like.
{COMMENT} The server reads this at the start and after /reload or SIGHUP.
"""


# -- The message of the day --------------------------------------------------------


def read_motd(path: str) -> str:
    """What newcomers are told. Raises FileError."""
    text = read_text(path).expandtabs().strip()
    if len(text) > LONGEST_MOTD:
        raise FileError(f"{path} is over {LONGEST_MOTD:,} characters")
    return "\n".join(map(show_controls, text.split("\n")))


# -- Bans --------------------------------------------------------------------------


def read_bans(path: str) -> dict[str, str]:
    """Name keys and networks, and why. Raises FileError."""
    try:
        return dict(_bans_of(read_text(path)))
    except Refusal as refusal:
        raise FileError(f"{path}: {refusal.text}") from None


def _bans_of(text: str) -> Iterator[tuple[str, str]]:
    """Raises Refusal."""
    for number, line in enumerate(text.split("\n"), start=1):
        who, *why = line.split(maxsplit=1)[:2] or [COMMENT]
        if who.startswith(COMMENT):
            continue
        try:
            yield banned_form(who), show_controls(why[0].strip() if why else "")
        except Refusal as wrong:
            raise Refusal(wrong.code, f"line {number}: {wrong.text}") from None


def note_ban(path: str, who: str, why: str) -> None:
    """Add a ban, or say anew why. Raises FileError."""
    text = _without_ban(read_text(path), who)
    ending = "" if text.endswith("\n") or not text else "\n"
    _write(path, f"{text}{ending}{f'{who} {why}'.strip()}\n")


def strike_ban(path: str, who: str) -> bool:
    """Whether it was there. Raises FileError."""
    text = read_text(path)
    shorter = _without_ban(text, who)
    if shorter != text:
        _write(path, shorter)
    return shorter != text


def _without_ban(text: str, who: str) -> str:
    lines = text.splitlines(keepends=True)
    return "".join(line for line in lines if not _is_about(line, who))


def _is_about(line: str, who: str) -> bool:
    try:
        return any(found == who for found, _ in _bans_of(line))
    except Refusal:
        return False  # whoever wrote that will mend it


def make_bans(path: str) -> None:
    """Begin a list where there is none. Raises FileError."""
    if not os.path.lexists(path):
        _write(path, HEADING)


# -- Files -------------------------------------------------------------------------


def read_text(path: str) -> str:
    """A small text, whoever wrote it on whatever system. Raises FileError."""
    try:
        found = Path(path).stat()
        if not stat.S_ISREG(found.st_mode):  # a pipe would keep us waiting
            raise FileError(f"{path} is not a file")
        if found.st_size > LARGEST_FILE:
            raise FileError(f"{path} is over {LARGEST_FILE:,} bytes")
        text = Path(path).read_bytes().decode("utf-8-sig")  # Notepad writes a mark
    except UnicodeDecodeError:
        raise FileError(f"{path} is not text in UTF-8") from None
    except OSError as failure:
        raise FileError(f"cannot read {path}: {failure.strerror}") from None
    return text.replace("\r\n", "\n")


def _write(path: str, text: str) -> None:
    """Put a whole file in the place of another. Raises FileError."""
    target = os.path.realpath(path)  # it may be a link, and stays one
    fresh = f"{target}.new"
    try:
        with open(fresh, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileNotFoundError):  # the first one: there is no mode to keep
            shutil.copymode(target, fresh)
        os.replace(fresh, target)
    except OSError as failure:
        with suppress(OSError):
            os.unlink(fresh)
        raise FileError(f"cannot write {path}: {failure.strerror}") from None
