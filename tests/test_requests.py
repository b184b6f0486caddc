"""Requests: one person asks another, and hears the answer, or that there is none."""

import pytest

from chat.jobs import Question, Reply
from chat.refusal import Refusal
from chat.requests import (
    EXPIRY,
    LONGEST_DETAIL,
    MOST_KEPT,
    Requests,
    check_answer,
    check_question,
)
from chat.rooms import RoomBook
from chat.session import NOWHERE, Session
from messages import Answered, Asked, Error, Ok
from protocol import Decoder, decode_report


class Outbox:
    def __init__(self):
        self.reports = []

    def push(self, frames):
        self.reports += map(decode_report, Decoder().feed(frames))

    def take(self):
        taken, self.reports = self.reports, []
        return taken


class Chat:
    """Requests with a clock that the test turns, and some people."""

    def __init__(self):
        self.time = 0.0
        self.rooms = RoomBook()
        self.requests = Requests(self.rooms, lambda: self.time)
        self.ana, self.bob, self.mei = map(person, ("ana", "bob", "mei"))

    def ask(self, who, to, kind="chat", detail="", id="a1"):
        self.requests.ask([Question(who, who.outbox, id, to, kind, detail)])

    def answer(self, who, req, answer="yes", detail="", id="y1"):
        self.requests.answer([Reply(who, who.outbox, id, req, answer, detail)])


def person(name):
    return Session(name, name, name, Outbox())


@pytest.fixture
def chat():
    return Chat()


def test_the_other_hears_who_asks_for_what_and_the_asker_gets_its_number(chat):
    chat.ask(chat.ana, chat.bob, detail="about sums")
    assert chat.ana.outbox.take() == [Ok("a1", ("r1",))]
    assert chat.bob.outbox.take() == [Asked("r1", "ana", "chat", "about sums", 60)]


@pytest.mark.parametrize("answer", ["yes", "no"])
def test_the_answer_reaches_the_asker(chat, answer):
    chat.ask(chat.ana, chat.bob)
    chat.ana.outbox.take(), chat.bob.outbox.take()
    chat.answer(chat.bob, "r1", answer, "why not")
    assert chat.bob.outbox.take() == [Ok("y1")]
    assert chat.ana.outbox.take() == [Answered("r1", "bob", answer, "why not")]


def test_nobody_else_can_answer(chat):
    chat.ask(chat.ana, chat.bob)
    chat.ana.outbox.take()
    for who, req in [(chat.mei, "r1"), (chat.ana, "r1"), (chat.bob, "r2")]:
        chat.answer(who, req)
        assert who.outbox.take()[-1].code == "no-such-request"
    assert chat.ana.outbox.take() == []


def test_the_first_answer_counts_and_the_second_changes_nothing(chat):
    chat.ask(chat.ana, chat.bob)
    chat.answer(chat.bob, "r1", "yes")
    chat.ana.outbox.take()
    chat.answer(chat.bob, "r1", "no", id="y2")  # its own answer may have been lost
    assert chat.bob.outbox.take()[-1] == Ok("y2")
    assert chat.ana.outbox.take() == []


def test_after_a_minute_both_hear_that_it_is_over(chat):
    chat.ask(chat.ana, chat.bob)
    chat.time = EXPIRY - 1
    chat.requests.expire()
    chat.ana.outbox.take(), chat.bob.outbox.take()
    chat.ask(chat.ana, chat.mei)
    chat.time = EXPIRY
    chat.requests.expire()
    assert chat.ana.outbox.take()[-1] == Answered("r1", "bob", "expired")
    assert chat.bob.outbox.take() == [Answered("r1", "ana", "expired")]
    assert chat.mei.outbox.take() == [Asked("r2", "ana", "chat", "", 60)]
    chat.answer(chat.bob, "r1")
    assert chat.bob.outbox.take()[0].code == "no-such-request"


def test_an_answered_request_does_not_expire(chat):
    chat.ask(chat.ana, chat.bob)
    chat.answer(chat.bob, "r1")
    chat.ana.outbox.take(), chat.bob.outbox.take()
    chat.time = 2 * EXPIRY
    chat.requests.expire()
    assert chat.ana.outbox.take() == chat.bob.outbox.take() == []
    assert not chat.requests.is_waiting


def test_who_leaves_takes_their_requests_along(chat):
    chat.ask(chat.ana, chat.bob)
    chat.ask(chat.mei, chat.ana)
    chat.ask(chat.mei, chat.bob)
    chat.bob.outbox.take(), chat.mei.outbox.take()
    chat.requests.drop(chat.ana)
    assert chat.bob.outbox.take() == [Answered("r1", "ana", "expired")]
    assert chat.mei.outbox.take() == [Answered("r2", "ana", "expired")]


def test_the_same_ask_again_is_the_same_request(chat):
    chat.ask(chat.ana, chat.bob)
    chat.bob.outbox.take()
    chat.ask(chat.ana, chat.bob, id="a2")
    assert chat.ana.outbox.take()[-1] == Ok("a2", ("r1",))
    assert chat.bob.outbox.take() == []
    chat.answer(chat.bob, "r1", "no")
    chat.ask(chat.ana, chat.bob, id="a3")
    assert chat.ana.outbox.take()[-1] == Ok("a3", ("r2",))


def test_who_is_back_hears_again_what_may_have_been_lost(chat):
    chat.ask(chat.ana, chat.bob)
    chat.ask(chat.mei, chat.bob, detail="open")
    chat.answer(chat.bob, "r1", "yes")
    for who in (chat.ana, chat.bob, chat.mei):
        who.outbox.take()
        chat.time += 10
        chat.requests.remind(who)
    assert chat.ana.outbox.take() == [Answered("r1", "bob", "yes")]
    assert chat.bob.outbox.take() == [Asked("r2", "mei", "chat", "open", 40)]
    assert chat.mei.outbox.take() == []


def test_one_who_asks_everybody_is_slowed_down(chat):
    for n in range(MOST_KEPT):
        chat.ask(chat.ana, chat.bob, detail=str(n))
    chat.ana.outbox.take()
    chat.ask(chat.ana, chat.bob, detail="one more")
    assert chat.ana.outbox.take()[0].code == "throttled"
    chat.ask(chat.mei, chat.bob)
    assert isinstance(chat.mei.outbox.take()[0], Ok)


def test_one_asks_somebody_else(chat):
    chat.ask(chat.ana, chat.ana)
    assert chat.ana.outbox.take() == [
        Error("a1", "bad-field", "you cannot ask yourself")
    ]


def test_one_invites_only_to_where_one_is(chat):
    chat.ask(chat.ana, chat.bob, "room", "#maths")
    assert chat.ana.outbox.take()[0].code == "not-in-room"
    chat.rooms.enter("#maths", chat.ana)
    chat.ask(chat.ana, chat.bob, "room", "#maths")
    assert chat.bob.outbox.take() == [Asked("r1", "ana", "room", "#maths", 60)]


@pytest.mark.parametrize(
    ("kind", "detail", "code"),
    [
        ("file", "12 abc x", "bad-field"),
        ("", "", "bad-field"),
        ("chat", "two\nlines", "bad-text"),
        ("chat", "x" * 201, "bad-text"),
    ],
)
def test_a_question_is_of_a_known_kind_and_short(kind, detail, code):
    with pytest.raises(Refusal) as refusal:
        check_question(kind, detail)
    assert refusal.value.code == code


def test_a_room_in_a_question_is_folded_and_a_reason_is_not():
    assert check_question("room", "#Physik") == ("room", "#physik")
    assert check_question("chat", "Physik") == ("chat", "Physik")


@pytest.mark.parametrize(("answer", "detail"), [("maybe", ""), ("yes", "\x1b")])
def test_an_answer_is_yes_or_no(answer, detail):
    with pytest.raises(Refusal):
        check_answer(answer, detail)


def test_an_answer_of_the_last_second_reaches_who_is_away(chat):
    chat.ask(chat.ana, chat.bob)
    chat.time = EXPIRY - 1
    chat.answer(chat.bob, "r1", "yes")
    chat.ana.outbox.take()  # the cable was broken
    chat.time = EXPIRY + 30
    chat.requests.expire()
    chat.requests.remind(chat.ana)
    assert chat.ana.outbox.take() == [Answered("r1", "bob", "yes")]


@pytest.mark.parametrize("who", ["ana", "bob"])
def test_who_is_away_when_it_expires_hears_so_on_coming_back(chat, who):
    chat.ask(chat.ana, chat.bob)
    chat.time = EXPIRY
    chat.requests.expire()
    away = getattr(chat, who)
    other = {"ana": "bob", "bob": "ana"}[who]
    away.outbox.take()
    chat.requests.remind(away)
    assert away.outbox.take() == [Answered("r1", other, "expired")]


def test_an_answer_outlives_who_gave_it(chat):
    chat.ask(chat.ana, chat.bob)
    chat.answer(chat.bob, "r1", "no")
    chat.requests.drop(chat.bob)
    chat.ana.outbox.take()
    chat.requests.remind(chat.ana)
    assert chat.ana.outbox.take() == [Answered("r1", "bob", "no")]


def test_what_is_over_is_forgotten_after_another_minute(chat):
    chat.ask(chat.ana, chat.bob)
    chat.time = EXPIRY
    chat.requests.expire()
    chat.time = 2 * EXPIRY
    chat.requests.expire()
    assert not chat.requests.is_waiting


def test_who_has_just_left_cannot_be_asked(chat):
    chat.bob.outbox = NOWHERE
    chat.ask(chat.ana, chat.bob)
    assert chat.ana.outbox.take()[0].code == "no-such-user"
    assert not chat.requests.is_waiting


def test_each_request_has_its_own_minute(chat):
    chat.ask(chat.ana, chat.bob)
    chat.time = 30
    chat.ask(chat.ana, chat.mei)
    chat.time = 40
    chat.answer(chat.bob, "r1")
    assert chat.requests.is_waiting
    chat.mei.outbox.take()
    chat.time = 30 + EXPIRY
    chat.requests.expire()
    assert chat.mei.outbox.take() == [Answered("r2", "ana", "expired")]


@pytest.mark.parametrize("detail", ["", "x" * LONGEST_DETAIL])
def test_a_reason_may_be_short_or_long(detail):
    assert check_answer("no", detail) == ("no", detail)
    assert check_question("chat", detail) == ("chat", detail)
