"""The two bars: the title above the messages, the status below them.

     #lobby  Sockets lab: write your own client                    F1 help
     you@#lobby  online 12 ms              Alt+2 mei 3  Alt+4 bob 1!
     v 14 new below: press End      you@#lobby  online 12 ms  Alt+4 bob 1!

A bar is a pair, left and right, chosen from a list that goes from generous to
terse: the first pair that fits is shown, nothing is cut in half. What has to go
goes in this order: the other talks' keys, my name, their names, the milliseconds,
the other talks, the talk I write in. How well we are connected is told as long as a
word of it fits; only while one reads older lines the way back comes before that.
"""

from __future__ import annotations

from collections.abc import Iterator

from tui import captions
from tui.captions import Caption
from tui.events import Online
from tui.frame import Row, Span
from tui.model import Model
from tui.signs import UNICODE, Signs
from tui.talk import Talk
from tui.width import Ruler

GAP = 2  # cells between left and right
BETWEEN = "  "  # two captions on one side
MIN_HELP = 60  # columns from which the title bar has room for F1

Pair = tuple[str, str]  # what stands left and right


def title_row(model: Model, width: int, ruler: Ruler, signs: Signs = UNICODE) -> Row:
    """Where I am, what it is about, and how to get help."""
    talk = model.talk
    topic = captions.PRIVATE_TOPIC if talk.is_private else talk.topic
    right = f"{captions.HELP_KEY} " if width >= MIN_HELP else ""
    room = width - len(right) - GAP
    left = signs.shorten(f" {talk.name}  {topic}".rstrip(), room, ruler)
    return _bar((left, right), width, ruler)


def status_row(
    model: Model, width: int, ruler: Ruler, now: float, new_below: int
) -> Row:
    """How things are; `new_below` counts what came below the rows in sight."""
    return _bar(_status(model, width, ruler, now, new_below), width, ruler)


def talk_at(
    model: Model, column: int, width: int, ruler: Ruler, now: float, new_below: int
) -> Talk | None:
    """The talk that is named in that cell of the status bar."""
    _, right = _status(model, width, ruler, now, new_below)
    named = {
        caption: talk
        for number, talk in model.chat.talks.unread
        for caption in _activity(number, talk)
    }
    start = width - ruler.cells(right)
    for caption in right.rstrip().split(BETWEEN):
        end = start + ruler.cells(caption)
        if start <= column < end:
            return named.get(caption)
        start = end + len(BETWEEN)
    return None


def _status(model: Model, width: int, ruler: Ruler, now: float, new_below: int) -> Pair:
    """The first pair that fits."""
    places, activities = list(_places(model, now)), list(_activities(model))
    if model.talk.viewport.is_locked:
        pairs = _reading_pairs(captions.below(new_below), places, activities)
    else:
        pairs = _talking_pairs(places, activities)
    fitting = (pair for pair in pairs if _fits(pair, width, ruler))
    return next(fitting, (pairs[-1][0], ""))


def _fits(pair: Pair, width: int, ruler: Ruler) -> bool:
    left, right = map(ruler.cells, pair)
    return left + right + (GAP if right else 0) <= width


def _bar(pair: Pair, width: int, ruler: Ruler) -> Row:
    left, right = pair
    start = ruler.pad(left, max(width - ruler.cells(right), 0))
    return (Span(0, start + right, "bar"),)


# -- What there is to say ----------------------------------------------------------


def _places(model: Model, now: float) -> Caption:
    """Who, where and how well connected, and shorter; the last says only how well."""
    chat, here = model.chat, model.talk.name
    if isinstance(chat.connection, Online):
        state = captions.online(model.lag.round_trip_ms, model.lag.slow_s(now))
    else:
        state = captions.connection(chat.connection, now, len(chat.pending.lines))
    with_place = [f" {here}  {words}" for words in state]
    squeezed = f"{here} {state[-1]}"
    return f" {chat.name}@{with_place[0][1:]}", *with_place, squeezed, f" {state[-1]}"


def _activities(model: Model) -> Iterator[str]:
    """The talks with unread lines, and shorter."""
    unread = model.chat.talks.unread
    if not unread:
        return
    told = [_activity(number, talk) for number, talk in unread]
    for length in range(3):
        yield BETWEEN.join(caption[length] for caption in told)
    # Too many for this screen: those with a line for me come first, one is enough.
    unread.sort(key=lambda row: not row[1].mentions)
    shortest = [_activity(number, talk)[-1] for number, talk in unread]
    for shown in range(len(shortest) - 1, 0, -1):
        left_out = captions.more(len(shortest) - shown)
        yield BETWEEN.join([*shortest[:shown], left_out])
    yield shortest[0]


def _activity(number: int, talk: Talk) -> Caption:
    is_for_me = bool(talk.mentions)
    return captions.activity(number, talk.name, talk.unread, is_for_me=is_for_me)


# -- Pairs, from generous to terse -------------------------------------------------


def _talking_pairs(places: list[str], activities: list[str]) -> list[Pair]:
    """Names of talks may cost my own name; their numbers, details of the state."""
    pairs = []
    for length, activity in enumerate(activities):
        may_cost = 2 if length < 2 else len(places) - 1
        pairs += [(place, f"{activity} ") for place in places[:may_cost]]
    return [*pairs, *((place, "") for place in places)]


def _reading_pairs(
    below: Caption, places: list[str], activities: list[str]
) -> list[Pair]:
    """The way back comes before everything else, in full if it can."""
    states = [f"{place.strip()} " for place in places]
    told = [f"{state}{BETWEEN[1:]}{a} " for a in activities for state in states]
    whole = [(f" {below[0]}", right) for right in (*told, *states)]
    alone = [(f" {words}", "") for words in below]
    return [*whole, (f" {below[1]}", states[-1]), *alone]
