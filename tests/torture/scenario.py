"""The mark of a scenario: its number in the list, and a sentence."""

import pytest

TORTURE_TIMEOUT = 120  # seconds, for scenarios that do not ask for more


def scenario(number, sentence, *, long=False, timeout=TORTURE_TIMEOUT):
    """Number a test; `long` ones run only with --torture.

    `timeout` is in seconds, and 0 means none: only a hanging test ever meets it.
    """

    def mark(test):
        test = pytest.mark.scenario(number, sentence)(test)
        test = pytest.mark.timeout(timeout)(test)
        return pytest.mark.long(test) if long else test

    return mark


def number_of(item):
    """The number of a collected test, or None for one that is no scenario."""
    found = item.get_closest_marker("scenario")
    return found.args[0] if found else None
