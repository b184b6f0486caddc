"""Who goes on: a list, a seed, or a person."""

from labs.choosers import Person, Plan, all_orders
from labs.stepper import Actor


def actors(*names, ended=()):
    made = [Actor(name) for name in names]
    for actor in made:
        actor.has_ended = actor.name in ended
    return made


def test_a_plan_leaves_out_who_cannot_go_and_ends_with_the_first():
    choose, everybody = Plan(["bob", "zoe", "ana"]), actors("ana", "bob", "cy")
    assert [choose(everybody).name for _ in range(4)] == ["bob", "ana", "ana", "ana"]
    choose = Plan(["ana", "bob"])
    assert choose(actors("ana", "bob", ended=["ana"])).name == "bob"


def person(*typed):
    answers, shown = iter(typed), []
    return Person(lambda question: next(answers), shown.append), shown


def test_a_person_chooses_by_number_and_sees_where_all_stand():
    choose, shown = person("2")
    assert choose(actors("ana", "bob")).name == "bob"
    assert [line.split() for line in shown] == [
        ["1", "ana", "start"],
        ["2", "bob", "start"],
    ]


def test_enter_alone_means_the_first_who_can_go():
    choose, _ = person("")
    assert choose(actors("ana", "bob", ended=["ana"])).name == "bob"


def test_who_cannot_go_is_asked_for_again():
    choose, shown = person("1", "seven", "2")
    assert choose(actors("ana", "bob", ended=["ana"])).name == "bob"
    assert [line.strip() for line in shown if "cannot" in line] == [
        "'1' cannot go on: type one of 2",
        "'seven' cannot go on: type one of 2",
    ]


def test_all_orders_are_all_and_different():
    assert list(all_orders(("ana", "ana", "bob"))) == [
        ("ana", "ana", "bob"),
        ("ana", "bob", "ana"),
        ("bob", "ana", "ana"),
    ]
    assert len(list(all_orders(("ana", "bob") * 3))) == 20
