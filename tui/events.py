"""What goes into the model and what comes out of it, beside the wire's messages.

    receiver thread --Event--> model --Effect--> screen, receiver
    keyboard        ---------'

Events report what happened; effects ask for what only the outside can do. Both
are plain values, so a test talks to the model without a socket or a terminal.
Keys are not here: they come from `tui.keys` and go to `Model.press`.
"""

from __future__ import annotations

from dataclasses import dataclass

from messages import Report, Request
from tui.style import Theme
from tui.wheel import Mouse

# -- Where the connection stands: the receiver reports it, the status bar tells it --


@dataclass(frozen=True, slots=True)
class Connecting:
    """The receiver tries to reach the server."""

    address: str  # as a person writes it: host:port


@dataclass(frozen=True, slots=True)
class Online:
    """Logged in; made by the model from the server's welcome."""


@dataclass(frozen=True, slots=True)
class Lost:
    """No connection, and the receiver will try again by itself."""

    why: str  # a sentence
    retry_at: float  # time.monotonic() of the next try
    attempt: int  # the number of that try, from 1
    is_refusal: bool = False  # the server answered, and did not let us in


@dataclass(frozen=True, slots=True)
class Ended:
    """No connection, and no further try: the program ends with exit code 1."""

    why: str  # a sentence


Connection = Connecting | Online | Lost | Ended


# -- Plain mode: whole lines from standard input -----------------------------------


@dataclass(frozen=True, slots=True)
class Entered:
    """A line was typed or piped in."""

    line: str


@dataclass(frozen=True, slots=True)
class InputEnded:
    """There will be no more lines."""


Event = Report | Connecting | Lost | Ended | Entered | InputEnded


# -- Effects: what the model asks of the outside -----------------------------------


@dataclass(frozen=True, slots=True)
class Send:
    """Put this message on the wire, or drop it if there is none: it is kept."""

    message: Request


@dataclass(frozen=True, slots=True)
class Reconnect:
    """Try now, do not wait for the next try."""


@dataclass(frozen=True, slots=True)
class CallAs:
    """There is no connection: say another name at the next try, and try now."""

    name: str


@dataclass(frozen=True, slots=True)
class Remember:
    """This is our name now: offer it the next time."""

    name: str


@dataclass(frozen=True, slots=True)
class Scroll:
    """Turn the message pane; only the screen knows how tall a page is."""

    pages: int = 0  # negative: towards the past
    rows: int = 0  # the same, by rows


@dataclass(frozen=True, slots=True)
class Reveal:
    """Show where the searched word stands; only the screen knows its row."""


@dataclass(frozen=True, slots=True)
class Point:
    """Somebody clicked on this cell; only the screen knows what stands there."""

    row: int
    column: int


@dataclass(frozen=True, slots=True)
class Copy:
    """Show these lines as plain text, outside the screen, until Enter."""

    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Ring:
    """Ring the bell."""


@dataclass(frozen=True, slots=True)
class UseTheme:
    """Paint in these colours from now on."""

    theme: Theme


@dataclass(frozen=True, slots=True)
class UseMouse:
    """Take the mouse, or leave it to the terminal."""

    mouse: Mouse


@dataclass(frozen=True, slots=True)
class Redraw:
    """Another program wrote on the screen: paint all of it again."""


@dataclass(frozen=True, slots=True)
class Suspend:
    """Give the terminal to the shell until `fg`."""


@dataclass(frozen=True, slots=True)
class Quit:
    """End the program."""

    code: int  # the exit code


Effect = (
    Send | Reconnect | CallAs | Remember | Scroll | Reveal | Point | Copy | Ring
    | UseTheme | UseMouse | Redraw | Suspend | Quit
)  # fmt: skip
