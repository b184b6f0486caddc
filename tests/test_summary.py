"""The summary: what was guessed, what was seen, and the figures."""

from demo.director import Told
from demo.incidents import INCIDENTS
from demo.summary import WIDTH, Figures, summary

FIGURES = Figures(
    seconds=83.4,
    threads=61,
    lines=1_412,
    frames_sent=3_020,
    frames_heard=14_200,
    longest_wait=2.0012,
    worst_delay=0.0004,
)
ONE, NINE = INCIDENTS["1"], INCIDENTS["9"]


def summary_of(*told):
    return " ".join(summary(told, FIGURES).split())


def test_each_incident_is_told_with_its_guess():
    text = summary_of(Told(ONE, "a", "Bo was cut off."), Told(NINE, "b", "Nothing."))
    assert f"1 {ONE.title}. Not a, but c {ONE.answers[2]} Bo was cut off." in text
    assert f"9 {NINE.title}. Right: b {NINE.answers[1]} Nothing." in text
    assert "1 of 2 guesses were right." in text


def test_where_nobody_guessed_nobody_is_judged():
    text = summary_of(Told(ONE, "", "Bo was cut off."))
    assert f"1 {ONE.title}. It is c {ONE.answers[2]} Bo was cut off." in text
    assert "guess" not in text


def test_who_caused_nothing_is_told_how():
    assert "Next time press 1 to 9" in summary_of()


def test_the_figures_are_told():
    text = summary_of()
    assert "In 83 s: 61 threads at most, 1,412 lines stored" in text
    assert "sent 3,020 frames and heard 14,200" in text
    assert "longest wait for clients_lock was 2,001 ms" in text
    assert "somebody unharmed, 1 ms" in text


def test_it_is_as_wide_as_a_terminal():
    text = summary([Told(ONE, "a", "x " * 200)], FIGURES)
    assert max(map(len, text.splitlines())) <= WIDTH
