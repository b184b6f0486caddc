"""Coming back: nobody loses a line, sees one twice, or is seen to have gone."""

import pytest

from chat import register
from chat.archive import MOST_MISSED
from chat.jobs import Post
from messages import (
    LOBBY,
    Bye,
    Hello,
    Join,
    Joined,
    Left,
    Notice,
    Ok,
    Quit,
    Rename,
    Renamed,
    Said,
    Say,
    Tell,
    Told,
    Users,
    Welcome,
    Who,
)
from protocol import VERSION, encode

ANA = "a" * 32
BOB = "b" * 32


@pytest.fixture
def come_back(connect):
    """come_back(name, secret, welcome, since): say hello as a client does again."""

    def come_back(name, secret, welcome, since=None):
        peer = connect()
        since = welcome.seq if since is None else since
        peer.send(Hello(VERSION, name, secret, since, welcome.log))
        peer.welcome = peer.hear(Welcome)
        return peer

    return come_back


def lines_until(peer, last):
    """The texts that are heard up to and with the last one."""
    heard = []
    while not heard or heard[-1] != last:
        heard.append(peer.hear(Said | Told).text)
    return heard


def test_who_comes_back_hears_what_was_missed_before_anything_new(join, come_back):
    ana, bob = join("ana", session=ANA), join("bob", session=BOB)
    ana.reset()
    bob.send(Say("k1", "", "missed"), Tell("k2", "ana", "psst"))
    bob.hear(Told)
    again = come_back("ana", ANA, ana.welcome)
    bob.send(Say("k3", "", "new"))
    assert again.welcome.resumed == "yes"
    assert again.next() == Users("", "#lobby", ("ana", "bob"))
    assert isinstance(again.next(), Notice)
    assert lines_until(again, "new") == ["missed", "psst", "new"]


def test_nobody_notices_that_somebody_was_gone_for_a_moment(join, come_back):
    ana, bob = join("ana", session=ANA), join("bob", session=BOB)
    ana.reset()
    again = come_back("ana", ANA, ana.welcome)
    again.send(Say("k1", "", "here"))
    heard = bob.until(Said)
    assert not [r for r in heard if isinstance(r, Left | Joined)]


def test_the_old_connection_is_replaced_and_nothing_more_is_read_from_it(
    join, come_back
):
    ana, bob = join("ana", session=ANA), join("bob", session=BOB)
    again = come_back("ana", ANA, ana.welcome)
    assert ana.rest()[-1].code == "replaced"
    again.send(Say("k1", "", "by the new one"))
    assert lines_until(bob, "by the new one") == ["by the new one"]


def test_a_line_sent_again_is_answered_with_its_first_number_to_its_author_alone(
    join, come_back
):
    ana, bob = join("ana", session=ANA), join("bob", session=BOB)
    ana.send(Say("k1", "", "once"))
    first = ana.hear(Said)
    ana.reset()
    again = come_back("ana", ANA, ana.welcome, since=first.seq)
    again.send(Say("k1", "", "once"), Say("k2", "", "next"))
    assert again.hear(Said) == first
    assert again.hear(Said).text == "next"
    assert lines_until(bob, "next") == ["once", "next"]


def test_ones_own_line_whose_answer_was_lost_is_replayed_with_its_id(join, come_back):
    ana, bob = join("ana", session=ANA), join("bob", session=BOB)
    ana.send(Say("k1", "", "did it arrive?"))
    bob.hear(Said)
    ana.reset()
    again = come_back("ana", ANA, ana.welcome)
    said = again.hear(Said)
    assert (said.text, said.id) == ("did it arrive?", "k1")


def test_hello_twice_is_hello_once_though_the_welcome_was_lost(join, connect):
    ana, bob = connect(), join("bob")
    ana.send(Hello(VERSION, "ana", ANA))
    bob.hear_joined("ana")
    ana.reset()
    again = connect()
    again.send(Hello(VERSION, "ana", ANA))
    assert again.hear(Welcome).resumed == "no"
    again.send(Who("w1"))
    assert again.hear(Users).names == ("ana", "bob")


def test_nobody_takes_a_name_over_without_the_secret(join, connect):
    ana = join("ana", session=ANA)
    other = connect()
    other.send(Hello(VERSION, "ana", BOB, ana.welcome.seq, ana.welcome.log))
    assert other.next().code == "name-taken"
    ana.reset()
    other.send(Hello(VERSION, "ana", BOB, ana.welcome.seq, ana.welcome.log))
    assert other.next().code == "name-taken"


def test_who_does_not_come_back_in_time_has_left(join, connect, monkeypatch):
    monkeypatch.setattr(register, "GRACE", 0.05)
    ana, bob = join("ana", session=ANA), join("bob", session=BOB)
    ana.reset()
    assert bob.hear(Left) == Left("#lobby", "lost", ("ana",))
    newcomer = connect()
    newcomer.send(Hello(VERSION, "ana"))
    assert newcomer.next().name == "ana"


def test_who_comes_back_too_late_still_hears_what_was_missed(
    join, come_back, monkeypatch
):
    monkeypatch.setattr(register, "GRACE", 0.05)
    ana, bob = join("ana", session=ANA), join("bob", session=BOB)
    ana.send(Join("j1", "#maths"))
    ana.hear(Ok)
    bob.send(Join("j1", "#maths"))
    bob.hear(Ok)
    ana.reset()
    assert bob.hear(Left).names == ("ana",)
    bob.send(Say("k1", "#maths", "two and two"))
    bob.hear(Said)
    again = come_back("ana", ANA, ana.welcome)
    assert again.welcome.resumed == "yes"
    assert [again.hear(Users).room for _ in range(2)] == ["#lobby", "#maths"]
    assert lines_until(again, "two and two") == ["two and two"]


def test_who_quits_is_gone_and_starts_anew(join, come_back):
    ana, bob = join("ana", session=ANA), join("bob", session=BOB)
    ana.send(Join("j1", "#maths"), Quit())
    ana.rest()
    assert bob.hear(Left).why == "quit"
    again = come_back("ana", ANA, ana.welcome)
    assert again.next() == Users("", "#lobby", ("ana", "bob"))
    again.send(Who("w1", "#maths"))
    assert again.hear(Users).names == ()


@pytest.mark.parametrize("change", [{"log": "another"}, {"seq": 10**9}])
def test_what_another_store_has_numbered_cannot_be_continued(join, connect, change):
    ana, bob = join("ana", session=ANA), join("bob", session=BOB)
    ana.reset()
    bob.send(Say("k1", "", "unheard"))
    bob.hear(Said)
    known = {"log": ana.welcome.log, "seq": ana.welcome.seq, **change}
    again = connect()
    again.send(Hello(VERSION, "ana", ANA, known["seq"], known["log"]))
    welcome = again.hear(Welcome)
    assert (welcome.resumed, welcome.seq) == ("no", ana.welcome.seq + 1)
    again.send(Say("k1", "", "new"))
    assert lines_until(again, "new") == ["new"]


def test_after_a_restart_everybody_is_where_they_were(start_server, tmp_path, connect):
    history = str(tmp_path / "history.db")
    first = start_server(history=history)
    ana = connect(first)
    welcome = ana.log_in("ana", ANA)
    ana.send(Join("j1", "#maths"), Say("k1", "#maths", "stored"))
    ana.hear(Said)
    first.stop()
    second = start_server(history=history)
    again = connect(second)
    again.send(Hello(VERSION, "ana", ANA, welcome.seq, welcome.log))
    assert again.hear(Welcome).resumed == "yes"
    assert [again.hear(Users).room for _ in range(2)] == ["#lobby", "#maths"]
    assert again.hear(Said).text == "stored"


def test_more_than_a_replay_holds_is_admitted(join, come_back):
    ana, bob = join("ana", session=ANA), join("bob", session=BOB)
    ana.reset()
    for n in range(MOST_MISSED + 1):
        bob.send(Say(f"k{n}", "", str(n)))
    lines_until(bob, str(MOST_MISSED))
    again = come_back("ana", ANA, ana.welcome)
    notices = [again.hear(Notice) for _ in range(2)]
    assert "missed more" in notices[1].text
    assert again.hear(Said).text == "1"


def test_a_renamed_person_comes_back_under_any_of_both_names(join, come_back):
    ana, bob = join("ana", session=ANA), join("bob", session=BOB)
    ana.send(Rename("n1", "Anna"))
    assert bob.hear(Renamed) == Renamed("ana", "Anna")
    ana.reset()
    again = come_back("ana", ANA, ana.welcome)
    assert again.welcome.name == "Anna"
    again.reset()
    assert come_back("Anna", ANA, ana.welcome).welcome.name == "Anna"


def test_input_left_in_the_old_connection_never_overtakes_the_new_one(
    server, join, come_back
):
    ana, bob = join("ana", session=ANA), join("bob", session=BOB)
    # The old reader has read this, and not yet handed it over.
    old = server.chat.clients["ana"]
    late = Post(old, old.outbox, "k2", "late", room=LOBBY)
    again = come_back("ana", ANA, ana.welcome)
    server.chat.scribe.put(late)
    again.send(Say("k1", "", "first"), Say("k2", "", "late"))
    assert lines_until(bob, "late") == ["first", "late"]


def test_a_rename_by_the_old_connection_comes_too_late(server, join, come_back):
    ana = join("ana", session=ANA)
    old = server.chat.clients["ana"].outbox
    again = come_back("ana", ANA, ana.welcome)
    server.chat.register.rename(server.chat.clients["ana"], old, "n1", "anna")
    again.send(Who("w1"))
    assert again.hear(Users).room == "#lobby"
    assert again.hear(Users).names == ("ana",)


def test_a_bye_of_somebody_replaced_is_a_whole_frame(join, come_back):
    ana = join("ana", session=ANA)
    come_back("ana", ANA, ana.welcome)
    assert ana.raw_rest().endswith(
        encode(Bye("replaced", "you are here by another connection"))
    )


def test_what_was_missed_is_read_by_a_reader_and_only_the_rest_by_the_scribe(
    start_server, connect, tmp_path, monkeypatch
):
    server = start_server(history=str(tmp_path / "history.db"))
    ana, bob = connect(server), connect(server)
    welcome = ana.log_in("ana", ANA)
    bob.log_in("bob", BOB)
    ana.reset()
    bob.send(Say("k1", "", "missed"))
    newest = bob.hear(Said).seq
    read_from = []
    missed = server.log.own_archive.missed
    monkeypatch.setattr(
        server.log.own_archive,
        "missed",
        lambda mark, rooms, since: (
            read_from.append(since),
            missed(mark, rooms, since),
        )[1],
    )
    again = connect(server)
    again.send(Hello(VERSION, "ana", ANA, welcome.seq, welcome.log))
    assert again.hear(Said).text == "missed"
    assert read_from == [newest]
