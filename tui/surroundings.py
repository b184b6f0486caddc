"""What the environment says wrongly about a terminal, set right before curses asks.

A locale that knows no UTF-8 (LC_ALL=C over ssh) makes 漢字 blanks and é two letters;
exported COLUMNS and LINES freeze the size at what it was when the shell started.
"""

from __future__ import annotations

import contextlib
import locale
import os
from collections.abc import Iterator

UTF8_LOCALES = ("C.UTF-8", "C.utf8", "en_US.UTF-8", "UTF-8")  # the last is macOS'


def repair_locale() -> bool:
    """Make curses speak UTF-8; whether it does.

    With LC_ALL=C, or a locale that is not installed (common over SSH), ncurses
    would draw blanks for 漢字 and lose a typed é.
    """
    with contextlib.suppress(locale.Error):
        locale.setlocale(locale.LC_ALL, "")
    if os.name == "nt":
        return True  # the console takes UTF-16 whatever the locale
    for name in UTF8_LOCALES:
        if locale.nl_langinfo(locale.CODESET) == "UTF-8":
            return True
        with contextlib.suppress(locale.Error):
            locale.setlocale(locale.LC_CTYPE, name)
    return locale.nl_langinfo(locale.CODESET) == "UTF-8"


@contextlib.contextmanager
def without_size_variables() -> Iterator[None]:
    """Hide LINES and COLUMNS: curses would believe them more than the terminal."""
    hidden = {
        name: os.environ.pop(name)
        for name in ("LINES", "COLUMNS")
        if name in os.environ
    }
    try:
        yield
    finally:
        os.environ.update(hidden)
