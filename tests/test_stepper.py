"""The stepper: one thread at a time, in an order that somebody decides."""

import contextlib
import threading

import pytest

from labs.choosers import Plan, Seed
from labs.stepper import Stepper, Stuck, row


def stage(*names, show=lambda _: None):
    return Stepper(Plan(names), show)


def walk(steps, heard, name, points=2):
    for number in range(points):
        steps.point(f"point {number}")
        heard.append(f"{name}{number}")


@pytest.mark.parametrize(
    ("plan", "order"),
    [
        ("ana ana ana bob bob bob", "ana0 ana1 bob0 bob1"),
        ("bob ana bob ana bob ana", "bob0 ana0 bob1 ana1"),
        ("ana bob bob ana bob", "bob0 ana0 bob1 ana1"),
    ],
)
def test_the_threads_go_in_the_order_of_the_plan(plan, order):
    heard = []
    with stage(*plan.split()) as steps:
        for name in ("ana", "bob"):
            steps.start(name, walk, steps, heard, name)
        assert steps.run() == []
    assert " ".join(heard) == order


def test_the_same_seed_is_the_same_order_and_another_seed_another():
    def order(seed):
        heard = []
        with Stepper(Seed(seed), lambda _: None) as steps:
            for name in "abcd":
                steps.start(name, walk, steps, heard, name)
            steps.run()
        return heard

    assert order(1) == order(1)
    assert len({tuple(order(seed)) for seed in range(8)}) > 1


def test_only_one_thread_runs_at_a_time():
    inside, most = [], []

    def work():
        for _ in range(5):
            inside.append(1)
            most.append(len(inside))
            inside.pop()
            steps.point("here")

    with Stepper(Seed(3), lambda _: None) as steps:
        for name in "abcdef":
            steps.start(name, work)
        steps.run()
    assert set(most) == {1}


def test_what_a_function_returns_or_raises_is_kept():
    def fail():
        raise KeyError("no such room")

    with stage() as steps:
        ana, bob = steps.start("ana", lambda: 7), steps.start("bob", fail)
        steps.run()
    assert (ana.result, ana.error) == (7, None)
    assert isinstance(bob.error, KeyError)
    assert str(bob) == "died: KeyError"


def test_the_picture_shows_where_each_thread_stands_and_who_goes_on():
    shown = []

    def work():
        steps.point("half way")

    with stage("bob", "ana", show=shown.append) as steps:
        steps.start("ana", work)
        steps.start("bob", work)
        steps.run()
    line = work.__code__.co_firstlineno + 1
    assert [" ".join(picture.split()) for picture in shown] == [
        "ana bob",
        "1 start >start",
        f"2 >start {line} half way",
        f"3 >{line} half way {line} half way",
        f"4 ended >{line} half way",
        "ended ended",
    ]


def test_a_picture_is_never_wider_than_a_terminal():
    for many in range(1, 7):
        cells = [("x" * 100, True)] * many
        assert len(row("10", cells)) <= 80


# -- Locks -------------------------------------------------------------------------


def hold(lock, steps):
    with lock:
        steps.point("inside")


def test_who_waits_for_a_held_lock_is_shown_and_cannot_be_chosen():
    shown = []
    plan = ("ana", "bob", "ana", "bob", "bob", "bob", "ana")
    with stage(*plan, show=shown.append) as steps:
        lock = steps.lock("clients_lock")
        for name in ("ana", "bob"):
            steps.start(name, hold, lock, steps)
        assert steps.run() == []
    step4 = next(picture for picture in shown if picture.startswith("  4"))
    assert "WAITS for clients_lock" in step4
    assert step4.index(">") < step4.index("WAITS")  # the plan said bob, ana went on


def test_a_lock_is_given_back_when_its_block_raises():
    def fail():
        with lock:
            raise ValueError

    with stage() as steps:
        lock = steps.lock("lock")
        steps.start("ana", fail)
        bob = steps.start("bob", hold, lock, steps)
        assert steps.run() == []
    assert bob.has_ended
    assert not bob.error


def embrace(mine, other):
    with mine, other:
        pass


def test_a_deadlock_is_noticed_and_says_who_waits_for_what():
    before = threading.active_count()
    with stage("ana", "bob", "ana", "bob") as steps:
        lobby, maths = steps.lock("lobby_lock"), steps.lock("maths_lock")
        ana = steps.start("ana", embrace, lobby, maths)
        steps.start("bob", embrace, maths, lobby)
        waits = steps.run()
        assert not ana.has_ended
    line = embrace.__code__.co_firstlineno + 1
    assert [str(wait) for wait in waits] == [
        f"ana stands in line {line} and waits for maths_lock, which bob holds",
        f"bob stands in line {line} and waits for lobby_lock, which ana holds",
    ]
    assert threading.active_count() == before  # both ended with the block


def test_who_asks_for_a_lock_twice_waits_for_himself():
    with stage() as steps:
        lock = steps.lock("clients_lock")
        steps.start("ana", embrace, lock, lock)
        (wait,) = steps.run()
    assert (wait.name, wait.holder) == ("ana", "ana")


# -- Ends --------------------------------------------------------------------------


def test_ctrl_c_while_somebody_chooses_ends_every_thread():
    before, caught, steps_left = threading.active_count(), [], iter(range(3))

    def choose(actors):
        if next(steps_left, None) is None:
            raise KeyboardInterrupt
        return actors[0]

    def stubborn():
        for _ in range(100):
            try:
                steps.point("again")
            except Exception as error:  # noqa: BLE001  (that is what it tries)
                caught.append(error)

    steps = Stepper(choose, lambda _: None)
    with contextlib.suppress(KeyboardInterrupt), steps:
        steps.start("ana", stubborn)
        steps.start("bob", stubborn)
        steps.run()
    assert threading.active_count() == before
    assert caught == []


def test_a_thread_that_waits_for_something_else_is_named(monkeypatch):
    monkeypatch.setattr("labs.stepper.PATIENCE", 0.05)
    forever = threading.Event()
    with stage() as steps:
        steps.start("ana", forever.wait)
        with pytest.raises(Stuck, match="ana neither stops nor ends"):
            steps.run()
        forever.set()


def test_points_are_nothing_to_threads_that_are_not_on_the_stage():
    with stage() as steps:
        steps.point("here")
        with steps.lock("lock"):
            pass
