"""What a check is made of: stages, their trials, and what becomes of them.

    Stage 5 ── Trial "two frames in one send"     ──run(stand)──> nothing, or Failure
            └─ Trial "one byte at a time"         ──run(stand)──> nothing, or Failure

A stage is passed if all its trials are. It names the stages that it builds on: where
one of those has failed it is not tried, because its failure would say nothing. So the
first failure is always the one to mend.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from time import monotonic
from typing import Generic, TypeVar

StandT = TypeVar("StandT")


class Failure(Exception):
    """The other side did something else than docs/PROTOCOL.md says."""

    def __init__(
        self, expected: str, came: Iterable[str] = (), sent: bytes = b""
    ) -> None:
        super().__init__(expected)
        self.expected = expected
        self.came = list(came) or ["nothing"]
        self.sent = sent


@dataclass(frozen=True, slots=True)
class Trial(Generic[StandT]):
    """One thing that is tried; the hint names what is probably wrong."""

    sentence: str
    run: Callable[[StandT], None]
    hint: str
    lab: str = ""  # which shows it: labs/<lab>.py


@dataclass(frozen=True, slots=True)
class Stage(Generic[StandT]):
    """Trials that belong together."""

    number: int
    sentence: str
    points: int
    needs: tuple[int, ...]  # stages below this one, without which it makes no sense
    trials: tuple[Trial[StandT], ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one stage."""

    number: int
    sentence: str
    points: int
    seconds: float = 0.0
    missing: tuple[int, ...] = ()  # the stages for want of which it was not tried
    trial: Trial[None] | None = None  # which failed
    failure: Failure | None = None
    printed: list[str] = field(default_factory=list)  # by the program, at its end

    @property
    def is_passed(self) -> bool:
        return not self.missing and self.failure is None


Try = Callable[[Trial[StandT]], None]


def grade(
    stages: Iterable[Stage[StandT]],
    try_out: Try[StandT],
    last_words: Callable[[], list[str]],
) -> Iterator[Outcome]:
    """Try one stage after the other; what each needs must have been passed."""
    failed: set[int] = set()
    for stage in stages:
        missing = tuple(sorted(failed & set(stage.needs)))
        if missing:
            outcome = Outcome(
                stage.number, stage.sentence, stage.points, missing=missing
            )
        else:
            outcome = _try_stage(stage, try_out, last_words)
        if not outcome.is_passed:
            failed.add(stage.number)
        yield outcome


def _try_stage(
    stage: Stage[StandT], try_out: Try[StandT], last_words: Callable[[], list[str]]
) -> Outcome:
    begun_at = monotonic()
    trial: Trial[StandT] | None = None
    failure: Failure | None = None
    try:
        for trial in stage.trials:
            try_out(trial)
    except Failure as caught:
        failure = caught
    return Outcome(
        stage.number,
        stage.sentence,
        stage.points,
        monotonic() - begun_at,
        trial=trial if failure else None,  # type: ignore[arg-type]
        failure=failure,
        printed=last_words() if failure else [],
    )


def up_to(stages: Iterable[Stage[StandT]], number: int) -> list[Stage[StandT]]:
    """The stage of that number, and what it needs, and what that needs."""
    by_number = {stage.number: stage for stage in stages}
    wanted, chosen = {number}, set()
    while wanted:
        chosen |= wanted
        wanted = {need for n in wanted for need in by_number[n].needs} - chosen
    return [by_number[n] for n in sorted(chosen)]
