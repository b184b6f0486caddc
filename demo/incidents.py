"""The nine incidents of the lesson, as a table: what is asked, what is caused, and why.

The rows say what is to be predicted and to be seen; scenes_people.py and
scenes_bytes.py make it happen. Each question, and each answer, fits into the caption.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from demo import scenes_bytes, scenes_people
from demo.stage import Stage


@dataclass(frozen=True, slots=True)
class Incident:
    """One row."""

    key: str
    title: str
    question: str
    answers: tuple[str, str, str]
    right: str  # the letter of one of them
    look: str  # where on the dashboard, after "Look at"
    why: str
    cause: Callable[[Stage], str]  # what was seen, in a sentence or two


ROWS = (
    Incident(
        "1",
        "Bo stops reading",
        "Bo closes his laptop; Dee tells long stories. Who suffers?",
        (
            "everybody: the server cannot send on before Bo has read",
            "nobody: the network keeps it all for Bo",
            "Bo alone: his lines wait in his outbox, up to a limit",
        ),
        "c",
        "Bo's outbox: it climbs. At the limit (192 KB here, 1 MB in earnest) he is "
        "SLOW and cut off.",
        "No send waits, ever; what a socket does not take is kept for it alone, and "
        "one flusher sends it on (lab 7).",
        scenes_people.stop_reading,
    ),
    Incident(
        "2",
        "Two want one name",
        "Two say hello as zoe in the same moment. What can happen?",
        (
            "both are zoe: each looked before the other one wrote",
            "always exactly one is zoe, perhaps the second",
            "neither: the server cannot decide",
        ),
        "b",
        "the frames: two hellos, one welcome, one error name-taken. A dozen times.",
        "To look and to write happen under one lock, clients_lock, so there is no "
        "moment between them (lab 4).",
        scenes_people.want_one_name,
    ),
    Incident(
        "3",
        "Cy is killed, and his cable pulled",
        "Cy's client is killed; later his cable is pulled. What is seen here?",
        (
            "the kill at once; the cable when he does not answer",
            "both at once: TCP knows who is connected",
            "neither: only who says quit is gone",
        ),
        "a",
        "Cy's row: gone; back; then he stands in recv, and stands there, and stands.",
        "A killed program's kernel still says goodbye. A pulled cable says nothing: "
        "only an unanswered ping tells (here within 6 s, else within 45; lab 9).",
        scenes_people.lose_the_cable,
    ),
    Incident(
        "4",
        "Glue and dribble",
        "Gus sends ten lines in one send, then one line in ten. What is heard?",
        (
            "one long line, then ten short ones",
            "ten lines, then one",
            "whatever the network makes of it",
        ),
        "b",
        "the frames of gus: ten at once; then nothing for two seconds, then one.",
        "TCP carries bytes, not messages. The length before each frame says where it "
        "ends, however it was sent (labs 1 to 3).",
        scenes_bytes.glue_and_dribble,
    ),
    Incident(
        "5",
        "FF FF FF FF",
        "Eve sends four bytes: FF FF FF FF. What does the server do?",
        (
            "it reserves 4 GB and waits for them",
            "it crashes: that is no text",
            "it says bye to Eve, and reserves nothing",
        ),
        "c",
        "Eve's frames: bye frame-too-large, four times; each time she is back.",
        "The four bytes are a length, 4,294,967,295. It is checked before one byte "
        "is waited for, or kept.",
        scenes_bytes.announce_four_gigabytes,
    ),
    Incident(
        "6",
        "A flood",
        "Flo sends 80 lines at once; allowed are 40, then 10 a second. The rest?",
        (
            "it waits in TCP: Flo is read more slowly, nothing is lost",
            "it is thrown away, with an error for each line",
            "it is never heard: Flo is thrown out at once",
        ),
        "a",
        "Flo's row: her reader pauses between two frames. The others talk on.",
        "Who is not read fills the window, and must wait herself: TCP pushes back. "
        "Only a minute of it is bye flood.",
        scenes_bytes.flood,
    ),
    Incident(
        "7",
        "A class comes in",
        "Thirty people come in at once. How many threads, how much news?",
        (
            "30 threads, and 30 frames of news for each who is here",
            "30 threads, and the news in a few batches",
            "no thread more: one can serve them all",
        ),
        "b",
        "the number of threads, the new rows, and how long anybody WAITS.",
        "One reader for each connection. News of one room goes out at most four "
        "times a second, all names in one frame (lab 16).",
        scenes_people.come_in_crowds,
    ),
    Incident(
        "8",
        "Somebody sits on the lock",
        "Somebody holds clients_lock for 2 s; Dee enters a room. Who waits?",
        (
            "Dee alone: she needs the lock, the others do not",
            "nobody: a lock protects data, not people",
            "everybody: the scribe waits for it, and tells nobody",
        ),
        "c",
        "HOLDS and WAITS, and at the frames: nothing moves but a ping.",
        "A line needs no lock, but the one scribe works in order: behind Dee all wait. "
        "So under this lock: dictionary work only (lab 8).",
        scenes_people.hold_the_lock,
    ),
    Incident(
        "9",
        "An escape code",
        "Eve says ESC [2J, which clears a terminal. Whose screen is cleared?",
        (
            "all screens but hers",
            "nobody's: the server refuses it, no client prints it",
            "this one: the server prints what it gets",
        ),
        "b",
        "the wire: Eve's frame, not understood, and what answers it: error bad-text.",
        "A text has no control characters; each end checks, for neither trusts the "
        "other (lab 15).",
        scenes_bytes.send_an_escape,
    ),
)

INCIDENTS = {row.key: row for row in ROWS}
