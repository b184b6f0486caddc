"""Rooms: who is in them, what they are about, who comes and goes.

    Join --ok--> users ----> topic ----> joined, left, renamed, topic ...
          opens   enters                  change what is known, and are told
          a talk   (with its past)

Each room has a talk with a roster of its own. The lobby's is everybody's, for nobody
leaves the lobby. What happens in a room is told in that room; in the private talk
with somebody only that they come, go or take another name.

Rules: only what really changed is told, for presence comes in batches and may repeat
itself. A room is called as the server calls it, in its folded form.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from messages import LOBBY, Join, Joined, Left, Renamed, Roomlist, Topic, Users
from tui import news, past
from tui.events import Effect, Remember
from tui.roster import compared
from tui.sanitize import make_safe_line
from tui.scrollback import Item
from tui.talk import Talk

if TYPE_CHECKING:
    from tui.chat import Chat

MOST_JOINS = 100  # that may wait for an answer; a server allows half as many rooms

Presence = Users | Joined | Left | Renamed | Topic | Roomlist


def read(chat: Chat, report: Presence) -> list[Effect]:
    """Take in what the server says of rooms and people."""
    match report:
        case Users(id="", room=room, names=names):
            return _enter(chat, make_safe_line(room), names)
        case Users(id, room, names):
            chat.pending.settle(id)
            people = [make_safe_line(name) for name in names]
            chat.note("info", news.people(make_safe_line(room), people))
        case Joined() | Left():
            _move(chat, report)
        case Renamed(old, new):
            return _rename(chat, make_safe_line(old), make_safe_line(new))
        case Topic():
            _change_topic(chat, report)
        case Roomlist(id, rows):
            chat.pending.settle(id)
            rooms = [make_safe_line(field) for field in rows]
            chat.note("info", news.rooms(rooms))
    return []


# -- Entering and leaving ----------------------------------------------------------


def open_room(chat: Chat, joined: Join) -> None:
    """The server let us in, at our request: show it, unless we were there before."""
    room = compared(make_safe_line(joined.room))
    chat.rooms_left.discard(room)
    if chat.talks.find(room) is None:
        chat.talks.show(chat.talks.open(room))


def shut_room(chat: Chat, room: str) -> None:
    """We are not in that room, or no longer; what is still on its way is not shown."""
    if compared(room) != LOBBY and (talk := chat.talks.find(room)):
        chat.rooms_left.add(compared(room))
        chat.talks.close(talk)


def go_back(chat: Chat) -> list[Effect]:
    """Enter our rooms again, at a server that knows nothing of us."""
    asked = {LOBBY, *(join.room for join in chat.pending if isinstance(join, Join))}
    rooms = [talk.name for talk in chat.talks if not talk.is_private]
    joins = [Join(chat.pending.new_id(), room) for room in rooms if room not in asked]
    some = joins[: MOST_JOINS - len(asked)] if len(asked) < MOST_JOINS else []
    return [effect for join in some for effect in chat.ask(join)]


def _enter(chat: Chat, room: str, names: Iterable[str]) -> list[Effect]:
    chat.rooms_left.discard(compared(room))
    talk = chat.talks.open(room)
    talk.name = room
    talk.topic = ""  # it follows, if there is one
    talk.roster.replace(make_safe_line(name) for name in names)
    if not talk.is_entered:
        talk.is_entered = True
        arrival = news.arrival(room, _others(chat, talk.roster))
        chat.note("info", arrival, talk)
    return past.ask_newest(chat, talk)


# -- People ------------------------------------------------------------------------


def _move(chat: Chat, report: Joined | Left) -> None:
    """Somebody comes or goes, and it is told where it is news."""
    talk = chat.talks.find(make_safe_line(report.room))
    if not talk or talk.is_private:
        return
    names = _others(chat, report.names)
    item = Item("presence", chat.now(), room=chat.room_of(talk))
    if isinstance(report, Joined):
        who = chat.ignored.others(talk.roster.add(names))
        item = replace(item, names=who)
    else:
        who = chat.ignored.others(talk.roster.remove(names))
        item = replace(item, gone=who, text=make_safe_line(report.why))
    if who:
        talks = [talk, *_private_talks(chat, who)] if talk.name == LOBBY else [talk]
        _tell(chat, item, talks)


def _rename(chat: Chat, old: str, new: str) -> list[Effect]:
    """Somebody in one of our rooms, or we, have another name from now on."""
    if old == new:
        return []  # it was ours already when we asked for it
    is_me, is_ignored = chat.is_me(old), old in chat.ignored
    rooms = [talk for talk in chat.talks if talk.roster.rename(old, new)]
    told = [*rooms, *_private_talks(chat, [old])]
    chat.rename(old, new)
    if is_me:
        chat.note_everywhere("info", news.own_name(new))
        return [Remember(new)]
    if not is_ignored:
        _tell(chat, Item("info", chat.now(), news.renamed(old, new)), told)
    return []


def _private_talks(chat: Chat, names: Iterable[str]) -> list[Talk]:
    wanted = {compared(name) for name in names}
    return [talk for talk in chat.talks if compared(talk.name) in wanted]


def _others(chat: Chat, names: Iterable[str]) -> list[str]:
    safe = (make_safe_line(name) for name in names)
    return [name for name in safe if not chat.is_me(name)]


def _tell(chat: Chat, item: Item, talks: Iterable[Talk]) -> None:
    """The same into several talks, and once to who reads them all in one."""
    for talk in talks:
        talk.note(item)
    chat.on_item(item)


# -- Topics ------------------------------------------------------------------------


def _change_topic(chat: Chat, report: Topic) -> None:
    talk = chat.talks.find(make_safe_line(report.room))
    if not talk:
        return
    topic, sender = make_safe_line(report.text), make_safe_line(report.sender)
    is_news, talk.topic, talk.known_topic = topic != talk.known_topic, topic, topic
    if is_news:
        chat.note("info", news.topic(talk.name, topic, sender), talk)
