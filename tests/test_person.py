"""A person of the demo: says, hears, measures how late, and knows when it is over."""

import pytest

from demo.person import Gone, Person, time_of
from messages import Hello, Said, Say, Welcome
from net.limits import Limits
from protocol import VERSION


@pytest.fixture
def person(server):
    people = []

    def person(name, **options):
        people.append(Person(("127.0.0.1", server.port), name, **options))
        return people[-1]

    yield person
    for one in people:
        one.close()


def test_who_logs_in_and_says_something_hears_it(person):
    zoe = person("zoe")
    assert zoe.log_in().name == "zoe"
    zoe.say("hi")
    assert zoe.hear(Said).text == "hi"


def test_hear_skips_what_is_not_meant(person):
    zoe = person("zoe")
    zoe.log_in()
    zoe.send(Say("k1", "#lobby", "one"), Say("k2", "#lobby", "two"))
    assert zoe.hear(Said, id="k2").text == "two"


def test_a_taken_name_is_the_end_of_a_login(person, join):
    join("zoe")
    with pytest.raises(Gone, match="taken"):
        person("zoe").log_in()


def test_both_answers_to_a_hello_are_told_apart(person):
    first, second = person("zoe"), person("zoe")
    first.send(Hello(VERSION, "zoe"))
    assert isinstance(first.hear_answer(), Welcome)
    second.send(Hello(VERSION, "zoe"))
    assert second.hear_answer().code == "name-taken"


def test_a_line_of_ours_says_when_it_was_said(person, join):
    zoe, wim = person("zoe"), join("wim")
    zoe.log_in()
    zoe.say("hi")
    zoe.hear(Said)
    said = wim.hear(Said)
    assert time_of(said) > 0
    assert 0 < zoe.worst_delay < 60


def test_a_line_of_anybody_else_is_not_measured(person, join):
    zoe, wim = person("zoe"), join("wim")
    zoe.log_in()
    wim.send(Say("k1", "#lobby", "hi"))
    zoe.hear(Said)
    assert zoe.worst_delay == 0


def test_what_was_said_before_the_measurement_does_not_count(person):
    zoe = person("zoe")
    zoe.log_in()
    zoe.measured_from = float("inf")
    zoe.say("hi")
    zoe.hear(Said)
    assert zoe.worst_delay == 0


def test_what_was_missed_is_no_delay(person):
    secret = "00112233445566778899aabbccddeeff"
    zoe, ann = person("zoe", secret=secret), person("ann")
    log = zoe.log_in().log
    ann.log_in()
    ann.say("you miss this")
    ann.hear(Said)
    again = person("zoe", secret=secret)
    assert again.log_in(0, log).resumed == "yes"
    again.hear(Said, text="you miss this")
    assert again.worst_delay == 0


def test_a_server_that_is_not_there_is_told_as_gone(server):
    server.stop()
    with pytest.raises(Gone):
        Person(("127.0.0.1", server.port), "zoe")


def test_who_quits_hears_the_bye(person, join):
    wim = join("wim")
    zoe = person("zoe")
    zoe.log_in()
    wim.hear_joined("zoe")
    zoe.quit()
    assert wim.next().why == "quit"


def test_who_goes_without_a_word_is_lost(person, join):
    wim = join("wim")
    zoe = person("zoe")
    zoe.log_in()
    wim.hear_joined("zoe")
    zoe.close()
    assert wim.next().why == "lost"


def test_to_hang_up_from_outside_ends_a_wait(person):
    zoe = person("zoe")
    zoe.log_in()
    zoe.hang_up()
    with pytest.raises(Gone):
        zoe.hear(Said)


def test_frames_are_counted(person):
    zoe = person("zoe")
    zoe.log_in()
    zoe.say("hi")
    zoe.hear(Said)
    assert zoe.frames_sent == 2
    assert zoe.frames_heard >= 4  # welcome, users, notice, said


def test_a_ping_is_answered(start_server):
    server = start_server(limits=Limits(ping_after=0.01, silence=30.0, drain=0.05))
    zoe = Person(("127.0.0.1", server.port), "zoe")
    zoe.log_in()
    sent = zoe.frames_sent
    while zoe.frames_sent == sent:
        zoe.listen()
    zoe.close()
