"""What a line does: one function for each row of the command table.

    "/w bob hi" --commands.parse--> Parsed("msg", ("bob", "hi")) --> msg(model, ...)

Here is what one says, and what concerns one's own screen; what the server is asked
beside that stands in tui/orders.py.

Rules: what cannot be done is Refused, with a sentence; the line then stays in the
editor to be mended.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from messages import Say, Tell
from protocol import MAX_TEXT
from tui import orders, wording
from tui.commands import Refused, parse
from tui.events import Copy, Effect, Reconnect, UseMouse, UseTheme
from tui.paste import Question, ask
from tui.pending import sendable
from tui.scrollback import ACTION, LIMIT
from tui.search import Search

if TYPE_CHECKING:
    from tui.model import Model

COPIED_LINES = 20
URL = r"https?://\S+[^\s.,;:!?)'\">]"  # what ends a sentence is no part of it
# What is about the screen; lines have no talks to show, no colours and no mouse.
ON_SCREEN = {
    "close",
    "unread",
    "search",
    "copy",
    "urls",
    "bell",
    "theme",
    "mouse",
    "clear",
}


def submit(model: Model, line: str) -> list[Effect]:
    """Do what a line asks. Raises Refused."""
    if not line.strip():
        return []
    parsed = parse(line, model.chat.roster)
    if parsed.name in ON_SCREEN and not model.has_screen:
        raise Refused(wording.ONLY_ON_SCREEN)
    return DEEDS[parsed.name](model, *parsed.arguments)


# -- Saying ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Asked:
    """A text of several lines or messages, and where it goes if Enter says so."""

    question: Question
    to: str  # a room or a person


def say(model: Model, text: str) -> list[Effect]:
    """Into the talk that is shown."""
    return _send_or_ask(model, model.talk.name, text)


def msg(model: Model, name: str, text: str = "") -> list[Effect]:
    """Go to the talk with one person, and say something there if there is a text."""
    if model.chat.is_me(name):
        raise Refused(wording.SELF_TALK)
    if not model.has_screen and not text:
        raise Refused(wording.usage("msg", "NAME TEXT"))
    effects = _send_or_ask(model, name, text) if text else []
    if model.has_screen and not model.question:
        # In lines it stays: where they go must never change unseen.
        model.chat.talks.show(model.chat.talks.open(model.chat.spelled(name)))
    return effects


def _send_or_ask(model: Model, to: str, text: str) -> list[Effect]:
    """Send it; more than one short line asks first, where there is somebody to ask."""
    if not sendable(text):
        raise Refused(wording.NOTHING_LEFT)
    if model.has_screen and (question := ask(text)):
        model.question = Asked(question, to)
        model.hint = str(question)
        return []
    return send(model, to, text)


def send(model: Model, to: str, text: str) -> list[Effect]:
    """Say it to a room or a person. Raises Refused if no server would take it."""
    id, text = model.chat.pending.new_id(), sendable(text)
    if len(text) > MAX_TEXT:
        raise Refused(wording.too_long(len(text), MAX_TEXT))
    model.talk.viewport.follow()
    model.talk.forget_marker()
    is_room = to.startswith("#")
    return model.chat.ask(Say(id, to, text) if is_room else Tell(id, to, text))


def me(model: Model, text: str) -> list[Effect]:
    """Say what one does."""
    return say(model, ACTION + text)


# -- For oneself -------------------------------------------------------------------


def close(model: Model) -> list[Effect]:
    if not model.talk.is_private:
        return orders.leave(model)
    model.chat.talks.close(model.talk)
    return []


def unread(model: Model) -> list[Effect]:
    if not model.talk.show_unread():
        raise Refused(wording.NOTHING_UNREAD_HERE)
    return []


def search(model: Model, word: str) -> list[Effect]:
    return model.start_search(Search(model.talk.scrollback, word))


def copy(model: Model, lines: str = str(COPIED_LINES)) -> list[Effect]:
    if not (lines.isascii() and lines.isdigit() and int(lines)):
        raise Refused(wording.usage("copy", "[LINES]"))
    items = model.talk.scrollback.tail(int(lines))
    name = model.chat.name
    page = [wording.plain_line(item, name) for item in items]
    return [Copy((*page, "", wording.COME_BACK))]


def urls(model: Model) -> list[Effect]:
    """Each once, whole, in the order in which they were said last."""
    items = model.talk.scrollback.tail(LIMIT)
    said = [found for item in items for found in re.findall(URL, item.text)]
    if not said:
        raise Refused(wording.NO_URLS)
    latest = list(dict.fromkeys(reversed(said)))[:COPIED_LINES]
    return [Copy((*reversed(latest), "", wording.COME_BACK))]


def bell(model: Model, when: str) -> list[Effect]:
    model.choose("bell", when)
    return []


def theme(model: Model, name: str) -> list[Effect]:
    model.choose("theme", name)
    return [UseTheme(model.preferences.theme)]


def mouse(model: Model, state: str) -> list[Effect]:
    model.choose("mouse", state)
    return [UseMouse(model.preferences.mouse)]


def wire(model: Model) -> list[Effect]:
    model.wire.switch()
    if not model.has_screen:  # there one sees it
        model.chat.note("info", wording.wire(is_on=model.wire.is_on))
    return []


def reconnect(model: Model) -> list[Effect]:
    if model.chat.is_online:
        raise Refused(wording.ALREADY_ONLINE)
    return [Reconnect()]


def clear(model: Model) -> list[Effect]:
    model.talk.scrollback.clear()
    model.talk.viewport.follow()
    return []


def help_(model: Model) -> list[Effect]:
    model.open_help()
    return []


def quit_(model: Model) -> list[Effect]:
    return model.leave()


DEEDS: dict[str, Callable[..., list[Effect]]] = {
    "say": say,
    "me": me,
    "msg": msg,
    **orders.DEEDS,
    "close": close,
    "unread": unread,
    "search": search,
    "copy": copy,
    "urls": urls,
    "bell": bell,
    "theme": theme,
    "mouse": mouse,
    "wire": wire,
    "reconnect": reconnect,
    "clear": clear,
    "help": help_,
    "quit": quit_,
}
