"""Lines: stored first, then told to everybody who should see them.

    posts --append--> log --stamps--> reports --encode once--> chunks --push--> outboxes

Runs of lines with the same audience go to each of them in one piece: a send costs the
same for one line as for a hundred. Only the scribe works here.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable
from itertools import groupby, starmap

from chat.frames import chunks, report_of
from chat.jobs import Announce, Notify, Post
from chat.journal import journal
from chat.log import Entry, Log, Stamp
from chat.refusal import StorageError
from chat.rooms import RoomBook
from chat.session import NOWHERE, Session
from chat.trouble import Trouble
from messages import Error, Notice, Told
from protocol import encode, frame
from sight.seat import stand

Delivery = tuple[Post, Stamp]

# Who speaks when the operator does; nobody can take this name (chat/names.py).
OPERATOR = Session("server", "server", "server", NOWHERE)


class Lines:
    """Stores and delivers."""

    def __init__(self, log: Log, rooms: RoomBook) -> None:
        self._log = log
        self._rooms = rooms
        self._trouble = Trouble()
        self.stored = 0  # since the start

    def write(self, posts: list[Post]) -> None:
        self._store([post for post in posts if self._may(post)])

    def announce(self, announcements: list[Announce]) -> None:
        """Let the operator's words reach everybody, wherever they are."""
        for said in announcements:
            self._store([Post(OPERATOR, NOWHERE, "", said.text, said.room)])
            elsewhere = tuple(
                one for one in said.everybody if not self._rooms.has(said.room, one)
            )
            self.notify([Notify(f"{OPERATOR.name}: {said.text}", elsewhere)])

    def notify(self, notices: list[Notify]) -> None:
        for notice in notices:
            told = encode(Notice(notice.text))
            for session in notice.to:
                session.outbox.push(told)

    def _store(self, posts: list[Post]) -> None:
        if not posts:
            return
        stand(f"stores {len(posts)} line{'s' * (len(posts) > 1)}")
        try:
            stamps = self._log.append(list(map(_entry, posts)), now_ms())
        except StorageError as failure:
            self._trouble.note(failure, len(posts))
            for post in posts:
                _refuse(post, "storage", "the line could not be stored: say it again")
            return
        self._trouble.end()
        self.stored += sum(not stamp.is_double for stamp in stamps)
        self._deliver(zip(posts, stamps, strict=True))
        if journal.isEnabledFor(logging.DEBUG):
            _tell_operator(posts)

    def _may(self, post: Post) -> bool:
        if post.to or self._rooms.has(post.room, post.session):
            return True
        # Cut: the answer must fit into a frame, whoever checks rooms before us.
        _refuse(post, "not-in-room", f"you are not in {post.room[:31]}")
        return False

    def _deliver(self, deliveries: Iterable[Delivery]) -> None:
        for audience, run in groupby(deliveries, self._audience):
            stand(f"sends to {len(audience)}")
            for chunk in chunks(starmap(_frame, run)):
                for session in audience:
                    session.outbox.push(chunk)

    def _audience(self, delivery: Delivery) -> tuple[Session, ...]:
        post, stamp = delivery
        if stamp.is_double or post.to is post.session:
            return (post.session,)
        if post.to:
            return (post.session, post.to)
        return self._rooms.members(post.room)


def _entry(post: Post) -> Entry:
    author, id = post.session, post.id or None
    if to := post.to:
        return Entry(author.mark, id, None, author.name, post.text, to.name, to.mark)
    return Entry(author.mark, id, post.room, author.name, post.text)


def _frame(post: Post, stamp: Stamp) -> bytes:
    """What the line is on the wire."""
    if stamp.first:  # a double, told as it was, whatever its author is called by now
        return encode(report_of(stamp.first))
    author, seq, at = post.session.name, stamp.seq, stamp.time
    if post.to:
        return encode(Told(seq, at, author, post.to.name, post.text, post.id))
    # encode(Said(...)), without making one: nearly every line passes here.
    return frame("said", str(seq), str(at), post.room, author, post.text, post.id)


def _refuse(post: Post, code: str, text: str) -> None:
    post.via.push(encode(Error(post.id, code, text)))


def _tell_operator(posts: list[Post]) -> None:
    for post in posts:
        if post.to:  # private is private, for the operator too
            journal.debug("Private message from %s", post.session.name)
        else:
            journal.debug("Message from %s: %s", post.session.name, post.text)


def now_ms() -> int:
    return time.time_ns() // 1_000_000
