"""What is on its way: in order, under one id, until it is answered."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from messages import Say, Tell, Who
from protocol import decode_request, encode
from tui.pending import Pending, sendable


def test_requests_wait_in_the_order_they_were_made():
    pending = Pending()
    asked = [
        Say(pending.new_id(), "#lobby", "one"),
        Who(pending.new_id(), "#lobby"),
        Tell(pending.new_id(), "bob", "two"),
    ]
    for request in asked:
        pending.add(request)
    assert [request.id for request in asked] == ["k1", "k2", "k3"]
    assert list(pending) == asked
    assert pending.lines == [asked[0], asked[2]]


def test_a_settled_request_is_forgotten():
    pending = Pending()
    line = Say("k1", "#lobby", "hi")
    pending.add(line)
    assert "k1" in pending
    assert pending.settle("k1") == line
    assert pending.settle("k1") is None
    assert len(pending) == 0


@pytest.mark.parametrize(
    ("typed", "sent"),
    [
        ("hi", "hi"),
        ("a\0b\x1b[31mc\x85", "ab[31mc"),
        ("a\r\n\tb\n\n", "a\n\tb"),
        ("\n\n    indented", "    indented"),
        ("half an emoji \ud83d", "half an emoji"),
        ("👩‍💻", "👩‍💻"),
    ],
)
def test_what_no_server_takes_is_left_out(typed, sent):
    assert sendable(typed) == sent


@given(st.text(st.characters(exclude_categories=()), min_size=1, max_size=500))
def test_whatever_is_typed_can_travel(typed):
    text = sendable("x" + typed)
    frame = encode(Say("k1", "#lobby", text))
    assert decode_request(frame[4:]).text == text
