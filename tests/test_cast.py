"""The cast: five people who talk, one prompter, and what is measured."""

import threading
from itertools import islice

from demo.script import NAMES, Cue, script
from messages import Joined, Left, Said


def meet(peer, *names):
    """Wait until all of these have come in, in one batch or in several."""
    missing = set(names)
    while missing:
        missing -= {*peer.hear(Joined).names}


def test_they_come_in_and_talk(cast, demo_server, join):
    wim = join("wim", demo_server)
    cast.start_prompter()
    meet(wim, *NAMES)
    talk = [cue for cue in islice(script(1), 10) if cue.deed == "say"]
    for cue in talk[:2]:
        said = wim.hear(Said)
        assert (said.sender, said.text) == (cue.who, cue.detail)


def test_the_prompter_passes_over_who_is_borrowed(cast, demo_server, join):
    wim = join("wim", demo_server)
    cast["ada"].is_borrowed = True
    cast.prompt(Cue(0, "ada", "enter"))
    cast.prompt(Cue(0, "bo", "enter"))
    names = set()
    while "bo" not in names:
        names |= {*wim.hear(Joined).names}
    assert "ada" not in names


def test_a_cue_without_a_detail_is_a_deed_without_one(cast, demo_server, join):
    wim = join("wim", demo_server)
    for deed in ("enter", "leave"):
        cast.prompt(Cue(0, "cy", deed))
    assert wim.hear(Left).names == ("cy",)


def test_only_bo_may_come_back_unnoticed(cast, stage, demo_server, join):
    wim = join("wim", demo_server)
    with stage.ears(cast["bo"], cast["cy"]):
        meet(wim, "bo", "cy")
        for name in ("bo", "cy"):
            cast[name].do(cast[name].vanish)
    assert wim.hear(Left).names == ("cy",)


def test_frames_of_all_are_added_up(cast, stage):
    with stage.ears(cast["ada"], cast["bo"]):
        sent, heard = cast.frames
    assert sent >= 4  # two hellos, two lines
    assert heard > sent


def test_the_worst_delay_is_kept_and_the_recent_one_forgotten(cast, stage):
    with stage.ears(cast["ada"]):
        worst = cast.worst_delay
        assert worst == cast.recent_delay > 0
        cast.forget_delays()
        assert cast.recent_delay == 0
        assert cast.worst_delay == worst


def test_an_excused_delay_counts_nowhere(cast, stage):
    with stage.ears(cast["ada"]):
        cast.forget_delays(are_excused=True)
        assert cast.worst_delay == 0


def test_all_threads_end(cast, stage, demo_server):
    cast.start_prompter()
    with stage.ears(*cast.bots):
        pass
    cast.stop()
    assert not [bot.name for bot in cast.bots if bot.is_alive]
    names = {thread.name for thread in threading.enumerate()}
    assert "prompter" not in names
