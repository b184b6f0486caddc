"""Pieces: however the bytes were cut, each is named once and so is each frame's end."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from messages import (
    LOBBY,
    Bye,
    Error,
    Hello,
    Join,
    Notice,
    Ok,
    Ping,
    Quit,
    Said,
    Say,
    Told,
    Users,
    Welcome,
)
from protocol import (
    HEADER,
    Decoder,
    FrameError,
    decode_report,
    decode_request,
    encode,
)
from tui.pieces import HIDDEN, SHOWN, cut, secret_bytes, told_by

SECRET = "00112233445566778899aabbccddeeff"
HELLO = Hello("1", "ana", SECRET, 17, "5eed", "swordfish")

texts = st.text(min_size=1, max_size=150).filter(lambda text: "\0" not in text)
words = st.text("abcé漢", max_size=9)
reports = st.one_of(
    st.builds(Notice, texts),
    st.builds(Said, st.integers(0, 9**9), st.just(0), words, words, texts, words),
    st.builds(Told, st.just(1), st.just(0), words, words, texts),
    st.builds(Users, st.just("w1"), words, st.lists(words, max_size=9).map(tuple)),
    st.just(Ping("")),
)
requests = st.one_of(
    st.builds(Hello, st.just("1"), words, st.just(SECRET), password=st.just("salt")),
    st.builds(Say, st.just("k1"), words, texts),
    st.just(Quit()),
)
cuts = st.lists(st.integers(0, 1_500), max_size=30)


def chunks(stream, places):
    """The stream, cut at these places: what one recv after the other brings."""
    ends = sorted({min(place, len(stream)) for place in places} | {len(stream)})
    return [
        stream[start:end]
        for start, end in zip([0, *ends], ends, strict=False)
        if end > start
    ]


def pieces_of(parts, decode):
    """Pieces of each recv in turn, as the connection reports them."""
    decoder = Decoder()
    for data in parts:
        found = list(cut(decoder.unfinished, data, decode))
        assert sum(piece.size for piece in found) == len(data)
        list(decoder.feed(data))
        yield from found


def framed(payload):
    return HEADER.pack(len(payload)) + payload


def pieces(*messages, at=(), decode=decode_report):
    stream = b"".join(map(encode, messages))
    return list(pieces_of(chunks(stream, at), decode))


# -- Bytes and frames ----------------------------------------------------------------


def test_a_frame_in_one_recv_is_one_piece():
    assert [(p.at, p.size, p.length, p.told) for p in pieces(Ok("k1", ("yes",)))] == [
        (0, 13, 9, "ok yes")
    ]


def test_a_frame_in_two_recvs_ends_in_the_second():
    first, second = pieces(Said(1, 0, LOBBY, "ana", "hi"), at=[7])
    assert (first.at, first.came, first.length, first.is_end) == (0, 7, 22, False)
    assert (second.at, second.came, second.is_end) == (7, 26, True)
    assert second.told == "said ana: hi"
    assert first.shown == ("00", "00", "00", "16", "73", "61", "69")


def test_a_length_in_two_recvs_is_known_when_it_is_whole():
    first, second, third = pieces(Quit(), at=[3, 4], decode=decode_request)
    assert [p.length for p in (first, second, third)] == [None, 4, 4]
    assert [p.is_end for p in (first, second, third)] == [False, False, True]


def test_two_frames_in_one_recv_are_two_pieces_with_an_end_each():
    found = list(
        pieces_of([encode(Ping("a")) + encode(Ping("b")) + b"\0\0"], decode_report)
    )
    assert [p.told for p in found] == ["ping a", "ping b", ""]
    assert [(p.at, p.size) for p in found] == [(0, 10), (0, 10), (0, 2)]


def test_of_a_long_piece_the_beginning_is_kept_and_the_rest_is_counted():
    (piece,) = pieces(Notice("x" * 1_000))
    assert len(piece.shown) == SHOWN
    assert piece.size == 1_011


def test_what_no_frame_can_begin_with_is_said_and_still_counted():
    good, bad = cut(b"", encode(Ping()) + b"HTTP/1.1 200 OK", decode_report)
    assert good.told == "ping"
    assert bad.wrong == "1,213,486,160 bytes announced, at most 65,536"
    assert (bad.size, bad.told, bad.is_end) == (15, "", False)
    (zero,) = cut(b"\0\0", b"\0\0", decode_report)
    assert zero.wrong == "a frame of length 0"


@given(st.lists(reports, max_size=6), cuts)
def test_every_byte_is_named_once_and_every_end_exactly_once(messages, places):
    stream = b"".join(map(encode, messages))
    parts = chunks(stream, places)
    found = list(pieces_of(parts, decode_report))
    ends = [piece.told for piece in found if piece.is_end]
    assert ends == [told_by(encode(m)[4:], decode_report) for m in messages]
    here = 0
    for piece in found:
        data = stream[here : here + piece.size]
        assert "".join(piece.shown) == data[:SHOWN].hex()
        assert bool(piece.told) == piece.is_end
        here += piece.size
    assert here == len(stream)


@given(
    st.lists(st.binary() | st.binary(min_size=1).map(framed)),
    cuts,
    st.sampled_from([decode_report, decode_request]),
)
def test_whatever_comes_is_cut_and_harms_nobody(parts, places, decode):
    with contextlib.suppress(FrameError):  # from the decoder, when all was counted
        list(pieces_of(chunks(b"".join(parts), places), decode))


# -- Secrets -------------------------------------------------------------------------


def test_the_session_and_the_password_are_dots():
    (piece,) = pieces(HELLO, decode=decode_request)
    frame = encode(HELLO)
    start = frame.index(SECRET.encode())
    assert piece.shown[start : start + 32] == (HIDDEN,) * 32
    assert piece.shown[start - 1] == "00"
    at = frame.index(b"swordfish")
    assert "".join(piece.shown[start + 32 : at]) == frame[start + 32 : at].hex()
    hidden = {*secret_bytes(frame[4:])}
    assert {*range(at - 4, at - 4 + 9)} <= hidden
    assert len(hidden) == 32 + 9
    assert piece.told == "hello 1 ana 5eed"


@given(
    st.lists(requests, max_size=4),
    cuts | st.just(range(1_500)),
    st.sampled_from([decode_request, decode_report]),
)
def test_a_secret_never_appears_however_it_is_cut_and_whoever_says_it(
    messages, places, decode
):
    """Also in what comes: some server may send back what it hears."""
    messages = [Quit(), *messages, HELLO]
    found = pieces(*messages, at=places, decode=decode)
    for piece in found:
        assert not any(secret in piece.told for secret in (SECRET, "salt"))
    stream = b"".join(map(encode, messages))
    start, here = stream.index(SECRET.encode()), 0
    for piece in found:
        for number, shown in enumerate(piece.shown, here):
            if start <= number < start + len(SECRET):
                assert shown == HIDDEN
        here += piece.size


# -- What a frame says ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("message", "told"),
    [
        (Said(18, 1_790_000_000_000, LOBBY, "ana", "hi all", "k1"), "said ana: hi all"),
        (Said(18, 0, "#maths", "ana", "hi"), "said #maths ana: hi"),
        (Told(2, 0, "bob", "ana", "psst"), "told bob ana: psst"),
        (Users("", LOBBY, ("ana", "bob")), "users ana bob"),
        (Welcome("1", "ana", "5eed", 7, "no", ("a=b",)), "welcome 1 ana 5eed no a=b"),
        (Error("k1", "muted", "not now", 5), "error muted not now"),
        (Bye("quit"), "bye quit"),
    ],
)
def test_a_frame_is_told_in_a_few_words(message, told):
    assert told_by(encode(message)[4:], decode_report) == told


def test_a_request_is_told_as_well():
    assert told_by(encode(Join("j1", "#maths"))[4:], decode_request) == "join #maths"


def test_what_is_told_is_safe_to_draw():
    told = told_by(encode(Notice("\x1b[2J\u202eone\ntwo"))[4:], decode_report)
    assert told == "notice ^[[2Jone two"


def test_a_verb_of_a_newer_server_is_not_understood_and_no_harm():
    assert told_by(b"dance\0ana", decode_report) == (
        "not understood: there is no verb 'dance'"
    )
    assert told_by(b"\xff", decode_report).startswith("not understood")
