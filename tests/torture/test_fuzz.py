"""Torture, beyond the list: anything at all is said to the server, cut anywhere.

A small model of the chat (chat_model.py) says what must come of it, and hypothesis
looks for a sequence where something else does. Several people speak: sense, almost
sense and nonsense, many payloads at once, in pieces of any size. They leave in every
way there is, their cables are pulled, and they come back.

    act ---> its reader is through (pong) ---> the scribe is through (zed's barrier)
        ---> each person has heard it all (pong) ---> compare

After each step: every request with an id has one closing answer, everybody has heard
what the model says and nothing else, and all lines have one order. The server's log
stays free of errors.
"""

import socket
from itertools import count

from conftest import PATIENCE, Running
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    precondition,
    rule,
    run_state_machine_as_test,
)

from chat.log import open_log
from chat.refusal import Refusal
from chat.settings import Settings
from messages import Error, Hello, History, Join, Leave, Say, Welcome
from net.limits import Limits
from protocol import HEADER, VERSION
from torture import nonsense
from torture.chat_model import ChatModel
from torture.chat_values import Over
from torture.hearing import Complaints, Ear, without_races
from torture.scenario import scenario
from torture.voice import Voice

MOST_PEOPLE = 5
BROKEN = {
    HEADER.pack(0): "bad-frame",
    HEADER.pack(65_537): "frame-too-large",
    b"\xff" * 4: "frame-too-large",
}
# On a busy machine seconds may pass before somebody's first byte, between two pieces of
# what they send, or before the scribe comes to their last words. Then a server gives
# them up, rightly, and the model knows nothing of that: so this one has more patience.
PATIENT = Limits(first_byte=PATIENCE, linger=PATIENCE, drain=PATIENCE)
cuts = st.lists(st.integers(0, 400), max_size=4)


class Anything(RuleBasedStateMachine):
    """Each rule is something that people may do; hypothesis chooses and shortens."""

    def __init__(self):
        super().__init__()
        self.complaints = Complaints()
        chosen = Settings(rate=0.0, history="memory", console=False)
        self.server = Running(open_log("memory"), chosen, PATIENT)
        self.numbers = count(1)
        self.model = ChatModel()
        self.ear = Ear(self.model)
        self.voices = []

    def teardown(self):
        for voice in self.voices:
            voice.peer.close()
        self.server.stop()
        complaints = self.complaints.take()
        assert not complaints, complaints
        assert self.server.exit_code == 0, "a part of the server died"

    @initialize()
    def ana_and_bob_are_there_and_zed_who_is_in_every_room(self):
        self.zed = self.enter("zed", "")
        self.somebody_comes("ana", can_return=True)
        self.somebody_comes("bob", can_return=True)
        joins = [nonsense.payload_of(Join("", room)) for room in nonsense.ROOMS[1:]]
        self.speak(self.zed, joins)

    def somebody(self, data, *, is_here=None, can_return=False):
        """Anybody but zed, who only listens."""
        found = [
            voice
            for voice in self.voices
            if voice is not self.zed
            and is_here in (None, voice.person.is_here)
            and (voice.person.secret or not can_return)
        ]
        return data.draw(nonsense.pick(found)) if found else None

    # -- Coming ----------------------------------------------------------------------

    @precondition(lambda self: len(self.voices) < MOST_PEOPLE)
    @rule(name=nonsense.name, can_return=st.booleans())
    def somebody_comes_perhaps_under_no_name(self, name, can_return):
        self.somebody_comes(name, can_return=can_return)

    def somebody_comes(self, name, *, can_return):
        secret = f"{next(self.numbers):032x}" if can_return else ""
        self.enter(name, secret)

    def enter(self, name, secret):
        voice = Voice(self.server.port)
        voice.peer.send(Hello(VERSION, name, secret))
        try:
            voice.person, code = self.model.enter(name, secret), ""
        except Refusal as refusal:
            code = refusal.code
        if code:
            assert voice.peer.hear(Error).code == code
            voice.peer.close()
            return None
        self.welcome(voice)
        self.settle()
        return voice

    def welcome(self, voice):
        welcome = voice.peer.hear(Welcome)
        assert welcome.name == voice.person.name
        voice.since = max(voice.since, welcome.seq)
        self.voices.append(voice)
        return welcome

    @rule(
        told=st.lists(nonsense.payloads(nonsense.name, st.just("r1")), max_size=12),
        at=cuts,
    )
    def a_stranger_is_told_to_say_hello_first(self, told, at):
        voice = Voice(self.server.port)
        wanted = self.ear.answers_to_a_stranger(told)
        voice.send([*told, nonsense.payload_of(nonsense.QUIT)], at)
        code = voice.hear_rest()
        self.ear.compare_answers(wanted, voice.reports)
        assert code == ("bad-frame" if wanted.is_over else "quit")

    # -- Speaking --------------------------------------------------------------------

    def speak_in_turn(self, data, turns, at):
        for _ in range(turns):
            if voice := self.somebody(data, is_here=True):
                some = st.lists(self.something(voice.person), min_size=1, max_size=8)
                said = data.draw(st.one_of(some, some, some, nonsense.slips()))
                said += data.draw(st.lists(nonsense.endings, max_size=1))
                self.speak(voice, without_races(said), at)

    # Four rules, for most of the time people speak; what chooses a rule is blind.
    turns = rule(data=st.data(), turns=st.integers(1, 6), at=cuts)
    people_speak, people_go_on = turns(speak_in_turn), turns(speak_in_turn)
    people_answer, people_ask = turns(speak_in_turn), turns(speak_in_turn)

    def something(self, speaker):
        people = [person.name for person in self.model.people.values()]
        reqs = [q.req for q in self.model.questions if q.req] or ["r1"]
        people, reqs = map(nonsense.pick, (people, reqs))
        new = nonsense.payloads(people | nonsense.name, reqs)
        mine = [x for x in self.model.lines if x.author is speaker and x.id]
        old = nonsense.pick(mine[-5:]).map(nonsense.again) if mine else new
        return st.one_of(new, new, old)

    def speak(self, voice, payloads, at=()):
        self.model.mistakes, code = 0, None
        self.ear.note_alone(payloads)
        for payload in payloads:
            try:
                self.model.answer(voice.person, payload)
            except Over as over:
                code = str(over)
                break
        voice.send(payloads, at)
        if code:
            self.part(voice, is_final=code == "quit")
            assert voice.hear_rest() == code
        self.settle(voice)

    # -- Going -----------------------------------------------------------------------

    def part(self, voice, *, is_final=False):
        """The connection is over; the session perhaps as well."""
        if is_final or not voice.person.secret:
            self.model.end(voice.person)
        else:
            self.model.drop(voice.person)

    @rule(data=st.data(), half=st.sampled_from([b"", b"\0", b"\0\0\0\x05say"]))
    def somebody_hangs_up_politely_or_inside_a_frame(self, data, half):
        if not (voice := self.somebody(data, is_here=True)):
            return
        voice.peer.send_bytes(half)
        voice.peer.sock.shutdown(socket.SHUT_WR)
        self.part(voice)
        assert voice.hear_rest() == ""
        self.settle(voice)

    @rule(data=st.data(), header=st.sampled_from(sorted(BROKEN)))
    def somebody_sends_what_is_no_frame(self, data, header):
        if not (voice := self.somebody(data, is_here=True)):
            return
        voice.peer.send_bytes(header)
        self.part(voice)
        assert voice.hear_rest() == BROKEN[header]
        self.settle(voice)

    @rule(data=st.data())
    def a_plug_is_pulled(self, data):
        if voice := self.somebody(data, is_here=True, can_return=True):
            voice.peer.reset()
            self.model.drop(voice.person)

    # -- Coming back -----------------------------------------------------------------

    @rule(data=st.data())
    def somebody_comes_back_whether_gone_or_not(self, data):
        if not (old := self.somebody(data, can_return=True)):
            return
        was_here = old.person.is_here
        self.model.come_back(old.person)
        self.come_back(old)
        if was_here:
            assert old.hear_rest() == "replaced"
        self.settle()

    def come_back(self, old):
        voice = Voice(self.server.port)
        voice.person, voice.since = old.person, old.since
        log, name = self.server.log.id, old.person.name
        hello = Hello(VERSION, name, old.person.secret, old.since, log)
        voice.peer.send(hello)
        self.voices.remove(old)
        assert self.welcome(voice).resumed == "yes"
        return voice

    @rule(data=st.data(), lines=st.integers(1, 20), at=cuts)
    def a_plug_is_pulled_while_lines_are_on_their_way(self, data, lines, at):
        """Whatever of them the server has got, each is there once in the end."""
        old = self.somebody(data, is_here=True, can_return=True)
        if not old or "#lobby" not in old.person.rooms:
            return
        number = next(self.numbers)
        ids = [f"plug{number}-{line}" for line in range(lines)]
        payloads = [nonsense.payload_of(Say(id, "#lobby", id)) for id in ids]
        old.send(payloads, at)
        old.peer.reset()
        self.model.drop(old.person)
        voice = self.come_back(old)
        stored = self.ear.lines_heard_by(self.barrier(), ids)
        assert stored == ids[: len(stored)]
        for id in stored:
            self.model.say(old.person, id, id, room="#lobby")
        self.model.come_back(old.person)
        self.settle()
        self.speak(voice, payloads, at)

    # -- Comparing -------------------------------------------------------------------

    def settle(self, actor=None):
        """Wait until everything has come of it, and compare."""
        if actor and actor.person.is_here:
            actor.hear()
        self.barrier()
        for voice in [v for v in self.voices if v.person.is_here]:
            voice.hear()
            self.ear.compare(voice)
        if actor and not actor.person.is_here:
            self.ear.compare(actor)
        self.ear.check_order()
        self.voices = [v for v in self.voices if self.is_known(v.person)]

    def is_known(self, person):
        return self.model.people.get(person.key) is person

    def barrier(self):
        """Wait until the scribe is through with what it had to do; return zed."""
        mark = f"barrier{next(self.numbers)}"
        self.zed = getattr(self, "zed", None) or self.voices[0]
        self.zed.peer.send(Leave(mark, "#nowhere"))
        self.zed.hear_until(lambda report: getattr(report, "id", "") == mark)
        return self.zed


@scenario(
    76,
    "sense and nonsense, cut anywhere, cables pulled: it keeps to the model",
    timeout=600,  # half a minute of work, of which a busy machine makes five
)
def test_whatever_is_said_the_server_keeps_to_the_model_of_a_chat(is_torture, request):
    """The same examples each time, but where the machine is ours or a seed is given."""
    examples, steps = (400, 40) if is_torture else (50, 25)
    seed = request.config.getoption("hypothesis_seed", None)
    chosen = settings(
        max_examples=examples,
        stateful_step_count=steps,
        derandomize=not is_torture and seed is None,
        deadline=None,
    )
    run_state_machine_as_test(Anything, settings=chosen)


def test_who_looks_twice_finds_what_was_said_between_the_second_time():
    """Of the test itself: two equal requests, whose answers differ by a line."""
    people = Anything()
    try:
        people.ana_and_bob_are_there_and_zed_who_is_in_every_room()
        ana = people.voices[1]
        ana.send = lambda payloads, at: say_one_by_one(people, ana, payloads)
        look, line = History("", "#lobby", None, None), Say("", "#lobby", "hi")
        people.speak(ana, [nonsense.payload_of(m) for m in (look, line, look)])
        people.speak(ana, [nonsense.payload_of(look)])
    finally:
        people.teardown()


def say_one_by_one(people, voice, payloads):
    """With time for the scribe after each."""
    for payload in payloads:
        Voice.send(voice, [payload])
        voice.hear()
        people.barrier()
