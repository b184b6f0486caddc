"""The script: who says what, when, for as long as the demo runs.

    script(seed) --> Cue, Cue, Cue ...     the same cues for the same seed

Small talks about sockets and threads, in an order that the seed draws; between two of
them somebody does what happens in every chat: Cy comes and goes, Dee tries the whole of
Unicode, Eve sends what is no frame. Pure: nothing here waits or sends.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count

ADA, BO, CY, DEE, EVE = NAMES = ("ada", "bo", "cy", "dee", "eve")

SHORTEST_PAUSE, LONGEST_PAUSE = 0.9, 2.1  # seconds: people who type fast


@dataclass(frozen=True, slots=True)
class Cue:
    """What one of the cast does next, and how long they wait before."""

    pause: float  # seconds
    who: str
    deed: str  # say, send_bytes, enter or leave: what a Bot can do
    detail: str | bytes = ""


# Each talk: lines of "who: text".
TALKS = (
    """ada: Good morning! Who knows what recv(1024) returns?
    bo: 1,024 bytes?
    ada: At most. It returns what is there: one byte, or 1,000, or none at the end.
    dee: so it never returns "a message"
    ada: Right. TCP is a stream. Where a message ends is our business.""",
    """bo: How many threads does this server have for us?
    ada: One for each of us, and all of them stand in recv() most of the time.
    cy: Is that not a waste?
    ada: A thread that waits costs some memory and no time. Look at the list above.""",
    """cy: Why is there a number before each message?
    ada: The length. Four bytes, the big end first.
    dee: I would have used a newline
    ada: And when somebody sends a text with a newline in it?
    dee: oh""",
    """bo: What does the lock guard, really?
    ada: The dict of who is here. Two threads that change it at once could lose one.
    cy: And why not lock everything?
    ada: Because who holds it makes the others wait. So: dictionary work only.""",
    """dee: my send() returned 3,000 but I gave it 5,000 bytes
    ada: Then 2,000 are still yours. Use sendall, or keep the rest.
    bo: I keep the rest and call it an outbox.""",
    """cy: Can I just kill my client with Ctrl+C?
    ada: Yes. Your kernel closes the socket, and the server hears of it at once.
    bo: And if my laptop falls asleep?
    ada: Then nobody says anything. That is what the pings are for.""",
    """bo: Two of us want the same name. Who wins?
    ada: The first who gets the lock. The other one is told, and may try again.
    eve: Unless somebody looks first and writes later.
    ada: Eve has found the race.""",
    """dee: do threads make it faster?
    ada: Waiting, yes: ten can wait as fast as one. Computing, no: one GIL.
    cy: So a chat is the perfect job for them.
    ada: A chat waits for a living.""",
    """eve: What if I send bytes that are no message at all?
    ada: The server says error, or bye, to you. We will not even notice.
    eve: Challenge accepted.""",
    """bo: Is anything lost when my connection breaks?
    ada: Your client says how far it has read, and gets the rest.
    bo: So the server has to keep lines.
    ada: One thread writes them down, in one order for all of us. The scribe.""",
    """cy: Why can I not see my line before it comes back?
    ada: Because then you know it is stored, and everybody has the same order.
    dee: how long does that take
    ada: Here? A millisecond.""",
    """dee: what is 127.0.0.1
    ada: This machine, talking to itself. No cable, but the same TCP.
    bo: So all of this would work across the world?
    ada: With --lan at least across the room.""",
)

PICTURES = (
    "🎉🎉🎉 it works 🎉🎉🎉",
    "漢字は二つの欄を占めます (each takes two columns)",
    "👩‍💻 is one woman, three code points, eleven bytes",
    "Ｗｉｄｅ　ｌｅｔｔｅｒｓ, and ½ ∑ √ ∞ ≠",
    "한국어도 됩니다 · עברית · العربية · हिन्दी",
    "n̈ o̊t̂ ëv̄ër̈ÿ ḿår̂k̄ i̊s̈ å l̂ët̄t̂ër̈",
)
LONG = "This is one line, and it is long. A frame says so before it begins. "
TOO_LONG = "x" * 5_000  # a text has at most 4,000 characters: error bad-text

# What Eve sends, and what she gets for it.
RUBBISH = (
    b"\x00\x00\x00\x04nope",  # error bad-verb
    b"\x00\x00\x00\x08say\x00k\x00\x00\xff",  # error bad-utf8
    b"\x00\x00\x00\x00",  # bye bad-frame
    b"\x00\x01\x00\x01",  # bye frame-too-large
    b"GET / HTTP/1.1\r\n\r\n",  # in a session that is 1,195,725,856 bytes announced
)


def script(seed: int) -> Iterator[Cue]:
    """All cues, without end."""
    chance = random.Random(seed)
    for who in NAMES:
        yield Cue(0.2, who, "enter")
    for round_number in count():
        talks = chance.sample(TALKS, len(TALKS))
        for number, talk in enumerate(talks):
            yield from _lines(talk, chance)
            # In turn, so that after four talks everything has been seen once.
            yield from _event((round_number + number) % 4, chance)


def _lines(talk: str, chance: random.Random) -> Iterator[Cue]:
    for line in talk.splitlines():
        who, _, text = line.strip().partition(": ")
        yield Cue(_pause(chance), who, "say", text)


def _event(number: int, chance: random.Random) -> Iterator[Cue]:
    """What happens between two talks."""
    pause = _pause(chance)
    if number == 0:
        yield Cue(pause, DEE, "say", chance.choice(PICTURES))
    elif number == 1:
        yield Cue(pause, EVE, "send_bytes", chance.choice(RUBBISH))
    elif number == 2:
        yield Cue(pause, CY, "leave")
        yield Cue(_pause(chance), BO, "say", "Cy has gone. His thread has, too.")
        yield Cue(_pause(chance), CY, "enter")
    else:
        long = LONG * chance.randint(10, 40)
        yield Cue(pause, DEE, "say", chance.choice([long.strip(), TOO_LONG]))


def _pause(chance: random.Random) -> float:
    return round(chance.uniform(SHORTEST_PAUSE, LONGEST_PAUSE), 2)
