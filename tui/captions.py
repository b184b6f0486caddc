"""The words around the messages: bars, rules and panes, each in several lengths.

    "offline: retry in 4 s (2nd try), /reconnect now"    wide
    "offline: retry in 4 s"
    "offline"                                            narrow

A caption is a tuple of wordings, the longest first; the first that fits is shown.
So a small screen gets fewer words and never a code or half a sentence. What is said
in lines, on the screen and in plain mode, is worded in tui/wording.py.
"""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from tui import news, wording
from tui.events import Connecting, Connection, Ended, Lost, Online
from tui.width import Ruler

Caption = tuple[str, ...]


def fit(caption: Caption, cells: int, ruler: Ruler) -> str:
    """The longest wording that fits, or what fits of the shortest."""
    fitting = (words for words in caption if ruler.cells(words) <= cells)
    return next(fitting, ruler.cut(caption[-1], cells))


HELP_KEY = "F1 help"
PRIVATE_TOPIC = "private talk"
SEARCH = "search: "

# -- Between the messages ----------------------------------------------------------

# Not from the locale: the words around them are English too.
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)


@lru_cache(maxsize=4096)  # asked about every item of every picture
def day_of(seconds: float) -> date | None:
    """The local day of a moment; None if a mad clock says none."""
    try:
        return date.fromtimestamp(seconds)
    except (OverflowError, OSError, ValueError):
        return None


def days(day: date) -> Caption:
    """`Friday 20 November 2026`."""
    name, month = DAYS[day.weekday()], MONTHS[day.month - 1]
    return (
        f"{name} {day.day} {month} {day.year}",
        f"{name[:3]} {day.day} {month[:3]} {day.year}",
        f"{day.day} {month[:3]}",
    )


def unread(count: int) -> Caption:
    """Where the unread lines begin."""
    new = f"{count:,} new" if count else "new"
    return f"{new} since you looked", new


LOADING: Caption = ("loading older lines ...", "loading ...", "...")
FULL: Caption = ("older lines do not fit here any more", "older lines: no room", "")
EARLIER: Caption = ("above: said earlier", "earlier")


def beginning(talk: str) -> Caption:
    """Above the first line that there is."""
    return news.beginning(talk), "the beginning", ""


# -- Above the input ---------------------------------------------------------------


def question(asked: str, more: int, left_s: int) -> Caption:
    """`zoe asks for a private chat: exercise 3. /yes or /no (42 s)`."""
    name, answers = asked.partition(" ")[0], "/yes or /no"
    others = f", {more} more ask" if more else ""
    time = f"{left_s} s{others}"
    sentence = news.finished(asked)
    return (
        f"{sentence} {answers} ({time})",
        f"{sentence} {answers}",
        f"{name} asks: {answers} ({time})",
        f"{name} asks: {answers}",
        f"{name}: {answers}",
        answers,
        "/yes /no",
    )


# -- The status bar ----------------------------------------------------------------


def connection(state: Connection, now: float, waiting: int) -> Caption:
    """Where the connection stands; `now` as time.monotonic(), `waiting` in lines."""
    full, offline = wording.connection(state, now, waiting), "offline"
    match state:
        case Online():
            return (full,)
        case Ended():
            return full, offline
        case Connecting():
            return full, "connecting ...", offline
        case Lost():
            queue, retry = wording.queue(waiting), wording.retry(state, now)
            without_advice = full.rpartition(",")[0]
            shorter = (f"{offline}{queue}: {retry}", f"{offline}{queue}", offline)
            return full, without_advice, *shorter


def online(round_trip_ms: int | None, slow_s: int) -> Caption:
    """How fast the server answers; what both mean is in tui/lag.py."""
    if slow_s:
        return f"slow: no answer for {slow_s} s", f"slow: {slow_s} s", "slow"
    if round_trip_ms is None:
        return ("online",)
    return f"online {round_trip_ms} ms", "online"


def below(new: int) -> Caption:
    """Said while somebody reads older lines."""
    if not new:
        return "v older lines: press End", "v older: End", "v"
    return f"v {new:,} new below: press End", f"v {new:,} new: End", f"v {new:,}"


def activity(number: int, name: str, unread: int, *, is_for_me: bool) -> Caption:
    """Unread lines in another talk and how to get there: `Alt+2 bob 1!`."""
    count = f"{unread:,}{'!' if is_for_me else ''}"
    key = f"Alt+{number} " if number <= 9 else ""
    return f"{key}{name} {count}", f"{name} {count}", f"{number}:{count}"


# -- The wire: what a recv brought, and where frames begin and end in it -----------

WIRE: Caption = (
    "the wire: what recv brought, what was sent; [length] begins a frame; F3 closes",
    "the wire: [length] begins a frame; F3 closes",
    "the wire; F3 closes",
    "wire",
)
NOTHING_PASSED: Caption = ("nothing has passed yet: say something", "nothing yet")
CLOSED: Caption = ("the end: the other side has closed", "the end")


def call(way: str, number: int, size: int) -> Caption:
    """`< recv #41     7 bytes`: which recv or send, and how much it took."""
    mark, unit = ("<" if way == "recv" else ">"), "byte" if size == 1 else "bytes"
    name = f"{mark} {way} #{number:<3}{size:>5,}"
    return f"{name} {unit:5}", f"{name} B", f"{mark} {way} #{number} {size:,} B"


def more_bytes(number: int) -> Caption:
    """So many are not shown."""
    return f"+ {number:,} more", f"+{number:,}"


def frame_begun(came: int, length: int | None) -> Caption:
    """How far a frame has come; without a length, so many bytes of that have."""
    if length is None:
        return f"... {came} of the 4 bytes of a length", f"... {came} of 4", "..."
    return f"... {came:,} of {length:,} bytes", f"{came:,} of {length:,}", "..."


def frame_ended(told: str, *, was_split: bool) -> Caption:
    """What it says, and what is remarkable: that it came in pieces."""
    complete = (f"-> frame complete: {told}", f"-> complete: {told}")
    return (*complete, f"-> {told}") if was_split else (f"-> {told}",)


def no_frame(why: str) -> Caption:
    return f"! this is no frame: {why}", "! this is no frame", "! no frame"


def lost_pieces(number: int) -> str:
    """Said in lines: more had passed than is kept."""
    return f"... {wording.count(number, 'piece')} before this not shown"


# -- Elsewhere ---------------------------------------------------------------------


def people(number: int, *, is_online: bool, is_lobby: bool = True) -> str:
    """`6 online`, `3 here`; without a connection, who was here when it broke."""
    state = "last seen" if not is_online else "online" if is_lobby else "here"
    return f"{number:,} {state}"


def more(number: int) -> str:
    return f"+{number:,} more"


def placeholder(talk: str) -> Caption:
    """Said where nothing is typed yet."""
    return f"Message {talk}   ({HELP_KEY})", f"Message {talk}", ""


def help_heading(first: int, last: int, rows: int) -> Caption:
    """Over the help; rows are counted from 1."""
    place = f"rows {first}-{last} of {rows}"
    return f"Help   Esc closes, Up and Down scroll   {place}", f"Help   {place}", "Help"
