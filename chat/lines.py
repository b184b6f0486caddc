"""Lines: stored first, then told to everybody who should see them.

    posts --append--> log --stamps--> frames, made once --> chunks --push--> outboxes

Runs of lines with the same audience go to each of them in one piece: a send costs the
same for one line as for a hundred. Only the scribe works here.
"""

from __future__ import annotations

import logging
import time
from functools import partial
from itertools import groupby

from chat.frames import chunks, report_of
from chat.jobs import Announce, Notify, Post
from chat.journal import journal
from chat.log import Entry, Log, Stamps
from chat.refusal import StorageError
from chat.rooms import RoomBook
from chat.session import NOWHERE, Session
from chat.trouble import Trouble
from messages import Error, Notice, Told
from protocol import encode, frame
from sight.seat import stand

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
        self.stored += len(posts) - len(stamps.doubles)
        self._deliver(posts, stamps)
        if journal.isEnabledFor(logging.DEBUG):
            _tell_operator(posts)

    def _may(self, post: Post) -> bool:
        if post.to or self._rooms.has(post.room, post.session):
            return True
        # Cut: the answer must fit into a frame, whoever checks rooms before us.
        _refuse(post, "not-in-room", f"you are not in {post.room[:31]}")
        return False

    def _deliver(self, posts: list[Post], stamps: Stamps) -> None:
        numbered = zip(stamps.seqs, posts, strict=True)
        for audience, run in groupby(numbered, partial(self._audience, stamps)):
            stand(f"sends to {len(audience)}")
            for chunk in chunks(_frame(stamps, *one) for one in run):
                for session in audience:
                    session.outbox.push(chunk)

    def _audience(self, stamps: Stamps, one: tuple[int, Post]) -> tuple[Session, ...]:
        seq, post = one
        if seq in stamps.doubles or post.to is post.session:
            return (post.session,)
        if post.to:
            return (post.session, post.to)
        return self._rooms.members(post.room)


def _entry(post: Post) -> Entry:
    author, id = post.session, post.id or None
    if to := post.to:
        return author.mark, id, None, author.name, post.text, to.name, to.mark
    return author.mark, id, post.room, author.name, post.text


def _frame(stamps: Stamps, seq: int, post: Post) -> bytes:
    """What the line is on the wire."""
    if first := stamps.doubles.get(seq):  # whatever its author is called by now
        return encode(report_of(first))
    author, at = post.session.name, stamps.time
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
