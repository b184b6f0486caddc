"""Several lines at once: what is kept of a paste, and the question before sending.

    terminal --Paste--> taken_in --> the editor, to be changed like anything typed
                                        |
                            Enter: ask --> None      one short line: it is sent
                                       '-> Question  Enter, Esc or Ctrl+J answers

A paste is one thing. Chats that sent its lines one by one, and ran those that begin
with `/`, are complained about most (profanity#156, #694; weechat#543, #1419).

Rules: nothing is sent without Enter. One message carries all lines that fit into
it; longer texts become several messages, cut between lines where possible, and too
many of them are refused: everybody would have to scroll past them. A pasted block
that begins with `/` gets a second one, which says: this is text. One sees that and
may take it away.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from protocol import MAX_TEXT
from tui.commands import Refused
from tui.keys import Key
from tui.pending import UNSENDABLE, sendable
from tui.width import graphemes

KEPT = 65_536  # characters of one paste
MOST_MESSAGES = 10  # at once; the server takes 40 in a burst, people fewer


# ---- what is kept ----


@dataclass(frozen=True, slots=True)
class Pasted:
    """A paste as it goes into the editor, and a sentence if part of it is lost."""

    text: str
    notice: str = ""


def taken_in(pasted: str, before: str) -> Pasted:
    """Make a paste fit to be edited; `before` is what stands before the cursor.

    Lines end in newline and the last one in nothing, tabs stay, other controls go.
    """
    text = pasted.replace("\r\n", "\n").replace("\r", "\n")
    text = UNSENDABLE.sub("", text).rstrip("\n")
    kept = _beginning(text, KEPT)
    notice = "" if kept == text else CUT_SHORT
    return Pasted(kept if before.strip() else _never_run(kept), notice)


def _never_run(text: str) -> str:
    """A paste that begins the line: if it is a block, no command, whatever it says."""
    text = text.lstrip("\n")
    is_like_a_command = "\n" in text and text.lstrip().startswith("/")
    return text.replace("/", "//", 1) if is_like_a_command else text


def _beginning(text: str, length: int) -> str:
    """The first characters, but no grapheme cut in two."""
    if len(text) <= length:
        return text
    return "".join(graphemes(text[: length + 1])[:-1])


# ---- the question ----


class Answer(Enum):
    """What a key says to the question."""

    SEND = "send the messages"
    EDIT = "go on editing"
    JOIN = "make it one line, and go on editing"


ANSWERS = {
    "enter": Answer.SEND,
    "escape": Answer.EDIT,
    "ctrl-c": Answer.EDIT,
    "ctrl-g": Answer.EDIT,
    "ctrl-j": Answer.JOIN,
}


@dataclass(frozen=True, slots=True)
class Question:
    """Asked when Enter is pressed on more than one short line."""

    text: str
    messages: tuple[str, ...]  # what SEND sends, in this order

    @property
    def can_be_joined(self) -> bool:
        """Whether its lines would fit into one line that can be sent."""
        return "\n" in self.text and len(joined(self.text)) <= MAX_TEXT

    def answer(self, key: Key) -> Answer | None:
        """None: no answer. The question is gone; the key does its usual work."""
        answer = ANSWERS.get(key.name)
        return None if answer is Answer.JOIN and not self.can_be_joined else answer

    def __str__(self) -> str:
        return ask_to_send(self.text, len(self.messages), self.can_be_joined)


def ask(text: str) -> Question | None:
    """What to ask before `text` is said; None if it may be sent at once.

    `text` is what one person or room would get, without the command before it: so
    that no second message of a private text can go to the whole room. Raises
    Refused if it would be too many messages.
    """
    text = sendable(text)
    if "\n" not in text and len(text) <= MAX_TEXT:
        return None
    messages = tuple(filter(None, map(sendable, split(text))))
    if len(messages) > MOST_MESSAGES:
        raise Refused(too_many(len(messages)))
    return Question(text, messages)


def split(text: str, limit: int = MAX_TEXT) -> Iterator[str]:
    """Cut into pieces of at most `limit` characters; joined they are `text` again."""
    while len(text) > limit:
        cut = _cut(text, limit)
        yield text[:cut]
        text = text[cut:]
    yield text


def _cut(text: str, limit: int) -> int:
    """Behind the last line that fits; else behind a word, else a character."""
    for end in "\n", " ":
        if cut := text.rfind(end, 0, limit) + 1:
            return cut
    return len(_beginning(text, limit)) or limit


def joined(text: str) -> str:
    """All lines as one, with a space between them; indentation goes."""
    return " ".join(filter(None, map(str.strip, text.split("\n"))))


# ---- the sentences ----


CUT_SHORT = f"too long: only the first {KEPT:,} characters of this paste are kept"


def ask_to_send(text: str, messages: int, can_be_joined: bool) -> str:
    """`Send 7 lines as one message? Enter sends, Esc edits, Ctrl+J joins them ...`."""
    lines = text.count("\n") + 1
    what = f"{lines:,} lines" if lines > 1 else f"{len(text):,} characters"
    how = "one message" if messages == 1 else f"{messages} messages"
    join = ", Ctrl+J joins them to one line" if can_be_joined else ""
    return f"Send {what} as {how}? Enter sends, Esc edits{join}"


def too_many(messages: int) -> str:
    return f"too long: these are {messages} messages, at most {MOST_MESSAGES} at once"
