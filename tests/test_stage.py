"""The stage: one incident after the other, guests that go, ears that end at once."""

import threading
from queue import Queue

import pytest
from conftest import PATIENCE, expected

from demo.bot import ignore
from demo.person import Gone
from demo.stage import Ear
from messages import Bye, Left, Notice, Said


def test_an_ear_keeps_what_came_and_skips_what_is_not_meant():
    ear = Ear()
    for text in ("one", "two"):
        ear.note(Notice(text))
    when, notice = ear.wait(Notice, lambda notice: notice.text == "two")
    assert notice.text == "two"
    assert when > 0


def test_an_ear_gives_up_after_a_while(monkeypatch):
    monkeypatch.setattr("demo.stage.PATIENCE", 0.01)
    with pytest.raises(Gone, match="no Bye came"):
        Ear().wait(Bye)


def test_a_job_is_done_in_the_thread_of_the_stage(stage):
    done = Queue()
    stage.do(lambda: done.put(threading.current_thread().name))
    assert done.get(timeout=PATIENCE) == "stage"


def test_a_guest_goes_with_its_incident(stage, demo_server, join):
    wim = join("wim", demo_server)

    def visit(stage):
        stage.guest("gus").log_in()
        wim.hear_joined("gus")
        return "gus was here"

    assert stage.perform(visit) == "gus was here"
    assert wim.hear(Left).names == ("gus",)


def test_what_cannot_be_seen_is_told_in_a_sentence(stage):
    def fail(stage):
        raise Gone("no Bye came")

    assert stage.perform(fail) == "It could not be seen this time: no Bye came."


def test_a_mistake_of_the_demo_is_logged_and_told_in_a_sentence(stage, caplog):
    def fail(stage):
        raise ValueError("a bug")

    assert stage.perform(fail).endswith("the demo made a mistake.")
    assert expected(caplog, "the demo's incident failed") == 1


def test_whom_we_hear_is_there(stage, cast):
    with stage.ears(cast["ada"]) as (ear,):
        cast["ada"].do(cast["ada"].say, "hi")
        assert ear.wait(Said)[1].text == "hi"
    assert cast["ada"].person


def test_afterwards_nobody_listens(stage, cast):
    with stage.ears(cast["ada"]) as (ear,):
        assert cast["ada"].on_report == ear.note
    assert cast["ada"].on_report is ignore


def test_who_is_borrowed_is_given_back_awake_and_in_the_room(
    stage, cast, demo_server, join
):
    wim, cy = join("wim", demo_server), cast["cy"]
    with stage.borrowed("cy") as (borrowed,):
        assert borrowed is cy
        assert cy.is_borrowed
        wim.hear_joined("cy")
        cy.do(cy.sleep)
        cy.do(cy.vanish)
        assert wim.hear(Left).names == ("cy",)
    assert not cy.is_borrowed
    wim.hear_joined("cy")
    cy.do(cy.say, "awake")
    assert wim.hear(Said).text == "awake"


# Three ways to wait; each is ended from outside.


def wait_for_time(stage):
    stage.pause(PATIENCE)


def wait_for_a_guest(stage):
    gus = stage.guest("gus")
    gus.log_in()
    while True:
        gus.hear(Bye)


def wait_for_the_cast(stage):
    with stage.ears(stage.cast["ada"]) as (ear,):
        while True:
            ear.wait(Bye)


@pytest.mark.parametrize("wait", [wait_for_time, wait_for_a_guest, wait_for_the_cast])
def test_the_end_of_the_demo_ends_every_wait(stage, wait):
    begun, seen = Queue(), Queue()

    def cause(stage):
        begun.put("begun")
        wait(stage)

    stage.do(lambda: seen.put(stage.perform(cause)))
    begun.get(timeout=PATIENCE)
    stage.stop()
    assert "The demo ended" in seen.get(timeout=PATIENCE)


@pytest.mark.parametrize(
    "begin",
    [
        lambda stage: stage.guest("gus"),
        lambda stage: stage.ears(stage.cast["ada"]).__enter__(),
        lambda stage: stage.pause(PATIENCE),
    ],
)
def test_after_the_end_nothing_begins(stage, begin):
    stage.stop()
    assert "The demo ended" in stage.perform(begin)
