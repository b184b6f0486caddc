"""Requests: one list and one dialogue for all that people ask each other."""

import pytest
from states import Lesson

from messages import Answer, Answered, Ask, Asked, Error, Join, Ok, Renamed
from tui.events import Lost, Ring, Send
from tui.keys import Key, Typed
from tui.view import next_deadline, view
from tui.width import Ruler
from tui.wording import body

RULER = Ruler()


class Asking(Lesson):
    """A lesson whose clock of seconds can be set."""

    def __init__(self):
        super().__init__()
        self.seconds = 100.0
        self.model.chat.monotonic = lambda: self.seconds

    def asks(self, req, sender, kind="chat", detail="", expires=60):
        return self.model.receive(Asked(req, sender, kind, detail, expires))

    @property
    def last(self):
        item = self.model.talk.scrollback.last
        return item and body(item, "you")

    @property
    def bar(self):
        return self.row(80, 24)

    def row(self, width, height):
        rows = list(view(self.model, width, height, RULER, self.seconds).lines())
        return rows[-3]


def test_a_question_is_a_line_a_bar_and_a_bell():
    lesson = Asking()
    assert lesson.asks("r1", "zoe", detail="exercise 3") == [Ring()]
    assert lesson.last == "* zoe asks for a private chat: exercise 3. /yes or /no"
    assert lesson.bar == "zoe asks for a private chat: exercise 3. /yes or /no (60 s)"
    assert lesson.asks("r1", "zoe", detail="exercise 3") == []  # told again: no news


def test_the_bar_counts_down_and_goes_when_the_time_is_over():
    lesson = Asking()
    lesson.asks("r1", "zoe")
    lesson.seconds = 115.5
    assert lesson.bar.endswith("(45 s)")
    assert next_deadline(lesson.model, 115.5) == 116.0
    lesson.seconds = 160.0
    assert not lesson.bar.startswith("zoe")
    lesson.model.submit("/yes")
    assert lesson.model.hint == "nobody asks you for anything"


@pytest.mark.parametrize(
    ("width", "height", "words"),
    [
        (40, 12, "zoe asks: /yes or /no (60 s)"),
        (24, 8, "zoe asks: /yes or /no"),
        (20, 5, "zoe: /yes or /no"),
        (12, 4, "/yes or /no"),
    ],
)
def test_a_small_screen_has_a_shorter_question(width, height, words):
    lesson = Asking()
    lesson.asks("r1", "zoe", detail="exercise 3")
    assert lesson.row(width, height) == words


def test_a_hint_answers_the_last_key_and_the_question_stays():
    lesson = Asking()
    lesson.asks("r1", "zoe")
    lesson.sends("/hlep")
    rows = list(view(lesson.model, 80, 24, RULER, 100.0).lines())
    assert "did you mean" in rows[-4]
    assert rows[-3].startswith("zoe asks")
    assert "did you mean" in lesson.row(40, 5)
    lesson.model.press(Key("left"))
    assert lesson.row(40, 5).startswith("zoe asks")


def test_a_yes_to_a_chat_opens_the_private_talk():
    lesson = Asking()
    lesson.asks("r1", "zoe")
    assert lesson.model.submit("/yes") == [Send(Answer("k1", "r1", "yes"))]
    assert not lesson.bar.startswith("zoe")  # answered is answered
    assert lesson.model.talk.name == "#lobby"
    lesson.model.receive(Ok("k1"))
    assert lesson.model.talk.name == "zoe"


def test_a_yes_to_a_room_goes_there():
    lesson = Asking()
    lesson.asks("r1", "zoe", "room", "#physik")
    assert "zoe invites you to #physik" in lesson.bar
    lesson.model.submit("/yes zoe")
    assert lesson.model.receive(Ok("k1")) == [Send(Join("k2", "#physik"))]


def test_a_no_is_only_told():
    lesson = Asking()
    lesson.asks("r1", "zoe")
    assert lesson.model.submit("/no") == [Send(Answer("k1", "r1", "no"))]
    lesson.model.receive(Ok("k1"))
    assert len(lesson.model.chat.talks) == 1


def test_several_are_answered_the_oldest_first_or_by_name():
    lesson = Asking()
    for number, name in enumerate(("zoe", "tom", "ana"), 1):
        lesson.asks(f"r{number}", name)
    assert lesson.bar.endswith("(60 s, 2 more ask)")
    [first] = lesson.model.submit("/no TOM")
    [second] = lesson.model.submit("/yes")
    [third] = lesson.model.submit("/yes")
    assert [e.message.req for e in (first, second, third)] == ["r2", "r1", "r3"]
    lesson.model.submit("/yes tom")
    assert lesson.model.hint == "tom asks you for nothing"


def test_an_answer_that_comes_too_late_is_told():
    lesson = Asking()
    lesson.asks("r1", "zoe")
    lesson.model.submit("/yes")
    lesson.model.receive(Error("k1", "no-such-request", "nobody asks you that"))
    assert lesson.last == "! nobody asks you that"
    lesson.model.submit("/requests")
    assert lesson.last == "* no requests are open"


def test_what_i_ask_is_listed_until_it_is_answered():
    lesson = Asking()
    asked = Ask("k1", "bob", "chat", "exercise 3")
    assert lesson.model.submit("/ask BOB exercise 3") == [Send(asked)]
    lesson.model.receive(Ok("k1", ("r1",)))
    assert lesson.last == "* you asked bob for a private chat, no answer yet"
    lesson.asks("r2", "zoe")
    lesson.model.submit("/requests")
    assert lesson.last == "* zoe asks for a private chat"
    lesson.model.receive(Answered("r1", "bob", "no"))
    assert lesson.last == "* bob says no to a private chat"
    lesson.model.submit("/no")
    lesson.model.receive(Ok("k2"))
    lesson.model.submit("/requests")
    assert lesson.last == "* no requests are open"


def test_their_yes_opens_the_talk_but_moves_nobody_who_types():
    lesson = Asking()
    for id, req in (("k1", "r1"), ("k2", "r2")):
        lesson.model.submit("/ask bob")
        lesson.model.receive(Ok(id, (req,)))
    lesson.model.press(Typed("half a sen"))
    lesson.model.receive(Answered("r1", "bob", "yes"))
    assert lesson.model.talk.name == "#lobby"
    assert lesson.model.chat.talks.find("bob")
    lesson.model.editor.clear()
    lesson.model.receive(Answered("r2", "bob", "yes"))
    assert lesson.model.talk.name == "bob"


def test_what_nobody_answers_is_over_for_both():
    lesson = Asking()
    lesson.model.submit("/ask bob")
    lesson.model.receive(Ok("k1", ("r1",)))
    lesson.model.receive(Answered("r1", "bob", "expired"))
    assert lesson.last == "* bob did not answer: a private chat"
    lesson.asks("r2", "zoe")
    lesson.model.receive(Answered("r2", "zoe", "expired"))
    assert lesson.last == "* the request of zoe is over"
    assert lesson.model.chat.requests.open(100.0) == []


def test_an_invitation_is_for_the_room_that_is_shown():
    lesson = Asking()
    lesson.model.submit("/invite bob")
    assert "go to a room first" in lesson.model.hint
    talks = lesson.model.chat.talks
    talks.show(talks.open("#physik"))
    sent = lesson.model.submit("/invite bob")
    assert sent == [Send(Ask("k1", "bob", "room", "#physik"))]
    lesson.model.receive(Ok("k1", ("r1",)))
    assert lesson.last == "* you invited bob to #physik, no answer yet"
    lesson.model.receive(Answered("r1", "bob", "yes"))
    assert lesson.last == "* bob says yes to coming to #physik"


def test_a_kind_that_this_client_does_not_know_can_be_refused_only():
    lesson = Asking()
    lesson.asks("r1", "zoe", "file", "notes.pdf")
    assert lesson.last == "* zoe asks for file: notes.pdf. /yes or /no"
    assert lesson.model.submit("/yes") == []
    assert lesson.model.hint == "this client knows no file; /no says so"
    assert len(lesson.model.submit("/no")) == 1


def test_who_is_ignored_asks_in_vain():
    lesson = Asking()
    lesson.model.submit("/ignore zoe")
    assert lesson.asks("r1", "zoe") == []
    assert not lesson.bar.startswith("zoe")
    lesson.model.receive(Answered("r1", "zoe", "expired"))
    assert "not hear zoe" in lesson.last


def test_a_request_follows_a_new_name():
    lesson = Asking()
    lesson.comes("14:00", "zoe")
    lesson.asks("r1", "zoe")
    lesson.model.receive(Renamed("zoe", "zoey"))
    assert lesson.bar.startswith("zoey asks")


def test_a_server_that_forgot_us_forgot_what_was_asked():
    lesson = Asking()
    lesson.asks("r1", "zoe")
    lesson.model.receive(Lost("gone", 104.0, 1))
    lesson.model.receive(lesson.welcome)
    assert lesson.model.chat.requests.open(100.0) == []


def test_one_cannot_ask_oneself():
    lesson = Asking()
    assert lesson.model.submit("/ask YOU") == []
    assert "that is you" in lesson.model.hint
