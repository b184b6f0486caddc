"""`python protocol.py explain`: what each byte means, or which one is wrong."""

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st
from programs import ROOT

from explain.frames import Wrong, explain, spell
from explain.pasted import PasteError, read_pasted
from explain.program import main
from labs.grading.vectors import load_vectors
from messages import Say, Topic
from protocol import HEADER, encode

HI = encode(Say("k1", "#lobby", "hi"))
SPACED = HI.hex(" ")


def frame(payload):
    return HEADER.pack(len(payload)) + payload


def fault(data):
    """The wrong byte, what was expected there, what was found, and the hint."""
    with pytest.raises(Wrong) as caught:
        list(explain(data))
    wrong = caught.value
    return wrong.at, wrong.expected, wrong.found, wrong.hint


# -- Right frames --------------------------------------------------------------------


def test_a_frame_is_annotated_byte_by_byte():
    assert list(explain(HI)) == [
        "frame 1",
        "     0  00 00 00 10                 length: 16 bytes",
        "     4  73 61 79                    verb: say, from a client",
        "     7  00",
        "     8  6b 31                       id: 'k1'",
        "    10  00",
        "    11  23 6c 6f 62 62 79           room: '#lobby'",
        "    17  00",
        "    18  68 69                       text: 'hi'",
    ]


def test_several_frames_are_counted_and_offsets_go_on():
    lines = list(explain(HI + HI))
    assert "frame 2" in lines
    assert "    20  00 00 00 10                 length: 16 bytes" in lines


def test_topic_is_known_by_what_follows():
    assert "topic, from a server" in "".join(explain(encode(Topic("#m", "ana", "x"))))
    assert "topic, from a client" in "".join(explain(frame(b"topic\0c1\0#m\0x")))


def test_a_long_field_is_shown_by_its_beginning_and_extra_fields_as_such():
    lines = list(explain(frame(b"say\0k1\0\0" + b"x" * 300 + b"\0later")))
    assert max(map(len, lines)) < 100
    assert lines[-1].endswith("extra field, ignored: 'later'")


@pytest.mark.parametrize("vector", load_vectors(), ids=lambda vector: vector.name)
def test_the_explanation_agrees_with_the_vectors(vector):
    if vector.name == "a report sent by a client":  # right, only not from there
        assert "from a server" in "".join(explain(vector.data))
    elif vector.error:
        with pytest.raises(Wrong):
            list(explain(vector.data))
    else:
        frames = [line for line in explain(vector.data) if line.startswith("frame ")]
        assert len(frames) == len(vector.decoded)


def test_a_payload_can_be_spelled_in_one_line():
    assert spell(HI[4:]) == "say | k1 | #lobby | hi"
    assert spell(b"said\0\xff\x1b") == r"said | \\xff\x1b"


# -- Wrong bytes ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("payload", "at", "found"),
    [
        (b"say\0k1\0\0\xff", 12, "ff"),
        (b"say\0k1\0\0h\xe9llo", 13, "e9 6c 6c 6f"),
        (b"say\0k1\0\0a\x1bb", 13, r"'\x1bb'"),
        ("say\0k1\0\0é\x1b".encode(), 14, r"'\x1b'"),
        (b"say\0k 1\0\0hi", 9, "' 1'"),
        (b"who\0" + b"k" * 65, 72, "'k'"),
        (b"say\0k1\0#" + b"r" * 31 + b"\0hi", 42, "'r'"),
        (b"history\0h1\0#a\x0017x", 20, "'x'"),
        ("history\0h1\0#a\0١".encode(), 18, "'١'"),
        (b"history\0h1\0#a\0" + b"9" * 16, 33, "'9'"),
        (b"say\0k1\0#lobby", 17, "nothing"),
        (b"say\0k1\0#lobby\0", 18, "nothing"),
        (b"say\0k1\0\0" + b"x" * 4001, 4012, "'x'"),
        (b"hello\x001\0ana\0abc", 16, "'abc'"),
    ],
)
def test_the_very_byte_is_named(payload, at, found):
    assert fault(frame(payload))[::2] == (at, found)


@pytest.mark.parametrize(
    ("data", "at", "expected", "hint"),
    [
        (
            b"GET / HTTP/1.1\r\n",
            0,
            "a length from 1 to 65,536",
            "is the length missing",
        ),
        (HI[3::-1] + HI[4:], 0, "a length from 1 to 65,536", "big endian"),
        (b"\0\0\0\0", 0, "a length from 1 to 65,536", "four bytes of length"),
        (HI[:3], 3, "a length of 4 bytes", ""),
        (
            b"\0\0\0\x14" + HI[4:],
            20,
            "4 more bytes: the length says 20",
            "payload alone",
        ),
        (HI[:-1], 19, "1 more bytes: the length says 16", ""),
        (
            b"\0\0\0\x09say\0\0\0" + "éé".encode() + b"\xc3\xa9" + HI,
            12,
            "UTF-8",
            "not characters",
        ),
        (b"\0\0\0\5who\0w1xyz" + HI, 9, "a length", "before too small"),
        (frame(b"Say\0k1\0\0hi"), 4, "a verb of docs/PROTOCOL.md", "'say'"),
        (frame(b"say k1 hi"), 4, "a verb of docs/PROTOCOL.md", "not by spaces"),
        (frame(b"\0say"), 4, "a verb of docs/PROTOCOL.md", "not with a NUL"),
    ],
)
def test_a_hint_says_what_probably_happened(data, at, expected, hint):
    wrong = fault(data)
    assert wrong[0] == at
    assert expected in wrong[1]
    assert hint in wrong[3]


@given(st.binary(max_size=80))
def test_any_bytes_are_explained_or_wrong_within_them(data):
    for bytes_ in (data, frame(data), frame(b"say\0" + data), HI + data):
        try:
            list(explain(bytes_))
        except Wrong as wrong:
            at = wrong.at
        else:
            at = 0
        assert 0 <= at <= len(bytes_)


# -- What people paste ---------------------------------------------------------------

XXD = """\
00000000: 0000 0010 7361 7900 6b31 0023 6c6f 6262  ....say.k1.#lobb
00000010: 7900 6869                                y.hi
"""
HEXDUMP = """\
00000000  00 00 00 10 73 61 79 00  6b 31 00 23 6c 6f 62 62  |....say.k1.#lobb|
00000010  79 00 68 69                                       |y.hi|
00000014
"""
OD = """\
0000000 00 00 00 10 73 61 79 00 6b 31 00 23 6c 6f 62 62
0000020 79 00 68 69
0000024
"""
WIRESHARK = """\
0000   00 00 00 10 73 61 79 00 6b 31 00 23 6c 6f 62 62   ....say.k1.#lobb
0010   79 00 68 69                                       y.hi
"""


@pytest.mark.parametrize(
    "pasted",
    [
        SPACED,
        SPACED.upper(),
        HI.hex(),
        HI.hex(":"),
        HI.hex("\n"),
        HI[:4].hex() + " " + HI[4:].hex() + "\n",
        ", ".join(f"0x{byte:02x}" for byte in HI),
        "".join(f"\\x{byte:02x}" for byte in HI),
        repr(HI),
        XXD,
        HEXDUMP,
        OD,
        WIRESHARK,
    ],
)
def test_hex_is_read_as_people_paste_it(pasted):
    assert read_pasted(pasted) == HI


@pytest.mark.parametrize(
    "bytes_", [b"abcdefgh", b"a cafe  beef", bytes(range(256)) * 2]
)
def test_what_a_hexdump_shows_beside_the_bytes_is_not_read(bytes_):
    rows = [bytes_[start : start + 16] for start in range(0, len(bytes_), 16)]
    shown = ["".join(chr(b) if 32 <= b < 127 else "." for b in row) for row in rows]
    dump = [
        f"{16 * n:08x}: {row.hex(' ', 2):<41}{shown[n]}" for n, row in enumerate(rows)
    ]
    assert read_pasted("\n".join(dump)) == bytes_
    dump = [
        f"{16 * n:08x}  {row[:8].hex(' '):<25}{row[8:].hex(' '):<25}|{shown[n]}|"
        for n, row in enumerate(rows)
    ]
    assert read_pasted("\n".join(dump)) == bytes_


@pytest.mark.parametrize(
    ("pasted", "complaint"),
    [
        ("00 00 zz", "'z' is not hex (line 1: 'zz')"),
        ("00 00\n0", "line 2 ends in the middle of a byte"),
        ("b'\\x00", "does not end so"),
    ],
)
def test_what_is_not_hex_is_refused_with_a_sentence(pasted, complaint):
    with pytest.raises(PasteError) as caught:
        read_pasted(pasted)
    assert complaint in str(caught.value)


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused(text):
    try:
        read_pasted(text)
    except PasteError:
        pass  # with a sentence: nothing else comes out


# -- The program ---------------------------------------------------------------------


def run(*arguments, given=b""):
    done = subprocess.run(
        [sys.executable, "protocol.py", *arguments],
        cwd=ROOT,
        input=given,
        capture_output=True,
        check=False,
        env={"PYTHONIOENCODING": "ascii"},
    )
    assert b"Traceback" not in done.stderr
    return done.returncode, done.stdout.decode(), done.stderr.decode()


def test_hex_stands_on_the_command_line_in_one_word_or_many():
    code, out, _ = run("explain", SPACED)
    assert (code, out) == (0, "\n".join(explain(HI)) + "\n")
    assert run("explain", *SPACED.split())[:2] == (0, out)


@pytest.mark.parametrize("given", [SPACED.encode(), XXD.encode(), HI])
def test_a_hyphen_reads_hex_or_bytes_from_standard_input(given):
    assert run("explain", "-", given=given)[0] == 0


def test_a_wrong_frame_is_explained_up_to_the_wrong_byte():
    code, out, _ = run("explain", frame("say\0k1\0\0é\x1b".encode()).hex())
    assert code == 1
    assert r"'\xe9" not in out  # the text is wrong: it is not shown as a field
    assert "    10  00" in out
    assert "WRONG at byte 14\n  expected  text: 1 to 4,000 characters" in out


def test_a_terminal_that_knows_only_ascii_sees_codes():
    code, out, _ = run("explain", frame("say\0k1\0\0é".encode()).hex())
    assert code == 0
    assert r"text: '\xe9'" in out


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ([], "usage"),
        (["explain"], "usage"),
        (["explain", "--help"], "usage"),
        (["dance"], "usage"),
        (["explain", "zz"], "explain: 'z' is not hex"),
        (["explain", ""], "explain: there are no bytes here"),
    ],
)
def test_other_words_are_answered_with_a_sentence(arguments, says, capsys):
    assert main(arguments) == 2
    assert capsys.readouterr().err.startswith(says)
