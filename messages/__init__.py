"""Everything that client and server can say to each other, as a list.

Each message is a frozen dataclass. Its name, in lower case, is the verb on the
wire; its annotations are the fields, in their order. That is the whole schema:
protocol.py reads it to turn messages into bytes and back.

    Say(id="k1", room="#lobby", text="hi")    travels as    say k1 #lobby hi

Clients ask in the imperative (Say), the server reports in the past tense (Said).
One class bears another name than its verb: SetTopic, because `topic` goes both ways.
A new feature adds a message here, or a field at the end of one; nothing is ever
removed or moved (docs/PROTOCOL.md, section "Growth").
"""

from __future__ import annotations

from messages.both import Ping, Pong
from messages.reports import (
    Answered,
    Asked,
    Bye,
    Error,
    Joined,
    Left,
    Notice,
    Ok,
    Past,
    Renamed,
    Roomlist,
    Said,
    Told,
    Topic,
    Users,
    Welcome,
)
from messages.requests import (
    Answer,
    Ask,
    Hello,
    History,
    Join,
    Leave,
    Quit,
    Rename,
    Rooms,
    Say,
    SetTopic,
    Tell,
    Who,
)

LOBBY = "#lobby"  # the room that everybody is in after hello

Request = (
    Hello | Say | Tell | Join | Leave | Who | Rooms | SetTopic | History | Ask | Answer
    | Rename | Quit | Ping | Pong
)  # fmt: skip
Report = (
    Welcome | Said | Told | Past | Joined | Left | Renamed | Users | Roomlist | Topic
    | Asked | Answered | Ok | Error | Notice | Bye | Ping | Pong
)  # fmt: skip
Message = Request | Report

__all__ = [
    "LOBBY", "Answer", "Answered", "Ask", "Asked", "Bye", "Error", "Hello",
    "History", "Join", "Joined", "Leave", "Left", "Message", "Notice", "Ok",
    "Past", "Ping", "Pong", "Quit", "Rename", "Renamed", "Report", "Request",
    "Roomlist", "Rooms", "Said", "Say", "SetTopic", "Tell", "Told", "Topic",
    "Users", "Welcome", "Who",
]  # fmt: skip
