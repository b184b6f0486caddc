"""What is told of rooms and people: who is where, who asks whom, who is called how.

    Users, Topic, Renamed, Asked --news--> "zoe invites you to #physik"

Names and texts come in safe to draw (`tui.sanitize`).
"""

from __future__ import annotations

from collections.abc import Sequence

from tui.wording import count

# -- Rooms -------------------------------------------------------------------------


def arrival(room: str, others: Sequence[str]) -> str:
    """`you are in #lobby with bob and 3 others`."""
    if not others:
        return f"you are in {room}, nobody else is here yet"
    if len(others) <= 2:
        return f"you are in {room} with {' and '.join(others)}"
    return f"you are in {room} with {others[0]} and {len(others) - 1} others"


def people(room: str, names: Sequence[str]) -> str:
    """`3 people in #lobby: ana, bob, mei`, the answer to /who."""
    where = f"in {room}" if room else "online"
    return f"{count(len(names), 'person', 'people')} {where}: {', '.join(names)}"


def rooms(fields: Sequence[str]) -> str:
    """`2 rooms: #lobby (12), #help (3, bring your questions)`, the answer to /rooms."""
    rows = zip(fields[::3], fields[1::3], fields[2::3], strict=False)
    told = [f"{name} ({size}{about and ', '}{about})" for name, size, about in rows]
    return f"{count(len(told), 'room')}: {', '.join(told)}"


def topic(room: str, text: str, sender: str) -> str:
    """What a room is about, and who said so."""
    by = f", says {sender}" if sender else ""
    return f"{room} is about: {text}{by}" if text else f"{room} has no topic{by}"


def renamed(old: str, new: str) -> str:
    return f"{old} is now {new}"


def own_name(name: str) -> str:
    return f"you are {name} from now on"


def calling_as(name: str) -> str:
    return f"calling again as {name}"


def lines_go_to(talk: str) -> str:
    """Said in plain mode, where the talk that is shown cannot be seen."""
    return f"what you type goes to {talk} now"


def beginning(talk: str) -> str:
    what = talk if talk.startswith("#") else f"your talk with {talk}"
    return f"the beginning of {what}"


def ignoring(names: Sequence[str]) -> str:
    return f"you ignore {', '.join(names)}" if names else "you ignore nobody"


def ignored(name: str, *, is_ignored: bool) -> str:
    if is_ignored:
        return f"you do not hear {name} any more; /ignore {name} again undoes it"
    return f"you hear {name} again"


# -- What people ask each other ----------------------------------------------------

YES_OR_NO = "/yes or /no"
NOTHING_ASKED = "nobody asks you for anything"
NO_REQUESTS = "no requests are open"


def asked(name: str, kind: str, detail: str) -> str:
    """`zoe asks for a private chat: exercise 3`, of every kind that there may be."""
    match kind:
        case "room":
            return f"{name} invites you to {detail}"
        case "chat":
            return f"{name} asks for a private chat{detail and ': '}{detail}"
        case _:
            return f"{name} asks for {kind}{detail and ': '}{detail}"


def finished(sentence: str) -> str:
    """With a full stop, unless it ends in some way already."""
    return sentence if sentence.endswith((".", "?", "!", "…")) else f"{sentence}."


def ask_sent(name: str, kind: str, detail: str) -> str:
    """The server has passed on what I ask."""
    if kind == "room":
        return f"you invited {name} to {detail}, no answer yet"
    return f"you asked {name} for a private chat, no answer yet"


def answered(name: str, answer: str, kind: str, detail: str) -> str:
    """How it ended, for who asked."""
    what = f"coming to {detail}" if kind == "room" else "a private chat"
    if answer == "expired":
        return f"{name} did not answer: {what}"
    return f"{name} says {answer} to {what}"


def asked_in_vain(name: str) -> str:
    return f"the request of {name} is over"


def unknown_kind(kind: str) -> str:
    return f"this client knows no {kind}; /no says so"


def nothing_asked_by(name: str) -> str:
    return f"{name} asks you for nothing"
