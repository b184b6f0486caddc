"""What the operator has decided, as readers ask for it."""

from math import inf

import pytest

from chat.refusal import Refusal
from chat.rules import HouseRules, banned_form, is_network, network_of
from chat.session import NOWHERE, Session
from chat.visit import Farewell

NOW = 1_000.0


@pytest.fixture
def rules():
    return HouseRules()


def person(name, mark=""):
    return Session(name, name, mark or f"mark of {name}", NOWHERE)


def is_silent(rules, session, now=NOW):
    try:
        rules.check_voice(session, now)
    except Refusal as refusal:
        return refusal.code == "muted"
    return False


def is_kept_out(rules, key="", mark=""):
    try:
        rules.check_entry(key, mark)
    except Farewell as farewell:
        return farewell.bye.code == "banned"
    return False


# -- Bans --------------------------------------------------------------------------


def test_who_is_banned_is_told_why(rules):
    rules.ban("ana", "enough")
    with pytest.raises(Farewell) as farewell:
        rules.check_entry("ana", "m")
    assert (farewell.value.bye.code, farewell.value.bye.text) == (
        "banned",
        "the operator has banned you: enough",
    )


def test_a_ban_without_a_reason_still_has_words(rules):
    rules.ban("ana", "")
    assert rules.why_banned("ana") == "the operator has banned you"


def test_a_banned_session_is_known_under_every_name(rules):
    rules.ban("ana", "", "m")
    assert is_kept_out(rules, "zoe", "m")
    assert not is_kept_out(rules, "zoe", "another")


def test_the_session_comes_in_again_when_the_name_does(rules):
    rules.ban("ana", "", "m")
    assert rules.unban("ana")
    assert not is_kept_out(rules, "ana", "m")
    assert not is_kept_out(rules, "zoe", "m")
    assert not rules.unban("ana")


def test_the_next_of_that_name_is_banned_without_the_last(rules):
    rules.ban("ana", "", "m")
    rules.unban("ana")
    rules.ban("ana", "", "n")
    assert is_kept_out(rules, "zoe", "n")
    assert not is_kept_out(rules, "zoe", "m")


def test_another_list_forgets_the_sessions_of_those_who_are_not_on_it(rules):
    rules.ban("ana", "", "a")
    rules.ban("bob", "", "b")
    rules.replace_bans({"bob": "still", "mei": "new"})
    assert rules.bans == {"bob": "still", "mei": "new"}
    assert not is_kept_out(rules, "ana", "a")
    assert is_kept_out(rules, "zoe", "b")


def test_a_banned_name_cannot_be_taken_later(rules):
    rules.ban("ana", "")
    with pytest.raises(Refusal, match="banned"):
        rules.check_new_name("ana")
    rules.check_new_name("bob")


@pytest.mark.parametrize(
    ("banned", "address"),
    [
        ("10.0.0.7", "10.0.0.7"),
        ("10.0.0.7", "::ffff:10.0.0.7"),
        ("2001:db8::1", "2001:db8::ffff:1"),
        ("2001:db8::/64", "2001:db8::1"),
        ("fe80::1", "fe80::2%eth0"),
    ],
)
def test_an_address_is_banned_in_all_its_forms(rules, banned, address):
    rules.ban(banned_form(banned), "")
    with pytest.raises(Farewell):
        rules.check_address(address)


@pytest.mark.parametrize("address", ["10.0.0.8", "2001:db8:0:1::1"])
def test_a_neighbour_is_not_banned(rules, address):
    rules.ban(banned_form("10.0.0.7"), "")
    rules.ban(banned_form("2001:db8::1"), "")
    rules.check_address(address)


@pytest.mark.parametrize(
    ("typed", "form"),
    [("ＡＮＡ", "ana"), ("Ana", "ana"), ("2001:DB8::9/64", "2001:db8::/64")],
)
def test_a_ban_stands_in_the_form_that_is_compared(typed, form):
    assert banned_form(typed) == form


@pytest.mark.parametrize("typed", ["10.0.0.0/8", "a b", "server", "", "x" * 21])
def test_what_is_neither_a_name_nor_an_address_is_not_banned(typed):
    with pytest.raises(Refusal, match="neither a name nor an address"):
        banned_form(typed)


def test_names_and_networks_are_told_apart():
    assert is_network(network_of("::1"))
    assert is_network("10.0.0.7")
    assert not is_network("ana")


# -- The door ------------------------------------------------------------------------


def test_a_locked_door_refuses_and_does_not_hang_up(rules):
    rules.is_locked = True
    with pytest.raises(Refusal) as refusal:
        rules.check_entry("ana", "m")
    assert refusal.value.code == "forbidden"


# -- Voices --------------------------------------------------------------------------


def test_who_is_muted_learns_for_how_long(rules):
    ana = person("ana")
    rules.mute(ana, NOW + 59.5)
    with pytest.raises(Refusal) as refusal:
        rules.check_voice(ana, NOW)
    assert (refusal.value.code, refusal.value.retry) == ("muted", 60)
    assert not is_silent(rules, ana, NOW + 60)
    assert not is_silent(rules, person("bob"))


def test_muted_without_an_end_has_no_number(rules):
    ana = person("ana")
    rules.mute(ana, inf)
    with pytest.raises(Refusal) as refusal:
        rules.check_voice(ana, NOW)
    assert refusal.value.retry is None


def test_another_name_does_not_unmute_and_neither_does_another_session(rules):
    rules.mute(person("ana", "m"), inf)
    assert is_silent(rules, person("zoe", "m"))
    assert is_silent(rules, person("ana", "another"))


def test_who_is_unmuted_speaks_again_under_each_name(rules):
    ana = person("ana", "m")
    rules.mute(ana, inf)
    ana.key = "zoe"
    assert rules.unmute((ana.key, ana.mark), NOW)
    assert not is_silent(rules, ana)
    assert not is_silent(rules, person("ana", "m"))
    assert not rules.unmute((ana.key, ana.mark), NOW)


def test_the_last_word_counts(rules):
    ana = person("ana")
    rules.mute(ana, inf)
    rules.mute(ana, NOW + 60)
    assert rules.muted_for(ana, NOW) == 60
    assert rules.unmute([ana.key], NOW)
    assert not is_silent(rules, ana)


def test_who_is_muted_anew_leaves_the_old_name_free(rules):
    ana = person("ana", "m")
    rules.mute(ana, inf)
    ana.key = "zoe"
    rules.mute(ana, NOW + 60)
    assert is_silent(rules, ana)
    assert not is_silent(rules, person("ana", "another"))


def test_an_end_that_has_passed_was_no_mute(rules):
    ana = person("ana")
    rules.mute(ana, NOW)
    assert not rules.unmute([ana.key], NOW + 1)
    assert rules.muted_for(ana, NOW + 1) == 0


def test_while_only_the_console_speaks_everybody_is_silent(rules):
    rules.is_quiet = True
    assert is_silent(rules, person("ana"))
    rules.is_quiet = False
    assert not is_silent(rules, person("ana"))
