"""The operator's desk: everything that only the operator may do.

    console --kick, ban, mute ...--> desk --> rules      what readers ask
                                         --> register    who is here no more
                                         --> scribe      what people must hear
    clock ----reload, when it is due---->

Each method does one thing and returns a sentence, or a table, that says what is true
now. Raises Refusal where it cannot be done. It knows no terminal.

Bans work in one way, whoever decided them, by /ban or in the file: first the rules
know, then whoever is here and is meant by them is sent away. A newcomer meets one of
the two, whatever the moment.
"""

from __future__ import annotations

from collections.abc import Callable
from math import inf
from threading import Lock
from time import monotonic

from chat import files
from chat.jobs import Announce, Notify
from chat.journal import journal, make_visible, show_controls
from chat.names import name_key
from chat.refusal import FileError, Refusal
from chat.rules import banned_form, because, is_network, network_of
from chat.session import Session
from chat.settings import Settings
from chat.survey import House, Survey
from messages import LOBBY, Bye
from protocol import MAX_TEXT, encode

LONGEST_REASON = 200  # characters
MOST_MINUTES = 10_000  # about a week
KICKED = "the operator sent you away"


class Desk:
    """Any thread may call anything here."""

    def __init__(
        self, house: House, settings: Settings, now: Callable[[], float] = monotonic
    ) -> None:
        """Read the files. Raises FileError."""
        self.survey = Survey(house, now)
        self._house = house
        self._rules = house.rules
        self._greeting = house.scribe.attendance.greeting  # without a motd
        self._now = now
        self._is_reload_due = False  # set in a signal handler: no lock there
        self._bans_file, self._motd_file = settings.bans, settings.motd
        # Console and clock take turns at the files, or a ban could fall in between:
        self._files_lock = Lock()
        if self._bans_file:
            files.make_bans(self._bans_file)
            self._read_bans()
        if self._motd_file:
            self._read_motd()

    # -- People ------------------------------------------------------------------

    def kick(self, name: str, why: str = "") -> str:
        session = self._find(name)
        name, address = session.name, session.address
        self._send_away(session, Bye("kicked", because(KICKED, _reason(why))))
        return f"{name} ({address}) is gone, but may come back; /ban keeps people out"

    def mute(self, name: str, minutes: str = "") -> str:
        session = self._find(name)
        seconds = _seconds(minutes)
        self._rules.mute(session, self._now() + seconds)
        time = f" for {minutes} min" if minutes else ""
        self._notify(f"the operator has muted you{time}", session)
        return f"{session.name} is muted{time or ' until /unmute'}"

    def unmute(self, name: str) -> str:
        try:
            session = self._find(name)
        except Refusal:  # gone, but would be muted on coming back
            if not self._rules.unmute([name_key(name)], self._now()):
                raise
            return f"{name} is not muted any more"
        if not self._rules.unmute((session.key, session.mark), self._now()):
            raise Refusal("no-such-user", f"{session.name} was not muted")
        self._notify("you may speak again", session)
        return f"{session.name} may speak again"

    def _find(self, name: str) -> Session:
        try:
            return self._house.register.find(name)
        except Refusal as refusal:
            text = f"{make_visible(refusal.text)}; /who lists everybody"
            raise Refusal(refusal.code, text) from None

    def _send_away(self, session: Session, bye: Bye) -> None:
        """End a session at once; its connection closes after the bye."""
        if connection := self._house.register.remove(session, bye.code):
            connection.finish(encode(bye))

    # -- Bans --------------------------------------------------------------------

    def ban(self, who: str, why: str = "") -> str:
        """Keep out a name, and the session that has it, or an address."""
        form, why = banned_form(who), _reason(why)
        mark = self._mark_of(who, form)
        with self._files_lock:
            how_long = self._note(form, why)
            self._rules.ban(form, why, mark)
        gone = self._clear_out()
        return f"{form} is banned {how_long}; {_gone(gone) or 'nobody had to go'}"

    def unban(self, who: str) -> str:
        form = banned_form(who)
        with self._files_lock:
            was_banned = self._rules.unban(form)
            if self._bans_file:
                was_banned |= self._strike(form)
        if not was_banned:
            raise Refusal("no-such-user", f"{form} is not banned; /bans lists who is")
        return f"{form} is not banned any more"

    def _mark_of(self, who: str, form: str) -> str:
        try:
            session = self._house.register.find(who)
        except Refusal:
            return ""  # not here, which does not matter
        if is_network(form):
            raise Refusal(
                "bad-name",
                f"somebody is called {who}: /kick {who} first, or ban their address, "
                f"{session.address}",
            )
        return session.mark

    def _note(self, form: str, why: str) -> str:
        """Keep a ban in the file, if there is one; return how long it will last."""
        if not self._bans_file:
            return "until the server stops"
        try:
            files.note_ban(self._bans_file, form, why)
        except FileError as failure:
            return f"until the server stops ({failure})"
        return f"for good ({self._bans_file})"

    def _strike(self, form: str) -> bool:
        try:
            return files.strike_ban(self._bans_file, form)
        except FileError as failure:
            text = f"{form} may come in until the file is read again: {failure}"
            raise Refusal("storage", text) from None

    def _clear_out(self) -> list[str]:
        """Send away whoever is here and banned; return their names."""
        gone = []
        for session in self._house.register.everybody():
            network = network_of(session.address)
            why = self._rules.why_banned(session.key, session.mark, network)
            if why is not None:
                gone.append(session.name)
                self._send_away(session, Bye("banned", why))
        self._house.send_away(self._bye_of)  # also those who have not said hello
        return gone

    def _bye_of(self, address: str) -> Bye | None:
        why = self._rules.why_banned(network_of(address))
        return None if why is None else Bye("banned", why)

    # -- Everybody ---------------------------------------------------------------

    def say(self, text: str) -> str:
        text = show_controls(text.expandtabs())
        if len(text) > MAX_TEXT:
            raise Refusal("bad-text", f"that is over {MAX_TEXT:,} characters: not said")
        everybody = self._house.register.everybody()
        self._house.scribe.put(Announce(text, LOBBY, tuple(everybody)))
        here = len(everybody) - len(self._house.register.absent())
        return f"said in {LOBBY}; people here: {here}"

    def lock(self) -> str:
        if not self._rules.is_locked:
            self._rules.is_locked = True
            self._tell_all("nobody new comes in from now on")
        return "locked: who is here may stay and come back, nobody new comes in"

    def unlock(self) -> str:
        if self._rules.is_locked:
            self._rules.is_locked = False
            self._tell_all("newcomers may come in again")
        return "open: everybody may come in"

    def only(self, switch: str = "") -> str:
        """Turn it on or off; without a word, the other way round."""
        was_quiet = self._rules.is_quiet
        wanted = {"": not was_quiet, "on": True, "off": False}.get(switch.casefold())
        if wanted is None:
            raise Refusal("bad-field", "say /only, and /only off when it is over")
        self._rules.is_quiet = wanted
        if wanted and not was_quiet:
            self._tell_all("only the operator speaks from now on")
        elif was_quiet and not wanted:
            self._tell_all("everybody may speak again")
        if wanted:
            return "quiet: only the console speaks; /only off ends it"
        return "everybody may speak"

    def stop(self) -> str:
        self._house.stop()
        return "stopping: everybody is told"

    def _tell_all(self, text: str) -> None:
        self._notify(text, *self._house.register.everybody())

    def _notify(self, text: str, *to: Session) -> None:
        self._house.scribe.put(Notify(text, to))

    # -- The files ---------------------------------------------------------------

    def request_reload(self) -> None:
        """Have the clock read the files again; safe in a signal handler."""
        self._is_reload_due = True

    def reload_if_due(self) -> None:
        """Do what a signal asked for (from the clock)."""
        if self._is_reload_due:
            self._is_reload_due = False
            journal.info(self.reload())

    def reload(self) -> str:
        """Read the files again; one that is no good leaves things as they are."""
        told = []
        with self._files_lock:
            for path, read in (
                (self._bans_file, self._read_bans),
                (self._motd_file, self._read_motd),
            ):
                try:
                    told += [f"{path}: {read()}"] if path else []
                except FileError as failure:
                    told.append(f"{failure}; what it said before stays")
        if gone := self._clear_out():
            told.append(_gone(gone))
        return "; ".join(told) or "nothing to read: see --bans FILE and --motd FILE"

    def _read_bans(self) -> str:
        bans = files.read_bans(self._bans_file)
        self._rules.replace_bans(bans)
        return f"{len(bans)} banned"

    def _read_motd(self) -> str:
        motd = files.read_motd(self._motd_file)
        self._house.scribe.attendance.greeting = self._greeting.with_motd(motd)
        return f"a message of {len(motd)} characters"


def _reason(why: str) -> str:
    """What the one who goes is told, fit for one line."""
    return show_controls(why)[:LONGEST_REASON]


def _gone(names: list[str]) -> str:
    return f"sent away: {', '.join(names)}" if names else ""


def _seconds(minutes: str) -> float:
    """Raises Refusal."""
    if not minutes:
        return inf
    if minutes.isascii() and minutes.isdigit() and 0 < int(minutes) <= MOST_MINUTES:
        return 60.0 * int(minutes)
    what = f'"{minutes[:20]}" is not a number of minutes from 1 to {MOST_MINUTES}'
    raise Refusal("bad-field", what)
