r"""Lab 15, do not trust bytes: can a message change what stands on your screen?

Ana has read two lines. Then eve says "hi", with some bytes behind it. A terminal obeys
what it prints: \r goes back to the start of the row, ESC [ 2 J clears everything. Your
own terminal is spared: a toy terminal of 20 lines shows what it would do.

Nothing here depends on the system.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))  # run as a file

from labs.lesson import Lab, Outcome, Stage, teach

READ = ["ana: did you do question 3?", "bob: yes, it was hard"]
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
FORGERY = "hi\rteacher: no homework"
ERASER = "hi\x1b[2J\x1b[H"


def show_naively(name: str, text: str) -> str:
    return f"{name}: {text}"


def show_safely(name: str, text: str) -> str:
    return f"{name}: {CONTROL.sub(caret_form, text)}"


def caret_form(control: re.Match[str]) -> str:
    return f"^{chr(ord(control[0]) ^ 0x40)}"


class ToyTerminal:
    r"""Obeys \r, \n, ESC [ 2 J (clear) and ESC [ H (home), as real ones do."""

    def __init__(self) -> None:
        self.rows = [""]
        self.column = 0

    def print(self, text: str) -> None:
        for sign in re.findall(r"\x1b\[2J|\x1b\[H|.", text + "\n", flags=re.S):
            if sign in {"\x1b[2J", "\x1b[H"}:
                self.rows, self.column = [""], 0
            elif sign == "\n":
                self.rows.append("")
                self.column = 0
            elif sign == "\r":
                self.column = 0
            else:
                row, at = self.rows[-1], self.column
                self.rows[-1] = row[:at] + sign + row[at + 1 :]
                self.column += 1

    def picture(self) -> list[str]:
        return [row for row in self.rows if row]


def screen_after(line: str) -> list[str]:
    """What ana sees at last."""
    terminal = ToyTerminal()
    for earlier in [*READ, line]:
        terminal.print(earlier)
    return terminal.picture()


def experiment(stage: Stage) -> Outcome:
    screens = {}
    for text in (FORGERY, ERASER):
        for show in (show_naively, show_safely):
            screens[text, show] = screen_after(show("eve", text))
            stage.show(f"  eve says {text!r}, {show.__name__}:")
            for row in screens[text, show] or ["(nothing)"]:
                stage.show(f"    | {row}")
    forged, erased = screens[FORGERY, show_naively], screens[ERASER, show_naively]
    safe = [screens[text, show_safely] for text in (FORGERY, ERASER)]
    return Outcome(
        forged == [*READ, "teacher: no homework"]
        and erased == []
        and all(screen[:2] == READ and "eve: hi^" in screen[2] for screen in safe),
        f"The last line was `{forged[-1]}`, and then {len(erased)} lines were left; "
        f"shown safely it was `{safe[0][-1]}`.",
    )


LAB = Lab(
    __file__,
    code=(show_naively, show_safely, caret_form),
    answers=(
        "no: what is printed is printed",
        "only eve's own line can look odd",
        "yes: lines of others can be forged, and erased",
    ),
    right="c",
    experiment=experiment,
    why=(
        "A terminal has one stream for text and for orders, and so whoever writes text "
        "may give orders.",
        "The server cannot help alone: a client must not trust a server either.",
        "So every text of others is made safe in one place, before anything shows it.",
    ),
    look=r"Type printf 'eve: hi\rteacher: no homework\n' into a terminal of your own.",
    change="Let eve send 'hi' + chr(0x202E) + 'krowemoh on': what must the pattern "
    "CONTROL learn?",
    build="Read the table at the top of tui/sanitize.py; find one sign that it lets "
    "pass and that you would not.",
)

if __name__ == "__main__":
    sys.exit(teach(LAB))
