"""The roster: who is here, and what is news."""

from tui.roster import Roster


def roster(*names):
    made = Roster()
    made.replace(names)
    return made


def test_who_is_known_is_not_new():
    people = roster("ana", "bob")
    assert people.add(["bob", "mei"]) == ("mei",)
    assert list(people) == ["ana", "bob", "mei"]


def test_only_who_was_here_can_leave():
    people = roster("ana", "bob")
    assert people.remove(["mei", "bob", "bob"]) == ("bob",)
    assert list(people) == ["ana"]


def test_one_name_in_two_spellings_is_one_person():
    people = roster("Ana", "ｆｉｏｎａ")
    assert "ANA" in people
    assert "fiona" in people
    assert people.add(["ana"]) == ()


def test_people_are_listed_by_name_whatever_the_case():
    assert list(roster("bob", "Ana", "Zoe", "mei")) == ["Ana", "bob", "mei", "Zoe"]
    assert len(roster("bob", "Ana")) == 2


def test_the_servers_list_replaces_ours():
    people = roster("ana", "bob")
    people.replace(["mei"])
    assert list(people) == ["mei"]
