"""What the operator and each newcomer are told."""

import pytest

from chat.settings import Settings
from chat.welcome import announcement, facts, greeting
from messages import Notice


def test_programs_learn_the_limits_as_key_and_value():
    told = dict(fact.split("=") for fact in facts(Settings(), 20.0))
    assert told == {
        "server": "homeroom",
        "frame": "65536",
        "text": "4000",
        "rate": "10",
        "burst": "40",
        "ping": "20",
        "history": "disk",
    }


@pytest.mark.parametrize(
    ("history", "kind", "sentence"),
    [
        ("chat-history.db", "disk", "What is said here is kept on the server's disk."),
        ("memory", "memory", "What is said here is kept until the server stops."),
        ("off", "off", "What is said here is not kept."),
    ],
)
def test_people_learn_what_becomes_of_what_they_say(history, kind, sentence):
    settings = Settings(history=history)
    told = greeting(settings, 20.0)
    assert told.notices == (Notice(sentence),)
    assert f"history={kind}" in told.facts


def test_the_operators_own_words_come_last():
    told = greeting(Settings(), 20.0).with_motd("Lesson 3 is at ten")
    assert told.notices[1:] == (Notice("Lesson 3 is at ten"),)


@pytest.mark.parametrize(
    ("settings", "shown"),
    [
        (Settings(), "127.0.0.1:5000"),
        (Settings(host="::1"), "[::1]:5000"),
        (Settings(lan=True), "0.0.0.0:5000"),
    ],
)
def test_the_first_two_lines_are_what_programs_wait_for(settings, shown):
    first, second, *_ = announcement(settings, 5000, "10.0.0.7")
    assert first == f"Chat server started on {shown}"
    assert second.startswith("Waiting for connections")


def test_the_operator_learns_where_lines_are_kept():
    lines = announcement(Settings(history="lesson.db"), 5000, "10.0.0.7")
    assert "History: lesson.db" in lines


def test_on_a_network_the_operator_learns_what_others_type():
    told = "Others type: python client.py NAME 10.0.0.7:5000"
    assert announcement(Settings(lan=True), 5000, "10.0.0.7")[-1] == told
    assert told not in announcement(Settings(), 5000, "10.0.0.7")
