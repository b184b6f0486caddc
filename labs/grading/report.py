"""What a check found, for people and for machines."""

from __future__ import annotations

import json
import re
import textwrap
from collections.abc import Iterable, Iterator

from explain.frames import spell
from labs.grading.stages import Failure, Outcome
from protocol import HEADER

WIDTH = 88
BYTES_SHOWN = 24  # of what was sent
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
LABEL = 15  # columns, with the indent


def lines_of(outcome: Outcome) -> Iterator[str]:
    """One line if all is well; else what was sent, expected, and what came."""
    title = f"{outcome.number:2}  {outcome.sentence:<56}"
    if outcome.missing:
        yield f"{title}not tried: it needs stage {outcome.missing[0]}"
    elif not (failure := outcome.failure):
        yield f"{title}ok      {outcome.seconds:6.2f} s"
    else:
        yield f"{title}FAILED  {outcome.seconds:6.2f} s"
        yield from _failure_lines(outcome, failure)


def text_of(outcomes: Iterable[Outcome]) -> str:
    return "\n".join(line for outcome in outcomes for line in lines_of(outcome))


def _failure_lines(outcome: Outcome, failure: Failure) -> Iterator[str]:
    trial = outcome.trial
    if trial:
        yield from _labelled("tried", trial.sentence)
    if failure.sent:
        yield from _labelled("sent", sent_hex(failure.sent))
        yield from _labelled("", sent_words(failure.sent))
    yield from _labelled("expected", failure.expected)
    for number, came in enumerate(failure.came):
        yield from _labelled("" if number else "came", came)
    if trial:
        yield from _labelled("hint", trial.hint)
        if trial.lab:
            yield from _labelled("see", f"python labs/{trial.lab}.py")
    for number, line in enumerate(outcome.printed):
        yield from _labelled("" if number else "it printed", line[: WIDTH - LABEL])


def _labelled(label: str, text: str) -> Iterator[str]:
    first = f"    {label:<{LABEL - 4}}"
    # What a program sent must not clear the screen of who checks it.
    safe = CONTROL.sub(lambda found: repr(found[0])[1:-1], text)
    yield from textwrap.wrap(
        safe, WIDTH, initial_indent=first, subsequent_indent=" " * LABEL
    )


def sent_hex(data: bytes) -> str:
    more = f" .. ({len(data):,} bytes)" if len(data) > BYTES_SHOWN else ""
    return data[:BYTES_SHOWN].hex(" ") + more


def sent_words(data: bytes) -> str:
    """What was sent, as the wire's page writes it, as far as it is frames."""
    words = []
    while len(data) > HEADER.size:
        (length,) = HEADER.unpack_from(data)
        payload = data[HEADER.size : HEADER.size + length]
        words.append(spell(payload))
        data = data[HEADER.size + length :]
    return "; ".join(words)[: 2 * WIDTH]


def score(outcomes: list[Outcome]) -> tuple[int, int]:
    """The points, and how many there were to have."""
    passed = sum(outcome.points for outcome in outcomes if outcome.is_passed)
    return passed, sum(outcome.points for outcome in outcomes)


def score_lines(outcomes: list[Outcome]) -> Iterator[str]:
    """Points per stage, and all of them."""
    for outcome in outcomes:
        got, most = score([outcome])
        yield f"{outcome.number:2}  {outcome.sentence:<56}{got:3} of {most:3}"
    got, most = score(outcomes)
    yield f"{'':60}{got:3} of {most:3}"


def summary(outcomes: list[Outcome]) -> str:
    """One sentence about everything."""
    if bad := next((o for o in outcomes if not o.is_passed), None):
        passed = sum(outcome.is_passed for outcome in outcomes)
        return f"{passed} of {len(outcomes)} stages; mend stage {bad.number} first"
    return "all stages passed" if len(outcomes) > 1 else "this stage is passed"


def as_json(subject: str, outcomes: list[Outcome]) -> str:
    got, most = score(outcomes)
    return json.dumps(
        {
            "subject": subject,
            "passed": all(outcome.is_passed for outcome in outcomes),
            "score": got,
            "of": most,
            "stages": [_row(outcome) for outcome in outcomes],
        },
        indent=2,
        ensure_ascii=False,
    )


def _row(outcome: Outcome) -> dict[str, object]:
    row: dict[str, object] = {
        "stage": outcome.number,
        "sentence": outcome.sentence,
        "result": "passed" if outcome.is_passed else "failed",
        "points": outcome.points if outcome.is_passed else 0,
        "of": outcome.points,
        "seconds": round(outcome.seconds, 3),
    }
    if outcome.missing:
        row |= {"result": "not tried", "needs": list(outcome.missing)}
    if (failure := outcome.failure) and (trial := outcome.trial):
        row |= {
            "tried": trial.sentence,
            "sent": failure.sent.hex(" "),
            "expected": failure.expected,
            "came": failure.came,
            "hint": trial.hint,
            "lab": trial.lab,
            "printed": outcome.printed,
        }
    return row
