"""Rooms, history, requests and names, between real sockets."""

import pytest

from chat.rooms import MOST_ROOMS
from messages import (
    Answer,
    Answered,
    Ask,
    Asked,
    Error,
    History,
    Join,
    Leave,
    Left,
    Ok,
    Past,
    Rename,
    Renamed,
    Roomlist,
    Rooms,
    Said,
    Say,
    SetTopic,
    Tell,
    Told,
    Topic,
    Users,
    Who,
)

ANA = "a" * 32


@pytest.fixture
def enter(join):
    """enter(name, *rooms): log in, and go there."""

    def enter(name, *rooms, **options):
        peer = join(name, **options)
        for room in rooms:
            peer.send(Join("j", room))
            peer.hear(Users)
        return peer

    return enter


def ask_past(peer, where, before=None, limit=None):
    peer.send(History("h1", where, before, limit))
    *lines, end = peer.until(Ok | Error)
    return [r for r in lines if isinstance(r, Past)], end


# -- Rooms ---------------------------------------------------------------------------


def test_a_room_is_made_by_its_first_member_and_gone_after_its_last(enter):
    ana = enter("ana", "#Maths")
    ana.send(Rooms("r1"))
    # An empty field at the end of a frame does not travel: the last topic.
    assert ana.hear(Roomlist).rows == ("#lobby", "1", "", "#maths", "1")
    ana.send(Leave("l1", "#MATHS"))
    assert ana.hear(Ok).id == "l1"
    ana.send(Rooms("r2"))
    assert ana.hear(Roomlist) == Roomlist("r2", ("#lobby", "1"))


def test_a_line_reaches_its_room_and_no_other(enter):
    ana, bob, mei = enter("ana", "#maths"), enter("bob", "#maths"), enter("mei")
    ana.send(Say("k1", "#Maths", "two"), Say("k2", "", "hi all"))
    assert [bob.hear(Said).room for _ in range(2)] == ["#maths", "#lobby"]
    assert mei.hear(Said).text == "hi all"


def test_who_comes_and_goes_is_told_to_the_room(enter):
    ana, bob = enter("ana", "#maths"), enter("bob")
    bob.send(Join("j1", "#maths"))
    assert bob.hear(Ok).id == "j1"
    assert bob.hear(Users) == Users("", "#maths", ("ana", "bob"))
    assert ana.until_joined("#maths")[-1].names == ("ana",)
    assert ana.until_joined("#maths")[-1].names == ("bob",)
    bob.send(Leave("l1", "#maths"))
    assert ana.hear(Left) == Left("#maths", "left", ("bob",))


@pytest.mark.parametrize("room", ["maths", "#", "#two words", "#" + "x" * 31, "#аna"])
def test_a_room_has_a_name_like_a_person(enter, room):
    ana = enter("ana")
    ana.send(Join("j1", room))
    assert ana.hear(Error).code in {"bad-name", "bad-field"}


def test_nobody_is_in_more_rooms_than_they_can_follow(enter):
    ana = enter("ana", *[f"#r{n}" for n in range(1, MOST_ROOMS)])
    ana.send(Join("j1", "#one-more"), Join("j2", "#r1"))
    assert ana.hear(Error).code == "forbidden"
    assert ana.hear(Ok).id == "j2"


def test_a_topic_is_told_to_all_members_and_to_who_comes_later(enter):
    ana, bob = enter("ana", "#maths"), enter("bob", "#maths")
    bob.send(SetTopic("t1", "#maths", "sums"))
    assert bob.hear(Ok).id == "t1"
    assert ana.hear(Topic) == bob.hear(Topic) == Topic("#maths", "bob", "sums")
    mei = enter("mei", "#maths")
    assert mei.hear(Topic) == Topic("#maths", "bob", "sums")
    mei.send(SetTopic("t2", "#maths"))
    assert ana.hear(Topic) == Topic("#maths", "mei", "")


def test_only_members_say_what_a_room_is_about(enter):
    ana, bob = enter("ana", "#maths"), enter("bob")
    bob.send(SetTopic("t1", "#maths", "gossip"))
    assert bob.hear(Error).code == "not-in-room"
    ana.send(Rooms("r1"))
    assert "gossip" not in ana.hear(Roomlist).rows


# -- History -------------------------------------------------------------------------


def test_older_lines_are_read_page_by_page_to_the_beginning(enter):
    ana = enter("ana", "#maths")
    for n in range(5):
        ana.send(Say(f"k{n}", "#maths", str(n)))
        ana.hear(Said)
    page, end = ask_past(ana, "#Maths", limit=3)
    assert [(p.text, p.sender, p.where) for p in page] == [
        (n, "ana", "#Maths") for n in "234"
    ]
    assert end == Ok("h1", ("yes",))
    page, end = ask_past(ana, "#maths", page[0].seq, 3)
    assert ([p.text for p in page], end.details) == (["0", "1"], ("no",))


@pytest.mark.parametrize("spelling", ["#maths", "#Maths", "＃maths"])
def test_a_room_that_one_is_not_in_keeps_its_history_to_itself(enter, spelling):
    ana, bob = enter("ana", "#maths"), enter("bob")
    ana.send(Say("k1", "#maths", "secret"))
    ana.hear(Said)
    lines, end = ask_past(bob, spelling)
    assert (lines, end.code) == ([], "forbidden")


def test_a_private_talk_is_read_by_its_own_two_sessions(enter, join):
    ana, bob = enter("ana", session=ANA), enter("bob")
    ana.send(Tell("k1", "bob", "psst"))
    bob.hear(Told)
    for peer, other in [(ana, "bob"), (bob, "ana")]:
        (line,), end = ask_past(peer, other)
        assert (line.text, line.sender, line.where) == ("psst", "ana", other)
        assert end.details == ("no",)
    ana.send(Rename("n1", "anna"))
    ana.hear(Renamed)
    impostor = join("ana")  # the name is free; what was said under it is not
    assert ask_past(impostor, "bob")[0] == []


def test_without_a_history_there_is_nothing_to_read(start_server, enter):
    ana = enter("ana", server=start_server(history="off"))
    ana.send(Say("k1", "", "x"))
    ana.hear(Said)
    assert ask_past(ana, "#lobby")[1].code == "forbidden"


# -- Requests ------------------------------------------------------------------------


def test_a_private_chat_is_asked_for_and_granted(enter):
    ana, bob = enter("ana"), enter("bob")
    ana.send(Ask("a1", "BOB", "chat", "sums"))
    req = bob.hear(Asked)
    assert (req.sender, req.kind, req.detail) == ("ana", "chat", "sums")
    assert ana.hear(Ok) == Ok("a1", (req.req,))
    bob.send(Answer("y1", req.req, "yes"))
    assert bob.hear(Ok).id == "y1"
    assert ana.hear(Answered) == Answered(req.req, "bob", "yes")


def test_who_leaves_lets_nobody_wait(enter):
    ana, bob = enter("ana"), enter("bob")
    ana.send(Ask("a1", "bob", "chat"))
    req = bob.hear(Asked).req
    bob.close()
    assert ana.hear(Answered) == Answered(req, "bob", "expired")


def test_files_are_refused_for_now(enter):
    ana, _bob = enter("ana"), enter("bob")
    ana.send(Ask("a1", "bob", "file", "3 abc x.txt"))
    assert ana.hear(Error).code == "bad-field"


# -- Names ---------------------------------------------------------------------------


def test_a_new_name_is_told_to_who_shares_a_room_once(enter):
    ana, bob, mei = enter("ana", "#x"), enter("bob", "#x"), enter("mei")
    mei.send(Leave("l1", "#lobby"))
    mei.hear(Ok)
    ana.send(Rename("n1", "Anna"), Say("k1", "", "me again"))
    assert ana.hear(Ok).id == "n1"
    assert [r for r in bob.until(Said) if isinstance(r, Renamed)] == [
        Renamed("ana", "Anna")
    ]
    bob.send(Tell("k2", "mei", "now you know"))
    assert [r for r in mei.until(Told) if isinstance(r, Renamed)] == []
    bob.send(Who("w1"))
    assert bob.hear(Users).names == ("Anna", "bob", "mei")


def test_a_line_bears_the_name_of_its_moment(enter):
    ana, bob = enter("ana"), enter("bob")
    ana.send(Say("k1", "", "1"), Rename("n1", "anna"), Say("k2", "", "2"))
    assert [bob.hear(Said).sender for _ in range(2)] == ["ana", "anna"]


def test_a_taken_name_is_refused_and_the_old_one_stays(enter):
    ana, _bob = enter("ana"), enter("bob")
    ana.send(Rename("n1", "Bob"), Say("k1", "", "still me"))
    assert ana.hear(Error) == Error("n1", "name-taken", 'the name "Bob" is taken')
    assert ana.hear(Said).sender == "ana"
