"""What may be kept of a frame: never a private text, never a session's secret."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from messages import (
    Answer,
    Answered,
    Ask,
    Asked,
    Hello,
    History,
    Notice,
    Past,
    Said,
    Say,
    Tell,
    Told,
    Welcome,
)
from net.strangers import answer_stranger
from protocol import HEADER, encode
from watch.privacy import CLEAR, KEPT, MOST_FRAMES, count, keep

SECRET = "00112233445566778899aabbccddeeff"
PSST = "psst-nobody-may-read-this"


def kept(message, *, comes_in):
    """What is left of one message, as the tap would get it."""
    frame = encode(message)
    [one] = keep(frame[HEADER.size :] if comes_in else frame, comes_in)
    assert one.length == len(frame) - HEADER.size
    return one


INCOMING = [
    Hello("1", "ana", SECRET),
    Hello("1", "ana", SECRET, 17, "5eed", "password"),
    Tell("t1", "bob", PSST),
    Ask("a1", "bob", "chat", PSST),
    Answer("y1", "r1", "no", PSST),
]
OUTGOING = [
    Told(2, 1790000000000, "ana", "bob", PSST, "t1"),
    Past("h1", 2, 1790000000000, "bob", "ana", PSST),
    Asked("r1", "ana", "chat", PSST, 60),
    Answered("r1", "bob", "no", PSST),
    Welcome("1", "ana", PSST, 17, "no", ("history=disk",)),
]


@pytest.mark.parametrize(
    ("message", "comes_in"),
    [*((m, True) for m in INCOMING), *((m, False) for m in OUTGOING)],
    ids=lambda value: type(value).__name__,
)
def test_what_is_private_is_not_kept(message, comes_in):
    one = kept(message, comes_in=comes_in)
    for secret in (SECRET, PSST, "password"):
        assert secret.encode() not in one.payload
        assert secret.encode()[:4] not in one.clear


def test_of_a_hello_only_version_and_name_are_kept():
    one = kept(Hello("1", "ana", SECRET, 17, "5eed", "password"), comes_in=True)
    assert one.payload == b"hello\x001\x00ana\x00[secret, 49 bytes]"


def test_a_secret_in_another_field_than_its_own_is_not_kept():
    one = kept(Tell(SECRET, "bob", "psst"), comes_in=True)
    assert one.payload == b"tell\0[secret]\0bob\0[private, 4 bytes]"
    assert one.clear == b""


def test_it_is_told_how_long_it_was():
    one = kept(Tell("t1", "bob", "psst"), comes_in=True)
    assert one.payload == b"tell\0t1\0bob\0[private, 4 bytes]"
    assert one.clear == b"tell\0t1\0bob\0"


def test_what_is_said_in_a_room_is_kept():
    assert kept(Say("k1", "#lobby", "hi"), comes_in=True).payload.endswith(b"\0hi")
    line = Past("h1", 2, 1790000000000, "#lobby", "ana", "hi")
    assert kept(line, comes_in=False).payload.endswith(b"\0hi")


@pytest.mark.parametrize(
    "payload",
    [
        b"TELL\0t1\0bob\0psst",
        b"tell\0t 1\0bob\0psst",
        b"psst",
        b"\xff\xfepsst",
        b"hello\x00ana\x00" + SECRET.encode(),  # without its version
        b"hello\x002\x00ana\x00psst",
    ],
)
def test_what_is_not_understood_is_not_kept(payload):
    [one] = keep(payload, True)
    assert one.payload == f"[not understood, {len(payload)} bytes]".encode()
    assert one.clear == b""


def test_a_secret_said_aloud_by_mistake_is_not_kept():
    one = kept(Say("k1", "#lobby", f"my key is {SECRET}"), comes_in=True)
    assert SECRET.encode()[:8] not in one.payload + one.clear
    assert b"my key is [secret, 32 bytes]" in one.payload


def test_a_chunk_of_many_frames_keeps_the_last_and_counts_all():
    chunk = b"".join(encode(Notice(f"line {n}")) for n in range(100))
    frames = keep(chunk, False)
    assert count(chunk) == 100
    assert len(frames) == MOST_FRAMES
    assert frames[-1].payload == b"notice\0line 99"


def test_words_to_a_stranger_are_no_frames():
    words = answer_stranger(b"GET / HTTP/1.1\r\n")
    [one] = keep(words, False)
    assert count(words) == 1
    assert one.payload == words[:KEPT]


def test_a_long_text_is_kept_by_its_beginning():
    one = kept(Said(1, 2, "#lobby", "ana", "x" * 4000), comes_in=False)
    assert len(one.payload) == KEPT
    assert len(one.clear) == CLEAR
    assert one.length > 4000


@given(st.binary(max_size=300), st.booleans())
def test_whatever_passes_it_never_raises(data, comes_in):
    assert comes_in or count(data) >= len(keep(data, comes_in))
    assert all(len(one.payload) <= KEPT for one in keep(data, comes_in))


def test_asking_for_the_past_of_a_talk_is_kept():
    one = kept(History("h1", "bob", None, 10), comes_in=True)
    assert one.payload == b"history\0h1\0bob\0\x0010"
