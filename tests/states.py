"""Moments of one lesson, each as a model: what the goldens are pictures of.

Everybody looks over the shoulder of `you`, in the lesson of the mock-ups.
"""

import time

from messages import (
    Asked,
    Error,
    Hello,
    Joined,
    Left,
    Ok,
    Past,
    Ping,
    Renamed,
    Said,
    Say,
    Told,
    Topic,
    Users,
    Welcome,
)
from protocol import encode
from tui.events import Connecting, Lost, Scroll
from tui.keys import Key, Paste, Typed
from tui.model import Model
from tui.scrollback import Item
from tui.view import scroll
from tui.width import Ruler

PEOPLE = ("ana", "bob", "dave_the_long_name", "mei", "sam", "you")
RECV = "https://docs.python.org/3/library/socket.html#socket.socket.recv"


def at(clock, day=20):
    """That time of day in November 2026, in seconds since 1970."""
    hours, minutes = map(int, clock.split(":"))
    return time.mktime((2026, 11, day, hours, minutes, 0, 0, 0, -1))


class Lesson:
    """A model and short words for what happens to it."""

    def __init__(self, people=PEOPLE, name="you", facts=("history=off",)):
        self.clock = "14:00"
        self.seq = 0
        self.model = Model(name, "lab-server:5000", now=lambda: at(self.clock))
        self.model.receive(Connecting("lab-server:5000"))
        self.welcome = Welcome("1", name, "log", 0, "no", facts)
        self.model.receive(self.welcome)
        self.model.receive(Users("", "#lobby", people))
        self.model.talk.topic = "Sockets lab: write your own client"
        self.model.lag.round_trip_ms = 12

    def says(self, clock, sender, text, day=20, id="", room="#lobby"):
        self.seq += 1
        moment = int(at(clock, day) * 1000)
        self.model.receive(Said(self.seq, moment, room, sender, text, id))

    def answers(self, id, where, *texts, more="no"):
        """What ana said before, a minute apart; the newest at 13:59."""
        for number, text in enumerate(texts):
            self.seq += 1
            moment = int(at("14:00") * 1000) - 60_000 * (len(texts) - number)
            self.model.receive(Past(id, self.seq, moment, where, "ana", text))
        self.model.receive(Ok(id, (more,)))

    def whispers(self, clock, sender, to, text, id=""):
        self.seq += 1
        self.model.receive(Told(self.seq, int(at(clock) * 1000), sender, to, text, id))

    def comes(self, clock, *names):
        self.clock = clock
        self.model.receive(Joined("#lobby", names))

    def goes(self, clock, *names, why="quit"):
        self.clock = clock
        self.model.receive(Left("#lobby", why, names))

    def notes(self, clock, kind, sentence):
        self.model.talk.note(Item(kind, at(clock), sentence))

    def types(self, text):
        self.model.press(Typed(text))

    def sends(self, text):
        self.types(text)
        self.model.press(Key("enter"))

    def loses_the_server(self):
        self.model.receive(Lost("the connection broke", 104.0, 2))


def first_start():
    return Lesson().model


def talk():
    """The talk of the mock-ups in tui.md, section 3.1."""
    lesson = Lesson()
    lesson.comes("13:58", "zoe", "tom")
    lesson.goes("13:59", "tom")
    lesson.says("14:01", "ana", "Good morning! Today: write the client side of "
                "the socket chat.")  # fmt: skip
    lesson.says("14:01", "bob", "Do we use one thread for recv and one for the "
                "keyboard?")  # fmt: skip
    lesson.says("14:02", "ana", "Yes. The receive thread never touches the screen, "
                "it only puts messages in a queue.")  # fmt: skip
    lesson.says("14:03", "mei", f"see {RECV}")
    lesson.says("14:04", "bob", "you: can you check my recv loop? It prints half "
                "a line.")  # fmt: skip
    lesson.says("14:05", "you", "recv(1024) is a stream: keep a buffer and split "
                "on newline")  # fmt: skip
    lesson.model.chat.talks.open("bob")
    lesson.model.chat.talks.go(2)
    lesson.says("14:06", "ana", "exactly. TCP has no messages, only bytes.")
    lesson.says("14:06", "dave_the_long_name", "thanks both")
    lesson.goes("14:07", "mei")
    lesson.says("14:07", "sam", "ok")
    lesson.model.chat.talks.go(1)
    lesson.notes("14:07", "alert", "connection lost: retrying in 4 s (attempt 2)")
    lesson.notes("14:08", "ok", "reconnected after 9 s, 2 lines caught up")
    lesson.clock = "14:08"
    lesson.model.talk.viewport.follow()
    marker, count = lesson.model.talk.marker, lesson.model.talk.new_count
    lesson.sends("will test it now")
    lesson.model.talk.marker, lesson.model.talk.new_count = marker, count
    lesson.whispers("14:08", "bob", "you", "psst")
    lesson.types("I think the bug is in the buffer")
    return lesson.model


def scrolled_up():
    """Section 3.2: a page back from the end of the talk, and then they go on."""
    lesson = Lesson()
    model = lesson.model = talk()
    lesson.seq = 20
    scroll(model, Scroll(pages=-1), 80, 24, Ruler(), 100.0)
    for number in range(1, 15):
        lesson.says("14:09", "sam", f"and another thing, number {number}")
    return model


def reading_older():
    model = talk()
    scroll(model, Scroll(pages=-1), 80, 12, Ruler(), 100.0)
    return model


def offline_with_pending():
    lesson = Lesson()
    lesson.says("14:01", "ana", "Good morning!")
    lesson.clock = "14:02"
    lesson.loses_the_server()
    lesson.sends("is anybody there?")
    lesson.sends("I think the cable is out")
    return lesson.model


def refused():
    lesson = Lesson()
    lesson.says("14:01", "ana", "Good morning!")
    lesson.clock = "14:02"
    lesson.sends("one more line")
    lesson.model.receive(Error("k1", "muted", "the operator has muted you", 5))
    return lesson.model


def slow():
    lesson = Lesson()
    lesson.says("14:01", "ana", "Good morning!")
    lesson.model.lag.arrive(96.0)
    lesson.model.lag.take_ping(96.0)
    return lesson.model


def many_talks_unread():
    lesson = Lesson()
    lesson.says("14:01", "ana", "Good morning!")
    for sender in ("ana", "bob", "dave_the_long_name", "mei", "sam", "zoe"):
        for _ in range(3):
            lesson.whispers("14:02", sender, "you", "psst")
    for name in ("#help", "#homework", "#lab-2"):
        talk = lesson.model.chat.talks.open(name)
        talk.hear(Item("said", at("14:02"), "anybody?", "bob"))
    return lesson.model


def mention():
    lesson = Lesson()
    lesson.says("14:01", "bob", "do you see it?")
    lesson.says("14:01", "bob", "You! wake up")
    lesson.says("14:02", "you", "I am here, bob")
    return lesson.model


def emoji_and_chinese():
    lesson = Lesson(people=("ana", "漢字先生と長い名前", "you"))
    lesson.says(
        "14:01",
        "漢字先生と長い名前",
        "大家好,今天我們寫一個聊天程式。請大家先讀教科書第三章。",
    )
    lesson.says("14:02", "ana", "👍🏽 ❤️ 👩‍👩‍👧 naïve café\u0301 done 🎉🎉🎉")
    lesson.says("14:02", "ana", "مرحبا بكم في الدرس")
    lesson.types("漢字 👍")
    return lesson.model


def several_lines():
    lesson = Lesson()
    code = "while data := sock.recv(1024):\n    buffer += data\n    show(buffer)"
    lesson.says("14:01", "bob", f"look:\n{code}")
    lesson.model.press(Paste(f"mine is:\n{code}\nbut it hangs"))
    return lesson.model


def help_open():
    model = talk()
    model.help_top = 0
    return model


def help_at_the_end():
    model = talk()
    model.help_top = 999
    return model


def searching():
    model = talk()
    model.editor.clear()
    model.press(Key("ctrl-f"))
    model.press(Typed("recv"))
    model.press(Key("up"))
    return model


def found_nothing():
    model = talk()
    model.press(Key("ctrl-f"))
    model.press(Typed("selector"))
    return model


def history_search():
    lesson = Lesson()
    lesson.says("14:01", "ana", "Good morning!")
    lesson.sends("/who")
    lesson.sends("/search recv")
    lesson.model.press(Key("escape"))
    lesson.model.press(Key("ctrl-r"))
    lesson.types("wh")
    return lesson.model


def question():
    model = several_lines()
    model.press(Key("enter"))
    return model


def candidates():
    lesson = Lesson(people=("ana", "dave", "dora", "you"))
    lesson.says("14:01", "ana", "Good morning!")
    lesson.types("d")
    lesson.model.press(Key("tab"))
    return lesson.model


def hint():
    lesson = Lesson()
    lesson.says("14:01", "ana", "Good morning!")
    lesson.sends("/hlep")
    return lesson.model


def commands_that_match():
    lesson = Lesson()
    lesson.says("14:01", "ana", "Good morning!")
    lesson.types("/")
    return lesson.model


def long_names():
    people = [f"student_number_{n:02}" for n in range(1, 41)]
    lesson = Lesson(people=[*people, "you"])
    lesson.says("14:01", people[6], "is this the right room?")
    lesson.comes("14:02", *(f"late_{n}" for n in range(20)))
    lesson.goes("14:03", *(f"late_{n}" for n in range(3)), why="lost")
    lesson.says("00:01", "you", "tomorrow already", day=21)
    return lesson.model


def private_talk():
    lesson = Lesson()
    lesson.whispers("14:02", "bob", "you", "psst, what is the answer?")
    lesson.model.chat.talks.go(2)
    lesson.whispers("14:03", "you", "bob", "ask ana")
    lesson.says("14:03", "ana", "quiet please, you two")
    return lesson.model


def panes_hidden():
    model = talk()
    model.press(Key("f2"))
    return model


def room():
    """A room with a topic, its earlier lines, and the lobby going on without me."""
    lesson = Lesson(facts=("history=disk",))
    lesson.answers("h1", "h1")
    lesson.sends("/join Physik")
    lesson.model.receive(Ok("k1"))
    lesson.model.receive(Users("", "#physik", ("ana", "mei", "you")))
    lesson.model.receive(Topic("#physik", "ana", "exercise 3: waves"))
    lesson.answers("h2", "#physik", "is anybody here?", "ana is, ask away")
    lesson.says("14:03", "mei", "what is a wave?", room="#physik")
    lesson.says("14:03", "bob", "where is everybody?")
    return lesson.model


def loading():
    lesson = Lesson(facts=("history=disk",))
    lesson.answers("h1", "#lobby", *map(str, range(1, 21)), more="yes")
    lesson.model.press(Key("ctrl-home"))
    return lesson.model


def beginning():
    lesson = Lesson(facts=("history=disk",))
    lesson.answers("h1", "#lobby", "is anybody here?", "/me looks around")
    return lesson.model


def asked():
    lesson = Lesson()
    lesson.says("14:01", "ana", "Good morning!")
    lesson.clock = "14:02"
    lesson.model.chat.monotonic = lambda: 82.0
    lesson.model.receive(Asked("r1", "zoe", "chat", "exercise 3", 60))
    lesson.model.receive(Asked("r2", "mei", "room", "#physik", 60))
    lesson.types("just a mom")
    return lesson.model


def actions():
    lesson = Lesson()
    lesson.says("14:01", "ana", "/me draws it on the whiteboard, with all its 漢字")
    lesson.says("14:02", "bob", "/me looks at you")
    lesson.says("14:02", "you", "/me nods")
    lesson.sends("/me is late")
    return lesson.model


def renamed():
    lesson = Lesson()
    lesson.whispers("14:02", "bob", "you", "psst, I have a new name")
    lesson.clock = "14:03"
    lesson.model.chat.talks.go(2)
    lesson.model.receive(Renamed("bob", "robert"))
    lesson.model.receive(Renamed("you", "yolanda"))
    lesson.sends("so have I")
    return lesson.model


def wired():
    """The talk with the wire open, and what the server says next."""
    model = talk()
    model.press(Key("f3"))
    said, told = Said(19, 0, "#lobby", "ana", "hi"), Told(20, 0, "bob", "you", "psst")
    return model, encode(said), encode(told)


def wire():
    """Something sent, a line in two recvs, and the end."""
    model, said, _ = wired()
    model.wire.sent(encode(Hello("1", "you", "00112233445566778899aabbccddeeff")))
    model.wire.received(b"", said[:7])
    model.wire.received(said[:7], said[7:])
    model.wire.sent(encode(Say("k9", "#lobby", "I see it")))
    model.wire.received(b"", b"")
    model.wire.take()
    return model


def wire_dribbling():
    model, said, told = wired()
    for frame in (said, told[:9]):
        for at in range(len(frame)):
            model.wire.received(frame[:at], frame[at : at + 1])
    model.wire.take()
    return model


def wire_glued():
    model, said, told = wired()
    model.wire.received(b"", said + told + encode(Ping("p7")) + said[:3])
    model.wire.received(b"", b"HTTP/1.1 200 OK")
    model.wire.take()
    return model


STATES = {
    make.__name__: make
    for make in (
        first_start,
        talk,
        scrolled_up,
        reading_older,
        offline_with_pending,
        refused,
        slow,
        many_talks_unread,
        mention,
        emoji_and_chinese,
        several_lines,
        help_open,
        help_at_the_end,
        searching,
        found_nothing,
        history_search,
        question,
        candidates,
        hint,
        commands_that_match,
        long_names,
        private_talk,
        panes_hidden,
        room,
        loading,
        beginning,
        asked,
        actions,
        renamed,
        wire,
        wire_dribbling,
        wire_glued,
    )
}
