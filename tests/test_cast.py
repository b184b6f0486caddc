"""The cast: five people who talk, one prompter, and what is measured."""

import threading

from demo.script import Cue
from messages import Joined, Left, Said, Welcome


def test_they_come_in_and_talk(cast, demo_server, join):
    wim = join("wim", demo_server)
    cast.start_prompter()
    assert wim.hear(Joined).room == "#lobby"
    assert wim.hear(Said).sender == "ada"


def test_the_prompter_passes_over_who_is_borrowed(cast, demo_server, join):
    wim = join("wim", demo_server)
    cast["ada"].is_borrowed = True
    cast.prompt(Cue(0, "ada", "enter"))
    cast.prompt(Cue(0, "bo", "enter"))
    assert wim.hear(Joined).names == ("bo",)


def test_a_cue_without_a_detail_is_a_deed_without_one(cast, demo_server, join):
    wim = join("wim", demo_server)
    for deed in ("enter", "leave"):
        cast.prompt(Cue(0, "cy", deed))
    assert wim.hear(Left).names == ("cy",)


def test_only_bo_is_back_with_what_he_missed(cast, stage):
    with stage.ears(cast["bo"], cast["cy"]) as ears:
        for name, ear, resumed in zip(("bo", "cy"), ears, ("yes", "no"), strict=True):
            cast[name].do(cast[name].vanish)
            cast[name].do(cast[name].enter)
            assert ear.wait(Welcome)[1].resumed == resumed


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
