"""A bot: hears at once, does what it is told, comes back, and ends when it shall."""

import queue
import socket

import pytest
from conftest import PATIENCE

from demo.bot import Bot
from demo.person import Gone, Person
from messages import Bye, Left, Said, Say, Welcome


@pytest.fixture
def bot(server):
    """Make bots: bot("ada"); what they hear is in bot.heard."""
    bots = []

    def make(name, **options):
        made = Bot(name, lambda: Person(("127.0.0.1", server.port), name, **options))
        made.heard = queue.Queue()
        made.on_report = made.heard.put
        made.start()
        bots.append(made)
        return made

    yield make
    for made in bots:
        made.stop()


def hear(bot, kind):
    while not isinstance(report := bot.heard.get(timeout=PATIENCE), kind):
        pass
    return report


def test_a_bot_comes_in_and_speaks(bot, join):
    wim, ada = join("wim"), bot("ada")
    ada.do(ada.enter)
    ada.do(ada.say, "hi")
    assert wim.hear(Said).sender == "ada"


def test_it_hears_what_others_say(bot, join):
    wim, ada = join("wim"), bot("ada")
    ada.do(ada.enter)
    hear(ada, Welcome)
    wim.hear_joined("ada")
    wim.send(Say("k1", "#lobby", "hi"))
    assert hear(ada, Said).text == "hi"


def test_who_has_not_come_in_says_nothing(bot, join):
    wim, ada = join("wim"), bot("ada")
    ada.do(ada.say, "into the void")
    ada.do(ada.enter)
    ada.do(ada.say, "hi")
    assert wim.hear(Said).text == "hi"


def test_to_come_in_twice_is_to_come_in_once(bot):
    ada = bot("ada")
    ada.do(ada.enter)
    ada.do(ada.enter)
    ada.do(ada.say, "hi")
    assert hear(ada, Said).text == "hi"
    assert ada.frames[0] == 2  # one hello, one line


def test_it_leaves_and_can_come_again(bot, join):
    wim, cy = join("wim"), bot("cy")
    cy.do(cy.enter)
    wim.hear_joined("cy")
    cy.do(cy.leave)
    assert wim.hear(Left).why == "quit"
    cy.do(cy.enter)
    wim.hear_joined("cy")


def test_a_killed_one_is_lost_and_stays_away(bot, join):
    wim, cy = join("wim"), bot("cy")
    cy.do(cy.enter)
    wim.hear_joined("cy")
    cy.do(cy.vanish)
    assert wim.hear(Left).why == "lost"
    cy.do(cy.say, "nobody hears this")
    cy.do(cy.enter)
    cy.do(cy.say, "back")
    assert wim.hear(Said).text == "back"


def test_who_gets_a_bye_comes_back_by_itself(bot):
    eve = bot("eve")
    eve.do(eve.enter)
    hear(eve, Welcome)
    eve.do(eve.send_bytes, b"\xff" * 4)
    assert hear(eve, Bye).code == "frame-too-large"
    hear(eve, Welcome)


def test_who_has_a_secret_comes_back_to_what_it_missed(bot, join):
    wim = join("wim")
    bo = bot("bo", secret="00112233445566778899aabbccddeeff")
    bo.do(bo.enter)
    bo.do(bo.say, "hi")
    hear(bo, Said)
    bo.do(bo.vanish)
    bo.do(lambda: wim.send(Say("k1", "#lobby", "you miss this")))
    bo.do(lambda: wim.hear(Said) and wim.hear(Said))
    bo.do(bo.enter)
    assert hear(bo, Welcome).resumed == "yes"
    assert hear(bo, Said).text == "you miss this"


def test_who_sleeps_hears_nothing_until_it_wakes(bot, join):
    wim, bo = join("wim"), bot("bo")
    bo.do(bo.enter)
    wim.hear_joined("bo")
    bo.do(bo.sleep)
    bo.do(bo.say, "in my sleep")
    turn(bo)
    wim.send(Say("k1", "#lobby", "are you there?"), Say("k2", "#lobby", "bo?"))
    assert [wim.hear(Said).sender for _ in "12"] == ["wim", "wim"]
    turn(bo)  # the first of them has reached bo; one who was awake
    turn(bo)  # would have heard it by now
    assert not [r for r in bo.heard.queue if isinstance(r, Said)]
    bo.do(bo.wake)
    assert hear(bo, Said).text == "are you there?"


def turn(bot):
    """Wait until its thread has done all it was told before."""
    done = queue.Queue()
    bot.do(done.put, "done")
    done.get(timeout=PATIENCE)


def test_the_delays_of_who_slept_do_not_count(bot, join):
    wim, bo = join("wim"), bot("bo")
    bo.do(bo.enter)
    wim.hear_joined("bo")
    bo.do(bo.sleep)
    bo.do(bo.wake)
    bo.do(bo.say, "hi")
    hear(bo, Said)
    assert bo.person.worst_delay > 0
    assert bo.worst_delay == 0


def test_counts_outlive_a_connection(bot):
    ada = bot("ada")
    for _ in range(2):
        ada.do(ada.enter)
        ada.do(ada.say, "hi")
        hear(ada, Said)
        ada.do(ada.leave)
    turn(ada)
    assert ada.frames[0] == 6  # hello, say, quit
    assert 0 < ada.worst_delay < 60
    ada.forget_delays()
    assert ada.worst_delay == 0


def test_without_a_server_it_waits_for_the_next_deed(server):
    calls = queue.Queue()

    def call():
        calls.put("called")
        raise Gone("nobody there")

    bot = Bot("ada", call)
    bot.start()
    bot.do(bot.enter)
    bot.do(bot.say, "hi")
    bot.do(calls.put, "done")
    assert [calls.get(timeout=PATIENCE) for _ in range(3)] == [
        *("called", "called", "done")
    ]
    bot.stop()
    assert not bot.is_alive


@pytest.mark.parametrize("deed", ["enter", "sleep", "leave"])
def test_it_ends_wherever_it_waits(bot, deed):
    ada = bot("ada")
    ada.do(ada.enter)
    hear(ada, Welcome)
    ada.do(getattr(ada, deed))
    ada.stop()
    assert not ada.is_alive


def test_it_ends_also_while_it_waits_for_its_welcome():
    with socket.create_server(("127.0.0.1", 0)) as silent:
        ada = Bot("ada", lambda: Person(silent.getsockname(), "ada"))
        ada.start()
        ada.do(ada.enter)
        taken, _ = silent.accept()
        with taken:
            assert taken.recv(1024)  # her hello
            ada.stop()
    assert not ada.is_alive


def test_it_goes_with_its_server(bot, server):
    ada = bot("ada")
    ada.do(ada.enter)
    hear(ada, Welcome)
    server.stop()
    assert hear(ada, Bye).code == "shutdown"
    ada.wait()
    assert not ada.is_alive
