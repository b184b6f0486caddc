"""Torture, group A: bytes that are no frames, not yet frames, or nonsense in frames."""

from time import monotonic

from messages import Bye, Error, Hello, Ping, Pong, Say, Tell
from net.limits import Limits
from protocol import HEADER, MAX_PAYLOAD, VERSION, encode
from torture.peers import Trickle, call, frame_of, last_words, lines_until, read_rest
from torture.scenario import scenario
from torture.stage import MIB, PATIENCE

TOO_LARGE = HEADER.pack(MAX_PAYLOAD + 1)
HUGE = b"\xff\xff\xff\xff"


def refusals(peer, payloads):
    """The code of the error for each payload; the connection must stay."""
    codes = []
    for number, payload in enumerate(payloads):
        peer.send_payload(payload)
        codes.append(peer.hear(Error).code)
        peer.send(Ping(f"p{number}"))  # good sense, so that mistakes are not in a row
        assert peer.hear(Pong).token == f"p{number}"
    return codes


@scenario(1, "bytes come one at a time, 1 ms apart: the line arrives whole")
def test_a_line_arrives_whole_though_its_bytes_come_one_at_a_time(
    shared_stage, unharmed, join
):
    with unharmed(shared_stage):
        ana, bob = join("ana1", shared_stage), join("bob1", shared_stage)
        slowly = Trickle(ana.sock, encode(Say("k1", "#lobby", "one at a time")), 0.001)
        assert lines_until(bob, "one at a time") == ["one at a time"]
        slowly.join()


@scenario(
    2, "a frame is cut after each of its bytes: dropped in silence, no thread left"
)
def test_a_connection_cut_after_each_byte_of_a_frame_leaves_nothing_behind(
    shared_stage, unharmed, join, figure, connect
):
    hello, say = encode(Hello(VERSION, "cut2")), encode(Say("", "", "half a line"))
    bob = join("bob2", shared_stage)
    with unharmed(shared_stage):
        threads, descriptors = shared_stage.threads, shared_stage.descriptors
        for cut in range(len(hello)):
            peer = connect(shared_stage)
            peer.send_bytes(hello[:cut])
            peer.reset() if cut % 2 else peer.close()
        for cut in range(len(say)):
            peer = join(f"cut2.{cut}", shared_stage)
            peer.send_bytes(say[:cut])
            peer.reset() if cut % 2 else peer.close()
        took = shared_stage.settle(
            lambda: (
                (shared_stage.threads, shared_stage.descriptors)
                <= (threads, descriptors)
            ),
            "threads and descriptors are as before",
        )
    figure("all gone after", took, "s", at_most=2)
    bob.send(Tell("", "bob2", "the end"))
    assert lines_until(bob, "the end") == ["the end"]


@scenario(3, "two hundred frames come in one segment: all are handled, in order")
def test_two_hundred_frames_in_one_segment_are_handled_in_order(
    stage, unharmed, join, figure
):
    server = stage("--rate", "0")
    ana = join("ana", server)
    texts = [f"line {number}" for number in range(200)]
    with unharmed(server):
        began = monotonic()
        ana.send_bytes(b"".join(encode(Say("", "", text)) for text in texts))
        assert lines_until(ana, texts[-1]) == texts
        figure("all back after", (monotonic() - began) * 1000, "ms")


@scenario(4, "a frame has length 0: bye bad-frame")
def test_a_frame_of_length_zero_ends_the_connection_with_a_word(
    shared_stage, unharmed, connect, join
):
    with unharmed(shared_stage):
        for peer in connect(shared_stage), join("ana4", shared_stage):
            peer.send_bytes(HEADER.pack(0))
            assert peer.hear(Bye).code == "bad-frame"
            assert peer.raw_rest() == b""


@scenario(5, "a header announces 65,537 bytes: bye frame-too-large, and no memory")
def test_a_length_that_is_too_large_is_refused_before_its_bytes_come(
    shared_stage, unharmed, connect, join, figure
):
    with unharmed(shared_stage):
        before = shared_stage.rss_mib
        for peer in connect(shared_stage), join("ana5", shared_stage):
            peer.send_bytes(TOO_LARGE)  # and not one byte of what it announces
            assert peer.hear(Bye).code == "frame-too-large"
            assert peer.raw_rest() == b""
        figure("RSS change", shared_stage.rss_mib - before, "MiB", at_most=2)


@scenario(6, "10,000 headers FF FF FF FF in a row, then silence: dropped on the header")
def test_ten_thousand_promises_of_four_gibibytes_cost_no_memory(
    shared_stage, unharmed, figure, is_torture
):
    promise(shared_stage, 100)  # whatever grows only once has grown now
    before, count = shared_stage.rss_mib, 10_000 if is_torture else 200
    with unharmed(shared_stage):
        began = monotonic()
        promise(shared_stage, count)
        figure("headers", count)
        figure("per second", count / (monotonic() - began))
        silent = [call(shared_stage.port) for _ in range(50)]
        for sock in silent:
            sock.sendall(HUGE)
        assert {last_words(sock).code for sock in silent} == {"frame-too-large"}
        for sock in silent:
            sock.close()
    change = shared_stage.rss_mib - before
    figure("RSS change", change, "MiB", at_most=2, at_least=-2)


def promise(server, count):
    for _ in range(count):
        with call(server.port) as sock:
            sock.sendall(HUGE)
            assert last_words(sock).code == "frame-too-large"


@scenario(
    7, "65,536 bytes are announced and come by one a second: the deadline of 10 s"
)
def test_a_frame_that_never_gets_ready_is_dropped_by_its_deadline(
    stage, unharmed, connect, figure, is_torture
):
    frame = Limits().frame if is_torture else 0.6
    server = stage(limits={"frame": frame, "first_byte": 15.0})
    crowd = [connect(server) for _ in range(100)]
    for peer in crowd:
        peer.sock.settimeout(frame + PATIENCE)
        peer.send(Ping("here"))
        assert peer.hear(Pong)
    server.forget_peak()
    before = server.rss_mib
    with unharmed(server):
        began = monotonic()
        slow = [Trickle(p.sock, promised(), frame / 10) for p in crowd[:20]]
        for peer in crowd[20:]:
            peer.send_bytes(promised()[:5])
        assert {peer.hear(Bye).code for peer in crowd} == {"bad-frame"}
        figure("dropped after", monotonic() - began, "s", at_most=frame + 1.5)
        assert monotonic() - began >= frame
        for trickle in slow:
            trickle.stop()
    promises = f"RSS for {100 * MAX_PAYLOAD / MIB:.1f} MiB of promises"
    figure(promises, server.peak_rss_mib - before, "MiB", at_most=3)


def promised():
    return HEADER.pack(MAX_PAYLOAD) + b"x" * 1_000


@scenario(
    8, "a payload is not UTF-8: error bad-utf8, nothing relayed, the connection stays"
)
def test_what_is_not_utf8_is_refused_and_told_to_nobody(shared_stage, unharmed, join):
    with unharmed(shared_stage):
        ana, bob = join("ana8", shared_stage), join("bob8", shared_stage)
        texts = [b"\xff", b"\xc3", b"\xe2\x82", b"\x80", b"ok\xfe", b"\xf4\x90\x80\x80"]
        payloads = [b"tell\0k\0bob8\0" + text for text in texts]
        assert refusals(ana, payloads) == ["bad-utf8"] * len(texts)
        ana.send(Tell("", "bob8", "the end"))
        assert lines_until(bob, "the end") == ["the end"]


@scenario(9, "ten frames of nonsense in a row: an error each, and bye after the tenth")
def test_nine_mistakes_in_a_row_are_forgiven_and_ten_are_not(
    shared_stage, unharmed, join
):
    nonsense = [b"\0", b"null", b"[1]", b"42", b'{"type":"say"}', b"SAY\0k\0\0hi"]
    nonsense += [b"said\x001\x001\0#lobby\0bob\0hi", b" say", b"say\0bad id!\0\0hi"]
    with unharmed(shared_stage):
        ana = join("ana9", shared_stage)
        for _ in range(2):
            ana.send_bytes(b"".join(map(frame_of, nonsense)))
            heard = {ana.hear(Error).code for _ in nonsense}
            assert heard == {"bad-verb", "bad-field"}
            ana.send(Ping("sense"))
            assert ana.hear(Pong)
        ana.send_bytes(b"".join(map(frame_of, [*nonsense, b"the tenth"])))
        assert [ana.hear(Error).code for _ in range(10)][-1] == "bad-verb"
        assert ana.hear(Bye).code == "bad-frame"
        assert ana.raw_rest() == b""


@scenario(10, "a payload of 65,536 bytes is nothing but field ends: an answer in 10 ms")
def test_sixty_thousand_fields_are_answered_like_any_other_mistake(
    shared_stage, unharmed, join, figure
):
    ends = b"\0" * MAX_PAYLOAD
    verbs = [b"", b"say\0k\0", b"hello\x001", b"history\0h\0#x\0x", b"no-such"]
    with unharmed(shared_stage):
        ana = join("ana10", shared_stage)
        before, took = shared_stage.rss_mib, []
        for verb in verbs:
            ana.send(Ping("ready"))
            assert ana.hear(Pong)
            began = monotonic()
            ana.send_payload((verb + ends)[:MAX_PAYLOAD])
            assert ana.hear(Error).code != "internal"
            took.append(monotonic() - began)
        figure("slowest answer", max(took) * 1000, "ms", at_most=10)
        figure("RSS change", shared_stage.rss_mib - before, "MiB", at_most=4)


NUMBERS = ["1e999", "NaN", "Infinity", "-1", "+1", "1_000", "0x10", "1.0", "1 ", "\n1"]
NUMBERS += ["٣", "²", "１", "9" * 16, "9" * 60_000, "true", "[1]"]


@scenario(
    11, "numbers that are none, of 60,000 digits too, and fields that are missing"
)
def test_what_is_no_number_is_refused_without_a_traceback(
    stage, unharmed, join, connect
):
    server = stage("--rate", "0")
    history = [f"history\0h\0#lobby\0{number}\x0010" for number in NUMBERS]
    limits = [f"history\0h\0#lobby\0\0{number}" for number in NUMBERS]
    with unharmed(server):
        ana = join("ana11", server)
        for payloads in history, limits:
            found = refusals(ana, [payload.encode() for payload in payloads])
            assert found == ["bad-field"] * len(NUMBERS)
        missing = [b"say", b"say\0k", b"tell", b"tell\0k", b"join", b"answer", b"ask"]
        assert all(refusals(ana, missing))
        stranger = connect(server)
        hellos = [f"hello\x001\0eve11\0\0{number}".encode() for number in NUMBERS]
        assert refusals(stranger, hellos) == ["bad-field"] * len(NUMBERS)


@scenario(12, "half of a surrogate pair, as bytes: error bad-utf8, and nobody stumbles")
def test_a_lone_surrogate_reaches_nobody(shared_stage, unharmed, join):
    with unharmed(shared_stage):
        ana, bob = join("ana12", shared_stage), join("bob12", shared_stage)
        halves = [
            b"\xed\xa0\x80",
            b"\xed\xbf\xbf",
            b"\xc0\x80",
            b"\xed\xa0\x80\xed\xb0\x80",
        ]
        verbs = [
            b"tell\0k\0bob12\0",
            b"say\0k\0#lobby\0",
            b"rename\0k\0",
            b"hello\x001\0",
        ]
        payloads = [verb + half for verb in verbs for half in halves]
        assert refusals(ana, payloads) == ["bad-utf8"] * len(payloads)
        ana.send(Tell("", "bob12", "\\ud800 \ufffd \U0010ffff"))
        last = "\\ud800 \ufffd \U0010ffff"
        assert lines_until(bob, last) == [last]


@scenario(13, "UTF-16, UTF-32 or a byte order mark: refused")
def test_other_encodings_are_refused(shared_stage, unharmed, join):
    with unharmed(shared_stage):
        ana, bob = join("ana13", shared_stage), join("bob13", shared_stage)
        said = "tell\0k\0bob13\0hi"
        encodings = {
            "utf-16": "bad-utf8",  # begins with FF FE
            "utf-16-le": "bad-verb",
            "utf-16-be": "bad-verb",
            "utf-32": "bad-utf8",
            "utf-8-sig": "bad-verb",  # a verb that begins with U+FEFF
            "utf-7": "bad-verb",
        }
        codes = refusals(ana, [said.encode(encoding) for encoding in encodings])
        assert codes == list(encodings.values())
        ana.send(Tell("", "bob13", "the end"))
        assert lines_until(bob, "the end") == ["the end"]


STRANGERS = {
    "a TLS hello": bytes.fromhex("16 03 01 02 00 01 00 01 fc 03 03") + bytes(200),
    "HTTP": b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "a proxy's HTTP": b"CONNECT localhost:443 HTTP/1.1\r\n\r\n",
    "an SSH banner": b"SSH-2.0-OpenSSH_9.6\r\n",
    "a person with nc": b"hello?\n",
}


@scenario(
    14, "a TLS hello, HTTP, SSH and plain text: a sentence each, closed within 1 s"
)
def test_strangers_are_told_in_their_own_form_where_they_are(
    shared_stage, unharmed, figure
):
    logged = len(shared_stage.lines)
    took = []
    with unharmed(shared_stage):
        for what, first in STRANGERS.items():
            with call(shared_stage.port) as sock:
                began = monotonic()
                sock.sendall(first)
                answer = read_rest(sock)
                took.append(monotonic() - began)
            if first[0] == 0x16:
                assert answer == bytes.fromhex("15 03 01 00 02 02 46"), what
            else:
                assert b"This is a Homeroom chat server" in answer, what
                assert answer.endswith(b"\n"), what
    figure("closed after", max(took) * 1000, "ms", at_most=1000)
    noise = [line for line in shared_stage.lines[logged:] if "connected" not in line]
    assert not noise, "a stranger is not worth more than a line"
