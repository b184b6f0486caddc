"""Payloads of every kind: right, almost right, and bytes that mean nothing.

As strategies for hypothesis (test_fuzz.py), and as a stream for a million frames,
where drawing each one from hypothesis would take an hour.
"""

from hypothesis import strategies as st

from messages import (
    Answer,
    Ask,
    Hello,
    History,
    Join,
    Leave,
    Ping,
    Pong,
    Quit,
    Rename,
    Rooms,
    Say,
    SetTopic,
    Tell,
    Who,
)
from protocol import HEADER, MAX_TEXT, REQUESTS, VERSION, encode
from torture.peers import frame_of

NAMES = ["ana", "bob", "mei", "ＡＮＡ", "Bob", "zoë"]
BAD_NAMES = ["", "server", "a b", "аna", "x" * 21, "#lobby", "\u202ebob", "a\nb"]
ROOMS = ["#lobby", "#maths", "#чат"]
SPELLED = [*ROOMS, "#LOBBY", "#Maths"]
BAD_ROOMS = ["#", "maths", "#a b", "#nobody", "#" + "x" * 30, "#" + "x" * 31, "\x1b"]
TEXTS = ["hi", "/me waves", "привет 👋", "a\nb\tc", " ", "x" * MAX_TEXT, "\u202e"]
BAD_TEXTS = ["x" * (MAX_TEXT + 1), "\x1b[2J", "bell\x07", "\x9b31m"]
WORDS = ["yes", "no", "chat", "room", "file", "1", "0", "-1", "1" * 16, "٣", *TEXTS]

QUIT = Quit()


def pick(values):
    """One of them; hypothesis would print what it samples from, kilobytes of it."""
    return st.integers(0, len(values) - 1).map(lambda place: values[place])


some_id = st.from_regex(r"[A-Za-z0-9_-]{1,6}", fullmatch=True)
id_ = st.one_of(some_id, some_id, some_id, st.just(""))
name = pick(NAMES * 3 + BAD_NAMES)
room = pick(SPELLED * 5 + BAD_ROOMS)
text = pick(TEXTS)
topic = pick(["", "sums", "x" * 200, "x" * 201, "a\nb"])
detail = pick(["", "why", *SPELLED, "x" * 201])
page = st.none() | st.integers(1, 200)
yes_or_no = pick(["yes", "yes", "no", ""])


def requests(people, reqs):
    """Requests that make sense, or nearly.

    `people` are names, mostly of somebody; `reqs` are what can be answered.
    """
    talk = st.builds(Say, id_, room | st.just(""), text) | st.builds(
        Tell, id_, people, text
    )
    move = st.builds(Join, id_, room) | st.builds(Leave, id_, room)
    ask = st.one_of(
        st.builds(Ask, id_, people, st.just("chat"), detail),
        st.builds(Ask, id_, people, st.just("room"), room),
        st.builds(Answer, id_, reqs, yes_or_no, detail),
    )
    look = st.one_of(
        st.builds(Who, id_, room | st.just("")),
        st.builds(Rooms, id_),
        st.builds(History, id_, room | people, page, page),
    )
    other = st.one_of(
        st.builds(SetTopic, id_, room, topic),
        st.builds(Rename, id_, name),
        st.builds(Ping, pick(["", "t", "x" * 99])),
        st.builds(Pong, st.just("t")),
    )
    return st.one_of(talk, talk, move, ask, ask, look, other)


def payload_of(message):
    return encode(message)[HEADER.size :]


SENSE = payload_of(Ping("sense"))  # ten mistakes in a row would end it


@st.composite
def almost(draw, right):
    """A right payload with one thing wrong."""
    payload = draw(right)
    at = draw(st.integers(0, len(payload) - 1))
    match draw(st.integers(0, 4)):
        case 0:
            wrong = payload[:at] + payload[at + 1 :]
        case 1:
            wrong = (
                payload[:at] + draw(st.binary(min_size=1, max_size=2)) + payload[at:]
            )
        case 2:
            wrong = payload[: at + 1]
        case 3:
            wrong = payload[:at] + b"\0" + payload[at:]
        case _:
            verb, _, rest = payload.partition(b"\0")
            wrong = draw(pick([verb.upper(), verb + b" ", b"x"])) + rest
    return wrong or b"x"


def begins_or_ends(payload):
    """Whether these bytes happen to say hello or quit: hypothesis knows such words."""
    return payload.partition(b"\0")[0] in (b"hello", b"quit")


fields = st.lists(pick([*NAMES, *SPELLED, *WORDS, *BAD_TEXTS]), max_size=7)
nonsense = st.one_of(
    st.binary(min_size=1, max_size=60).filter(lambda some: not begins_or_ends(some)),
    st.builds(
        lambda verb, found: "\0".join([verb, *found]).encode(),
        pick([v for v in REQUESTS if v not in ("quit", "hello")]),
        fields,
    ),
)
endings = pick([QUIT, Quit("see you"), Hello("2", "ana"), Hello(VERSION, "ana")]).map(
    payload_of
)
slip = pick([b"nope", b"\xff", b"say\0no id\0\0hi", b"who\0k\0\x1b"])
rests = st.just([]) | st.just([SENSE])


def slips():
    """About as many mistakes in a row as end it, now and then with sense between."""
    return st.builds(
        lambda some, rest, more: [*some, *rest, *more],
        st.lists(slip, min_size=5, max_size=10),
        rests,
        st.lists(slip, min_size=4, max_size=6),
    )


def again(line):
    """The same line once more, as after a broken connection, with another text."""
    if line.room:
        return payload_of(Say(line.id, line.room, "again"))
    return payload_of(Tell(line.id, line.to, "again"))


def payloads(people, reqs):
    right = requests(people, reqs).map(payload_of)
    return st.one_of(right, right, right, almost(right), nonsense)


# -- By the million --------------------------------------------------------------------

FIELDS = [*NAMES, *SPELLED, *BAD_NAMES, *BAD_ROOMS, *WORDS, *BAD_TEXTS]
VERBS = [verb for verb in REQUESTS if verb not in ("quit", "hello")]


def babble(random, count):
    """So many frames as bytes: half of them bytes or fields by chance, half with sense
    but for a byte; and a ping among them often enough."""
    frames = []
    for number in range(count):
        frames.append(frame_of(scrawl(random)))
        if number % 5 == 0:
            frames.append(frame_of(SENSE))
    return b"".join(frames)


def scrawl(random):
    luck = random.random()
    if luck < 0.2:
        return random.randbytes(random.randint(1, 60))
    fields = random.choices(FIELDS, k=random.randint(0, 5))
    if luck < 0.5:
        fields[:1] = [f"k{random.getrandbits(20)}"]  # an id: a better chance to be read
    payload = "\0".join([random.choice(VERBS), *fields]).encode()
    if luck < 0.75:
        place = random.randrange(len(payload))
        payload = payload[:place] + random.randbytes(1) + payload[place + 1 :]
    return payload
