"""Exactly once, on a bad day: `python tests/exactly_once.py --seeds 20`.

    4 people --- cable, cut at random bytes --- server, killed and restarted twice
      |                                           |
    what each of them was shown               one file of history

Four clients (the real receiver and the real model; plain mode without the printing)
say 300 lines each while the cable breaks under them at least a hundred times and the
server is killed (SIGKILL) at a third and at two thirds of the way. At the end every
one must have been shown every line exactly once, and all in one and the same order.

    [say, cuts, kills] -> nothing pending -> straight -> "ana is here" -> "ana is done"

Loss is proved by order, not by waiting: there is one order, so who was shown the last
words of all four will never be shown an earlier line. "is here", seen by its author,
proves that this author's connection is the straight one.

Not collected by pytest: tests/test_exactly_once.py is the part that is.
"""

import argparse
import sys
import tempfile
import threading
import time
from collections import Counter
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))  # run as a file

from programs import Server

from client import Receiver
from labs.cable import Cable
from labs.modes import Cut, Straight
from messages import Said, Say, Welcome
from tui.events import Ended, InputEnded, Lost, Quit, Reconnect, Send
from tui.inbox import Inbox
from tui.model import Model

NAMES = ("ana", "bob", "cat", "dan")
LINES = 300  # for each
WINDOW = 8  # lines of one person on their way at the same time
CUTS = Cut(
    1, 2_500
)  # in one direction; saying hello and hearing all about it takes 400
FEWEST_CUTS = 100
KILLS = (1 / 3, 2 / 3)  # of all lines
PATIENCE = 40.0  # seconds for a run that takes two; only a failing one needs them
LAST_WORDS = 10.0  # seconds for a few lines through a straight cable
FAREWELL = 2.0  # seconds for a goodbye
STOP = object()  # put into an inbox: end now


# -- The verdict -------------------------------------------------------------------


@dataclass(frozen=True)
class Verdict:
    """What was said against what was shown; all of it summed over everybody."""

    lost: int
    doubled: int
    strange: int  # shown, and nobody said it
    is_one_order: bool  # everybody saw the lines in the same order
    is_spoken_order: bool  # and each person's as they were typed

    @property
    def is_good(self):
        is_complete = not (self.lost or self.doubled or self.strange)
        return is_complete and self.is_one_order and self.is_spoken_order

    def __str__(self):
        strange = f", {self.strange} that nobody said" if self.strange else ""
        order = "one order" if self.is_one_order else "NOT in one order"
        spoken = "" if self.is_spoken_order else ", NOT as they were typed"
        return f"{self.lost} lost, {self.doubled} shown twice{strange}, {order}{spoken}"


def judge(said, shown):
    """Compare {speaker: lines} with {watcher: lines}."""
    everything = {line for lines in said.values() for line in lines}
    counts = [Counter(lines) for lines in shown.values()]
    common = everything.intersection(*counts)  # what is lost has no order
    orders = {
        tuple(line for line in dict.fromkeys(lines) if line in common)
        for lines in shown.values()
    }
    return Verdict(
        lost=sum(line not in count for count in counts for line in everything),
        doubled=sum(times - 1 for count in counts for times in count.values()),
        strange=sum(line not in everything for count in counts for line in count),
        is_one_order=len(orders) == 1,
        is_spoken_order=all(
            [line for line in order if line in set(lines)]
            == [line for line in lines if line in common]
            for order in orders
            for lines in said.values()
        ),
    )


# -- People ------------------------------------------------------------------------


class Person:
    """A whole client but for the screen; its thread is what main is in client.py.

    `shown` only grows, so others may read it, and the flags, at any time.
    """

    def __init__(self, name, address, stage):
        self.name = name
        self.shown = []  # the lines of people, as the model put them on the screen
        self.to_say = []  # lines not yet typed
        self.resent = self.doubles = self.takeovers = 0
        self.ended = ""  # why the client gave up, if it did
        self._stage = stage
        self._sent = set()  # ids
        self._heard = set()  # seqs
        self._inbox = Inbox()
        host, port = address
        self._receiver = Receiver(host, port, self._inbox, None)
        self._model = Model(name, self._receiver.address)
        self._model.has_screen = False
        self._model.chat.on_item = self._see
        self._thread = threading.Thread(target=self._run, name=f"person {name}")

    def start(self):
        """Log in, as client.py does, and listen."""
        self._receiver.log_in(self.name)
        self._receiver.start()
        self._thread.start()

    def say(self, lines):
        self.to_say += lines
        self._inbox.put(None)  # look again

    def leave(self):
        """Say goodbye, if there is anybody to say it to."""
        self._inbox.put(InputEnded())

    def end(self):
        """End after that; or without, if it does not come about."""
        self._thread.join(FAREWELL)
        self._inbox.put(STOP)
        self._thread.join()
        self._receiver._tries = 0  # a receiver ends with its program; this one now
        self._receiver.carry_out(Reconnect())
        self._receiver._flusher.stop()
        self._inbox.close()

    @property
    def is_done(self):
        """Whether everything typed has come back."""
        return not (self.to_say or self._model.chat.pending)

    @property
    def settled(self):
        """How many of the lines typed have come back."""
        return len(self._sent) - len(self._model.chat.pending)

    # -- Its thread --------------------------------------------------------------

    def _run(self):
        while True:
            for event in self._inbox.drain(0.1):
                if event is STOP:
                    return
                if event is not None and not self._receive(event):
                    return
            self._type()
            self._stage.tell()
            self._inbox.wait(None)

    def _type(self):
        while self.to_say and len(self._model.chat.pending) < WINDOW:
            self._do(self._model.submit(self.to_say[0]))
            del self.to_say[0]  # now that it is pending: at no moment is it neither

    def _receive(self, event):
        match event:
            case Said(seq):
                self.doubles += seq in self._heard
                self._heard.add(seq)
            case Welcome(resumed="yes"):
                self.takeovers += 1
            case Lost():
                self._stage.server_is_up.wait(PATIENCE)
                self._receiver.carry_out(Reconnect())
            case Ended(why):
                self.ended = why
        return self._do(self._model.receive(event))

    def _do(self, effects):
        for effect in effects:
            match effect:
                case Quit():
                    return False
                case Send(Say(id)):
                    self.resent += id in self._sent
                    self._sent.add(id)
            self._receiver.carry_out(effect)
        return True

    def _see(self, item):
        if item.kind == "said":
            self.shown.append(item.text)


# -- The stage ---------------------------------------------------------------------


class Stuck(Exception):
    """Something that had to happen did not, within the time; the text says what."""


class Stage:
    """The server that is killed, the cable that is cut, and who talks through it."""

    def __init__(self, folder, seed, names=NAMES):
        self.server_is_up = threading.Event()
        self.kills = 0
        self._news = threading.Condition()
        self._deadline = time.monotonic() + PATIENCE
        self._folder = folder
        self._stack = ExitStack()
        self._start_server(port=0)
        self.cable = self._stack.enter_context(Cable(self._to, seed=seed))
        address = ("127.0.0.1", self.cable.port)
        self.people = [Person(name, address, self) for name in names]

    def __enter__(self):
        for person in self.people:
            person.start()
        return self

    def __exit__(self, *_):
        self.cable.mode = Straight()
        for person in self.people:
            person.leave()
        for person in self.people:
            person.end()
        self._stack.close()
        self._server.__exit__()

    def kill_server(self):
        """SIGKILL, and the same again on the same port and file."""
        self.server_is_up.clear()
        self._server.__exit__()
        self.kills += 1
        self._start_server(self._to[1])

    def _start_server(self, port):
        history = self._folder / "history.db"
        options = ("--history", history, "--rate", "0")
        self._server = Server(self._folder, *options, port=port)
        self._to = ("127.0.0.1", self._server.port)
        self.server_is_up.set()

    # -- Waiting -----------------------------------------------------------------

    def tell(self):
        """Something has changed; from any thread."""
        with self._news:
            self._news.notify_all()

    def wait_until(self, claim, what, patience=PATIENCE):
        """Wait for a claim about the people. Raises Stuck."""
        end = min(time.monotonic() + patience, self._deadline)
        with self._news:
            if not self._news.wait_for(claim, end - time.monotonic()):
                ended = "; ".join(
                    f"{p.name}: {p.ended}" for p in self.people if p.ended
                )
                raise Stuck(f"{what}{' (' + ended + ')' if ended else ''}")

    def wait_for_settled(self, lines):
        settled = lambda: sum(p.settled for p in self.people) >= lines  # noqa: E731
        self.wait_until(settled, f"not even {lines:,} lines came back")

    def wait_for_all_said(self):
        all_said = lambda: all(p.is_done for p in self.people)  # noqa: E731
        self.wait_until(all_said, "some lines never came back to their author")

    def say_last_words(self):
        """Two rounds, see above. Returns what each has added to what was said."""
        self.cable.mode = Straight()
        words = {
            p.name: [f"{p.name} is here", f"{p.name} is done"] for p in self.people
        }
        for person in self.people:
            person.say(words[person.name][:1])
        self.wait_for_all_said()
        for person in self.people:
            person.say(words[person.name][1:])
        last = {lines[1] for lines in words.values()}
        complete = lambda: all(last <= set(p.shown[-99:]) for p in self.people)  # noqa: E731
        self.wait_until(complete, "somebody was not shown the last words", LAST_WORDS)
        return words


@dataclass(frozen=True)
class Result:
    """One run in figures."""

    seed: int
    lines: int
    connections: int
    cuts: int
    kills: int
    resent: int
    doubles: int  # came a second time over the wire
    takeovers: int  # sessions that the server resumed
    seconds: float
    stuck: str
    verdict: Verdict

    @property
    def is_good(self):
        return self.verdict.is_good and not self.stuck

    def __str__(self):
        return (
            f"seed {self.seed}: {self.lines:,} lines, {self.cuts} cuts in "
            f"{self.connections} connections, {self.kills} kills, "
            f"{self.resent} sent again, {self.doubles} doubles refused, "
            f"{self.takeovers} taken over: {self.verdict}; {self.seconds:.1f} s"
            f"{'; STUCK: ' + self.stuck if self.stuck else ''}"
        )


def run(folder, seed, lines=LINES, *, is_bad_day=True):
    """One run with a seed: the cuts are drawn from it; the timing is not part of it."""
    began = time.monotonic()
    said = {
        name: [f"{name} {n} of {lines}" for n in range(1, lines + 1)] for name in NAMES
    }
    stuck = ""
    with Stage(folder, seed) as stage:
        if is_bad_day:
            stage.cable.mode = CUTS
        for person in stage.people:
            person.say(said[person.name])
        try:
            for part in KILLS if is_bad_day else ():
                stage.wait_for_settled(int(part * lines * len(NAMES)))
                stage.kill_server()
            stage.wait_for_all_said()
            for name, words in stage.say_last_words().items():
                said[name] += words
        except Stuck as failure:
            stuck = str(failure)
        people = stage.people
        shown = {p.name: list(p.shown) for p in people}
    return Result(
        seed=seed,
        lines=sum(map(len, said.values())),
        connections=stage.cable.connections,
        cuts=stage.cable.cuts,
        kills=stage.kills,
        resent=sum(p.resent for p in people),
        doubles=sum(p.doubles for p in people),
        takeovers=sum(p.takeovers for p in people),
        seconds=time.monotonic() - began,
        stuck=stuck or too_few_cuts(stage.cable.cuts, is_bad_day),
        verdict=judge(said, shown),
    )


def too_few_cuts(cuts, is_bad_day):
    is_too_few = is_bad_day and cuts < FEWEST_CUTS
    return f"only {cuts} cuts: this day was not bad enough" if is_too_few else ""


def main(arguments):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    add = parser.add_argument
    add("--seeds", type=int, default=1, help="how many runs, from --seed on")
    add("--seed", type=int, default=1, help="the first seed")
    add("--lines", type=int, default=LINES, help="lines for each of the four")
    add("--straight", action="store_true", help="no cuts and no kills")
    options = parser.parse_args(arguments)
    results = []
    for seed in range(options.seed, options.seed + options.seeds):
        with tempfile.TemporaryDirectory() as folder:
            is_bad_day = not options.straight
            results.append(
                run(Path(folder), seed, options.lines, is_bad_day=is_bad_day)
            )
        print(results[-1], flush=True)
    bad = [result.seed for result in results if not result.is_good]
    print(
        f"{len(results) - len(bad)} of {len(results)} good", f"bad: {bad}" * bool(bad)
    )
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
