"""What a client must do: say what is typed, show what is said, and end.

Each function is one trial; its sentence, its hint and its lab stand in the table of
client_stages.py. How a line looks is the client's own affair: only names and texts are
looked for.
"""

from __future__ import annotations

from labs.grading.client_program import ClientProgram
from labs.grading.client_stand import NAME, NOW, ClientStand
from labs.grading.stages import Failure
from labs.grading.vectors import load_vectors
from messages import (
    LOBBY,
    Bye,
    Error,
    Hello,
    Joined,
    Left,
    Notice,
    Ping,
    Pong,
    Quit,
    Said,
    Say,
    Told,
    Users,
)
from protocol import MAX_PAYLOAD, MAX_TEXT, VERSION, encode


def calls(stand: ClientStand) -> None:
    stand.call()


def says_hello(stand: ClientStand) -> None:
    stand.call().expect(Hello, version=VERSION, name=NAME)


def says_what_is_typed(stand: ClientStand) -> None:
    client = stand.join()
    for text in ("hi", "how are you?"):
        client.type_line(text)
        said = client.expect(Say, text=text)
        if said.room not in {"", LOBBY}:
            raise Failure(f"say to {LOBBY}", [f"say to {said.room!r}"])
        client.tell(stand.said(NAME, text, said.id))


def shows_what_is_said(stand: ClientStand) -> None:
    """Bob asks until he is seen: how a client cuts the stream is another stage."""
    client = stand.join()
    for number in range(10):
        client.tell(stand.said("bob", f"anybody here? {number}"))
        if client.has_seen("anybody here?", client.patience / 20):
            break
    client.see("bob", "anybody here?")


# -- Frames --------------------------------------------------------------------------


def glued_frames(stand: ClientStand) -> None:
    client = stand.join()
    client.tell(*(stand.said("bob", text) for text in ("glue-1", "glue-2", "glue-3")))
    client.see("glue-1", "glue-2", "glue-3")


def crumbs(stand: ClientStand) -> None:
    client = stand.join()
    client.tell_crumbs(encode(stand.said("bob", "crumbs")), [1] * 12)
    client.see("crumbs")


def a_cut_emoji(stand: ClientStand) -> None:
    client = stand.join()
    frame = encode(stand.said("bob", "🙂"))
    client.tell_crumbs(frame, [len(frame) - 2])
    client.see("🙂")


def a_frame_and_a_half(stand: ClientStand) -> None:
    client = stand.join()
    stream = encode(stand.said("bob", "half-1")) + encode(stand.said("bob", "half-2"))
    client.tell_crumbs(stream, [len(stream) - 9])
    client.see("half-1", "half-2")


# -- Being there ---------------------------------------------------------------------


def answers_pings(stand: ClientStand) -> None:
    client = stand.join()
    for token in ("s1", "s2"):
        client.tell(Ping(token))
        client.expect(Pong, token=token)


def shows_my_line_when_it_is_said(stand: ClientStand) -> None:
    """Not before: until it has come back, nobody knows whether it was said."""
    client = stand.join()
    client.type_line("mine-mine")
    say = client.expect(Say, text="mine-mine")
    client.tell(stand.said("bob", "first-bob"))
    client.see("first-bob")
    is_early = client.shown("mine-mine") > 0
    client.check_printed(not is_early, "my line after bob's: bob was first")
    client.tell(stand.said(NAME, "mine-mine", say.id))
    client.see("mine-mine")
    _fence(stand, client)
    client.check_printed(client.shown("mine-mine") == 1, "my line, once")


def any_language(stand: ClientStand) -> None:
    client = stand.join()
    text = "héllo 🙂 سلام 漢字"
    client.tell(stand.said("bob", text))
    client.see(text)
    client.type_line(text + "!")
    client.expect(Say, text=text + "!")


def what_it_does_not_know(stand: ClientStand) -> None:
    client = stand.join()
    for vector in load_vectors():
        is_bye = any(row["verb"] == "bye" for row in vector.decoded)
        is_sound = vector.error in {"", "bad-verb"} and not is_bye
        if vector.sender == "server" and is_sound:
            client.tell_crumbs(vector.data, [])
    stand.seq = 1_000  # above all that went before: seq only rises
    _fence(stand, client)


def the_longest_text(stand: ClientStand) -> None:
    client = stand.join()
    client.tell(stand.said("bob", "🙂" * MAX_TEXT))
    client.see("🙂", count=MAX_TEXT)
    client.type_line("x" * MAX_TEXT)
    client.expect(Say, text="x" * MAX_TEXT)


def the_largest_frame(stand: ClientStand) -> None:
    client = stand.join()
    names = tuple(f"person.number.{n:05}" for n in range(MAX_PAYLOAD // 20 - 1))
    client.tell(Users("", LOBBY, names))
    _fence(stand, client)


# -- What is shown -------------------------------------------------------------------


def private_lines(stand: ClientStand) -> None:
    client = stand.join()
    client.tell(Told(stand.next_seq(), NOW, "dora", NAME, "psst-psst"))
    client.see("dora", "psst-psst")


def comings_and_goings(stand: ClientStand) -> None:
    client = stand.join()
    client.tell(Joined(LOBBY, ("zoe",)))
    client.see("zoe")
    client.tell(Left(LOBBY, "lost", ("zoe",)))
    client.see("zoe", count=2)


def errors_and_notices(stand: ClientStand) -> None:
    client = stand.join()
    client.tell(Notice("the lesson begins"))
    client.see("the lesson begins")
    client.type_line("hi")
    say = client.expect(Say)
    client.tell(Error(say.id, "muted", "you have no voice just now"))
    client.see("you have no voice just now")


def controls_are_not_obeyed(stand: ClientStand) -> None:
    """Whatever the server lets through: a text must not move anybody's cursor."""
    client = stand.join()
    client.tell(stand.said("bob", "look \x1b[2J\x9b2J\rhere"))
    client.tell(stand.said("b\x1b[31mob", "and here"))
    _fence(stand, client)
    for control in ("\x1b", "\x9b", "\rhere"):
        client.check_printed(client.shown(control) == 0, "no control characters")


# -- The end -------------------------------------------------------------------------


def ends_with_its_input(stand: ClientStand) -> None:
    client = stand.join()
    lines = [f"line {number}" for number in range(5)]
    for line in lines:
        client.type_line(line)
    client.end_input()
    for line in lines:
        say = client.expect(Say, text=line)
        client.tell(stand.said(NAME, line, say.id))
    client.expect(Quit)
    client.tell(Bye("quit"))
    client.hang_up()
    client.wait_for_end()


def ends_when_sent_away(stand: ClientStand) -> None:
    client = stand.join()
    client.tell(Bye("kicked", "the lesson is over"))
    client.hang_up()
    client.see("the lesson is over")
    client.wait_for_end()


def _fence(stand: ClientStand, client: ClientProgram) -> None:
    """What came before this line has been shown when it is shown."""
    fence: Said = stand.said("bob", f"fence {stand.next_seq()}")
    client.tell(fence)
    client.see(fence.text)
