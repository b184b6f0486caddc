"""docs/vectors.json says what the codec does, in both directions."""

import json
from dataclasses import fields

import pytest

from labs.grading.vectors import VECTORS, load_vectors
from messages import LOBBY
from protocol import (
    MAX_PAYLOAD,
    REPORTS,
    REQUESTS,
    Decoder,
    ProtocolError,
    decode_report,
    decode_request,
    encode,
)

ALL = load_vectors()
DECODE = {"client": decode_request, "server": decode_report}
SCHEMAS = {"client": REQUESTS, "server": REPORTS}


def read(vector, pieces=None):
    """What comes out of a vector: its messages, and the error that ended them."""
    decoder, messages = Decoder(), []
    try:
        for piece in pieces or vector.pieces:
            messages += map(DECODE[vector.sender], decoder.feed(piece))
    except ProtocolError as wrong:
        return messages, wrong.code
    return messages, "incomplete" if decoder.is_inside_frame else ""


def write(sender, row):
    """The message that a row of `decoded` stands for."""
    values = dict(row)
    schema = SCHEMAS[sender][values.pop("verb")]
    names = {f.name.replace("sender", "from"): f.name for f in fields(schema.message)}
    assert set(values) == set(names), "every field is written out"
    return schema.message(
        **{
            names[name]: tuple(value) if isinstance(value, list) else value
            for name, value in values.items()
        }
    )


@pytest.mark.parametrize("vector", ALL, ids=lambda vector: vector.name)
def test_a_vector_is_read_as_it_says(vector):
    expected = [write(vector.sender, row) for row in vector.decoded]
    assert read(vector) == (expected, vector.error)


@pytest.mark.parametrize("vector", ALL, ids=lambda vector: vector.name)
def test_what_a_vector_says_is_written_as_its_bytes(vector):
    written = b"".join(encode(write(vector.sender, row)) for row in vector.decoded)
    if vector.error:
        assert vector.data.startswith(written)
    else:
        assert (written == vector.data) is vector.is_canonical


@pytest.mark.parametrize("vector", ALL, ids=lambda vector: vector.name)
def test_it_does_not_matter_where_the_stream_is_cut(vector):
    data = vector.data
    cuts = range(len(data)) if len(data) < 100 else (1, 3, 4, 5, len(data) - 1)
    for cut in cuts:
        assert read(vector, [data[:cut], data[cut:]]) == read(vector)


@pytest.mark.parametrize("sender", ["client", "server"])
def test_every_verb_and_every_code_is_there(sender):
    rows = [row for v in ALL if v.sender == sender for row in v.decoded]
    assert {row["verb"] for row in rows} == set(SCHEMAS[sender])
    codes = {"bad-utf8", "bad-verb", "bad-field", "bad-text", "bad-frame"}
    assert codes | {"frame-too-large", "incomplete", ""} == {v.error for v in ALL}


def test_the_edges_are_there():
    lengths = {int.from_bytes(v.data[:4], "big") for v in ALL if len(v.data) >= 4}
    assert {0, 1, MAX_PAYLOAD, MAX_PAYLOAD + 1, 0xFFFFFFFF} <= lengths
    texts = [len(row.get("text", "")) for v in ALL for row in v.decoded]
    assert max(texts) == 4_000


def test_the_file_is_for_every_language():
    rows = json.loads(VECTORS.read_text(encoding="utf-8"))["frames"]
    assert len(rows) >= 60
    assert len({row["name"] for row in rows}) == len(rows)
    for row in rows:
        assert row["why"]
        assert "decoded" in row or "error" in row
    assert VECTORS.stat().st_size < 40_000
    assert LOBBY in VECTORS.read_text(encoding="utf-8")
