"""Scenes with people: what each says is what somebody else in the room can see."""

import re

import pytest

from demo import scenes_people
from demo.program import LIMITS
from demo.scenes_people import (
    STORIES,
    STORY,
    come_in_crowds,
    hold_the_lock,
    lose_the_cable,
    stop_reading,
    want_one_name,
)
from messages import LOBBY, Joined, Left, Ping, Pong


@pytest.fixture(autouse=True)
def _nobody_looks_on(monkeypatch):
    for seconds in ("LOOK", "PACE"):
        monkeypatch.setattr(scenes_people, seconds, 0.01)
    monkeypatch.setattr(scenes_people, "HELD", 0.5)


@pytest.fixture
def witness(stage):
    """What cy hears, who takes no part in most of these scenes."""
    with stage.ears(stage.cast["cy"]) as (ear,):
        yield ear


def seen_in(stage, scene, pattern):
    """Let it happen; the figures in what was seen."""
    seen = stage.perform(scene)
    match = re.fullmatch(pattern, seen)
    assert match, seen
    return match.groups()


def all_heard(witness, stage):
    """Everything that was reported to the witness, up to now."""
    eve = stage.cast["eve"]
    eve.do(eve.enter)
    eve.do(eve.say, "The end.")
    heard = []
    while not (heard and getattr(heard[-1], "text", "") == "The end."):
        heard.append(witness.wait(object)[1])
    return heard


def test_who_does_not_read_is_cut_off_and_nobody_else_suffers(stage, witness):
    stage.bring(stage.cast["cy"], witness, STORIES)
    missed, lines = seen_in(
        stage,
        stop_reading,
        r"Bo let 192 KB wait in \d+ s: bye slow-consumer\. He came back and got the "
        r"(\d+) lines he had missed\. Ada had all (\d+) long lines, the slowest after "
        r"[\d,]+ ms\.",
    )
    heard = all_heard(witness, stage)
    stories = [r for r in heard if getattr(r, "text", "") == STORY]
    assert len(stories) == int(lines) == 25  # 192 KB, and what the kernels keep
    assert 1 <= int(missed) <= 25
    left = [r for r in heard if isinstance(r, Left)]
    assert not [r for r in left if r.why != "left"]  # he came back in time
    assert not [r for r in heard if getattr(r, "room", "") == LOBBY and r in stories]


def test_of_two_who_want_one_name_exactly_one_gets_it(stage):
    welcomes, refusals = seen_in(
        stage,
        want_one_name,
        r"12 times two: (\d+) welcomes, (\d+) x name-taken\. The second hello won "
        r"(?:never|once|twice|\d+ times)\.",
    )
    assert welcomes == refusals == "12"


@pytest.mark.parametrize("limits", [LIMITS])  # with pings
def test_a_kill_is_heard_of_at_once_and_a_pulled_cable_late(stage):
    (late,) = seen_in(
        stage,
        lose_the_cable,
        r"Killed: the room heard of it after [\d,]+ ms \(left, lost\)\. Pulled: "
        r"after ([\d.]+) s \(left, lost\), when a ping had stayed unanswered\.",
    )
    assert float(late) > 0.5  # five and a half; who is slow looks at the clock late


def test_a_crowd_is_thirty_threads_and_little_news(stage, witness):
    threads, frames = seen_in(
        stage,
        come_in_crowds,
        r"All 30 were in after [\d,]+ ms: (\d+) threads more\. Ada was told of them in "
        r"(\d+) frames?, not in 30\.",
    )
    assert int(threads) >= 30
    joined = [r for r in all_heard(witness, stage) if isinstance(r, Joined)]
    pupils = [n for r in joined for n in r.names if n.startswith("pupil")]
    assert len(pupils) == len({*pupils}) == 30
    assert int(frames) <= len(joined) < 30


def test_who_sits_on_the_lock_stops_everybody(stage):
    (told,) = seen_in(
        stage,
        hold_the_lock,
        r"Ada's ping, which needs no lock, was answered after [\d,]+ ms; her line was "
        r"heard after ([\d.]+) s\.",
    )
    assert float(told) >= 0.5
    assert stage.cast.worst_delay < float(told)  # it was on purpose, so it is excused


def test_while_the_lock_is_held_who_needs_none_is_answered(
    stage, demo_server, join, monkeypatch
):
    wim = join("wim", demo_server)
    answered = []

    def look_on(_seconds):
        wim.send(Ping("still there?"))
        answered.append(wim.hear(Pong).token)
        assert stage.clients_lock.holder.name == "sitter"

    monkeypatch.setattr(stage, "pause", look_on)
    hold_the_lock(stage)
    assert answered == ["still there?"] * 2
