"""The director: what the caption says, and what a key means for it.

    idle --digit--> asked --a, b, c, Enter--> running --told--> told --digit--> asked
     ^                |Esc                                        |Esc
     '----------------+-------------------------------------------'

Who only watches learns nothing; who predicts first does (Crouch, Fagen, Callan and
Mazur, 2004). So no incident runs before its question was on the wall.

The dashboard's thread presses keys and asks for the caption; the stage's thread tells
what happened. They meet in one attribute: a whole state is put in its place at once,
so neither ever sees half of one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from textwrap import wrap
from time import monotonic

from demo.incidents import INCIDENTS, Incident

ROWS = 6  # of a caption
WIDTH = 74  # columns, as long as nobody says how wide it may be
LETTERS = "abc"
HINT_SECONDS = 8.0
GOES_ON = {"enter", "\r", "\n"}
DROPS = {"escape", "esc", "\x1b"}


@dataclass(frozen=True, slots=True)
class Idle:
    """Nothing is asked: hints, in turn."""


@dataclass(frozen=True, slots=True)
class Asking:
    """A question is on the wall."""

    incident: Incident


@dataclass(frozen=True, slots=True)
class Running:
    """It happens."""

    incident: Incident
    guess: str  # a letter, or nothing
    since: float  # monotonic


@dataclass(frozen=True, slots=True)
class Told:
    """It has happened."""

    incident: Incident
    guess: str
    happened: str


State = Idle | Asking | Running | Told


class Director:
    """Knows what is on the wall; `play` is called to make an incident happen."""

    def __init__(
        self,
        hints: tuple[str, ...],
        play: Callable[[Incident], None],
        now: Callable[[], float] = monotonic,
        width: Callable[[], int] = lambda: WIDTH,
    ) -> None:
        self.told: list[Told] = []  # for the summary, in their order
        self._hints = hints
        self._play = play
        self._now = now
        self._width = width
        self._began: float | None = None  # when somebody first looked
        self._state: State = Idle()

    def press(self, key: str) -> bool:
        """Whether the key meant something here (from the dashboard)."""
        match self._state:
            case Running():
                return key in INCIDENTS  # one at a time
            case Asking(incident) if key in {*LETTERS, *GOES_ON, incident.key}:
                self.begin(incident, key if key in LETTERS else "")
            case Asking() | Told() if key in DROPS:
                self._state = Idle()
            case Told() if key in GOES_ON:
                self._state = Idle()
            case _ if key in INCIDENTS:
                self._state = Asking(INCIDENTS[key])
            case _:
                return False
        return True

    def begin(self, incident: Incident, guess: str) -> None:
        self._state = Running(incident, guess, self._now())
        self._play(incident)

    def tell(self, happened: str) -> None:
        """It is over, and this was seen (from the stage)."""
        if isinstance(state := self._state, Running):
            self._state = Told(state.incident, state.guess, happened)
            self.told.append(self._state)

    def note(self, incident: Incident, happened: str) -> None:
        """Keep for the summary what happened where nobody was asked."""
        self.told.append(Told(incident, "", happened))

    def caption(self) -> tuple[str, ...]:
        """What to write under the picture, at this moment."""
        width = self._width()
        match self._state:
            case Idle():
                return tuple(wrap(self._hint(), width))
            case Asking(incident):
                return (*question_of(incident, width), KEYS_TO_GUESS)
            case Running(incident, _, since):
                return progress_of(incident, self._now() - since, width)
            case Told(incident, guess, happened):
                rows = story_of(incident, guess, happened, width)
                return rows if len(rows) >= ROWS else (*rows, KEYS_TO_GO_ON)

    def _hint(self) -> str:
        """The next one every few seconds, from when somebody first looked."""
        if self._began is None:
            self._began = self._now()
        turn = int((self._now() - self._began) / HINT_SECONDS)
        return self._hints[turn % len(self._hints)]


KEYS_TO_GO_ON = "1-9: the next one    Esc: back to the hints"
KEYS_TO_GUESS = "a b c: what do you think?    Enter: no guess    Esc: not now"


def question_of(incident: Incident, width: int = WIDTH) -> tuple[str, ...]:
    """The question and its three answers."""
    answers = zip(LETTERS, incident.answers, strict=True)
    asked = wrap(f"{incident.key}  {incident.question}", width)
    return (*asked, *(f"   {letter}  {answer}" for letter, answer in answers))


def progress_of(incident: Incident, seconds: float, width: int) -> tuple[str, ...]:
    title = f"{incident.key}  {incident.title}: it happens now ({seconds:.0f} s)"
    return (title, *wrap(f"Look at {incident.look}", width))


def story_of(
    incident: Incident, guess: str, happened: str, width: int = WIDTH
) -> tuple[str, ...]:
    """What was right, what was seen, and why."""
    verdict = verdict_of(incident, guess)
    seen, why = f"Seen: {happened}", f"Why: {incident.why}"
    paragraphs = (f"{incident.key}  {verdict}", seen, why)
    return tuple(row for text in paragraphs for row in wrap(text, width))


def verdict_of(incident: Incident, guess: str) -> str:
    right = incident.right
    answer = f"{right}  {incident.answers[LETTERS.index(right)]}"
    if not guess:
        return f"It is {answer}"
    return f"Right: {answer}" if guess == right else f"Not {guess}, but {answer}"
