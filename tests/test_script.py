"""The script: repeatable, varied, and nobody speaks who is away."""

from itertools import islice

import pytest

from chat.names import check_name
from demo.bot import Bot
from demo.script import CY, DEE, NAMES, RUBBISH, TALKS, TOO_LONG, script
from messages import Say
from protocol import (
    Decoder,
    ProtocolError,
    decode_request,
    encode,
)

LONG_ENOUGH = 400  # cues: every talk several times, some ten minutes


def cues(seed, count=LONG_ENOUGH):
    return list(islice(script(seed), count))


def test_the_same_seed_is_the_same_show():
    assert cues(7) == cues(7)


def test_another_seed_is_another_show():
    assert cues(7) != cues(8)


def test_first_everybody_comes_in():
    assert [(cue.who, cue.deed) for cue in cues(1, 5)] == [(n, "enter") for n in NAMES]
    for name in NAMES:
        check_name(name)


def test_whatever_is_told_a_bot_can_do():
    for cue in cues(1):
        assert callable(getattr(Bot, cue.deed)), cue
        assert cue.who in NAMES


def test_people_type_a_line_every_second_or_two():
    pauses = [cue.pause for cue in cues(1) if cue.deed == "say"]
    assert 0.9 <= min(pauses) < max(pauses) <= 2.1


def test_every_talk_is_held_before_one_is_repeated():
    firsts = [talk.partition(": ")[2].splitlines()[0] for talk in TALKS]
    said = [cue.detail for cue in cues(3) if cue.detail in firsts]
    assert sorted(said[: len(TALKS)]) == sorted(firsts)


def test_within_two_minutes_everybody_has_done_what_they_are_for():
    seconds, deeds = 0.0, set()
    for cue in script(1):
        seconds += cue.pause
        deeds.add((cue.who, cue.deed))
        if seconds > 120:
            break
    wanted = {(name, "say") for name in NAMES}
    assert wanted | {("cy", "leave"), ("eve", "send_bytes")} <= deeds


def test_cy_comes_back_each_time_and_says_nothing_while_he_is_away():
    is_here = True
    for cue in cues(1)[len(NAMES) :]:
        if cue.who == CY:
            assert cue.deed == ("leave" if is_here and cue.deed != "say" else cue.deed)
            assert is_here or cue.deed == "enter"
            is_here = cue.deed != "leave"


def test_every_line_but_one_fits_the_chat():
    for cue in cues(1):
        if cue.deed == "say" and cue.detail != TOO_LONG:
            frame = encode(Say("x", "#lobby", cue.detail))
            [payload] = Decoder().feed(frame)
            assert decode_request(payload).text == cue.detail


def test_dee_once_says_more_than_a_line_may_have():
    [payload] = Decoder().feed(encode(Say("x", "#lobby", TOO_LONG)))
    with pytest.raises(ProtocolError, match="bad-text"):
        decode_request(payload)
    assert (DEE, TOO_LONG) in {(cue.who, cue.detail) for cue in cues(1)}


@pytest.mark.parametrize("rubbish", RUBBISH)
def test_all_that_eve_sends_is_rubbish(rubbish):
    with pytest.raises(ProtocolError):
        list(map(decode_request, Decoder().feed(rubbish)))
