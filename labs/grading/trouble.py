"""What a server must survive: stages 10 to 14.

Sudden deaths, one who does not read, silence and garbage, forty at once, Ctrl+C. Each
function is one trial, as in talking.py.
"""

from __future__ import annotations

import random

from labs.grading.peer import Peer
from labs.grading.stages import Failure
from labs.grading.stand import ServerStand
from labs.grading.talking import say, say_and_hear
from messages import LOBBY, Bye, Error, Hello, Left, Said, Say, Welcome
from protocol import MAX_TEXT, VERSION, encode

SMALL_BUFFER = 4_096  # bytes: who does not read is noticed soon
FLOOD = "🙂" * MAX_TEXT  # 16,000 bytes in the largest line there is
BURST = 36  # lines that anybody may say at once, hello among 40
SPEAKERS = 9  # 9 x 36 x 16 kB: more than any socket's buffers hold
CROWD = 40
LINES = 12  # of each in the crowd
PASSERS_BY = 30  # who come and go meanwhile
END_WITHIN = 2.0  # seconds from Ctrl+C


# -- 10: sudden deaths ---------------------------------------------------------------


def a_peer_hangs_up(stand: ServerStand) -> None:
    ana, bob = stand.join("ana"), stand.join("bob")
    bob.hang_up()
    ana.hear_name(Left, bob.name)
    _name_is_free(stand, bob.name)


def a_peer_is_reset(stand: ServerStand) -> None:
    ana = stand.join("ana")
    for _ in range(2):
        (bob := stand.join("bob")).reset()  # and nobody says anything
        ana.hear_name(Left, bob.name)
    victims = [stand.join("bob") for _ in range(3)]
    for victim in victims:
        victim.reset()
    for number in range(4):  # into sockets that are broken
        say_and_hear(ana, f"still here {number}")
    for victim in victims:
        ana.hear_name(Left, victim.name)
    _name_is_free(stand, victims[0].name)


def a_peer_dies_in_a_frame(stand: ServerStand) -> None:
    ana, bob = stand.join("ana"), stand.join("bob")
    bob.send_bytes(encode(Say("k1", LOBBY, "never finished"))[:-4])
    bob.close()
    ana.hear_name(Left, bob.name)
    say_and_hear(ana, "still here")
    ana.check_never(Said, sender=bob.name)


def _name_is_free(stand: ServerStand, name: str) -> None:
    """The dead are forgotten, or nobody could ever come back."""
    heir = stand.call(name)
    heir.send(Hello(VERSION, name))
    heir.hear(Welcome, name=name)


# -- 11: one who does not read -------------------------------------------------------


def a_slow_reader_harms_nobody(stand: ServerStand) -> None:
    bob = stand.join("bob")
    stand.join("sloth", buffer=SMALL_BUFFER)  # and never looks at anything again
    for _ in range(SPEAKERS):
        ana = stand.join("ana")
        for _ in range(BURST):
            id = say(ana, FLOOD)
            ana.hear(Said, id=id)
            bob.hear(Said, sender=ana.name)
            bob.heard.clear()
        ana.close()
    newcomer = stand.join("cem")
    say(newcomer, "who froze?")
    bob.hear(Said, text="who froze?")


# -- 12: silence, half frames, garbage -----------------------------------------------


def silence_is_no_obstacle(stand: ServerStand) -> None:
    for _ in range(5):
        stand.call()
    ana = stand.join("ana")
    say_and_hear(ana, "nobody else says anything")


def half_a_frame_is_no_obstacle(stand: ServerStand) -> None:
    ana, bob = stand.join("ana"), stand.join("bob")
    frame = encode(Say("k1", LOBBY, "to be continued"))
    bob.send_bytes(frame[:7])
    say_and_hear(ana, "meanwhile")
    stand.join("cem")
    bob.send_bytes(frame[7:])
    ana.hear(Said, text="to be continued")


def refuses_too_long_a_frame(stand: ServerStand) -> None:
    for header in ("00 01 00 01", "ff ff ff ff"):
        eve = stand.join("eve")
        eve.send_bytes(bytes.fromhex(header))
        eve.hear(Bye, code="frame-too-large")
        eve.hear_end()


def refuses_an_empty_frame(stand: ServerStand) -> None:
    eve = stand.join("eve")
    eve.send_bytes(bytes(4))
    eve.hear(Bye, code="bad-frame")
    eve.hear_end()


def garbage_is_no_obstacle(stand: ServerStand) -> None:
    ana, chance = stand.join("ana"), random.Random(1)
    for size in (1, 3, 5, 40, 300, 5_000):
        stand.call().send_bytes(chance.randbytes(size))
        eve = stand.join("eve")
        eve.send_payload(chance.randbytes(size))
        eve.hear(Error)
        eve.send_bytes(b"GET / HTTP/1.1\r\n\r\n")
        eve.hear_end()
    say_and_hear(ana, "still here")


# -- 13: forty at once ---------------------------------------------------------------


def forty_come_at_once(stand: ServerStand) -> None:
    crowd = [stand.call(stand.fresh("p")) for _ in range(CROWD)]
    for peer in crowd:
        peer.send(Hello(VERSION, peer.name))
    for peer in crowd:
        peer.hear(Welcome, name=peer.name)


def nothing_is_lost(stand: ServerStand) -> None:
    crowd = [stand.join("p") for _ in range(CROWD)]
    lines = [str(number) for number in range(LINES)]
    for number, peer in enumerate(crowd):
        peer.send(*(Say(f"c{line}", LOBBY, line) for line in lines))
        if number < PASSERS_BY:
            _pass_by(stand)
    for peer in crowd:
        _heard_all(peer, {speaker.name: lines for speaker in crowd})


def _pass_by(stand: ServerStand) -> None:
    """Come and go without waiting for anything."""
    passer = stand.call(stand.fresh("x"))
    passer.send(Hello(VERSION, passer.name))
    passer.close()


def _heard_all(peer: Peer, said: dict[str, list[str]]) -> None:
    """Every line of each speaker, once, in the order in which it was said."""
    heard: dict[str, list[str]] = {name: [] for name in said}
    missing = sum(map(len, said.values()))
    while missing:
        try:
            report = peer.hear(Said)
        except Failure as failure:
            expected = f"{missing} lines more for {peer.name}"
            raise Failure(expected, failure.came) from None
        if report.sender in heard:
            heard[report.sender].append(report.text)
            missing -= 1
    for name, lines in heard.items():
        if lines != said[name]:
            expected = f"{name}: {' '.join(said[name])}"
            raise Failure(expected, [f"{name}: {' '.join(lines)}"])


# -- 14: the end, and the next beginning ---------------------------------------------


def ends_at_once(stand: ServerStand) -> None:
    if not (program := stand.program):
        return
    stand.join("ana")
    stand.call()
    if not program.stop(max(END_WITHIN, stand.patience)):
        raise Failure(
            f"the end of the program within {END_WITHIN:.0f} s of Ctrl+C",
            ["it runs on"],
        )


def starts_again(stand: ServerStand) -> None:
    """After the server has hung up first, its port rests for a minute (TIME_WAIT)."""
    if not (program := stand.program):
        return
    ana = stand.join("ana")
    program.stop(max(END_WITHIN, stand.patience))
    ana.close()
    program.end()
    program.ensure()
    stand.join("bob")
