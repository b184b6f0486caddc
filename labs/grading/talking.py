"""What a server must do for people who talk: stages 1 to 9.

Each function is one trial; its sentence, its hint and its lab stand in the table of
server_stages.py. A trial returns if all is well, and raises Failure if not.
"""

from __future__ import annotations

from itertools import count

from labs.grading.peer import Peer
from labs.grading.stages import Failure
from labs.grading.stand import ServerStand
from labs.grading.vectors import Vector, load_vectors
from messages import (
    LOBBY,
    Bye,
    Error,
    Hello,
    Joined,
    Left,
    Ping,
    Pong,
    Quit,
    Said,
    Say,
    Tell,
    Told,
    Users,
    Welcome,
    Who,
)
from protocol import HEADER, MAX_TEXT, VERSION, encode

_ids = (f"k{number}" for number in count(1))


def say(peer: Peer, text: str) -> str:
    """Say a line in the lobby; return its id."""
    id = next(_ids)
    peer.send(Say(id, LOBBY, text))
    return id


def say_and_hear(peer: Peer, text: str) -> Said:
    id = say(peer, text)
    return peer.hear(Said, id=id)


# -- 1 to 4: one after the other, and two at once --------------------------------------


def takes_calls(stand: ServerStand) -> None:
    stand.call()


def welcomes(stand: ServerStand) -> None:
    ana = stand.call(name := stand.fresh("ana"))
    ana.send(Hello(VERSION, name))
    ana.check(ana.hear(Welcome), version=VERSION, name=name)


def welcomes_after_a_probe(stand: ServerStand) -> None:
    for _ in range(3):
        stand.call().close()
    stand.join("ana")


def welcomes_after_a_goodbye(stand: ServerStand) -> None:
    for name in ("ana", "bob", "cem", "dan"):
        stand.join(name).close()


def returns_my_line(stand: ServerStand) -> None:
    ana = stand.join("ana")
    said = say_and_hear(ana, "hi")
    ana.check(said, room=LOBBY, sender=ana.name, text="hi")
    again = say_and_hear(ana, "hi again")
    if again.seq <= said.seq:
        raise Failure(f"a seq above {said.seq}", [f"seq {again.seq}"])


def an_empty_room_is_the_lobby(stand: ServerStand) -> None:
    ana = stand.join("ana")
    ana.send(Say("k1", "", "hi"))
    ana.check(ana.hear(Said, id="k1"), room=LOBBY)


def answers_pings(stand: ServerStand) -> None:
    ana = stand.join("ana")
    ana.send(Ping("t1"))
    ana.check(ana.hear(Pong), token="t1")


def serves_two_at_once(stand: ServerStand) -> None:
    ana, bob = stand.join("ana"), stand.join("bob")
    bob.check(say_and_hear(bob, "is anybody here?"), sender=bob.name)
    ana.check(say_and_hear(ana, "I am"), sender=ana.name)


def all_hear_all(stand: ServerStand) -> None:
    ana, bob, cem = stand.join("ana"), stand.join("bob"), stand.join("cem")
    for speaker, text in ((ana, "one"), (bob, "two"), (cem, "three")):
        say(speaker, text)
        for listener in (ana, bob, cem):
            listener.check(listener.hear(Said, text=text), sender=speaker.name)
    for listener in (ana, bob, cem):
        listener.check_once(Said, text="one")
        listener.check_once(Said, text="two")


# -- 5: frames, however they are cut -------------------------------------------------


def glued_frames(stand: ServerStand) -> None:
    ana = stand.join("ana")
    ana.send(
        Say("g1", LOBBY, "one"), Say("g2", LOBBY, "two"), Say("g3", LOBBY, "three")
    )
    for id, text in (("g1", "one"), ("g2", "two"), ("g3", "three")):
        ana.check(ana.hear(Said, id=id), text=text)


def glued_to_hello(stand: ServerStand) -> None:
    ana = stand.call(name := stand.fresh("ana"))
    ana.send(Hello(VERSION, name), Say("g1", LOBBY, "first"))
    ana.hear(Welcome)
    ana.hear(Said, id="g1", text="first")


def crumbs(stand: ServerStand) -> None:
    ana = stand.join("ana")
    ana.send_crumbs(encode(Say("c1", LOBBY, "crumbs")), [1] * 12)
    ana.hear(Said, id="c1", text="crumbs")


def a_cut_emoji(stand: ServerStand) -> None:
    ana = stand.join("ana")
    frame = encode(Say("c1", LOBBY, "🙂"))
    ana.send_crumbs(frame, [len(frame) - 2])
    ana.hear(Said, id="c1", text="🙂")


def a_frame_and_a_half(stand: ServerStand) -> None:
    ana = stand.join("ana")
    stream = encode(Say("c1", LOBBY, "one")) + encode(Say("c2", LOBBY, "two"))
    ana.send_crumbs(stream, [len(stream) - 9])
    ana.hear(Said, id="c1", text="one")
    ana.hear(Said, id="c2", text="two")


# -- 6 and 7: who is here, and who is who ----------------------------------------------


def tells_who_comes(stand: ServerStand) -> None:
    ana, bob = stand.join("ana"), stand.call(name := stand.fresh("bob"))
    bob.send(Hello(VERSION, name))
    if not {ana.name, name} <= set((here := bob.hear(Users, id="")).names):
        bob.check(here, names=(ana.name, name))
    ana.hear_name(Joined, name)


def tells_who_goes(stand: ServerStand) -> None:
    ana, bob = stand.join("ana"), stand.join("bob")
    bob.send(Quit())
    bob.hear(Bye, code="quit")
    bob.hear_end()
    ana.check(ana.hear_name(Left, bob.name), why="quit")


def lists_who_is_here(stand: ServerStand) -> None:
    ana, bob = stand.join("ana"), stand.join("bob")
    ana.send(Who("w1", LOBBY))
    users = ana.hear(Users, id="w1")
    if not {ana.name, bob.name} <= set(users.names):
        ana.check(users, names=(ana.name, bob.name))
    bob.send(Quit())
    ana.hear_name(Left, bob.name)
    ana.send(Who("w2", LOBBY))
    if bob.name in (users := ana.hear(Users, id="w2")).names:
        raise ana.failure(f"users without {bob.name}, who has left")


def a_name_is_taken_once(stand: ServerStand) -> None:
    ana, thief = stand.join("ana"), stand.call()
    for name in (ana.name, ana.name.upper()):
        thief.send(Hello(VERSION, name))
        thief.hear(Error, code="name-taken")
    thief.send(Hello(VERSION, other := stand.fresh("eve")))
    thief.hear(Welcome, name=other)


def bad_names_are_refused(stand: ServerStand) -> None:
    ana = stand.call(name := stand.fresh("ana"))
    for bad in ("", "two words", "x" * 21, "<b>", "a\x1b[2J"):
        ana.send(Hello(VERSION, bad))
        ana.hear(Error, code="bad-name")
    ana.send(Hello(VERSION, name))
    ana.hear(Welcome, name=name)


def hello_comes_first_and_once(stand: ServerStand) -> None:
    ana = stand.call(name := stand.fresh("ana"))
    ana.send(Say("n1", LOBBY, "hi"))
    ana.hear(Error, id="n1", code="not-logged-in")
    ana.send(Hello(VERSION, name))
    ana.hear(Welcome)
    ana.send(Hello(VERSION, stand.fresh("eve")))
    ana.hear(Error, code="already-logged-in")


def the_server_says_who_spoke(stand: ServerStand) -> None:
    """An extra field at the end is ignored, above all if it is somebody's name."""
    ana, eve = stand.join("ana"), stand.join("eve")
    eve.send_payload("\0".join(["say", "s1", LOBBY, "no homework", ana.name]).encode())
    ana.check(ana.hear(Said, text="no homework"), sender=eve.name)


# -- 8 and 9: texts, and private lines -------------------------------------------------


def any_language(stand: ServerStand) -> None:
    ana, bob = stand.join("ana"), stand.join("bob")
    for text in ("héllo 🙂 سلام 漢字", "👩‍👧 e\u0301 \ufeffhi", "one\n\ttwo"):
        id = say(ana, text)
        ana.check(ana.hear(Said, id=id), text=text)
        bob.hear(Said, text=text)


def the_longest_text(stand: ServerStand) -> None:
    ana = stand.join("ana")
    for text in ("x" * MAX_TEXT, "🙂" * MAX_TEXT):
        ana.check(say_and_hear(ana, text), text=text)
    ana.send(Say("t1", LOBBY, "x" * (MAX_TEXT + 1)))
    ana.hear(Error, id="t1", code="bad-text")


def bad_utf8(stand: ServerStand) -> None:
    _refuses_vectors(stand, "bad-utf8")


def controls_in_texts(stand: ServerStand) -> None:
    _refuses_vectors(stand, "bad-text")


def unknown_verbs(stand: ServerStand) -> None:
    _refuses_vectors(stand, "bad-verb")


def bad_ids(stand: ServerStand) -> None:
    _refuses_vectors(stand, "bad-field")


def _refuses_vectors(stand: ServerStand, code: str) -> None:
    """Every such frame is answered by its code, and harms nobody."""
    bob = stand.join("bob")
    ana = stand.join("ana")
    for number, vector in enumerate(filter(is_for_all, load_vectors())):
        if vector.error == code:
            ana.send_bytes(vector.data)
            ana.hear(Error, code=code)
            say_and_hear(ana, f"still here {number}")  # ten in a row may end it
    say(bob, "all well?")
    ana.hear(Said, text="all well?")


def is_for_all(vector: Vector) -> bool:
    """Whether it is about a verb that even a small server knows."""
    verb = vector.data[HEADER.size :].split(b"\0")[0]
    return vector.sender == "client" and verb not in {b"hello", b"history"}


def private_lines(stand: ServerStand) -> None:
    ana, bob, cem = stand.join("ana"), stand.join("bob"), stand.join("cem")
    ana.send(Tell("p1", bob.name, "psst"))
    ana.check(ana.hear(Told, id="p1"), sender=ana.name, to=bob.name, text="psst")
    bob.check(bob.hear(Told), sender=ana.name, to=bob.name, text="psst")
    say(ana, "that was private")
    cem.hear(Said, text="that was private")
    cem.check_never(Told)
    cem.check_never(Said, text="psst")


def nobody_of_that_name(stand: ServerStand) -> None:
    ana = stand.join("ana")
    ana.send(Tell("p1", "nobody.here", "psst"))
    ana.hear(Error, id="p1", code="no-such-user")
