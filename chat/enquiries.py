"""What a reader can answer by itself: who is here, which rooms, what was said before.

Each answer is frames for the one who asked; nobody else notices that they did.
"""

from __future__ import annotations

from threading import Lock

from chat.archive import Archive
from chat.frames import past_frames, roomlist_frame, roster_frames
from chat.journal import journal
from chat.names import name_key
from chat.refusal import Refusal, StorageError
from chat.register import Register
from chat.rooms import RoomBook
from chat.session import Session
from messages import History


class Enquiries:
    """Any thread may call anything here."""

    def __init__(
        self,
        register: Register,
        rooms: RoomBook,
        clients_lock: Lock,
        archive: Archive | None,
    ) -> None:
        """Without an archive there is no history to read."""
        self._register = register
        self._rooms = rooms
        self._clients_lock = clients_lock
        self._archive = archive

    def who(self, id: str, room: str) -> bytes:
        if not room:
            names = [session.name for session in self._register.everybody()]
        else:
            with self._clients_lock:
                names = self._rooms.names(name_key(room))
        return roster_frames(room, id, names)

    def list_rooms(self, id: str) -> bytes:
        with self._clients_lock:
            listing = self._rooms.listing()
        return roomlist_frame(id, listing)

    def read_past(self, session: Session, asked: History) -> bytes:
        """Read one page. Raises Refusal."""
        if not self._archive:
            raise Refusal("forbidden", "this server keeps no history")
        where, before, limit = name_key(asked.where), asked.before, asked.limit
        try:
            if where.startswith("#"):
                self._check_member(where, session)
                page = self._archive.page(where, before, limit)
            else:
                page = self._archive.page_with(session.mark, where, before, limit)
        except StorageError as failure:
            journal.error("%s; %s is refused a page", failure, session.name)
            raise Refusal("storage", "what was said before cannot be read") from None
        return past_frames(asked.id, asked.where, page)

    def _check_member(self, room: str, session: Session) -> None:
        with self._clients_lock:
            is_member = self._rooms.has(room, session)
        if not is_member:
            raise Refusal("not-in-room", f"you are not in {room[:31]}")
