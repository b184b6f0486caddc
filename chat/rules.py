"""What the operator has decided: who is banned, who is silent, who may come in.

The console writes, readers ask. A person is meant by name and by session at once, so
that neither another name nor another connection helps; an IPv6 address by its first
64 bits, of which every machine has all the rest.
"""

from __future__ import annotations

from collections.abc import Iterable
from ipaddress import IPv6Address, IPv6Interface, ip_address
from math import ceil
from threading import Lock

from chat.refusal import Refusal
from chat.session import Session
from chat.visit import Farewell

IPV6_PREFIX = 64  # bits that one household, or one school, has in common


class HouseRules:
    """Any thread may call anything here."""

    def __init__(self) -> None:
        self.is_locked = False  # nobody new comes in
        self.is_quiet = False  # only the console speaks
        self._lock = Lock()
        # _lock must be held when using these; dictionary work only:
        self._bans: dict[str, str] = {}  # name key, mark or address -> why
        self._mutes: dict[str, float] = {}  # name key or mark -> monotonic end

    # -- What readers ask --------------------------------------------------------

    def check_address(self, address: str) -> None:
        """Raises Farewell for a banned address."""
        self._check_ban(network_of(address))

    def check_entry(self, key: str, mark: str) -> None:
        """Raises Farewell for a banned person, Refusal while the door is locked."""
        self._check_ban(key, mark)
        if self.is_locked:
            raise Refusal("forbidden", "nobody new comes in just now: ask the operator")

    def check_voice(self, session: Session, now: float) -> None:
        """Raises Refusal for who may not speak."""
        if self.is_quiet:
            raise Refusal("muted", "only the operator speaks just now")
        with self._lock:
            ends = [self._mutes.get(who, now) for who in (session.key, session.mark)]
        if (left := max(ends) - now) > 0:
            raise Refusal("muted", "the operator has muted you", retry=ceil(left))

    # -- What the console decides ------------------------------------------------

    def ban(self, who: Iterable[str], why: str) -> None:
        """Keep out these name keys, marks or addresses."""
        with self._lock:
            self._bans.update(dict.fromkeys(who, why))

    def unban(self, who: str) -> bool:
        """Whether they were banned."""
        with self._lock:
            return self._bans.pop(who, None) is not None

    @property
    def bans(self) -> dict[str, str]:
        with self._lock:
            return dict(self._bans)

    def replace_bans(self, bans: dict[str, str]) -> None:
        with self._lock:
            self._bans = dict(bans)

    def mute(self, session: Session, until: float) -> None:
        with self._lock:
            self._mutes[session.key] = self._mutes[session.mark] = until

    def unmute(self, who: Iterable[str], now: float) -> bool:
        """Whether they were muted."""
        with self._lock:
            ends = [self._mutes.pop(one, now) for one in who]
        return max(ends, default=now) > now

    def _check_ban(self, *who: str) -> None:
        with self._lock:
            found = next((one for one in who if one in self._bans), None)
            why = self._bans[found] if found else ""
        if found:
            raise Farewell("banned", why or "you are not welcome here")


def network_of(address: str) -> str:
    """The form under which an address is banned."""
    plain = ip_address(address.partition("%")[0])
    if isinstance(plain, IPv6Address):
        if plain.ipv4_mapped:
            return str(plain.ipv4_mapped)
        return str(IPv6Interface(f"{plain}/{IPV6_PREFIX}").network)
    return str(plain)
