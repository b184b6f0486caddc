"""The sentences that the client shows: lines, the connection, refusals.

    Item, Connection, refusal --wording--> "ana: hi", "offline: retry in 4 s"

So a class can have its chat speak another language by changing three files, and the
two faces of the client, lines and screen, say the same things. What is told of rooms
and people is worded in tui/news.py; what stands around the lines of a screen, in
tui/captions.py.

A line that somebody said begins with a name and a colon, or with `[Private`; what
the program reports begins with `*`, and with `!` where something went wrong.
Names and texts come in safe to draw (`tui.sanitize`).
"""

from __future__ import annotations

import math
import time
from collections.abc import Sequence

from tui.events import Connecting, Connection, Ended, Lost, Online
from tui.scrollback import Item

NAMES_SHOWN = 3  # of a batch: a whole school may join at once
SENDING = "(sending)"
EARLIER = "earlier"  # said before we came

# -- Items -------------------------------------------------------------------------


def stamp(seconds: float) -> str:
    """The local time of day, `14:06`."""
    try:
        return time.strftime("%H:%M", time.localtime(seconds))
    except (OverflowError, OSError, ValueError):
        return "--:--"  # a server's clock can say anything; Windows ends at 3000


def date(seconds: float) -> str:
    """The local day, `2026-11-20`."""
    try:
        return time.strftime("%Y-%m-%d", time.localtime(seconds))
    except (OverflowError, OSError, ValueError):
        return "----------"


def body(item: Item, me: str) -> str:
    """What the item says, without its time; further lines of a text as they are."""
    match item.kind:
        case "said":
            return f"{_where(item)}{_said(item)}"
        case "told":
            other = f"to {item.to}" if item.sender == me else f"from {item.sender}"
            return f"[Private {other}]: {'* ' if item.action else ''}{text(item)}"
        case "alert":
            return f"! {item.text}"
        case "info" | "ok" | "presence":
            return f"* {_where(item)}{text(item)}"


def _said(item: Item) -> str:
    return f"* {text(item)}" if item.action else f"{item.sender}: {item.text}"


def _where(item: Item) -> str:
    """Which room, if it is not the lobby: lines of several rooms come mixed."""
    return f"[{item.room}] " if item.room else ""


def text(item: Item) -> str:
    """What the item says, without who says it; who does something is part of it."""
    if item.action:
        return f"{item.sender} {item.action}"
    if item.kind != "presence":
        return item.text
    joined = f"{some_of(item.names)} joined" if item.names else ""
    gone = f"{some_of(item.gone)} left{_why_left(item.text)}" if item.gone else ""
    return "; ".join(filter(None, (joined, gone)))


def plain_line(item: Item, me: str) -> str:
    """`[14:06] ana: hi`, for plain mode.

    Further lines of a text are indented under the first. Otherwise a text with
    the line `[14:07] bob: I cheated` in it would be bob's confession. (Where a
    terminal breaks a long line is not in our hands.)
    """
    start = f"[{date(item.time)} {stamp(item.time)}] ({EARLIER}) "
    start = start if item.is_past else f"[{stamp(item.time)}] "
    return start + body(item, me).replace("\n", "\n" + " " * len(start))


WHY_LEFT = {
    "lost": "connection lost",
    "slow": "too slow to keep up",
    "slow-consumer": "too slow to keep up",
    "ping-timeout": "no answer any more",
    "flood": "too many lines",
}


def _why_left(why: str) -> str:
    return "" if why in ("", "quit", "left") else f" ({WHY_LEFT.get(why, why)})"


def some_of(names: Sequence[str]) -> str:
    """`ana, bob and mei`; of many only the first few and how many others."""
    if len(names) > NAMES_SHOWN:
        shown = NAMES_SHOWN - 1
        return f"{', '.join(names[:shown])} and {len(names) - shown} others"
    return " and ".join(filter(None, (", ".join(names[:-1]), *names[-1:])))


# -- The connection ----------------------------------------------------------------


def connection(state: Connection, now: float, waiting: int) -> str:
    """Where the connection stands; `now` as time.monotonic(), `waiting` in lines."""
    match state:
        case Online():
            return "online"
        case Ended(why):
            return f"offline: {why}"
        case Connecting(address):
            return f"connecting to {address} ...{queue(waiting)}"
        case Lost():
            tries = f"{_ordinal(state.attempt)} try"
            offline = f"offline{queue(waiting)}"
            return f"{offline}: {retry(state, now)} ({tries}), /reconnect now"


def queue(lines: int) -> str:
    return f", {count(lines, 'line')} waiting" if lines else ""


def retry(lost: Lost, now: float) -> str:
    return f"retry in {max(math.ceil(lost.retry_at - now), 0)} s"


def reconnected(seconds: float, lines: int = 0, *, is_resumed: bool) -> str:
    """`reconnected after 9 s, 2 lines caught up`."""
    lasted = f" after {_duration(int(seconds))}" if seconds >= 1 else ""
    caught_up = f", {count(lines, 'line')} caught up" if lines else ""
    gap = "" if is_resumed else ", lines said in between are missing here"
    return f"reconnected{lasted}{caught_up}{gap}"


def _duration(seconds: int) -> str:
    """As rough as people say it: `9 s`, `3 min`, `2 h`."""
    if seconds < 120:
        return f"{seconds} s"
    minutes = seconds // 60
    return f"{minutes} min" if minutes < 120 else f"{minutes // 60} h"


def lost(why: str) -> str:
    return f"offline, trying again: {why}"


FAREWELLS = {
    "replaced": "an earlier call of ours was heard late",
}


def farewell(code: str, text: str) -> str:
    """Why the server closed: its own words, where ours say no more."""
    return FAREWELLS.get(code) or text or code


def not_let_in(why: str) -> str:
    """The server is there again, but refuses our name."""
    return f"{why}; trying on, /nick NAME tries another"


WAITS = "done when the server is back"
OFFLINE = "not now: there is no connection"
ALREADY_ONLINE = "you are connected"

# -- Refusals ----------------------------------------------------------------------

ERRORS = {
    "bad-text": "the server does not take this text",
    "busy": "the server is busy",
    "internal": "the server made a mistake",
    "no-such-user": "nobody of that name is here",
    "storage": "the server cannot store lines at the moment",
    "not-in-room": "you are not in that room",
    "too-long": "too long",
}


def refusal(code: str, text: str, retry: int | None = None) -> str:
    """The server's no, in friendly words; its own where we have none."""
    sentence = ERRORS.get(code) or text or code
    return f"{sentence}, try again in {retry} s" if retry else sentence


def not_sent(text: str, why: str = "") -> str:
    return f"not sent: {why}: {text}" if why else f"not sent: {text}"


NOTHING_LEFT = "nothing but control characters: this was not sent"


def too_long(length: int, limit: int) -> str:
    return f"{length:,} characters: a line has at most {limit:,}, this was not sent"


def unknown_command(word: str, nearest: str | None) -> str:
    """The answer to a command that does not exist, with the nearest that does."""
    if nearest:
        return f"unknown command {word}, did you mean /{nearest}?"
    return f"unknown command {word}, /help lists them all; //{word[1:]} sends it"


def usage(name: str, arguments: str) -> str:
    return f"usage: /{name} {arguments}"


# -- Leaving -----------------------------------------------------------------------


def leave_hint(waiting: int) -> str:
    """Said after the first Ctrl+C."""
    unsent = f" ({count(waiting, 'line')} not sent yet)" if waiting else ""
    return f"Ctrl+C again leaves{unsent}"


def leaving(waiting: int) -> str:
    """Said while we leave politely."""
    what = f" when {count(waiting, 'line')} got through" if waiting else ""
    return f"leaving{what}, Ctrl+C again leaves at once"


def count(number: int, one: str, many: str = "") -> str:
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def _ordinal(number: int) -> str:
    endings = {1: "st", 2: "nd", 3: "rd"}
    is_teen = number % 100 in (11, 12, 13)
    return f"{number}{'th' if is_teen else endings.get(number % 10, 'th')}"


# -- What a key or command cannot do -----------------------------------------------

FIRST_STEPS = (
    "Type a message and press Enter.",
    "Tab completes names and /commands, F1 shows all keys, Ctrl+C twice leaves.",
    "Who you talk with is said in the last row but one; Alt+1 comes back to the room.",
)
COME_BACK = "(select what you need; Enter comes back to the chat)"
SELF_TALK = "that is you: choose somebody else"
CANNOT_LEAVE = "everybody is in the lobby; /quit leaves the chat"
NO_ROOM = "this is a private talk; go to a room first, or name one"
NO_INVITATION = "everybody is in the lobby; go to a room first"
NO_HISTORY = "this server keeps no lines to look back at"
NOT_FOUND = "not found here; Esc ends the search"
NOTHING_UNREAD = "nothing unread"
NOTHING_UNREAD_HERE = "nothing unread here"
NO_MENTION = "no further line here names you"
NOTHING_FITS = "nothing to complete here"
NO_UTF8 = "your locale knows no UTF-8: only plain letters can be shown and typed"
NO_URLS = "no address of a page was said here"
ONLY_ON_SCREEN = "this works on the full screen only"


def wire(*, is_on: bool) -> str:
    """The answer to /wire, where there is no pane that one would see."""
    if is_on:
        return "wire: < is what a recv brought, > what was sent; again: no more"
    return "wire: no more"


def no_talk(number: int) -> str:
    return f"there is no talk {number}"


def chosen(what: str, choice: str) -> str:
    """The answer to /bell, /theme, /mouse: what holds from now on."""
    advice = ": hold Shift to select text" if (what, choice) == ("mouse", "on") else ""
    return f"{what} {choice}{advice}"
