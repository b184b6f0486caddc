"""The register: which session bears which name, and which connection owns it.

    hello ana, secret s    nobody has the name        a new session
                           the secret is ana's own    the same session, taken over
                           somebody else is ana       name-taken
    the cable breaks       the name is kept for a minute: a ghost, who may come back

Everything here is work on dictionaries under clients_lock. What others must hear of
is handed to the scribe while the lock is held: so who finds a name finds its owner
entered, and two hellos of one person are carried out in their order.
"""

from __future__ import annotations

from collections.abc import Callable
from secrets import token_hex

from chat.jobs import Enter, Gone, Job, Rename
from chat.names import check_name, name_key
from chat.refusal import Refusal
from chat.replay import Replay
from chat.rules import HouseRules
from chat.session import Caller, Outbox, Session, mark_of
from messages import Hello
from sight.lock import AnyLock

GRACE = 60.0  # seconds in which who lost the connection may come back unnoticed
MOST_GHOSTS = 2_000  # as many as may be here; who makes more, loses the oldest
BREAKS = {"lost", "slow"}  # ways to go that nobody wanted


class Register:
    """Finds, enters and removes sessions. Any thread may call anything here."""

    def __init__(
        self,
        clients: dict[str, Session],
        clients_lock: AnyLock,
        put: Callable[[Job], None],
        rules: HouseRules,
    ) -> None:
        self._lock = clients_lock
        # clients_lock must be held when using these:
        self._clients = clients  # by the key of the name
        self._marks: dict[str, Session] = {}  # the same sessions, by their marks
        self._ghosts: dict[Session, float] = {}  # -> monotonic time of their end
        self._put = put
        self._rules = rules

    def log_in(
        self, hello: Hello, caller: Caller, begun: Replay | None = None
    ) -> Session:
        """Enter somebody, or somebody again. Raises Refusal, Farewell."""
        key = check_name(hello.name)
        mark = mark_of(hello.session or token_hex(16))
        with self._lock:
            # Under the lock: who is not refused here is found by who has just banned.
            self._rules.check_address(caller.address)
            session = self._marks.get(mark)
            if session is None:
                self._rules.check_entry(key, mark)
                self._refuse_taken(key, hello.name)
                session = Session(hello.name, key, mark, caller.outbox)
                session.can_resume = bool(hello.session)
                self._clients[key] = self._marks[mark] = session
            self._ghosts.pop(session, None)  # it is back, if it was one
            session.owner, session.address = caller.outbox, caller.address
            self._put(Enter(session, caller.outbox, hello.since, hello.log, begun))
        return session

    def rename(self, session: Session, via: Outbox, id: str, name: str) -> None:
        """Give somebody another name. Raises Refusal."""
        key = check_name(name)
        with self._lock:
            if session.owner is not via:
                return  # too late: another connection speaks for this session
            if self._clients.get(key) is not session:
                self._rules.check_new_name(key)
                self._refuse_taken(key, name)
            del self._clients[session.key]
            self._clients[key] = session
            session.key = key
            self._put(Rename(session, via, id, name))

    def part(self, session: Session, outbox: Outbox, why: str, now: float) -> None:
        """A connection of the session has ended; perhaps it is not its own any more."""
        with self._lock:
            if session.owner is not outbox:
                return
            if why in BREAKS and session.can_resume:
                self._ghosts[session] = now + GRACE
                if len(self._ghosts) > MOST_GHOSTS:
                    self._end(next(iter(self._ghosts)), "lost")
            else:
                self._end(session, why)

    def bury(self, now: float) -> None:
        """End the sessions of those who have not come back (from the clock)."""
        with self._lock:
            for session in [s for s, end in self._ghosts.items() if end <= now]:
                self._end(session, "lost")

    def remove(self, session: Session, why: str) -> Outbox | None:
        """End a session whatever it does; return the outbox of its connection."""
        with self._lock:
            if self._marks.get(session.mark) is not session:
                return None  # it has ended by itself
            owner = session.owner
            self._end(session, why)
        return owner

    def find(self, name: str) -> Session:
        """Raises Refusal."""
        with self._lock:
            found = self._clients.get(name_key(name))
        if not found:
            raise Refusal("no-such-user", f'there is no "{name[:20]}" here')
        return found

    def holder_of(self, secret: str) -> Session | None:
        """Whose secret it is, if they are here."""
        with self._lock:
            return self._marks.get(mark_of(secret))

    def everybody(self) -> list[Session]:
        with self._lock:
            return list(self._clients.values())

    def absent(self) -> dict[Session, float]:
        """Who has lost the connection, and when (monotonic)."""
        with self._lock:
            return {session: end - GRACE for session, end in self._ghosts.items()}

    # -- With the lock held ------------------------------------------------------

    def _refuse_taken(self, key: str, name: str) -> None:
        holder = self._clients.get(key)
        if holder is None:
            return
        text = f'the name "{name}" is taken'
        if holder in self._ghosts:
            text += f"; its owner lost the connection, wait {GRACE:.0f} s"
        raise Refusal("name-taken", text)

    def _end(self, session: Session, why: str) -> None:
        del self._clients[session.key], self._marks[session.mark]
        self._ghosts.pop(session, None)
        session.owner = None
        self._put(Gone(session, why))
