"""What a reader can answer by itself: who is here, which rooms, what was said before.

Each answer is frames for the one who asked; nobody else notices that they did.
"""

from __future__ import annotations

from chat.archive import Archive, Page
from chat.frames import past_frames, roomlist_frame, roster_frames
from chat.journal import journal
from chat.names import name_key
from chat.refusal import Refusal, StorageError
from chat.register import Register
from chat.rooms import RoomBook
from chat.session import Session
from messages import History
from sight.lock import AnyLock


class Enquiries:
    """Any thread may call anything here."""

    def __init__(
        self,
        register: Register,
        rooms: RoomBook,
        clients_lock: AnyLock,
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
        listing.sort(key=lambda row: (-row[1], row[0]))  # not under the lock
        return roomlist_frame(id, listing)

    def read_past(self, session: Session, asked: History) -> bytes:
        """Read one page. Raises Refusal."""
        if not self._archive:
            raise Refusal("forbidden", "this server keeps no history")
        try:
            page = self._page(self._archive, session, asked)
        except StorageError as failure:
            journal.error("%s", failure)
            text = "the history cannot be read just now: ask again later"
            raise Refusal("storage", text) from None
        return past_frames(asked.id, asked.where, page)

    def _page(self, archive: Archive, session: Session, asked: History) -> Page:
        where, before, limit = name_key(asked.where), asked.before, asked.limit
        if not where.startswith("#"):
            return archive.page_with(session.mark, where, before, limit)
        with self._clients_lock:
            is_member = self._rooms.has(where, session)
        if not is_member:
            raise Refusal(
                "forbidden", "only who is in a room reads what was said there"
            )
        return archive.page(where, before, limit)
