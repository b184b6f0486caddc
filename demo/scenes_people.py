"""Scenes with people: who does not read, who wants a name, who vanishes, who comes.

Every scene happens on the wire: by frames that anybody could send, and it is judged by
frames that came back. A scene returns one or two sentences with figures. The questions
that go with them stand in incidents.py.
"""

from __future__ import annotations

import threading
from time import monotonic

from demo.script import ADA, BO, CY, DEE
from demo.stage import Ear, Stage
from demo.textbook import sitting_on
from demo.wording import in_ms, times
from messages import Bye, Hello, Join, Joined, Leave, Left, Ping, Pong, Said

from messages import Welcome  # isort: skip
from protocol import VERSION

STORY = "漢字" * 2_000  # 4,000 characters, 12,000 bytes
STORIES = "#stories"
PACE = 0.18  # seconds between two long lines: the chat allows ten a second
KERNEL = 96 << 10  # bytes, more than both kernels keep for one who does not read
ROUNDS = 12  # of two who want one name
CROWD = 30  # people
HELD = 2.0  # seconds
LOOK = 2.0  # seconds in which one can read a row that was not there before
QUESTION = "Why does nobody answer?"


def stop_reading(stage: Stage) -> str:
    """Bo closes his laptop; Dee tells long stories, where no visitor must read them."""
    ada, bo, dee = (stage.cast[name] for name in (ADA, BO, DEE))
    with stage.borrowed(BO, DEE), stage.ears(ada, bo, dee) as (of_ada, of_bo, of_dee):
        for bot, ear in ((ada, of_ada), (bo, of_bo), (dee, of_dee)):
            stage.bring(bot, ear, STORIES)
        bo.do(bo.sleep)
        stage.cast.forget_delays()
        begun, lines = monotonic(), 0
        while lines * len(STORY.encode()) < stage.limits.outbox_bytes + KERNEL:
            dee.do(dee.say, STORY, STORIES)
            of_ada.wait(Said, lambda said: said.text == STORY)
            lines += 1
            stage.pause(PACE)
        delay, seconds = stage.cast.recent_delay, monotonic() - begun
        bo.do(bo.wake)
        _, bye = of_bo.wait(Bye)
        missed = count_missed(of_bo)
        for bot in (ada, bo, dee):
            bot.do(bot.send, Leave("", STORIES))
    return (
        f"Bo let {stage.limits.outbox_bytes >> 10} KB wait in {seconds:.0f} s: bye "
        f"{bye.code}. He came back and got the {missed} lines he had missed. Ada "
        f"had all {lines} long lines, the slowest after {in_ms(delay)}."
    )


def count_missed(ear: Ear) -> int:
    """How many old lines somebody gets who comes back."""
    _, welcome = ear.wait(Welcome)
    missed, (_, said) = 0, ear.wait(Said)
    while said.seq < welcome.seq:
        missed, (_, said) = missed + 1, ear.wait(Said)
    return missed + (said.seq == welcome.seq)


def want_one_name(stage: Stage) -> str:
    """Two say hello as zoe in the same moment, a dozen times."""
    welcomes = refusals = overtaken = 0
    for _ in range(ROUNDS):
        first, second = stage.guest("zoe"), stage.guest("zoe")
        for zoe in (first, second):
            zoe.send(Hello(VERSION, "zoe"))
        answers = [zoe.hear_answer() for zoe in (first, second)]
        welcomes += sum(isinstance(answer, Welcome) for answer in answers)
        refusals += sum(
            getattr(answer, "code", "") == "name-taken" for answer in answers
        )
        overtaken += isinstance(answers[1], Welcome)
        stage.pause(LOOK / 8)
        for zoe in (first, second):
            zoe.quit()
    return (
        f"{ROUNDS} times two: {welcomes} welcomes, {refusals} x name-taken. "
        f"The second hello won {times(overtaken)}."
    )


def lose_the_cable(stage: Stage) -> str:
    """Cy is killed; then he comes back, and his cable is pulled."""
    with stage.borrowed(CY) as (cy,), stage.ears(cy, stage.cast[ADA]) as (of_cy, room):
        stage.pause(LOOK / 2)  # until his coming is no news any more
        begun = monotonic()
        cy.do(cy.vanish)
        when, killed = room.wait(Left, lambda left: CY in left.names)
        knew_of_kill = when - begun
        stage.pause(LOOK / 2)
        stage.bring(cy, of_cy)
        begun = monotonic()
        cy.do(cy.sleep)
        when, pulled = room.wait(Left, lambda left: CY in left.names)
        knew_of_cable = when - begun
    return (
        f"Killed: the room heard of it after {in_ms(knew_of_kill)} (left, {killed.why})"
        f". Pulled: after {knew_of_cable:.1f} s (left, {pulled.why}), when a ping had "
        "stayed unanswered."
    )


def come_in_crowds(stage: Stage) -> str:
    """A class comes in."""
    number = stage.chance.randint(10, 99)
    names = [f"pupil-{number + n}" for n in range(CROWD)]
    ada = stage.cast[ADA]
    with stage.ears(ada) as (of_ada,):
        before, begun = set(threading.enumerate()), monotonic()
        crowd = [stage.guest(name) for name in names]
        for guest in crowd:
            guest.send(Hello(VERSION, guest.name))
        for guest in crowd:
            guest.hear_answer()
        took, more = monotonic() - begun, len({*threading.enumerate()} - before)
        frames = count_frames(of_ada, set(names))
    stage.pause(LOOK)
    for guest in crowd:
        guest.quit()
    return (
        f"All {CROWD} were in after {in_ms(took)}: {more} threads more. Ada was told "
        f"of them in {frames} frame{'s' * (frames > 1)}, not in {CROWD}."
    )


def count_frames(ear: Ear, names: set[str]) -> int:
    """In how many frames somebody hears that all of these have come."""
    frames = 0
    while names:
        _, joined = ear.wait(Joined)
        frames += not names.isdisjoint(joined.names)
        names = names.difference(joined.names)
    return frames


def hold_the_lock(stage: Stage) -> str:
    """Somebody holds clients_lock and waits; Dee goes into another room meanwhile."""
    ada, dee = stage.cast[ADA], stage.cast[DEE]
    with stage.borrowed(DEE), stage.ears(ada, dee) as (of_ada, _):
        stage.cast.forget_delays()
        with sitting_on(stage.clients_lock):
            dee.do(dee.send, Join("demo", "#garden"))
            stage.pause(0.2)  # until the scribe stands at the lock
            asked = monotonic()
            # The ping first: what comes before an awaited report is not heard again.
            ada.do(ada.send, Ping("demo"))
            ada.do(ada.say, QUESTION)
            stage.pause(HELD)
        answered, _ = of_ada.wait(Pong)
        told, _ = of_ada.wait(Said, lambda said: said.text == QUESTION)
        dee.do(dee.send, Leave("demo", "#garden"))
        stage.cast.forget_delays(are_excused=True)
    return (
        f"Ada's ping, which needs no lock, was answered after {in_ms(answered - asked)}"
        f"; her line was heard after {told - asked:.1f} s."
    )
