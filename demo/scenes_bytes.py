"""Scenes with bytes: how lines are cut, what is no frame, too much, and escape codes.

Like those in scenes_people.py they happen on the wire, and are judged by what comes
back.
"""

from __future__ import annotations

import sys
from time import monotonic

from demo.script import ADA, EVE
from demo.stage import HERE, Stage
from demo.wording import in_ms
from messages import LOBBY, Bye, Error, Said, Say, Welcome
from protocol import encode

FLOOD = 80  # lines
LOOK = 2.0  # seconds in which one can read a row that was not there before


def glue_and_dribble(stage: Stage) -> str:
    """Ten lines in one send, then one line in ten sends."""
    gus = stage.guest("gus")
    gus.log_in()
    ids = [f"glue-{number}" for number in range(10)]
    begun = monotonic()
    gus.send(*(Say(id, LOBBY, f"line {id[-1]} of one send") for id in ids))
    arrived = [gus.hear(Said, sender=gus.name).id for _ in ids]
    took = monotonic() - begun
    stage.pause(LOOK / 2)
    frame = encode(Say("dribble", LOBBY, "one line in ten pieces"))
    pieces = [
        frame[n * len(frame) // 10 : (n + 1) * len(frame) // 10] for n in range(10)
    ]
    for piece in pieces:
        stage.pause(LOOK / 10)
        gus.send_bytes(piece)
    begun = monotonic()
    gus.hear(Said, id="dribble")
    return (
        f"1 send: {sum(id in ids for id in arrived)} lines, after {in_ms(took)}. "
        f"{len(pieces)} sends: 1 line, {in_ms(monotonic() - begun)} after the last."
    )


def announce_four_gigabytes(stage: Stage) -> str:
    """Eve sends a length, and nothing after it; again and again."""
    byes: list[str] = []
    with stage.borrowed(EVE) as (eve,), stage.ears(eve) as (of_eve,):
        before = peak_memory()
        for _ in range(4):
            eve.do(eve.send_bytes, b"\xff" * 4)
            byes.append(of_eve.wait(Bye)[1].code)
            of_eve.wait(Welcome)  # she is back
            stage.pause(LOOK / 4)
        grown = peak_memory() - before
    memory = f"The most memory we ever had grew by {grown:,} KB. " if before else ""
    return (
        f"{len(byes)} times {2**32 - 1:,} bytes announced: bye {', '.join(set(byes))}. "
        f"{memory}Eve came back each time."
    )


def peak_memory() -> int:
    """In KB (on macOS the system counts bytes); 0 where nobody knows."""
    try:
        import resource
    except ImportError:  # Windows does not tell
        return 0
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak >> 10 if sys.platform == "darwin" else peak


def flood(stage: Stage) -> str:
    """Eighty lines in one go, from somebody who may say forty, then ten a second."""
    flo = stage.guest("flo")
    flo.log_in()
    stage.cast.forget_delays()
    begun = monotonic()
    flo.send(*(Say(f"flood-{n}", LOBBY, f"buy {n} hats!") for n in range(FLOOD)))
    sent = monotonic() - begun
    arrived = [monotonic() for _ in range(FLOOD) if flo.hear(Said, sender=flo.name)]
    at_once = sum(when - begun < 0.5 for when in arrived)
    return (
        f"Sent in {in_ms(sent)}. {at_once} lines came at once, the last after "
        f"{arrived[-1] - begun:.1f} s; {FLOOD - len(arrived)} were lost. What others "
        f"said meanwhile was heard after {in_ms(stage.cast.recent_delay)} at most."
    )


def send_an_escape(stage: Stage) -> str:
    """Eve says what would clear the screens of all others."""
    eve, ada = stage.cast[EVE], stage.cast[ADA]
    with stage.borrowed(EVE), stage.ears(eve, ada) as (of_eve, of_ada):
        eve.do(eve.send, Say("x", LOBBY, "\x1b[2J\x1b[31mYou are hacked"))
        _, error = of_eve.wait(Error)
        stage.pause(1.5 * LOOK)
        eve.do(eve.say, "Did it work?")
        _, said = of_ada.wait(
            Said, lambda said: said.sender == EVE and said.text != HERE
        )
    return (
        f"Eve got error {error.code}: {error.text}. The next that Ada heard of her "
        f'was "{said.text}"'
    )
