from hypothesis import given
from hypothesis import strategies as st

from tui.lag import EVERY_S, Lag


def asked(at=100.0):
    """A lag meter with its first ping on its way, and that ping's token."""
    lag = Lag()
    lag.arrive(at)
    (token,) = lag.take_ping(at)
    return lag, token


def test_the_first_ping_goes_out_right_after_the_welcome():
    lag = Lag()
    assert lag.take_ping(99.0) == []
    lag.arrive(100.0)
    assert lag.next_deadline(100.0) == 100.0
    assert len(lag.take_ping(100.0)) == 1


def test_the_round_trip_is_told_in_milliseconds():
    lag, token = asked()
    assert lag.round_trip_ms is None
    lag.hear_pong(token, 100.012)
    assert lag.round_trip_ms == 12


def test_a_server_on_the_same_machine_is_a_millisecond_away_and_not_zero():
    lag, token = asked()
    lag.hear_pong(token, 100.0001)
    assert lag.round_trip_ms == 1


def test_who_types_causes_a_ping_ten_seconds_after_the_last():
    lag, token = asked()
    lag.hear_pong(token, 100.5)
    lag.be_used()
    assert lag.next_deadline(100.5) == 100.0 + EVERY_S
    assert lag.take_ping(109.9) == []
    (another,) = lag.take_ping(110.0)
    assert another != token


def test_while_nobody_types_nothing_is_asked_and_the_screen_sleeps():
    lag, token = asked()
    lag.hear_pong(token, 100.5)
    assert lag.next_deadline(100.5) is None
    assert lag.take_ping(9_999.0) == []


def test_a_key_pressed_while_a_ping_is_on_its_way_wants_the_next_one():
    lag, token = asked()
    lag.be_used()
    lag.hear_pong(token, 100.5)
    assert lag.take_ping(110.0)


def test_one_ping_is_on_its_way_at_a_time():
    lag, _ = asked()
    lag.be_used()
    assert lag.take_ping(130.0) == []


def test_without_a_pong_it_is_slow_after_three_seconds_and_counts_up():
    lag, token = asked()
    moments = [102.9, 103.0, 103.9, 104.0, 107.5]
    assert [lag.slow_s(now) for now in moments] == [0, 3, 3, 4, 7]
    lag.hear_pong(token, 108.0)
    assert lag.slow_s(108.0) == 0
    assert lag.round_trip_ms == 8000


def test_the_screen_may_sleep_until_the_number_changes():
    lag, _ = asked()
    assert lag.next_deadline(100.0) == 103.0
    assert lag.next_deadline(103.0) == 104.0
    assert lag.next_deadline(104.6) == 105.0


def test_an_answer_to_an_older_question_is_no_answer():
    lag, token = asked()
    lag.hear_pong(token, 100.5)
    lag.be_used()
    lag.take_ping(110.0)
    lag.hear_pong(token, 110.001)
    lag.hear_pong("", 110.002)
    assert lag.slow_s(114.0) == 4
    assert lag.round_trip_ms == 500


def test_a_pong_nobody_asked_for_changes_nothing():
    lag = Lag()
    lag.hear_pong("lag0", 1.0)
    assert lag.round_trip_ms is None
    assert lag.next_deadline(1.0) is None


def test_without_a_connection_there_is_nothing_to_wait_for():
    lag, _ = asked()
    lag.depart()
    assert lag.next_deadline(104.0) is None
    assert lag.slow_s(104.0) == 0
    assert lag.take_ping(104.0) == []


def test_after_a_reconnect_an_old_number_is_not_shown_for_the_new_line():
    lag, token = asked()
    lag.hear_pong(token, 100.5)
    lag.depart()
    lag.arrive(200.0)
    assert lag.round_trip_ms is None
    assert lag.take_ping(200.0)


@given(st.floats(0, 1e9), st.floats(0, 1e4))
def test_a_deadline_lies_ahead_so_nothing_ever_spins(began, later):
    lag, _ = asked(at=began)
    now = began + later
    deadline = lag.next_deadline(now)
    assert now <= deadline <= now + 3.0
    in_a_microsecond = deadline + 1e-6  # the sum of two floats may fall short
    assert lag.slow_s(in_a_microsecond) > lag.slow_s(now)
