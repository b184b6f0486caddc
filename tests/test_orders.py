"""Orders: what of a request is refused at once, and what is handed to the scribe."""

import threading
from time import monotonic

import pytest

from chat.jobs import Describe, Move, Post, Question, Reply
from chat.orders import Orders
from chat.refusal import Refusal
from chat.register import Register
from chat.rules import HouseRules
from chat.session import Caller
from messages import Answer, Ask, Hello, Join, Leave, Say, SetTopic, Tell


class Desk:
    """Orders, with ana and bob logged in."""

    def __init__(self):
        self.rules = HouseRules()
        lock, jobs = threading.Lock(), []
        register = Register({}, lock, jobs.append, self.rules)
        self.orders = Orders(register, self.rules)
        self.ana, self.bob = (
            register.log_in(Hello("1", name), Caller(object(), "127.0.0.1"))
            for name in ("ana", "bob")
        )

    def job_of(self, request):
        is_line = isinstance(request, Say | Tell)
        make = self.orders.post_of if is_line else self.orders.job_of
        return make(self.ana, self.ana.outbox, request)

    def refusal_of(self, request):
        with pytest.raises(Refusal) as refusal:
            self.job_of(request)
        return refusal.value.code


@pytest.fixture
def desk():
    return Desk()


def test_every_order_names_who_gave_it_by_which_connection(desk):
    ana, bob, via = desk.ana, desk.bob, desk.ana.outbox
    for request, job in [
        (Say("1", "#Maths", "x"), Post(ana, via, "1", "x", room="#maths")),
        (Say("2", "", "x"), Post(ana, via, "2", "x", room="#lobby")),
        (Tell("3", "BOB", "x"), Post(ana, via, "3", "x", to=bob)),
        (Join("4", "#Maths"), Move(ana, via, "4", "#maths", enters=True)),
        (Leave("5", "#Maths"), Move(ana, via, "5", "#maths", enters=False)),
        (SetTopic("6", "#Maths", "x"), Describe(ana, via, "6", "#maths", "x")),
        (Ask("7", "bob", "chat", "x"), Question(ana, via, "7", bob, "chat", "x")),
        (
            Ask("8", "bob", "room", "#Maths"),
            Question(ana, via, "8", bob, "room", "#maths"),
        ),
        (Answer("9", "r1", "yes", "x"), Reply(ana, via, "9", "r1", "yes", "x")),
    ]:
        assert desk.job_of(request) == job


@pytest.mark.parametrize(
    ("request_", "code"),
    [
        (Tell("1", "zoe", "x"), "no-such-user"),
        (Ask("1", "zoe", "chat"), "no-such-user"),
        (Ask("1", "bob", "file"), "bad-field"),
        (Answer("1", "r1", "maybe"), "bad-field"),
        (Join("1", "maths"), "bad-name"),
        (Join("1", "#"), "bad-name"),
        (Join("1", "#" + "r" * 31), "bad-name"),
        (SetTopic("1", "#maths", "x" * 201), "bad-text"),
    ],
)
def test_what_is_wrong_in_itself_never_reaches_the_scribe(desk, request_, code):
    assert desk.refusal_of(request_) == code


SPEAKING = [Say("1", "", "x"), Tell("1", "bob", "x"), SetTopic("1", "#lobby", "x"),
            Ask("1", "bob", "chat", "psst")]  # fmt: skip


@pytest.mark.parametrize("request_", SPEAKING)
def test_who_is_muted_says_nothing_by_any_way(desk, request_):
    desk.rules.mute(desk.ana, monotonic() + 60)
    assert desk.refusal_of(request_) == "muted"


@pytest.mark.parametrize("request_", SPEAKING)
def test_while_only_the_operator_speaks_nobody_else_does(desk, request_):
    desk.rules.is_quiet = True
    assert desk.refusal_of(request_) == "muted"


@pytest.mark.parametrize("request_", [Join("1", "#x"), Leave("1", "#x"),
                                      Answer("1", "r1", "no")])  # fmt: skip
def test_who_is_muted_may_still_come_go_and_answer(desk, request_):
    desk.rules.mute(desk.ana, monotonic() + 60)
    assert desk.job_of(request_).session is desk.ana
