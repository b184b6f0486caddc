"""The wall: where a lab prints, and where it asks whoever looks on.

Nobody is asked who is not there: without a terminal every answer is empty, at once. A
reader of our output who has seen enough (`| head`) is no reason for a traceback.
"""

from __future__ import annotations

import io
import os
import sys
from textwrap import fill, wrap

WIDTH = 80  # columns
LABEL = 11  # columns, before the text of a paragraph


class Wall:
    """Standard input and output."""

    def __init__(self) -> None:
        self.has_person = sys.stdin is not None and sys.stdin.isatty()
        if isinstance(sys.stdout, io.TextIOWrapper):
            sys.stdout.reconfigure(errors="backslashreplace")  # old Windows consoles

    def show(self, text: str = "", end: str = "\n") -> None:
        try:
            sys.stdout.write(text + end)
            sys.stdout.flush()
        except BrokenPipeError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())

    def show_story(self, text: str) -> None:
        """Paragraphs, as wide as the wall."""
        self.show("\n\n".join(fill(part, WIDTH) for part in text.split("\n\n")))

    def show_paragraph(self, label: str, text: str) -> None:
        """A label at the left, the text beside it."""
        first = f"{label:<{LABEL}}"
        for row in wrap(
            text, WIDTH, initial_indent=first, subsequent_indent=" " * LABEL
        ):
            self.show(row)

    def ask(self, question: str) -> str:
        """One typed line, without its end; empty where nobody answers."""
        if not self.has_person:
            return ""
        self.show(question, end="")
        line = sys.stdin.readline()
        if not line:  # Ctrl+D
            self.has_person = False
            self.show()
        return line.rstrip("\n")
