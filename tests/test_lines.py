"""Lines: who hears them, in which order, and what happens when they cannot be kept."""

from scribe_rig import enter, person, post, texts, work

from chat.frames import MAX_CHUNK
from chat.jobs import Announce, Notify
from chat.lines import now_ms
from messages import Error, Notice, Said, Told
from protocol import MAX_PAYLOAD, encode


def test_lines_that_wait_are_sent_to_each_in_one_piece(scribe, ana, bob):
    enter(scribe, ana, bob)
    work(scribe, *[post(ana, str(n)) for n in range(100)])
    assert len(ana.outbox.pushes) == len(bob.outbox.pushes) == 1
    assert ana.outbox.pushes == bob.outbox.pushes
    assert texts(bob) == [str(n) for n in range(100)]
    seqs = [said.seq for said in bob.outbox.reports()]
    assert seqs == list(range(1, 101))


def test_every_field_of_a_line_stands_where_the_protocol_has_it(scribe, ana):
    enter(scribe, ana)
    began = now_ms()
    work(scribe, post(ana, "hi", "k1"), post(ana, "no id"))
    first, second = ana.outbox.reports(Said)
    assert first == Said(1, first.time, "#lobby", "ana", "hi", "k1")
    assert second == Said(2, second.time, "#lobby", "ana", "no id")
    assert began <= first.time <= now_ms()
    assert ana.outbox.pushes[-1] == encode(first) + encode(second)


def test_a_piece_ends_between_two_frames_before_it_gets_too_large(scribe, ana):
    enter(scribe, ana)
    work(scribe, *[post(ana, "漢" * (n % 50) * 80 or "x") for n in range(200)])
    assert len(ana.outbox.reports(Said)) == 200  # reports() checks every push
    assert len(ana.outbox.pushes) > 2
    assert max(map(len, ana.outbox.pushes)) <= MAX_CHUNK


def test_private_lines_between_public_ones_keep_everybodys_order(scribe, ana, bob):
    mei = person("mei")
    enter(scribe, ana, bob, mei)
    work(
        scribe,
        post(ana, "1"),
        post(ana, "2 to bob", to=bob),
        post(bob, "3"),
        post(bob, "4 to ana", to=ana),
        post(ana, "5 to myself", to=ana),
        post(mei, "6"),
    )
    assert texts(ana) == ["1", "2 to bob", "3", "4 to ana", "5 to myself", "6"]
    assert texts(bob) == ["1", "2 to bob", "3", "4 to ana", "6"]
    assert texts(mei) == ["1", "3", "6"]


def test_a_double_goes_to_its_author_alone_with_its_first_number(scribe, ana, bob):
    enter(scribe, ana, bob)
    work(scribe, post(ana, "once", "k1"), post(ana, "once", "k1"), post(ana, "x"))
    assert texts(bob) == ["once", "x"]
    first, again, _ = ana.outbox.reports(Said)
    assert again == first


def test_a_double_of_a_private_line_goes_to_its_author_alone(scribe, ana, bob):
    enter(scribe, ana, bob)
    work(scribe, post(ana, "psst", "k1", to=bob), post(ana, "psst", "k1", to=bob))
    assert (texts(ana), texts(bob)) == (["psst", "psst"], ["psst"])


def test_who_is_not_in_the_room_is_refused_and_the_others_are_not(scribe, ana, bob):
    enter(scribe, ana)
    work(scribe, post(bob, "let me in", "k1"), post(ana, "mine"))
    assert bob.outbox.reports() == [Error("k1", "not-in-room", "you are not in #lobby")]
    assert texts(ana) == ["mine"]


def test_a_room_whose_name_fills_a_frame_is_refused_like_any_other(scribe, ana):
    enter(scribe, ana)
    work(scribe, post(ana, "x", "k1", room="#" + "r" * (MAX_PAYLOAD - 12)))
    (refusal,) = ana.outbox.reports()
    assert refusal.code == "not-in-room"
    assert refusal.text.startswith("you are not in #rrr")


def test_lines_that_cannot_be_stored_are_refused_and_shown_to_nobody(
    scribe, log, ana, bob, caplog
):
    enter(scribe, ana, bob)
    log._db.execute("PRAGMA query_only = ON")
    work(scribe, post(ana, "lost", "k1"), post(bob, "lost too", "k2"))
    text = "the line could not be stored: say it again"
    assert ana.outbox.reports() == [Error("k1", "storage", text)]
    assert bob.outbox.reports() == [Error("k2", "storage", text)]
    assert "lines refused: 2" in caplog.text

    log._db.execute("PRAGMA query_only = OFF")
    work(scribe, post(ana, "kept", "k1"))
    assert texts(bob) == ["kept"]


def test_a_double_is_told_as_it_was_stored_whatever_was_changed_since(scribe, ana, bob):
    enter(scribe, ana, bob)
    work(scribe, post(ana, "psst", "k1", to=bob))
    bob.name, ana.name = "rob", "anna"
    work(scribe, post(ana, "something else", "k1", to=bob))
    first, again = ana.outbox.reports(Told)
    assert again == first


def test_the_operator_speaks_a_line_to_a_room_and_a_notice_elsewhere(
    scribe, log, ana, bob
):
    enter(scribe, ana)
    work(scribe, Announce("Lesson 3", "#lobby", (ana, bob)))
    (line,) = ana.outbox.reports()
    assert (line.sender, line.text, line.seq) == ("server", "Lesson 3", log.newest)
    assert bob.outbox.reports() == [Notice("server: Lesson 3")]
    work(scribe, Notify("for bob alone", (bob,)))
    assert ana.outbox.reports() == [line]
    assert bob.outbox.reports()[1:] == [Notice("for bob alone")]


def test_who_looks_on_reads_what_is_said_in_rooms_and_not_what_is_private(
    scribe, ana, bob, caplog
):
    enter(scribe, ana, bob)
    caplog.set_level("DEBUG")
    work(scribe, post(ana, "hello all"), post(ana, "psst", to=bob))
    assert "Message from ana: hello all" in caplog.text
    assert "Private message from ana" in caplog.text
    assert "psst" not in caplog.text


def test_a_private_line_is_kept_for_whom_it_was(scribe, log, ana, bob):
    enter(scribe, ana, bob)
    work(scribe, post(ana, "psst", to=bob))
    (line,) = log.archive.missed(bob.mark, {}, 0).lines
    assert (line.text, line.sender, line.recipient) == ("psst", "ana", "bob")
