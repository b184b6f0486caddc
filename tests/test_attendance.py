"""Who comes, goes, moves and is renamed, and what others hear of it."""

import threading
from contextlib import closing

from scribe_rig import Outbox, enter, hello, move, person, post, texts, topic, work

from chat.jobs import Close, Enter, Gone, Rename
from chat.log import open_log
from chat.presence import FRAME_NAMES, PERIOD
from chat.rooms import MOST_ROOMS, RoomBook
from chat.scribe import Scribe
from chat.welcome import Greeting
from messages import (
    Error,
    Joined,
    Left,
    Notice,
    Ok,
    Renamed,
    Said,
    Topic,
    Users,
    Welcome,
)
from protocol import Decoder, decode_report


def test_a_newcomer_is_told_everything_before_the_first_line(scribe, log, ana, bob):
    notices = Notice("nothing is kept"), Notice("Lesson 3 is at ten")
    scribe.attendance.greeting = Greeting(("history=memory",), notices)
    enter(scribe, ana)
    work(scribe, post(ana, "before"), hello(bob), post(ana, "after"))
    assert bob.outbox.reports()[:5] == [
        Welcome("1", "bob", log.id, 1, "no", ("history=memory",)),
        Users("", "#lobby", ("ana", "bob")),
        *notices,
        bob.outbox.reports(Said)[0],
    ]
    assert texts(bob) == ["after"]


def test_many_newcomers_at_once_are_told_in_one_report(scribe, clock, ana):
    enter(scribe, ana)
    clock.now += PERIOD
    crowd = [person(f"p{n:03}") for n in range(FRAME_NAMES)]
    work(scribe, *map(hello, crowd))
    (joined,) = ana.outbox.reports()
    assert joined == Joined("#lobby", tuple(s.name for s in crowd))


def test_a_newcomer_among_very_many_is_told_of_each_of_them_and_of_nobody_else(scribe):
    crowd = [person(f"p{n:03}") for n in range(FRAME_NAMES + 3)]
    work(scribe, *map(hello, crowd))
    first, second = crowd[:2]
    for change, name in [
        (None, "ada"),
        (None, "bea"),
        (Gone(first, "quit"), "eve"),
        (Rename(second, second.outbox, "r1", "zoe"), "mei"),
    ]:
        newcomer = person(name)
        work(scribe, *([change] if change else []), hello(newcomer))
        crowd.append(newcomer)
        if isinstance(change, Gone):
            crowd.remove(first)
        lists = newcomer.outbox.reports(Users, Joined)
        told = {name for report in lists for name in report.names}
        assert told == {one.name for one in crowd}


def test_presence_within_the_period_waits_for_the_clock(scribe, clock, ana, bob):
    enter(scribe, ana)  # that was told just now
    work(scribe, hello(bob))
    assert ana.outbox.reports() == []
    clock.now += PERIOD
    scribe.tick()
    work(scribe)
    assert ana.outbox.reports() == [Joined("#lobby", ("bob",))]


def test_last_words_come_after_the_answers_and_the_others_learn_why(
    scribe, clock, ana, bob
):
    enter(scribe, ana, bob)
    clock.now += PERIOD
    outbox, line = bob.outbox, post(bob, "one", "k1")
    work(scribe, line, Gone(bob, "quit"), Close(outbox, b"bye"), post(ana, "two"))
    bob.outbox = outbox
    assert texts(bob) == ["one"]
    assert bob.outbox.last_words == b"bye"
    assert not bob.outbox.wakes_reader, "the reader asked for it: it is awake"
    assert texts(ana) == ["one", "two"]
    assert ana.outbox.reports(Left) == [Left("#lobby", "quit", ("bob",))]


def test_leaving_and_entering_a_room_are_answered(scribe, ana, bob):
    enter(scribe, ana, bob)
    leave, back = (move(bob, id, "#lobby", id == "j1") for id in ("l1", "j1"))
    work(scribe, leave, post(ana, "unheard"), back, post(ana, "heard"))
    assert bob.outbox.reports(Ok, Users, Said)[:-1] == [
        Ok("l1"),
        Ok("j1"),
        Users("", "#lobby", ("ana", "bob")),
    ]
    assert texts(bob) == ["heard"]


def test_entering_again_changes_nothing_and_tells_the_list_again(
    scribe, clock, ana, bob
):
    enter(scribe, ana, bob)
    clock.now += PERIOD
    work(scribe)
    bob.outbox.pushes.clear(), ana.outbox.pushes.clear()
    work(scribe, move(ana, "m1", "#lobby"))
    clock.now += PERIOD
    work(scribe)
    assert ana.outbox.reports() == [Ok("m1"), Users("", "#lobby", ("ana", "bob"))]
    assert bob.outbox.reports() == []


def test_what_somebody_who_is_gone_had_asked_for_changes_nothing(scribe, ana, bob):
    enter(scribe, ana, bob)
    late = move(bob, "j1", "#x"), topic(bob, "t1", "#lobby", "x"), post(bob, "late")
    outbox = bob.outbox
    work(scribe, Gone(bob, "quit"), *late)
    assert outbox.pushes == []
    assert texts(ana) == []
    assert ana.outbox.reports(Topic) == []


def test_a_room_is_described_to_whoever_enters(scribe, ana, bob):
    enter(scribe, ana)
    work(scribe, topic(ana, "t1", "#lobby", "sums"), hello(bob))
    assert bob.outbox.reports(Users, Topic) == [
        Users("", "#lobby", ("ana", "bob")),
        Topic("#lobby", "ana", "sums"),
    ]


def test_who_is_not_there_cannot_leave(scribe, ana):
    enter(scribe, ana)
    work(scribe, move(ana, "m1", "#cellar", enters=False))
    assert ana.outbox.reports() == [
        Error("m1", "not-in-room", "you are not in #cellar")
    ]


# -- Coming back -----------------------------------------------------------------


def call_again(session, log, since):
    """A hello by another connection, as the register hands it over."""
    return Enter(session, Outbox(), since, log.id)


def test_who_says_hello_by_three_connections_hears_it_once_by_the_last(
    scribe, log, ana, bob
):
    enter(scribe, ana, bob)
    first = ana.outbox
    work(scribe, post(bob, "missed"))
    calls = [call_again(ana, log, 0) for _ in range(3)]
    work(scribe, *calls, post(bob, "new"))
    for outbox in (first, calls[0].via, calls[1].via):
        (bye,) = map(decode_report, Decoder().feed(outbox.last_words))
        assert bye.code == "replaced"
    assert calls[0].via.pushes == calls[1].via.pushes == []
    assert len(ana.outbox.reports(Welcome)) == 1
    assert texts(ana) == ["missed", "new"]


def test_who_has_left_every_room_comes_back_to_none(scribe, log, ana, bob):
    enter(scribe, ana, bob)
    work(scribe, move(ana, "l1", "#lobby", enters=False), post(bob, "not for ana"))
    work(scribe, call_again(ana, log, 0), post(bob, "nor this"))
    assert [r for r in ana.outbox.reports() if isinstance(r, Users | Said)] == []
    assert ana.outbox.reports(Welcome)[0].resumed == "yes"


def test_what_was_said_in_a_room_before_one_entered_was_not_missed(
    scribe, log, ana, bob
):
    enter(scribe, ana, bob)
    work(
        scribe,
        move(bob, "j1", "#maths"),
        post(bob, "before", room="#maths"),
        move(ana, "j1", "#maths"),
        post(bob, "after", room="#maths"),
    )
    work(scribe, call_again(ana, log, 0))
    assert texts(ana) == ["after"]


def test_nor_after_another_run_of_the_server(tmp_path, ana, bob):
    path = str(tmp_path / "history.db")
    with closing(open_log(path)) as log:
        scribe = Scribe(log, RoomBook(), threading.Lock())
        enter(scribe, ana, bob)
        work(
            scribe,
            move(bob, "j1", "#maths"),
            post(bob, "before", room="#maths"),
            move(ana, "j1", "#maths"),
            post(bob, "after", room="#maths"),
        )
    ana.outbox = Outbox()
    with closing(open_log(path)) as log:
        scribe = Scribe(log, RoomBook(), threading.Lock())
        work(scribe, hello(ana, since=0, log=log.id))
    assert texts(ana) == ["after"]


def test_a_room_that_was_refused_is_not_remembered(scribe, log, ana):
    enter(scribe, ana)
    rooms = [f"#r{n}" for n in range(MOST_ROOMS)]
    work(scribe, *[move(ana, room[1:], room) for room in rooms])
    *accepted, refused = ana.outbox.reports(Ok, Error)
    assert all(isinstance(report, Ok) for report in accepted)
    assert refused.code == "forbidden"
    assert list(log.archive.rooms_of(ana.mark)) == rooms[:-1]


def test_who_enters_is_told_so_when_it_is_noted(scribe, log, ana):
    enter(scribe, ana)
    noted = []
    push = ana.outbox.push
    ana.outbox.push = lambda frames: (
        noted.append(list(log.archive.rooms_of(ana.mark))),
        push(frames),
    )
    work(scribe, move(ana, "j1", "#maths"), move(ana, "l1", "#maths", enters=False))
    assert noted[0] == []  # both are noted before either is answered
    assert [ok.id for ok in ana.outbox.reports(Ok)] == ["j1", "l1"]


# -- Names -----------------------------------------------------------------------


def rename(session, name):
    return Rename(session, session.outbox, "n1", name)


def believed(session, start=()):
    """Who is in the lobby, as far as this person was told."""
    here = set(start)
    for report in session.outbox.reports(Users, Joined, Left, Renamed):
        match report:
            case Users(_, "#lobby", names):
                here = set(names)
            case Joined("#lobby", names):
                here |= set(names)
            case Left("#lobby", _, names):
                here -= set(names)
            case Renamed(old, new) if old in here:
                here = here - {old} | {new}
    return here


def test_who_takes_a_name_just_given_up_is_not_taken_for_its_last_owner(
    scribe, clock, ana, bob
):
    mei = person("mei")
    enter(scribe, ana, bob, mei)
    work(scribe, Gone(bob, "quit"), rename(ana, "bob"))
    clock.now += PERIOD
    work(scribe)
    assert believed(mei, {"ana", "bob", "mei"}) == {"bob", "mei"}


def test_who_leaves_a_room_and_changes_name_has_left_it_under_both(
    scribe, clock, ana, bob
):
    enter(scribe, ana, bob)
    work(scribe, move(ana, "j1", "#maths"), move(bob, "j1", "#maths"))
    clock.now += PERIOD
    work(scribe)
    work(scribe, move(ana, "l1", "#lobby", enters=False), rename(ana, "anna"))
    clock.now += PERIOD
    work(scribe)
    assert believed(bob, {"ana", "bob"}) == {"bob"}


def test_a_newcomer_renamed_at_once_is_known_by_the_new_name(scribe, clock, ana, bob):
    enter(scribe, ana)
    work(scribe, hello(bob), rename(bob, "rob"))
    clock.now += PERIOD
    work(scribe)
    assert believed(ana, {"ana"}) == {"ana", "rob"}
    assert believed(bob) == {"ana", "rob"}


# -- When the log fails ----------------------------------------------------------


def test_with_a_full_disk_people_come_and_go_and_say_what_rooms_are_about(
    scribe, log, ana, bob, caplog
):
    log._db.execute("PRAGMA query_only = ON")
    enter(scribe, ana)
    jobs = hello(bob), move(bob, "j1", "#x"), topic(bob, "t1", "#x", "sums")
    work(scribe, *jobs, move(bob, "l1", "#x", enters=False))
    assert [ok.id for ok in bob.outbox.reports(Ok)] == ["j1", "t1", "l1"]
    assert "rooms will be forgotten at a restart" in caplog.text
    assert "the topic will be forgotten at a restart" in caplog.text
    work(scribe, Gone(bob, "quit"))


def test_who_comes_back_when_nothing_can_be_read_starts_anew_and_keeps_the_rooms(
    scribe, log, ana, caplog
):
    enter(scribe, ana)
    work(scribe, move(ana, "j1", "#maths"))
    log._db.execute("ALTER TABLE lines RENAME TO hidden")
    work(scribe, call_again(ana, log, 0))
    assert ana.outbox.reports(Welcome)[0].resumed == "no"
    assert [u.room for u in ana.outbox.reports(Users)] == ["#lobby", "#maths"]
    assert "ana starts anew" in caplog.text


def test_who_comes_back_after_a_restart_and_nothing_can_be_read_is_in_the_lobby(
    scribe, log, ana, caplog
):
    log._db.execute("DROP TABLE members")
    work(scribe, hello(ana, since=0, log=log.id))
    assert [u.room for u in ana.outbox.reports(Users)] == ["#lobby"]
    assert "ana is in the lobby only" in caplog.text


def test_a_topic_is_said_by_members_only_and_heard_by_members_only(scribe, ana, bob):
    enter(scribe, ana, bob)
    work(scribe, move(ana, "j1", "#x"), topic(bob, "t1", "#x", "no"))
    assert bob.outbox.reports()[0].code == "not-in-room"
    work(scribe, topic(ana, "t2", "#x", "sums"), topic(ana, "t3", "#x", ""))
    assert ana.outbox.reports(Topic) == [
        Topic("#x", "ana", "sums"),
        Topic("#x", "ana"),
    ]
    assert bob.outbox.reports(Topic) == []
    assert [ok.id for ok in ana.outbox.reports(Ok)] == ["j1", "t2", "t3"]
    newcomer = person("mei")
    enter(scribe, newcomer)
    work(scribe, topic(ana, "t4", "#x", "more sums"), move(newcomer, "j1", "#x"))
    assert newcomer.outbox.reports(Topic) == [Topic("#x", "ana", "more sums")]
