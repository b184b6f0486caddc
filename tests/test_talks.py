"""Talks side by side: counting what is unread, going there, and the marker."""

import pytest

from tui.editor import Editor
from tui.scrollback import Item
from tui.talk import Talk, fold
from tui.talks import Talks


def said(sender, text="hi", time=0.0, **more):
    return Item("said", time, text, sender, **more)


def presence(joined=(), gone=(), time=0.0):
    return Item("presence", time, names=tuple(joined), gone=tuple(gone))


def talks_with(*names):
    talks = Talks("#lobby", Editor)
    for name in names:
        talks.open(name)
    return talks


def shown(talks):
    return talks.current.name


# -- One talk ------------------------------------------------------------------------


def test_what_arrives_while_one_looks_is_not_unread():
    talk = talks_with().current
    talk.hear(said("bob"))
    assert (talk.unread, talk.marker) == (0, None)


def test_what_arrives_elsewhere_is_counted_and_marked_from_the_first():
    talks = talks_with("bob")
    bob = talks.find("bob")
    bob.hear(said("bob", "one"))
    bob.hear(said("bob", "two"))
    assert (bob.unread, bob.mentions, bob.marker) == (2, 2, 0)
    talks.show(bob)
    assert (bob.unread, bob.new_count, bob.marker) == (0, 2, 0)


def test_in_a_room_only_a_mention_counts_as_one():
    talks = talks_with("bob")
    lobby = talks.current
    talks.step(1)
    lobby.hear(said("mei"))
    lobby.hear(said("mei", "ana: look", is_mention=True))
    assert (lobby.unread, lobby.mentions) == (2, 1)


def test_a_peek_does_not_move_the_marker_and_reading_does():
    talks = talks_with("bob")
    bob = talks.find("bob")
    bob.hear(said("bob"))
    talks.show(bob)
    talks.go(1)
    assert bob.marker == 0
    talks.show(bob)
    bob.stay()
    talks.go(1)
    assert bob.marker is None


def test_after_a_peek_later_lines_come_below_the_old_marker():
    talks = talks_with("bob")
    bob = talks.find("bob")
    bob.hear(said("bob", "one"))
    talks.show(bob)
    talks.go(1)
    bob.hear(said("bob", "two"))
    assert bob.marker == 0


def test_each_talk_has_its_own_draft():
    talks = talks_with("bob")
    talks.current.editor.insert("for all")
    talks.step(1)
    assert talks.current.editor.text == ""
    talks.step(1)
    assert talks.current.editor.text == "for all"


def test_the_last_speaker_comes_first():
    talk = Talk("#lobby", Editor())
    for name in ("bob", "mei", "bob"):
        talk.hear(said(name))
    assert talk.speakers == ["bob", "mei"]


def test_comings_and_goings_are_folded_into_one_line():
    talk = Talk("#lobby", Editor())
    talk.note(presence(joined=["bob"]))
    talk.note(presence(joined=["mei"]))
    talk.note(presence(gone=["bob"]))
    assert talk.scrollback.end == 1
    assert talk.scrollback.last == presence(joined=["mei"], gone=["bob"])


def test_who_has_just_spoken_does_not_leave_unnoticed():
    talk = Talk("#lobby", Editor())
    talk.hear(said("bob", time=100.0))
    talk.note(presence(gone=["mei"], time=200.0))
    talk.note(presence(gone=["bob"], time=200.0))
    assert talk.scrollback.last == presence(gone=["bob"], time=200.0)
    talk.note(presence(gone=["sam"], time=200.0))
    assert talk.scrollback.last == presence(gone=["sam"], time=200.0)


def test_who_went_and_came_back_has_only_joined():
    folded = fold(presence(gone=["bob"]), presence(joined=["bob"]))
    assert (folded.names, folded.gone) == (("bob",), ())


# -- All talks -----------------------------------------------------------------------


def test_a_talk_is_found_in_any_spelling_and_opened_once():
    talks = talks_with("Bob")
    assert talks.open("ＢＯＢ") is talks.find("bob")
    assert len(talks) == 2


def test_talks_have_numbers_and_a_wrong_one_shows_nothing_else():
    talks = talks_with("bob", "mei")
    assert talks.go(3)
    assert shown(talks) == "mei"
    assert not talks.go(4)
    assert not talks.go(0)
    assert shown(talks) == "mei"


@pytest.mark.parametrize(("by", "name"), [(1, "bob"), (-1, "mei"), (3, "#lobby")])
def test_stepping_goes_around_the_end(by, name):
    talks = talks_with("bob", "mei")
    talks.step(by)
    assert shown(talks) == name


def test_the_next_unread_talk_is_the_one_that_names_me():
    talks = talks_with("bob", "mei", "#help")
    talks.find("#help").hear(said("sam"))
    talks.find("mei").hear(said("mei"))
    assert talks.go_to_unread()
    assert shown(talks) == "mei"
    assert talks.go_to_unread()
    assert shown(talks) == "#help"
    assert not talks.go_to_unread()


def test_closing_shows_the_talk_before_and_the_first_cannot_be_closed():
    talks = talks_with("bob", "mei")
    talks.go(3)
    assert talks.close(talks.current)
    assert shown(talks) == "bob"
    assert talks.close(talks.current)
    assert not talks.close(talks.current)
    assert [talk.name for talk in talks] == ["#lobby"]
