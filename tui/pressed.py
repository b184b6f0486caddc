"""What a key does, besides writing: the table of keys, and the modes they work in.

    Key, Typed, Paste --> help open?  --> it scrolls or closes
                      --> searching?  --> it changes the search
                      --> else        --> the editor's, or a row of KEYS

One key, one row, with its help: F1 shows this table.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tui import typed, wording
from tui.events import Effect, Point, Redraw, Scroll, Suspend
from tui.history import HistorySearch
from tui.keys import Click, Input, Key, Paste, Typed, Wheel
from tui.paste import Answer, joined, taken_in
from tui.search import Search

if TYPE_CHECKING:
    from tui.model import Model
    from tui.typed import Asked


@dataclass(frozen=True, slots=True)
class Row:
    """Keys that do the same, what the help says of them, and what they do."""

    keys: tuple[str, ...]
    help: str
    do: Callable[[Model], list[Effect]]


def press(model: Model, key: Input) -> list[Effect]:
    """Do what one key, or one paste, means."""
    if model.help_top is not None:
        return _press_in_help(model, key)
    if model.search:
        return _press_in_search(model, model.search, key)
    if model.history_search and not isinstance(key, Wheel | Click):
        return _press_in_history(model, model.history_search, key)
    if model.question and isinstance(key, Key):
        return _answer(model, model.question, key)
    return _press_in_talk(model, key)


# -- In the help -------------------------------------------------------------------

IN_HELP = {
    "up": Scroll(rows=-1),
    "down": Scroll(rows=+1),
    "pageup": Scroll(pages=-1),
    "pagedown": Scroll(pages=+1),
}


def _press_in_help(model: Model, key: Input) -> list[Effect]:
    """It scrolls; any other key closes it."""
    match key:
        case Wheel(rows):
            return [Scroll(rows=rows)]
        case Key(name) if name in IN_HELP:
            return [IN_HELP[name]]
        case _:
            model.help_top = None
            return []


# -- In a search -------------------------------------------------------------------


def _press_in_search(model: Model, search: Search, key: Input) -> list[Effect]:
    match key:
        case Typed(text):
            search.type(text)
        case Paste(text):
            search.type(text.replace("\n", " "))
        case Key("backspace" | "ctrl-h"):
            search.erase()
        case Key("enter" | "up" | "ctrl-f" | "ctrl-r"):
            search.older()
        case Key("down"):
            search.newer()
        case Key("escape" | "ctrl-g" | "ctrl-c"):
            model.end_search(goes_back=True)
            return []
        case _:
            model.end_search(goes_back=False)
            return _press_in_talk(model, key)
    return model.show_hit(search)


# -- In a talk ---------------------------------------------------------------------


def _press_in_talk(model: Model, key: Input) -> list[Effect]:
    match key:
        case Typed(text):
            model.talk.stay()
            model.editor.insert(text)
            return []
        case Paste(text):
            return _paste(model, text)
        case Wheel(rows):
            model.talk.stay()
            return [Scroll(rows=rows)]
        case Click(row, column):
            return [Point(row, column)]
        case Key(name):
            return _press_key(model, _meant(model, name))


def _press_key(model: Model, name: str) -> list[Effect]:
    if name not in SWITCHING:
        model.talk.stay()
    if name in _ROWS and not (name in EDITORS_FIRST and model.editor.press(name)):
        return _ROWS[name].do(model)
    model.editor.press(name)
    return []


def _paste(model: Model, text: str) -> list[Effect]:
    """One block to be edited: nothing in it is sent or done by itself."""
    model.talk.stay()
    pasted = taken_in(text, model.editor.text[: model.editor.cursor])
    model.editor.insert(pasted.text)
    model.hint = pasted.notice
    return []


def _meant(model: Model, name: str) -> str:
    """On an empty line End goes to the end of the talk, and Home to its begin."""
    if name in ("end", "home") and not model.editor.text:
        return f"ctrl-{name}"
    if name in ("ctrl-n", "ctrl-p") and len(model.chat.talks) == 1:
        return {"ctrl-n": "down", "ctrl-p": "up"}[name]
    return name


def _enter(model: Model) -> list[Effect]:
    editor = model.editor  # a command may show another talk
    effects = model.submit(editor.text)
    is_refused = model.hint and not (model.is_leaving or model.search)
    if not (is_refused or model.question):
        editor.take()
    return effects


def _answer(model: Model, asked: Asked, key: Key) -> list[Effect]:
    """What is done with a text of several lines; any other key goes on editing."""
    model.question = None
    editor = model.editor
    match asked.question.answer(key):
        case Answer.SEND:
            editor.take()
            parts = asked.question.messages
            return [e for part in parts for e in typed.send(model, asked.to, part)]
        case Answer.JOIN:
            editor.replace(0, len(editor.text), joined(editor.text))
            return []
        case Answer.EDIT:
            return []
        case None:
            return _press_in_talk(model, key)


# -- In the history ----------------------------------------------------------------


def _press_in_history(
    model: Model, search: HistorySearch, key: Key | Typed | Paste
) -> list[Effect]:
    ended = search.press(key)
    if not ended:
        return []
    model.history_search = None
    if ended.text is not None:
        model.editor.replace(0, len(model.editor.text), ended.text)
    return _press_in_talk(model, ended.key) if ended.key else []


# -- The rows of the table ---------------------------------------------------------


def _show_number(number: int) -> Callable[[Model], list[Effect]]:
    def show(model: Model) -> list[Effect]:
        if not model.chat.talks.go(number):
            model.hint = wording.no_talk(number)
        return []

    return show


def _show_unread(model: Model) -> list[Effect]:
    if not model.chat.talks.go_to_unread():
        model.hint = wording.NOTHING_UNREAD
    return []


def _step(by: int) -> Callable[[Model], list[Effect]]:
    def step(model: Model) -> list[Effect]:
        model.chat.talks.step(by)
        return []

    return step


def _to_top(model: Model) -> list[Effect]:
    effects = model.fetch_older()  # if there is more, it is on its way
    model.talk.show(model.talk.scrollback.first)
    return effects


def _to_bottom(model: Model) -> list[Effect]:
    model.talk.viewport.follow()
    return []


def _to_mention(by: int) -> Callable[[Model], list[Effect]]:
    def go(model: Model) -> list[Effect]:
        if not model.talk.show_mention(by):
            model.hint = wording.NO_MENTION
        return []

    return go


def _start_search(model: Model) -> list[Effect]:
    return model.start_search(Search(model.talk.scrollback))


def _toggle_panes(model: Model) -> list[Effect]:
    model.are_panes_hidden = not model.are_panes_hidden
    return []


def _start_history(model: Model) -> list[Effect]:
    model.start_history_search()
    return []


def _complete(direction: int) -> Callable[[Model], list[Effect]]:
    def complete(model: Model) -> list[Effect]:
        if not model.completer.press(model.editor, direction):
            model.hint = wording.NOTHING_FITS
        return []

    return complete


def _open_help(model: Model) -> list[Effect]:
    model.open_help()
    return []


NUMBERS = tuple(
    Row((f"alt-{n}",), "go to that talk" if n == 1 else "", _show_number(n))
    for n in range(1, 10)
)

KEYS = (
    Row(("enter",), "say it", _enter),
    Row(("tab",), "complete a name or a command", _complete(+1)),
    Row(("shift-tab",), "the completion before", _complete(-1)),
    Row(("ctrl-r",), "find what you said before", _start_history),
    Row(("pageup",), "read older lines", lambda _: [Scroll(pages=-1)]),
    Row(("pagedown",), "read newer lines", lambda _: [Scroll(pages=+1)]),
    Row(("shift-up",), "one row up", lambda _: [Scroll(rows=-1)]),
    Row(("shift-down",), "one row down", lambda _: [Scroll(rows=+1)]),
    Row(("ctrl-home",), "the oldest line", _to_top),
    Row(("ctrl-end",), "the newest line", _to_bottom),
    *NUMBERS,
    Row(("ctrl-n",), "the next talk", _step(+1)),
    Row(("ctrl-p",), "the talk before", _step(-1)),
    Row(("alt-a",), "the next unread talk", _show_unread),
    Row(("f4",), "where the unread begins", lambda model: model.submit("/unread")),
    Row(("alt-p",), "the last line that names you", _to_mention(-1)),
    Row(("alt-n",), "the next that names you", _to_mention(+1)),
    Row(("ctrl-f",), "find a word", _start_search),
    Row(("f1",), "this help", _open_help),
    Row(("f2",), "only the messages, to copy", _toggle_panes),
    Row(("f3",), "the wire: each recv and send", lambda model: model.submit("/wire")),
    Row(("ctrl-l", "f5"), "draw the screen again", lambda _: [Redraw()]),
    Row(("ctrl-z",), "to the shell; fg comes back", lambda _: [Suspend()]),
    Row(("ctrl-c", "ctrl-d"), "twice: leave", lambda model: model.warn()),
)

_ROWS = {name: row for row in KEYS for name in row.keys}
SWITCHING = {"ctrl-n", "ctrl-p", "alt-a", *(f"alt-{n}" for n in range(1, 10))}
EDITORS_FIRST = {"ctrl-d"}  # deletes a character, if there is one
