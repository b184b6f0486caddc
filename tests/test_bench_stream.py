"""Loss, doubles and order: the benchmark finds them, whoever they happen to."""

import pytest

from bench.limit import end_of_frames
from bench.stream import Broken, Faults, Receiver, Stream, judge
from messages import Error, Joined, Said
from protocol import encode


def line(number, sender="ana"):
    return encode(Said(7, 0, "#lobby", sender, f"{number:09} and so on"))


def lines(*numbers, sender="ana"):
    return b"".join(line(number, sender) for number in numbers)


def heard(*streams, sent):
    """Each receiver gets its bytes, one after the other."""
    stream = Stream()
    receivers = [Receiver(stream) for _ in streams]
    for receiver, data in zip(receivers, streams, strict=True):
        receiver.take(data)
    return judge(receivers, {b"ana": sent}), receivers


GOOD = lines(0, 1, 2, 3)


def test_three_who_hear_the_same_have_no_faults():
    faults, receivers = heard(GOOD, GOOD, GOOD, sent=4)
    assert not faults
    assert not any(receiver.is_odd for receiver in receivers)


@pytest.mark.parametrize(
    ("wrong", "faults"),
    [
        (lines(0, 1, 3), Faults(lost=1)),
        (lines(0, 1, 2), Faults(lost=1)),
        (lines(1, 2, 3), Faults(lost=1)),
        (b"", Faults(lost=4)),
        (lines(0, 1, 1, 2, 3), Faults(doubled=1)),
        (lines(0, 1, 2, 3, 3), Faults(doubled=1)),
        (lines(0, 2, 1, 3), Faults(disordered=1)),
        (lines(3, 0, 1, 2), Faults(disordered=3)),
        (lines(0, 2, 2), Faults(lost=2, doubled=1)),
    ],
)
@pytest.mark.parametrize("place", [0, 1, 2])
def test_what_goes_wrong_for_one_of_three_is_found(wrong, faults, place):
    streams = [GOOD, GOOD, GOOD]
    streams[place] = wrong
    assert heard(*streams, sent=4)[0] == faults


def test_what_goes_wrong_for_all_is_found_for_each():
    wrong = lines(0, 1, 3)
    assert heard(wrong, wrong, wrong, sent=4)[0] == Faults(lost=3)


def test_two_senders_may_be_heard_in_two_orders():
    """Each is told all; that there is one order for all, only our server promises."""
    one, other = line(0) + line(0, "bob"), line(0, "bob") + line(0)
    stream = Stream()
    receivers = [Receiver(stream), Receiver(stream)]
    receivers[0].take(one)
    receivers[1].take(other)
    assert receivers[1].is_odd
    assert not judge(receivers, {b"ana": 1, b"bob": 1})


@pytest.mark.parametrize("size", [1, 2, 3, 7, 50])
def test_the_pieces_in_which_bytes_come_do_not_matter(size):
    stream = Stream()
    receivers = [Receiver(stream), Receiver(stream)]
    for start in range(0, len(GOOD), size):
        receivers[start // size % 2].take(GOOD[start : start + size])
        receivers[1 - start // size % 2].take(GOOD[start : start + size])
    assert not judge(receivers, {b"ana": 4})
    assert not receivers[0].is_odd
    assert not receivers[1].is_odd


def test_bytes_that_only_end_like_the_known_ones_are_other_bytes():
    stream = Stream()
    first, second = Receiver(stream), Receiver(stream)
    first.take(lines(0, 1))
    second.take(line(1))
    assert second.is_odd
    assert second.faults({b"ana": 2}) == Faults(lost=1)


def test_a_line_is_complete_when_the_last_one_has_it():
    stream = Stream()
    first, second = Receiver(stream), Receiver(stream)
    first.take(GOOD)
    second.take(line(0) + line(1)[:-1])
    assert len(stream.complete(min(first.at, second.at))) == 1
    second.take(line(1)[-1:])
    assert len(stream.complete(min(first.at, second.at))) == 1


def test_news_of_who_comes_is_not_a_line():
    news = encode(Joined("#lobby", ("zoe",)))
    assert heard(news + GOOD, news + GOOD, sent=4)[0] == Faults()


def test_a_complaint_of_the_server_ends_the_measurement():
    with pytest.raises(Broken, match=r"error: .*muted.*silent"):
        Stream(encode(Error("", "muted", "you are silent")))


@pytest.mark.parametrize(
    "invented",
    [encode(Said(7, 0, "#lobby", "ana", "hello")), b"\0\0\0\6said\0x"],
)
def test_a_line_that_nobody_said_ends_the_measurement(invented):
    with pytest.raises(Broken, match="nobody has said"):
        Stream(invented)


def test_faults_say_what_happened():
    assert str(Faults(1, 2, 3)) == "1 lost, 2 doubled, 3 disordered"
    assert Faults(1, 0, 0) + Faults(0, 2, 3) == Faults(1, 2, 3)


def test_the_end_of_the_last_whole_frame():
    data = bytearray(line(0) + line(1))
    assert end_of_frames(data) == len(data)
    assert end_of_frames(data[:-1]) == len(line(0))
    assert end_of_frames(data[:3]) == 0
    assert end_of_frames(data, len(line(0))) == len(data)
