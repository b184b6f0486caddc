"""How fast one may talk; the clock is a number here."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat.flood import PATIENCE, Bucket


def test_a_burst_is_free_and_the_next_one_waits_for_its_token():
    bucket = Bucket(rate=10, burst=3, now=0.0)
    assert [bucket.take(0.0) for _ in range(3)] == [0.0] * 3
    assert bucket.take(0.0) == pytest.approx(0.1)


def test_tokens_come_back_with_time_but_never_more_than_the_burst():
    bucket = Bucket(rate=10, burst=2, now=0.0)
    bucket.take(0.0)
    bucket.take(0.0)
    assert [bucket.take(1000.0) for _ in range(2)] == [0.0, 0.0]
    assert bucket.take(1000.0) > 0


def test_who_does_not_wait_waits_longer_each_time():
    bucket = Bucket(rate=2, burst=1, now=0.0)
    assert [bucket.take(0.0) for _ in range(4)] == [0.0, 0.5, 1.0, 1.5]


def test_what_costs_more_makes_the_next_one_wait_longer():
    bucket = Bucket(rate=10, burst=5, now=0.0)
    assert bucket.take(0.0) == 0.0
    bucket.spend(3)
    assert bucket.take(0.0) == 0.0
    bucket.spend(3)
    assert bucket.take(0.0) == pytest.approx(0.4)


def test_a_rate_of_zero_is_no_limit():
    bucket = Bucket(rate=0, burst=1, now=0.0)
    assert not any(bucket.take(0.0) for _ in range(10_000))
    assert not bucket.is_flooding(1e9)


def flood(bucket, start, seconds):
    """Send as fast as it lets; return when it ended."""
    now = start
    while now < start + seconds:
        now += bucket.take(now)
    return now


def test_a_minute_without_a_pause_is_a_flood_and_less_is_not():
    bucket = Bucket(rate=10, burst=5, now=0.0)
    now = flood(bucket, 0.0, PATIENCE - 1)
    assert not bucket.is_flooding(now)
    now = flood(bucket, now, 2)
    assert bucket.is_flooding(now)


def test_one_pause_forgives():
    bucket = Bucket(rate=10, burst=5, now=0.0)
    now = flood(bucket, 0.0, PATIENCE - 1) + 0.2
    bucket.take(now)
    now = flood(bucket, now, 2)
    assert not bucket.is_flooding(now)


def test_who_talks_within_the_rate_never_waits():
    bucket = Bucket(rate=4, burst=1, now=0.0)
    assert not any(bucket.take(n / 4) for n in range(1_000))


@given(
    rate=st.floats(0.1, 100),
    burst=st.integers(1, 50),
    pauses=st.lists(st.floats(0, 5), max_size=200),
)
def test_who_waits_as_told_never_gets_more_than_burst_and_rate(rate, burst, pauses):
    bucket, now = Bucket(rate, burst, 0.0), 0.0
    for taken, pause in enumerate(pauses, start=1):
        now += pause
        delay = bucket.take(now)
        assert delay >= 0
        now += delay
        assert taken <= burst + rate * now + 1e-6
