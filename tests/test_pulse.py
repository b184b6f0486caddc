"""Deadlines of one connection, told as lives: what happened when, and what is due."""

import pytest

from net.limits import Limits
from net.pulse import BYES, PING, Pulse

LIMITS = Limits(first_byte=3, login=15, frame=10, ping_after=20, silence=45)


def hear(inside=False, frames=True):
    return lambda pulse, now: pulse.hear(now, is_inside_frame=inside, had_frames=frames)


WHOLE = hear()
PART = hear(inside=True, frames=False)  # a frame begins, or goes on
WHOLE_AND_PART = hear(inside=True)


def log_in(pulse, now):
    WHOLE(pulse, now)
    pulse.is_logged_in = True


def throttle(pulse, now):
    pulse.is_throttled = True


def read_on(pulse, now):
    pulse.is_throttled = False


def look(pulse, now):
    pulse.due(now)


LIVES = [
    # what happened                                     when asked, what is due
    ([], 3, None),
    ([], 3.1, "login-timeout"),
    ([(1, WHOLE)], 15, None),
    ([(1, WHOLE)], 15.1, "login-timeout"),
    ([(1, WHOLE), (14, WHOLE)], 15.1, "login-timeout"),
    ([(1, PART)], 11, None),
    ([(1, PART)], 11.1, "bad-frame"),
    ([(0, PART)], 10.1, "bad-frame"),  # at the clock's very beginning
    ([(1, PART), (6, PART)], 11.1, "bad-frame"),  # growing slowly does not help
    ([(1, PART), (6, WHOLE)], 11.1, None),
    ([(1, PART), (6, WHOLE_AND_PART)], 11.1, None),  # the second began at 6
    ([(1, PART), (5, log_in), (6, PART)], 16.1, "bad-frame"),
    ([(1, log_in)], 21, None),
    ([(1, log_in)], 21.1, PING),
    ([(1, log_in), (20, WHOLE)], 40, None),
    ([(1, log_in), (21.1, look)], 22, None),  # pinged already
    ([(1, log_in), (21.1, look)], 41.2, PING),  # and again
    ([(1, log_in), (21.1, look), (22, WHOLE)], 42.1, PING),
    ([(1, log_in), (21.1, look)], 46.1, "ping-timeout"),
    ([(1, log_in), (21.1, look), (30, WHOLE)], 46.1, None),
    ([(1, log_in), (2, throttle)], 500, None),
    ([(1, log_in), (2, throttle), (90, look), (91, read_on)], 100, None),
    ([(1, log_in), (2, throttle), (90, look), (91, read_on)], 111, PING),
    ([(1, log_in), (2, PART), (3, throttle), (20, look), (21, read_on)], 22, None),
]


@pytest.mark.parametrize(("life", "now", "due"), LIVES)
def test_what_is_due_after_such_a_life(life, now, due):
    pulse = Pulse(LIMITS, 0.0)
    for at, happens in life:
        happens(pulse, at)
    assert pulse.due(now) == due


def test_two_pings_fit_into_the_silence_that_ends_it():
    pulse = Pulse(LIMITS, 0.0)
    log_in(pulse, 0.0)
    ticks = [n / 4 for n in range(4 * 60)]
    due = [found for now in ticks if (found := pulse.due(now))]
    assert due[:3] == [PING, PING, "ping-timeout"]


def test_every_end_has_a_sentence():
    ends = {due for _, _, due in LIVES} - {None, PING}
    assert ends == set(BYES)
