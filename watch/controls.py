"""What the keys do to the picture: freeze it, sort it, ask before something is done.

    key --> press --> the controls changed, or an order for the operator's console:
                      "/kick bob"

KEYS is the table of all of them; the bottom row and the help are made from it. What
they order goes to the console's thread (chat/console.py), as if it had been typed:
the desk takes `clients_lock`, and the dashboard must never wait for that.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from sight.motion import motion

ORDERS = ("trouble", "longest", "busiest", "name")  # see watch/picture.py
STOP = "/stop"
PAGE = 5  # rows


@dataclass(frozen=True, slots=True)
class Prompt:
    """The question in the bottom row: who is meant?"""

    verb: str  # a command of the console
    names: tuple[str, ...]  # of those who are here
    typed: str = ""
    chosen: int = 0  # of the candidates

    @property
    def candidates(self) -> tuple[str, ...]:
        wanted = self.typed.casefold()
        return tuple(n for n in self.names if n.casefold().startswith(wanted))

    @property
    def name(self) -> str:
        """Who is meant now; what was typed, if nobody here is called so."""
        found = self.candidates
        return found[self.chosen % len(found)] if found else self.typed


@dataclass(slots=True)
class Controls:
    """What the operator has chosen."""

    is_frozen: bool = False
    has_wire: bool = True
    is_help_open: bool = False
    order: str = ORDERS[0]
    prompt: Prompt | None = None
    is_asking_to_stop: bool = False
    top: int = 0  # row of the threads, or of the help, that is the first to be seen
    note: str = ""  # what the console answered; until the next key
    names: Callable[[], Sequence[str]] = field(default=tuple)

    def press(self, key: str) -> str:
        """Do what a key says; an order for the console, or nothing."""
        self.note = ""
        if self.prompt:
            return self._type(self.prompt, key)
        if self.is_asking_to_stop:
            self.is_asking_to_stop = False
            return STOP if key in {"q", "y", "enter"} else ""
        if self.is_help_open and key in {"escape", "q", "?", " "}:
            self.is_help_open, self.top = False, 0
        elif row := _BY_KEY.get(key):
            row.act(self)
        return ""

    @property
    def is_prompting(self) -> bool:
        """Whether the next key is an answer, and nobody else's."""
        return self.prompt is not None or self.is_asking_to_stop

    def _type(self, prompt: Prompt, key: str) -> str:
        match key:
            case "escape" | "ctrl-g":
                self.prompt = None
            case "enter":
                self.prompt = None
                return f"/{prompt.verb} {prompt.name}" if prompt.name else ""
            case "down" | "right" | "tab":
                self.prompt = replace(prompt, chosen=prompt.chosen + 1)
            case "up" | "left":
                self.prompt = replace(prompt, chosen=prompt.chosen - 1)
            case "backspace" | "ctrl-h":
                self.prompt = replace(prompt, typed=prompt.typed[:-1], chosen=0)
            case _ if len(key) == 1 and key.isprintable() and key != " ":
                self.prompt = replace(prompt, typed=prompt.typed + key, chosen=0)
        return ""

    # -- What the keys do ----------------------------------------------------------

    def freeze(self) -> None:
        self.is_frozen = not self.is_frozen

    def turn_wire(self) -> None:
        self.has_wire = not self.has_wire

    def sort(self) -> None:
        self.order = ORDERS[(ORDERS.index(self.order) + 1) % len(ORDERS)]
        self.note = f"sorted by {self.order}"

    def scroll(self, rows: int) -> None:
        self.top = max(self.top + rows, 0)

    def open_help(self) -> None:
        self.is_help_open, self.top = True, 0

    def ask_to_stop(self) -> None:
        self.is_asking_to_stop = True

    def ask(self, verb: str) -> None:
        self.prompt = Prompt(verb, tuple(self.names()))


@dataclass(frozen=True, slots=True)
class Key:
    """One row: what is pressed, the short and the long of it, what it does."""

    keys: tuple[str, ...]
    name: str  # empty: the row above says it all
    short: str  # empty: the bottom row does without
    help: str
    act: Callable[[Controls], None]


def _scrolling(rows: int) -> Callable[[Controls], None]:
    return lambda controls: controls.scroll(rows)


def _asking(verb: str) -> Callable[[Controls], None]:
    return lambda controls: controls.ask(verb)


KEYS = (
    Key((" ",), "space", "freeze", "freeze this picture; the chat goes on",
        Controls.freeze),
    Key(("w",), "w", "wire", "show the wire, or leave the room to the others",
        Controls.turn_wire),
    Key(("-",), "-", "slow motion", "slow motion: 0.1, 0.5, 2 s before each step",
        lambda _: motion.slower()),
    Key(("+", "="), "+", "", "back to full speed",
        lambda _: motion.faster()),
    Key(("s",), "s", "sort", "sort by trouble, longest, busiest, name",
        Controls.sort),
    Key(("k",), "k", "kick", "send somebody away, who may come back",
        _asking("kick")),
    Key(("m",), "m", "mute", "take somebody's voice", _asking("mute")),
    Key(("u",), "u", "unmute", "give it back", _asking("unmute")),
    Key(("up",), "Up", "", "scroll the threads, or this page; so do Down, PgUp, PgDn",
        _scrolling(-1)),
    Key(("down",), "", "", "", _scrolling(1)),
    Key(("pageup",), "", "", "", _scrolling(-PAGE)),
    Key(("pagedown",), "", "", "", _scrolling(PAGE)),
    Key(("?", "h", "f1"), "?", "help", "this page; the same key closes it",
        Controls.open_help),
    Key(("q",), "q", "stop", "stop the server, if you say so twice; so does Ctrl+C",
        Controls.ask_to_stop),
)  # fmt: skip

_BY_KEY = {key: row for row in KEYS for key in row.keys}
