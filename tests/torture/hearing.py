"""What somebody has heard, compared with what the model says (test_fuzz.py).

ear.compare(voice)         all that one person heard since the last look
ear.check_order()          all that anybody heard: one order
complaints.take()          what the operator heard: should be nothing
"""

import logging
from collections import Counter

from chat.archive import LARGEST_PAGE, USUAL_PAGE
from chat.names import name_key
from chat.visit import MOST_MISTAKES
from messages import (
    Answered,
    Asked,
    Bye,
    Error,
    History,
    Join,
    Joined,
    Leave,
    Left,
    Notice,
    Ok,
    Past,
    Ping,
    Pong,
    Quit,
    Renamed,
    Roomlist,
    Rooms,
    Said,
    Told,
    Topic,
    Users,
    Welcome,
    Who,
)
from protocol import MessageError, decode_request
from torture.chat_values import Expected, Heard, id_of, is_told

EVENTS = Said | Told | Renamed | Topic | Asked | Answered
PRESENCE = Joined | Left


def is_event(report):
    return isinstance(report, EVENTS) or (isinstance(report, Users) and not report.id)


def closing(report):
    """What a report closes: the id, and how."""
    match report:
        case Ok(id):
            return id, "ok"
        case Error(id, code):
            return id, code
        case Users(id) if id:
            return id, "users"
        case Roomlist(id):
            return id, "roomlist"
        case Pong(token):
            return token, "pong"
    return None


def pages_in(heard):
    """The answers to `history`, in the order of the asking: lines, and the ok after.

    Told apart by this order and not by their ids: two may have the same, or none, and
    a line may be stored between them. No other ok says yes or no, and one reader
    answers one request after the other.
    """
    pages, lines = [], []
    for report in heard:
        if isinstance(report, Past):
            lines.append(report)
        elif isinstance(report, Ok) and report.details in (("yes",), ("no",)):
            pages.append((lines, report))
            lines = []
    assert not lines, f"a page without an end: {lines}"
    return pages


def without_races(payloads):
    """Without what may rightly be answered in more than one way.

    After a move, the reader may look at the past before the scribe has moved; and the
    answer to a `who` without an id looks like the list that follows a join.
    """
    kept, has_moved = [], False
    for payload in payloads:
        try:
            request = decode_request(payload)
        except MessageError:
            request = None
        has_moved |= isinstance(request, Join | Leave)
        is_racing = has_moved and isinstance(request, History)
        if not (is_racing or (isinstance(request, Who) and not request.id)):
            kept.append(payload)
    return kept


class Ear:
    def __init__(self, model):
        self.model = model
        self._alone = None  # the request, if there was only one
        self._newest = 0  # the last seq before what was asked

    def note_alone(self, payloads):
        """What is asked alone has one right answer; else the scribe may be behind."""
        self._alone = None
        self._newest = max([0, *(x.seq for x in self.model.lines if x.seq)])
        if len(payloads) == 1:
            try:
                self._alone = decode_request(payloads[0])
            except MessageError:
                pass

    # -- One person ------------------------------------------------------------------

    def compare(self, voice):
        wanted, heard = self.model.take_expected(voice.person), voice.reports
        voice.reports = []
        self._compare_events(voice, wanted, [r for r in heard if is_event(r)])
        self.compare_answers(wanted, heard)
        self._compare_presence(voice, wanted, heard)
        self._compare_questions(wanted, heard)
        self._compare_lists(heard)
        told = pages_in(heard)
        assert len(told) == len(wanted.pages), f"{told}\n not {wanted.pages}"
        for (asked, page), (past, ok) in zip(wanted.pages, told, strict=True):
            self._compare_page(asked, page, past, ok)
        known = (Welcome, Notice, Ping, Bye, Past)
        strange = [
            r
            for r in heard
            if not (is_event(r) or closing(r) or isinstance(r, (*known, Joined, Left)))
        ]
        assert not strange, strange

    def _compare_events(self, voice, wanted, heard):
        assert len(heard) == len(wanted.events), f"{heard}\n not {wanted.events}"
        for event, report in zip(wanted.events, heard, strict=True):
            if isinstance(event, Heard):
                self._compare_line(voice, event, report)
            elif isinstance(event, tuple):
                assert is_told(event, report), f"{report} not {event}"
            else:
                assert event == report

    def _compare_line(self, voice, event, report):
        line = event.line
        if line.seq is None:
            line.seq = report.seq
        first, last = (line.seq, report.time), (line.text, event.id)
        if line.room:
            wanted = Said(*first, line.room, line.sender, *last)
        else:
            wanted = Told(*first, line.sender, line.to, *last)
        assert report == wanted
        voice.since = max(voice.since, line.seq)
        place = self.model.lines.index(line) + 1
        voice.person.known = max(voice.person.known, place)

    def compare_answers(self, wanted, heard):
        """Every request with an id gets exactly one closing answer, the right one."""
        found = Counter(filter(None, map(closing, heard)))
        assert found == wanted.closings, (
            f"missing: {wanted.closings - found}, too many: {found - wanted.closings}"
        )

    def _compare_presence(self, voice, wanted, heard):
        """Who comes and goes in a room is news for those in it alone."""
        entered = {e.room for e in wanted.events if isinstance(e, Users)}
        now = {*voice.person.rooms}
        allowed = getattr(voice, "rooms", now) | now | entered
        told = {r.room for r in heard if isinstance(r, PRESENCE)}
        assert told <= allowed, f"told of {told - allowed}"
        voice.rooms = now

    def _compare_questions(self, wanted, heard):
        for id, question in wanted.asked:
            oks = [r.details for r in heard if isinstance(r, Ok) and r.id == id]
            reqs = [d[0] for d in oks if d and d[0] not in ("yes", "no")]
            if len(reqs) == 1:
                question.req = question.req or reqs[0]
            assert question.req is None or question.req in reqs

    def _compare_lists(self, heard):
        """Who is here, and which rooms there are, for who asks nothing else."""
        for report in heard:
            match self._alone, report:
                case Who(id), Users() if report.id == id:
                    assert list(report.names) == self._names(name_key(report.room))
                case Rooms(), Roomlist(_, rows):
                    # An empty topic at the end does not travel.
                    assert [*rows, ""][: len(self._rows())] == self._rows()

    def _names(self, room):
        people = self.model.people.values()
        return sorted(p.name for p in people if not room or room in p.rooms)

    def _rows(self):
        sizes = Counter(r for p in self.model.people.values() for r in p.rooms)
        rows = sorted(sizes.items(), key=lambda row: (-row[1], row[0]))
        topics = self.model.topics
        return [
            field
            for room, size in rows
            for field in (
                *(room, str(size)),
                topics[room].text if room in topics else "",
            )
        ]

    def _compare_page(self, asked, page, past, ok):
        """Nobody reads what is not theirs, and what was stored before is all there.

        Who has said something just before may not read it yet: the reader answers,
        and the scribe may still be storing. Then the page ends earlier.
        """
        older = [x for x in page if not asked.before or x.seq < asked.before]
        last = max([self._newest, *(report.seq for report in past)])
        older = [x for x in older if x.seq <= last]
        newest = older[-min(asked.limit or USUAL_PAGE, LARGEST_PAGE) :]
        mark = (asked.id, asked.where)
        wanted = [(*mark, line.seq, line.sender, line.text) for line in newest]
        told = [(r.id, r.where, r.seq, r.sender, r.text) for r in past]
        assert told == wanted, f"{asked} shows {told}\n not {wanted}"
        more = "yes" if len(newest) < len(older) else "no"
        assert ok == Ok(asked.id, (more,)), f"{asked} ends with {ok}, not {more}"

    # -- Everybody -------------------------------------------------------------------

    def check_order(self):
        """All lines that anybody has heard have one order."""
        seqs = [line.seq for line in self.model.lines if line.seq is not None]
        assert seqs == sorted(set(seqs)), seqs

    def lines_heard_by(self, voice, ids):
        """Those of the lines that somebody has heard by now."""
        found = [r.id for r in voice.reports if isinstance(r, Said)]
        return [id for id in found if id in set(ids)]

    def answers_to_a_stranger(self, payloads):
        """Who has not said hello gets errors, and pongs."""
        wanted, mistakes = Expected(), 0
        wanted.is_over = False
        for payload in payloads:
            try:
                request = decode_request(payload)
            except MessageError as wrong:
                wanted.closings[id_of(payload), wrong.code] += 1
                mistakes += 1
                if mistakes == MOST_MISTAKES:
                    wanted.is_over = True
                    return wanted
                continue
            mistakes = 0
            if isinstance(request, Quit):
                return wanted
            if isinstance(request, Ping):
                wanted.closings[request.token, "pong"] += 1
            elif not isinstance(request, Pong):
                wanted.closings[request.id, "not-logged-in"] += 1
        return wanted


class Complaints(logging.Handler):
    """What the server's journal must not say: errors, and tracebacks of any rank."""

    def __init__(self):
        super().__init__()
        self.texts = []
        logging.getLogger("homeroom").addHandler(self)

    def emit(self, record):
        if record.levelno >= logging.ERROR or record.exc_info:
            self.texts.append(self.format(record))

    def take(self):
        logging.getLogger("homeroom").removeHandler(self)
        return "\n".join(self.texts)
