"""The wire: messages to bytes and back, in pieces of any size."""

from dataclasses import fields

import pytest
from hypothesis import given
from hypothesis import strategies as st

from messages import (
    Bye,
    Error,
    Hello,
    Joined,
    Ping,
    Report,
    Request,
    Said,
    Say,
    Users,
    Welcome,
    Who,
)
from protocol import (
    HEADER,
    MAX_PAYLOAD,
    READERS,
    Decoder,
    FrameError,
    MessageError,
    decode_report,
    decode_request,
    encode,
)

HI = bytes.fromhex("00000010 73617900 6b3100 236c6f62627900 6869")


def frame(payload):
    return HEADER.pack(len(payload)) + payload


def payload_of(message):
    (payload,) = Decoder().feed(encode(message))
    return payload


def refusal(payload):
    with pytest.raises(MessageError) as caught:
        decode_request(payload)
    return caught.value


def test_the_contracts_example_is_what_we_write_and_read():
    assert encode(Say("k1", "#lobby", "hi")) == HI
    assert decode_request(HI[4:]) == Say("k1", "#lobby", "hi")


# -- Frames ----------------------------------------------------------------------


@pytest.mark.parametrize("size", [1, 2, 3, 5, 7, 1000])
def test_pieces_of_any_size_give_the_same_payloads(size):
    stream = (HI + encode(Ping("1"))) * 20
    decoder = Decoder()
    payloads = [
        payload
        for start in range(0, len(stream), size)
        for payload in decoder.feed(stream[start : start + size])
    ]
    assert b"".join(map(frame, payloads)) == stream
    assert not decoder.is_inside_frame


@given(st.lists(st.binary(min_size=1, max_size=300)), st.data())
def test_any_cut_of_any_stream_gives_the_same_payloads(payloads, data):
    stream = b"".join(map(frame, payloads))
    cut = data.draw(st.integers(0, len(stream)))
    decoder = Decoder()
    assert [*decoder.feed(stream[:cut]), *decoder.feed(stream[cut:])] == payloads


def test_a_started_frame_is_noticed_and_a_finished_one_forgotten():
    decoder = Decoder()
    assert not decoder.is_inside_frame
    assert list(decoder.feed(HI[:1])) == []
    assert decoder.is_inside_frame
    assert decoder.unfinished == HI[:1]
    assert list(decoder.feed(HI[1:])) == [HI[4:]]
    assert not decoder.is_inside_frame


def test_a_frame_of_length_zero_is_a_bad_frame():
    with pytest.raises(FrameError) as caught:
        list(Decoder().feed(b"\0\0\0\0"))
    assert caught.value.code == "bad-frame"


@pytest.mark.parametrize("header", ["00010001", "ffffffff", "16030102", "47455420"])
def test_too_long_a_frame_is_refused_on_its_header_alone(header):
    with pytest.raises(FrameError) as caught:
        list(Decoder().feed(bytes.fromhex(header)))
    assert caught.value.code == "frame-too-large"


def test_the_longest_frame_passes():
    payload = b"x" * MAX_PAYLOAD
    assert list(Decoder().feed(frame(payload))) == [payload]


def test_good_frames_before_a_bad_one_are_delivered_first():
    stream = Decoder().feed(HI + HI + b"\0\0\0\0")
    assert next(stream) == HI[4:]
    assert next(stream) == HI[4:]
    with pytest.raises(FrameError):
        next(stream)


# -- Messages --------------------------------------------------------------------


@pytest.mark.parametrize(
    "message",
    [
        Welcome("1", "ana", "f00d", 17, "no", ("server=x", "text=4000")),
        Said(1, 1700000000000, "#lobby", "ana", "привет 👋\nzwei\tZeilen", "k1"),
        Said(1, 2, "#lobby", "ana", "without an id"),
        Users("", "#lobby", ("ana", "bob")),
        Joined("#lobby", ()),
        Error("k1", "storage", "the disk is full", 30),
        Bye("shutdown"),
    ],
)
def test_what_the_server_writes_the_client_reads(message):
    assert decode_report(payload_of(message)) == message


def test_missing_trailing_fields_read_as_empty_and_extra_ones_are_ignored():
    assert decode_request(b"who") == Who("", "")
    assert decode_request(b"who\0k1\0#lobby\0later\0fields") == Who("k1", "#lobby")


def test_trailing_empty_fields_are_not_sent():
    assert payload_of(Hello("1", "ana")) == b"hello\x001\0ana"


@pytest.mark.parametrize(
    ("payload", "code", "id"),
    [
        (b"say\0k\0\0\xff", "bad-utf8", ""),
        (b"\xed\xa0\x80", "bad-utf8", ""),  # a lone surrogate is not UTF-8
        (b"nope", "bad-verb", ""),
        (b"SAY\0k1\0\0hi", "bad-verb", ""),
        (b"said\x001\x002\0#lobby\0bob\0forged", "bad-verb", ""),
        (b"say\0k1\0#lobby\0", "bad-text", "k1"),
        (b"say\0k1\0#lobby\0\x1b[2J", "bad-text", "k1"),
        (b"say\0k1\0#lobby\0\xc2\x9b2J", "bad-text", "k1"),
        (b"say\0k1\0#lobby\0a\rb", "bad-text", "k1"),
        (b"say\0k1\0#lobby\0" + b"x" * 4001, "bad-text", "k1"),
        (b"say\0not an id\0#lobby\0hi", "bad-field", ""),
        (b"say\0" + b"k" * 65 + b"\0#lobby\0hi", "bad-field", ""),
        (b"say\0k1\0#" + b"x" * 31 + b"\0hi", "bad-field", "k1"),
        (b"who\0k1\0" + b"x" * 60000, "bad-field", "k1"),
        (b"hello\x001\0ana\0abc", "bad-field", ""),
        (b"hello\x001\0ana\0\0-1", "bad-field", ""),
        (b"hello\x001\0ana\0\0" + b"9" * 16, "bad-field", ""),
        ("hello\x001\0ana\0\0١٢".encode(), "bad-field", ""),
    ],
)
def test_a_wrong_message_is_refused_with_a_code_and_the_requests_id(payload, code, id):
    wrong = refusal(payload)
    assert (wrong.code, wrong.id) == (code, id)


def test_the_longest_text_and_newline_and_tab_pass():
    text = "\n\t" + "x" * 3998
    assert decode_request(b"say\0k1\0\0" + text.encode()) == Say("k1", "", text)


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused_and_nothing_else(payload):
    for decode in (decode_request, decode_report):
        try:
            message = decode(payload)
        except MessageError:
            continue
        assert decode(payload_of(message)) == message


def test_a_field_with_nul_and_a_frame_too_long_cannot_be_written():
    with pytest.raises(ValueError, match="NUL"):
        encode(Bye("quit", "a\0b"))
    with pytest.raises(ValueError, match="do not fit"):
        encode(Users("", "#lobby", ("x" * 20,) * 4000))


def test_secrets_stay_out_of_what_a_log_would_show():
    hello = Hello("1", "ana", "00112233445566778899aabbccddeeff", password="sesame")
    assert "0011" not in repr(hello)
    assert "sesame" not in repr(hello)


def test_every_field_of_every_message_is_of_a_known_kind():
    for message in (Request | Report).__args__:
        *kinds, last = [str(f.type) for f in fields(message)]
        assert set(kinds) <= set(READERS)
        assert last in {*READERS, "Words"}
