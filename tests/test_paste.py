import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocol import MAX_TEXT
from tui.commands import Parsed, Refused, parse
from tui.keys import Key
from tui.paste import KEPT, MOST_MESSAGES, Answer, ask, joined, split, taken_in
from tui.pending import UNSENDABLE, sendable


def edited(pasted, before=""):
    return taken_in(pasted, before).text


# ---- what is kept ----


def test_lines_end_in_newline_and_tabs_stay():
    assert edited("a\r\nb\rc\n\td") == "a\nb\nc\n\td"


def test_controls_go():
    assert edited("a\x1b[31mb\x00\x07\x9bc\ud800") == "a[31mbc"


def test_the_newline_behind_a_copied_line_goes():
    assert edited("one line\r\n") == "one line"
    assert edited("\n\n\tx\n\n") == "\tx"
    assert edited("\n- one\n", "see:") == "\n- one"


def test_a_long_paste_is_cut_and_told():
    kept = taken_in("x" * (KEPT + 1), "")
    assert kept.text == "x" * KEPT
    assert "only the first 65,536 characters" in kept.notice
    assert taken_in("x" * KEPT, "").notice == ""


def test_a_long_paste_is_not_cut_inside_an_emoji():
    assert edited("x" * (KEPT - 1) + "👍🏽") == "x" * (KEPT - 1)
    assert edited("x" * (KEPT - 2) + "👍🏽y") == "x" * (KEPT - 2) + "👍🏽"


@pytest.mark.parametrize("block", ["/quit\nx", "\n/quit\nx", "  /quit\nx", "/etc/x\ny"])
@pytest.mark.parametrize("before", ["", " ", "\n"])
def test_a_pasted_block_never_runs_a_command(block, before):
    line = before + edited(block, before)
    assert parse(line, ()) == Parsed("say", (block.strip(),))


def test_slashes_inside_a_paste_stay_as_they_are():
    assert edited("a\n/quit") == "a\n/quit"
    assert edited("/quit\nx", "see ") == "/quit\nx"


def test_one_pasted_line_may_be_a_command_for_one_sees_it_before_enter():
    assert edited("/who\n") == "/who"


@given(st.text(), st.sampled_from(["", "hi ", "/msg bob "]))
def test_whatever_is_pasted_can_be_edited_and_pasted_again(pasted, before):
    text = edited(pasted, before)
    assert not UNSENDABLE.search(text)
    assert not text.endswith("\n")
    if before == "hi ":
        assert edited(text, before) == text


# ---- the question ----


def test_one_short_line_is_sent_at_once():
    assert ask("hi") is None
    assert ask("x" * MAX_TEXT) is None
    assert ask("hi\n\n") is None


def test_several_lines_are_one_message_if_one_wants():
    question = ask("a\nb\n\nc")
    assert question.messages == ("a\nb\n\nc",)
    assert str(question) == (
        "Send 4 lines as one message?"
        " Enter sends, Esc edits, Ctrl+J joins them to one line"
    )


def test_a_text_over_the_limit_becomes_several_messages_cut_between_lines():
    line = "y" * 1_499
    question = ask("\n".join([line] * 5))
    assert [message.count("y") for message in question.messages] == [
        2_998,
        2_998,
        1_499,
    ]
    assert str(question) == "Send 5 lines as 3 messages? Enter sends, Esc edits"


def test_a_line_over_the_limit_is_cut_between_words():
    question = ask("word " * 1_000)
    assert [len(message) for message in question.messages] == [3_999, 999]
    shown = "Send 4,999 characters as 2 messages? Enter sends, Esc edits"
    assert str(question) == shown


def test_a_long_word_is_cut_but_no_emoji():
    question = ask("x" * (MAX_TEXT - 1) + "👍🏽")
    assert question.messages == ("x" * (MAX_TEXT - 1), "👍🏽")


def test_too_many_messages_are_refused():
    assert len(ask("x" * MAX_TEXT * MOST_MESSAGES).messages) == MOST_MESSAGES
    with pytest.raises(Refused, match="11 messages"):
        ask("x" * (MAX_TEXT * MOST_MESSAGES + 1))


def test_keys_answer_the_question():
    question = ask("a\nb")
    assert question.answer(Key("enter")) is Answer.SEND
    assert question.answer(Key("escape")) is Answer.EDIT
    assert question.answer(Key("ctrl-c")) is Answer.EDIT
    assert question.answer(Key("ctrl-j")) is Answer.JOIN
    assert question.answer(Key("left")) is None


def test_what_is_too_long_for_one_line_cannot_be_joined():
    question = ask("\n".join(["x" * 3_000] * 2))
    assert question.answer(Key("ctrl-j")) is None
    assert "Ctrl+J" not in str(question)


def test_indentation_does_not_count_against_joining():
    question = ask("\n".join([" " * 3_000 + "x"] * 2))
    assert question.answer(Key("ctrl-j")) is Answer.JOIN


@pytest.mark.parametrize(
    ("text", "line"),
    [("a\n\n  b \n", "a b"), ("for x in y:\n\tprint(x)", "for x in y: print(x)")],
)
def test_joined_lines_are_one_line_with_single_spaces_between(text, line):
    assert joined(text) == line


@given(st.text(st.sampled_from("ab \n漢👍🏽\u0301\u200d")), st.integers(1, 9))
def test_no_piece_is_too_long_and_together_they_are_the_text(text, limit):
    pieces = list(split(text, limit))
    assert "".join(pieces) == text
    assert all(len(piece) <= limit for piece in pieces)


@given(st.text(), st.integers(1, 3))
def test_what_enter_sends_is_what_a_server_takes(text, times):
    question = ask(text * times)
    for message in question.messages if question else ():
        assert sendable(message) == message
        assert 1 <= len(message) <= MAX_TEXT
