"""What the operator may do, and what people notice of it: a real server, real peers."""

import logging
import re
from time import monotonic

import pytest
from conftest import PATIENCE

from chat.refusal import Refusal
from messages import (
    Bye,
    Error,
    Hello,
    History,
    Joined,
    Leave,
    Left,
    Notice,
    Ok,
    Past,
    Ping,
    Pong,
    Rename,
    Renamed,
    Said,
    Say,
    Welcome,
)
from protocol import VERSION, encode

BANNED = Bye("banned", "the operator has banned you: spam")
SESSION = "00112233445566778899aabbccddeeff"
ELSEWHERE = "127.0.0.2"  # another address of this machine


@pytest.fixture
def desk(server):
    return server.chat.desk


def refusal(act, *arguments):
    with pytest.raises(Refusal) as caught:
        act(*arguments)
    return caught.value.text


def speak(peer, text="hi", id="k1"):
    """Say something, and return the answer."""
    peer.send(Say(id, "", text))
    return next(r for r in peer.reports if getattr(r, "id", None) == id)


def enter(peer, name, session="", **more):
    """Say hello, and return the answer."""
    peer.send(Hello(VERSION, name, session, **more))
    return next(r for r in peer.reports if isinstance(r, Welcome | Error | Bye))


# -- Kick ----------------------------------------------------------------------------


def test_who_is_kicked_learns_why_and_the_others_that(desk, join):
    ana, bob = join("ana"), join("bob")
    assert desk.kick("BOB", "too loud").startswith("bob (127.0.0.1) is gone")
    assert bob.rest()[-1] == Bye("kicked", "the operator sent you away: too loud")
    assert ana.hear(Left) == Left("#lobby", "kicked", ("bob",))


def test_the_name_is_free_at_once_even_for_the_kicked(desk, join, connect):
    bob = join("bob", session=SESSION)
    desk.kick("bob")
    assert bob.rest()[-1] == Bye("kicked", "the operator sent you away")
    assert isinstance(enter(connect(), "bob", SESSION), Welcome)


def test_who_lost_the_connection_can_be_kicked_too(desk, join, connect):
    bob = join("bob", session=SESSION)
    ana = join("ana")
    bob.close()
    while "away" not in desk.survey.people():
        speak(ana)  # as long as the server has not noticed
    desk.kick("bob")
    assert ana.hear(Left) == Left("#lobby", "kicked", ("bob",))
    assert "bob" not in desk.survey.people()


def test_what_the_kicked_had_said_before_is_heard(desk, join):
    ana, bob = join("ana"), join("bob")
    assert speak(bob, "last words").text == "last words"
    desk.kick("bob")
    assert ana.hear(Said).text == "last words"
    assert ana.hear(Left).why == "kicked"


def test_nobody_can_be_kicked_who_is_not_here(desk):
    text = r'there is no "b\x1b[2Job" here; /who lists everybody'
    assert refusal(desk.kick, "b\x1b[2Job") == text


def test_a_reason_is_one_line_of_bearable_length(desk, join):
    bob = join("bob")
    desk.kick("bob", "\x1b[2J" + "x" * 1_000)
    _, _, reason = bob.rest()[-1].text.partition(": ")
    assert reason == "\\x1b[2J" + "x" * (200 - 7)


# -- Mute ----------------------------------------------------------------------------


def test_who_is_muted_is_told_and_silent_until_the_time_is_over(
    desk, join, monkeypatch
):
    bob = join("bob")
    assert desk.mute("bob", "5") == "bob is muted for 5 min"
    assert bob.hear(Notice).text == "the operator has muted you for 5 min"
    refused = speak(bob)
    assert (refused.code, refused.retry) == ("muted", 300)

    monkeypatch.setattr("chat.orders.monotonic", lambda: monotonic() + 290)
    assert speak(bob).code == "muted"
    monkeypatch.setattr("chat.orders.monotonic", lambda: monotonic() + 301)
    assert isinstance(speak(bob), Said)


def test_another_name_does_not_unmute(desk, join):
    bob = join("bob")
    assert desk.mute("bob") == "bob is muted until /unmute"
    bob.send(Rename("r1", "rob"))
    assert bob.hear(Renamed).new == "rob"
    assert speak(bob).code == "muted"
    assert desk.unmute("rob") == "rob may speak again"
    assert bob.hear(Notice).text == "you may speak again"
    assert isinstance(speak(bob), Said)


def test_going_and_coming_back_does_not_unmute(desk, join):
    bob = join("bob", session=SESSION)
    desk.mute("bob")
    desk.kick("bob")
    bob.rest()
    again = join("rob", session=SESSION)
    assert speak(again).code == "muted"


def test_who_is_gone_can_be_unmuted(desk, join):
    bob = join("bob")
    desk.mute("bob")
    desk.kick("bob")
    bob.rest()
    assert desk.unmute("bob") == "bob is not muted any more"
    assert isinstance(speak(join("bob")), Said)
    assert refusal(desk.unmute, "bob") == "bob was not muted"
    assert refusal(desk.unmute, "zoe").startswith('there is no "zoe" here')


@pytest.mark.parametrize("minutes", ["0", "-1", "1.5", "five", "10001", "٥"])
def test_minutes_are_a_number(desk, join, minutes):
    join("bob")
    text = f'"{minutes}" is not a number of minutes from 1 to 10000'
    assert refusal(desk.mute, "bob", minutes) == text
    assert "muted" not in desk.survey.people()


# -- Ban -----------------------------------------------------------------------------


def test_a_ban_is_of_the_name_and_of_the_session(desk, join, connect):
    ana, bob = join("ana"), join("bob", session=SESSION)
    told = desk.ban("Bob", "spam")
    assert told == "bob is banned until the server stops; sent away: bob"
    assert bob.rest()[-1] == BANNED
    assert ana.hear(Left) == Left("#lobby", "banned", ("bob",))
    assert enter(connect(), "ＢＯＢ") == Bye(
        "banned", "the operator has banned you: spam"
    )
    assert enter(connect(), "rob", SESSION) == Bye(
        "banned", "the operator has banned you: spam"
    )
    assert isinstance(enter(connect(), "rob"), Welcome)  # a stranger

    assert desk.unban("bob") == "bob is not banned any more"
    assert isinstance(enter(connect(), "bob", SESSION), Welcome)


def test_a_banned_name_cannot_be_taken_by_renaming(desk, join):
    ana = join("ana")
    assert desk.ban("bob").endswith("nobody had to go")
    ana.send(Rename("r1", "bob"))
    assert ana.hear(Error).code == "forbidden"


def test_an_address_goes_with_everybody_who_comes_from_it(desk, server, join, connect):
    ana = join("ana")
    bob, mei = join("bob", source=ELSEWHERE), join("mei", source=ELSEWHERE)
    silent = connect(source=ELSEWHERE)  # has not said hello
    silent.send(Ping("x"))
    assert silent.next() == Pong("x")
    told = desk.ban(ELSEWHERE, "spam")
    assert told == "127.0.0.2 is banned until the server stops; sent away: bob, mei"
    for peer in (bob, mei, silent):
        assert peer.rest()[-1] == BANNED
    assert isinstance(speak(ana), Said)

    late = connect(source=ELSEWHERE)
    late.send(Ping("x"))
    assert late.rest() == [BANNED]
    desk.unban(ELSEWHERE)
    assert isinstance(enter(connect(source=ELSEWHERE), "bob"), Welcome)


def test_who_is_called_like_an_address_bans_nobody_else(desk, join):
    join(ELSEWHERE)
    text = refusal(desk.ban, ELSEWHERE)
    assert text.startswith("somebody is called 127.0.0.2: /kick 127.0.0.2 first")
    assert text.endswith("127.0.0.1")
    assert desk.survey.bans() == "nobody is banned"


def test_who_is_banned_is_listed(desk):
    desk.ban("zoe", "spam")
    desk.ban("2001:db8::1")
    assert desk.survey.bans() == "2001:db8::/64\nzoe            spam"


def test_nobody_can_be_unbanned_who_is_not_banned(desk):
    assert refusal(desk.unban, "zoe") == "zoe is not banned; /bans lists who is"
    assert "neither a name nor an address" in refusal(desk.unban, "10.0.0.0/8")


# -- The bans file -------------------------------------------------------------------


@pytest.fixture
def bans(tmp_path):
    return tmp_path / "bans.txt"


def test_with_a_file_bans_outlive_the_server(start_server, bans, join, connect):
    first = start_server(bans=str(bans))
    bob = join("bob", first)
    told = first.chat.desk.ban("bob", "spam")
    assert told == f"bob is banned for good ({bans}); sent away: bob"
    first.chat.desk.ban(ELSEWHERE)
    bob.rest()
    first.stop()

    second = start_server(bans=str(bans))
    assert enter(connect(second), "bob") == Bye(
        "banned", "the operator has banned you: spam"
    )
    assert enter(connect(second, source=ELSEWHERE), "ana").code == "banned"
    second.chat.desk.unban("bob")
    assert isinstance(enter(connect(second), "bob"), Welcome)
    assert ELSEWHERE in bans.read_text()
    assert "bob" not in bans.read_text()


def test_no_session_is_written_into_the_file(start_server, bans, join):
    server = start_server(bans=str(bans))
    join("bob", server, SESSION)
    server.chat.desk.ban("bob")
    assert bans.read_text().splitlines()[-1] == "bob"


def test_after_a_reload_the_file_counts_and_sends_away(start_server, bans, join):
    server = start_server(bans=str(bans))
    desk = server.chat.desk
    desk.ban("ana")
    bob = join("bob", server)
    bans.write_text("# by hand\nbob spam\n")
    assert desk.reload() == f"{bans}: 1 banned; sent away: bob"
    assert bob.rest()[-1] == BANNED
    join("ana", server)


def test_a_bad_file_changes_nothing_and_says_so_in_one_line(
    start_server, bans, connect
):
    server = start_server(bans=str(bans))
    server.chat.desk.ban("ana")
    bans.write_text("bob\n10.0.0.0/8\n")
    told = server.chat.desk.reload()
    assert told.startswith(f"{bans}: line 2: ")
    assert told.endswith("what it said before stays")
    assert "\n" not in told
    assert enter(connect(server), "ana").code == "banned"
    assert isinstance(enter(connect(server), "bob"), Welcome)


def test_a_file_that_is_gone_lets_nobody_in(start_server, bans, connect):
    server = start_server(bans=str(bans))
    server.chat.desk.ban("ana")
    bans.unlink()
    assert "cannot read" in server.chat.desk.reload()
    assert enter(connect(server), "ana").code == "banned"


def test_a_ban_counts_even_if_it_cannot_be_written(start_server, bans, connect):
    server = start_server(bans=str(bans))
    bans.unlink()
    bans.mkdir()
    told = server.chat.desk.ban("ana")
    assert told.startswith("ana is banned until the server stops (")
    assert enter(connect(server), "ana").code == "banned"
    text = refusal(server.chat.desk.unban, "ana")
    assert text.startswith("ana may come in until the file is read again: ")
    assert isinstance(enter(connect(server), "ana"), Welcome)


def test_what_was_banned_by_hand_can_be_unbanned_before_a_reload(start_server, bans):
    server = start_server(bans=str(bans))
    bans.write_text("ana\n")
    assert server.chat.desk.unban("ana") == "ana is not banned any more"
    assert bans.read_text() == ""


# -- The message of the day ----------------------------------------------------------


def test_newcomers_are_told_the_message_of_the_day(start_server, tmp_path, connect):
    motd = tmp_path / "motd.txt"
    motd.write_text("Lesson 3\nat ten")
    server = start_server(motd=str(motd))
    assert notices(connect(server), "ana")[1:] == ["Lesson 3\nat ten"]

    motd.write_text("Lesson 4")
    assert server.chat.desk.reload() == f"{motd}: a message of 8 characters"
    assert notices(connect(server), "bob")[1:] == ["Lesson 4"]

    motd.write_bytes(b"\xff")
    assert "not text in UTF-8; what it said" in server.chat.desk.reload()
    assert notices(connect(server), "mei")[1:] == ["Lesson 4"]

    motd.write_text("")
    server.chat.desk.reload()
    assert notices(connect(server), "zoe")[1:] == []


def notices(peer, name):
    """What a newcomer is told after login."""
    peer.send(Hello(VERSION, name), Say("k1", "", "hi"))
    heard = peer.until(Said)
    return [report.text for report in heard if isinstance(report, Notice)]


def test_without_files_there_is_nothing_to_reload(desk):
    assert desk.reload() == "nothing to read: see --bans FILE and --motd FILE"


def test_what_was_requested_once_is_read_once(server, caplog):
    server.stop()  # and with it the clock, which would read too
    desk = server.chat.desk
    with caplog.at_level(logging.INFO, "homeroom"):
        desk.reload_if_due()
        desk.request_reload()
        desk.reload_if_due()
        desk.reload_if_due()
    assert caplog.text.count("nothing to read") == 1


# -- Everybody -----------------------------------------------------------------------


def test_behind_a_locked_door_people_stay_and_come_back(desk, join, connect):
    ana = join("ana")
    bob = join("bob", session=SESSION)
    assert desk.lock().startswith("locked: ")
    assert ana.hear(Notice).text == "nobody new comes in from now on"
    refused = enter(stranger := connect(), "mei")
    assert (refused.code, "operator" in refused.text) == ("forbidden", True)
    bob.reset()
    back = connect()
    since, log = bob.welcome.seq, bob.welcome.log
    assert enter(back, "bob", SESSION, since=since, log=log).resumed == "yes"

    assert desk.unlock() == "open: everybody may come in"
    assert ana.hear(Notice).text == "newcomers may come in again"
    assert isinstance(enter(stranger, "mei"), Welcome)


def test_locking_twice_is_told_once(desk, join):
    ana = join("ana")
    desk.lock()
    desk.lock()
    desk.say("after")
    assert ana.hear(Notice).text == "nobody new comes in from now on"
    assert isinstance(ana.next(), Said)


def test_only_the_console_speaks_until_it_is_over(desk, join):
    ana = join("ana")
    assert desk.only() == "quiet: only the console speaks; /only off ends it"
    assert ana.hear(Notice).text == "only the operator speaks from now on"
    refused = speak(ana)
    assert (refused.code, refused.text) == (
        "muted",
        "only the operator speaks just now",
    )
    desk.say("listen")
    assert ana.hear(Said).sender == "server"

    assert desk.only() == "everybody may speak"
    assert ana.hear(Notice).text == "everybody may speak again"
    assert isinstance(speak(ana), Said)


def test_only_off_never_silences(desk, join):
    ana = join("ana")
    assert desk.only("off") == "everybody may speak"
    assert isinstance(speak(ana), Said)
    desk.only("ON")
    assert desk.only("on").startswith("quiet")
    assert desk.only("off") == "everybody may speak"
    assert "/only off" in refusal(desk.only, "maybe")


def test_the_operators_words_reach_everybody_and_the_history(desk, join):
    ana, bob = join("ana"), join("bob")
    bob.send(Leave("l1", "#lobby"))
    assert bob.hear(Ok).id == "l1"
    assert desk.say("fire\x1b\tdrill") == "said in #lobby; people here: 2"
    said = ana.hear(Said)
    assert (said.sender, said.room, said.text) == (
        "server",
        "#lobby",
        "fire\\x1b   drill",
    )
    assert bob.next() == Notice(f"server: {said.text}")
    ana.send(History("h1", "#lobby"))
    assert ana.hear(Past).sender == "server"


def test_4000_characters_are_said_and_one_more_is_not(desk, join):
    ana = join("ana")
    desk.say("漢" * 4_000)
    assert ana.hear(Said).text == "漢" * 4_000
    assert "4,000" in refusal(desk.say, "漢" * 4_001)


# -- Looking around ------------------------------------------------------------------


def test_who_is_here_is_listed_with_all_that_matters(desk, join, server):
    ana = join("ana")
    bob = join("bob", session=SESSION, source=ELSEWHERE)
    desk.mute("ana", "5")
    bob.close()
    while "away" not in desk.survey.people():
        speak(ana)  # as long as the server has not noticed
    head, first, second = desk.survey.people().split("\n")
    assert head.split() == ["name", "address", "since", "state", "rooms"]
    assert first.split()[:2] == ["ana", "127.0.0.1"]
    assert re.search(r"idle \d+ s, muted 5 min  #lobby$", first)
    assert second.split()[:2] == ["bob", ELSEWHERE]
    assert re.search(r"away for \d+ s .*#lobby$", second)
    assert all(len(line) <= 80 for line in (head, first, second))


def test_who_says_something_is_not_idle_any_more(desk, join, server):
    ana = join("ana")
    server.chat.clients["ana"].active_at -= 600
    assert "idle 10 min" in desk.survey.people()
    speak(ana)
    assert "idle 10 min" not in desk.survey.people()


def test_an_empty_house_is_said_to_be_empty(desk):
    assert desk.survey.people() == "nobody is here"
    assert desk.survey.rooms() == "nobody is in any room"


def test_rooms_are_listed(desk, join):
    join("ana"), join("bob")
    assert desk.survey.rooms() == "room    people  topic\n#lobby  2"


def test_the_figures_are_of_this_moment(desk, join, server):
    ana = join("ana")
    speak(ana)
    speak(ana)  # the same line again is stored once
    stats = dict(row.split("  ", 1) for row in desk.survey.stats().split("\n"))
    assert re.fullmatch(r" *\d+ s", stats.pop("uptime"))
    assert re.fullmatch(r" *\d+ waiting", stats.pop("scribe's queue"))
    assert int(stats.pop("threads")) > 3
    assert {key: value.strip() for key, value in stats.items()} == {
        "people": "1",
        "rooms": "1",
        "lines stored": "1 since the start",
        "fullest outbox": "all empty",
    }


def test_the_fullest_outbox_has_a_name(desk, join, server):
    join("bob", receive_buffer=4_096)
    outbox = server.chat.clients["bob"].outbox
    while not outbox.waiting_bytes:
        outbox.push(encode(Joined("#lobby", ("x" * 60_000,))))
    assert f"bob, {outbox.waiting_bytes:,} bytes" in desk.survey.stats()


def test_the_desk_can_stop_the_server(server, join):
    ana = join("ana")
    assert server.chat.desk.stop() == "stopping: everybody is told"
    assert ana.rest()[-1].code == "shutdown"
    server.thread.join(PATIENCE)
    assert server.exit_code == 0
