"""What the operator has decided: who is banned, who is silent, who may come in.

The console writes, readers ask. A person is meant by name and by session at once, so
that neither another name nor another connection helps; an IPv6 address by its first
64 bits, of which every machine has all the rest.

A ban is known by a name or an address, the form in which it stands in --bans FILE.
The session of who was sent away hangs on it and goes with it: in the file it would
be a hash that nobody can read, and a client that is started anew has another one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from ipaddress import IPv6Address, IPv6Interface, ip_address
from math import ceil, inf
from threading import Lock

from chat.names import check_name
from chat.refusal import Refusal
from chat.session import Session
from chat.visit import Farewell

IPV6_PREFIX = 64  # bits that one household, or one school, has in common
BANNED = "the operator has banned you"


@dataclass(frozen=True, slots=True, eq=False)
class Mute:
    """One decision; it may stand under several names of one person."""

    until: float  # monotonic; inf: until the operator takes it back


def because(decision: str, why: str) -> str:
    """One sentence for who must hear of it."""
    return f"{decision}: {why}" if why else decision


class HouseRules:
    """Any thread may call anything here."""

    def __init__(self) -> None:
        self.is_locked = False  # nobody new comes in
        self.is_quiet = False  # only the console speaks
        self._lock = Lock()
        # _lock must be held when using these; dictionary work only:
        self._bans: dict[str, str] = {}  # name key or network -> why
        self._banned_marks: dict[str, str] = {}  # mark -> the name key of its ban
        self._mutes: dict[str, Mute] = {}  # by name key and by mark

    # -- What readers ask --------------------------------------------------------

    def check_address(self, address: str) -> None:
        """Raises Farewell for a banned address."""
        if (why := self.why_banned(network_of(address))) is not None:
            raise Farewell("banned", why)

    def check_entry(self, key: str, mark: str) -> None:
        """Raises Farewell for a banned person, Refusal while the door is locked."""
        if (why := self.why_banned(key, mark)) is not None:
            raise Farewell("banned", why)
        if self.is_locked:
            raise Refusal("forbidden", "nobody new comes in just now: ask the operator")

    def check_new_name(self, key: str) -> None:
        """Raises Refusal for who is here already and wants a banned name."""
        if self.why_banned(key) is not None:
            raise Refusal("forbidden", "this name is banned here")

    def check_voice(self, session: Session, now: float) -> None:
        """Raises Refusal for who may not speak."""
        if self.is_quiet:
            raise Refusal("muted", "only the operator speaks just now")
        if self._mutes and (left := self.muted_for(session, now)):
            retry = None if left == inf else ceil(left)
            raise Refusal("muted", "the operator has muted you", retry)

    # -- Bans --------------------------------------------------------------------

    def why_banned(self, *who: str) -> str | None:
        """Why one of these name keys, marks or networks is banned; None if none is."""
        with self._lock:
            whos = [self._banned_marks.get(one, one) for one in who]
            found = next((one for one in whos if one in self._bans), None)
            return None if found is None else because(BANNED, self._bans[found])

    def ban(self, who: str, why: str, mark: str = "") -> None:
        """Keep out a name key, with the session that has it, or a network."""
        with self._lock:
            self._bans[who] = why
            if mark:
                self._banned_marks[mark] = who

    def unban(self, who: str) -> bool:
        """Whether they were banned."""
        with self._lock:
            was_banned = self._bans.pop(who, None) is not None
            self._forget_marks()
        return was_banned

    @property
    def bans(self) -> dict[str, str]:
        """Name keys and networks, and why."""
        with self._lock:
            return dict(self._bans)

    def replace_bans(self, bans: Mapping[str, str]) -> None:
        with self._lock:
            self._bans = dict(bans)
            self._forget_marks()

    def _forget_marks(self) -> None:
        """Lift with a ban what hung on it; with the lock held."""
        marks = self._banned_marks.items()
        self._banned_marks = {m: who for m, who in marks if who in self._bans}

    # -- Voices ------------------------------------------------------------------

    def muted_for(self, session: Session, now: float) -> float:
        """Seconds; 0 for who may speak."""
        with self._lock:
            mutes = [self._mutes.get(who) for who in (session.key, session.mark)]
        return max([0.0, *(mute.until - now for mute in mutes if mute)])

    def mute(self, session: Session, until: float) -> None:
        """Take somebody's voice; what was decided before does not count any more."""
        with self._lock:
            self._lift((session.key, session.mark))
            self._mutes[session.key] = self._mutes[session.mark] = Mute(until)

    def unmute(self, who: Iterable[str], now: float) -> bool:
        """Whether they were muted; under their other names they speak again too."""
        with self._lock:
            lifted = self._lift(who)
        return any(mute.until > now for mute in lifted)

    def _lift(self, who: Iterable[str]) -> set[Mute]:
        """Take decisions back, whatever else they stand under; with the lock held."""
        lifted = {self._mutes[one] for one in who if one in self._mutes}
        self._mutes = {o: mute for o, mute in self._mutes.items() if mute not in lifted}
        return lifted


def network_of(address: str) -> str:
    """The form under which an address is banned. Raises ValueError for a name."""
    plain = ip_address(address.partition("%")[0])
    if isinstance(plain, IPv6Address):
        if plain.ipv4_mapped:
            return str(plain.ipv4_mapped)
        return str(IPv6Interface(f"{plain}/{IPV6_PREFIX}").network)
    return str(plain)


def banned_form(word: str) -> str:
    """The form under which a name or an address is banned. Raises Refusal."""
    try:
        return network_of(word.removesuffix(f"/{IPV6_PREFIX}") if ":" in word else word)
    except ValueError:
        pass  # no address, so it should be a name
    try:
        return check_name(word)
    except Refusal:
        what = f'"{word[:40]}" is neither a name nor an address'
        raise Refusal("bad-name", what) from None


def is_network(who: str) -> bool:
    """Whether a ban is of an address, not of a name."""
    try:
        network_of(who.partition("/")[0])
    except ValueError:
        return False
    return True
