"""The input line, and what is said right above it.

    /search WORD   find it in what was said here      the commands that begin so, or
    unknown command /hlep, did you mean /help?        the hint, or the completions
    zoe asks for a private chat. /yes or /no (42 s)   a question that is open
     you@#lobby  online 12 ms
    > I think the bug is in the buffer_               what is being typed

While nothing is typed a dim sentence says what this line is for. A text of several
lines takes up to three rows, those around the cursor; … says that there are more.
While searching, the word that is searched stands here.
"""

from __future__ import annotations

import math

from tui import captions, news
from tui.commands import Command
from tui.editor import Editor
from tui.frame import Row, Span
from tui.inputrow import cut_to_row
from tui.layout import MIN_TEXT
from tui.model import Model
from tui.signs import UNICODE, Signs
from tui.width import Ruler
from tui.wrap import wrap

PROMPT = "> "
MAX_COMMANDS = 5  # rows


Input = tuple[list[Row], tuple[int, int]]  # rows; the cursor's row and column in them

# -- Above -------------------------------------------------------------------------


def notice_rows(
    model: Model,
    width: int,
    height: int,
    ruler: Ruler,
    now: float,
    signs: Signs = UNICODE,
) -> list[Row]:
    """What is to be said now, in at most a quarter of a screen of that height.

    A hint answers the last key, so it comes first where there is one row only; the
    question stays until it is answered.
    """
    if height < 2 or model.help_top is not None:
        return []
    question, room = _question_rows(model, width, ruler, now), max(height // 4, 1)
    if model.matching and not model.hint:
        room = min(height // 4, MAX_COMMANDS) - len(question)
        return [*_command_rows(model.matching, width, room, ruler, signs), *question]
    words = model.hint or model.candidates
    rows = wrap(words, width, ruler) if words else []
    shown = rows[: max(room - len(question), 1)]
    return [*((Span(0, row, "dim"),) for row in shown), *question][:room]


def _question_rows(model: Model, width: int, ruler: Ruler, now: float) -> list[Row]:
    """What somebody asks and has no answer to yet; the oldest question."""
    asked = model.chat.requests.asked_of_me(now)
    if not asked or model.question:
        return []
    first = asked[0]
    sentence = news.asked(first.name, first.kind, first.detail)
    left_s = math.ceil(first.until - now)
    caption = captions.question(sentence, len(asked) - 1, left_s)
    return [(Span(0, captions.fit(caption, width, ruler), "bold"),)]


def _command_rows(
    matching: tuple[Command, ...], width: int, room: int, ruler: Ruler, signs: Signs
) -> list[Row]:
    """What one may go on to type, as a table; what does not fit is cut."""
    shown = matching[: max(room, 0)]
    usages = [f" /{row.name} {row.arguments}".rstrip() for row in shown]
    column = max(map(ruler.cells, usages), default=0) + 2
    if width - column >= MIN_TEXT:
        usages = [
            ruler.pad(usage, column) + row.help
            for usage, row in zip(usages, shown, strict=True)
        ]
    return [(Span(0, signs.shorten(text, width, ruler), "dim"),) for text in usages]


# -- The line itself ---------------------------------------------------------------


def rows_wanted(model: Model) -> int:
    """How many rows the input would fill."""
    return 1 if _is_searching(model) else model.editor.text.count("\n") + 1


def input_rows(
    model: Model, width: int, height: int, ruler: Ruler, signs: Signs = UNICODE
) -> Input:
    """Exactly `height` rows, 1 or more, and the cursor in them."""
    editor = model.editor
    if height > 1 and "\n" in editor.text and not _is_searching(model):
        return _several_rows(editor, width, height, ruler, signs)
    row, column = _one_row(model, width, ruler)
    return [*[()] * (height - 1), row], (height - 1, column)


def _is_searching(model: Model) -> bool:
    return bool(model.search or model.history_search)


def _one_row(model: Model, width: int, ruler: Ruler) -> tuple[Row, int]:
    editor = model.editor
    if model.search:
        query = model.search.query
        prompt = captions.SEARCH if width >= 2 * len(captions.SEARCH) else ""
        return _typed_row(prompt, query, len(query), width, ruler)
    if model.history_search:
        found = model.history_search.prompt
        return _typed_row("", found, found.find(") "), width, ruler)
    if not editor.text:
        return _empty_row(model.talk.name, width, ruler)
    return _typed_row(PROMPT, editor.text, editor.cursor, width, ruler)


def _typed_row(
    prompt: str, text: str, cursor: int, width: int, ruler: Ruler
) -> tuple[Row, int]:
    """A text around its cursor, and the cursor's column."""
    start = ruler.cells(prompt) if width >= MIN_TEXT else 0
    shown, column = cut_to_row(text, cursor, max(width - start, 1), ruler)
    spans = (Span(0, prompt), Span(start, shown)) if start else (Span(0, shown),)
    return spans, start + column


def _empty_row(talk: str, width: int, ruler: Ruler) -> tuple[Row, int]:
    if width < MIN_TEXT:
        return (), 0
    start = len(PROMPT)
    words = captions.fit(captions.placeholder(talk), width - start - 1, ruler)
    return (Span(0, PROMPT), Span(start, words, "dim")), start


def _several_rows(
    editor: Editor, width: int, height: int, ruler: Ruler, signs: Signs
) -> Input:
    """The lines around the cursor."""
    lines = editor.text.split("\n")
    before = editor.text[: editor.cursor].split("\n")
    here, column = len(before) - 1, len(before[-1])
    first = max(min(here - height // 2, len(lines) - height), 0)
    last = min(first + height, len(lines)) - 1
    rows: list[Row] = [()] * (height - (last - first + 1))
    cursor = (0, 0)
    for number in range(first, last + 1):
        is_cut = 0 < number == first or number == last < len(lines) - 1
        prompt = f"{signs.cut} " if is_cut else PROMPT if number == 0 else "  "
        start = column if number == here else 0
        row, cell = _typed_row(prompt, lines[number], start, width, ruler)
        cursor = (len(rows), cell) if number == here else cursor
        rows.append(row)
    return rows, cursor
