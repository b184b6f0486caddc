"""Torture, beyond the list: a million frames by chance, from eight people at once.

test_fuzz.py knows what must come of each payload, and so says a few thousand. Here
nobody looks at the answers: only that they go on coming, that nothing is logged as an
error, that who chats on loses nothing, and that memory does not grow.

    8 x [ 500 frames by chance, then one that the scribe must answer ] ---> server
                                                        <--- its answer: the next 500
"""

from concurrent.futures import ThreadPoolExecutor
from random import Random
from threading import Event, Thread
from time import monotonic

from conftest import PATIENCE, Peer

from messages import Leave, Quit
from protocol import encode
from torture import nonsense
from torture.scenario import scenario

FRAMES = 1_000_000
WARM_UP = 100_000  # frames, after which memory must not grow
CHUNK = 500  # frames in one send
BABBLERS = 8


class Babbler:
    """A connection that says frames by chance, and reads whatever comes."""

    def __init__(self, port, number):
        self._random = Random(number)
        self._peer = Peer(port)
        self._peer.log_in(f"babbler{number}")
        self._heard = Event()
        self._reader = Thread(target=self._read, name="babble")
        self._reader.start()

    def say(self, frames):
        """A few hundred at a time: without a rate, the scribe's queue has no end."""
        end = encode(Leave("end", "#nowhere"))  # answered by the scribe
        for _ in range(frames // CHUNK):
            self._peer.send_bytes(nonsense.babble(self._random, CHUNK) + end)
            assert self._heard.wait(PATIENCE), "no answer any more"
            self._heard.clear()

    def leave(self):
        self._peer.send(Quit())
        self._reader.join(PATIENCE)

    def _read(self):
        rest = b""
        while data := self._peer.sock.recv(1 << 18):
            rest = rest[-20:] + data
            if b"error\0end\0" in rest:
                rest = b""
                self._heard.set()
        self._peer.close()


def babble_on(babblers, frames):
    with ThreadPoolExecutor(BABBLERS) as threads:
        list(threads.map(lambda one: one.say(frames // BABBLERS), babblers))


@scenario(
    77,
    "a million frames by chance from eight: no error, no memory",
    long=True,
    timeout=900,
)
def test_a_million_frames_by_chance_do_no_harm(stage, unharmed, figure):
    server = stage("--rate", "0", "--history", "off")
    babblers = [Babbler(server.port, number) for number in range(BABBLERS)]
    babble_on(babblers, WARM_UP)
    before, began = server.rss_mib, monotonic()
    with unharmed(server, at_most=None):  # nobody is held up here: no rate
        babble_on(babblers, FRAMES)
    figure("frames", FRAMES / (monotonic() - began), "a second")
    figure("RSS change", server.rss_mib - before, "MiB", at_most=6)
    for babbler in babblers:
        babbler.leave()
    assert server.stop() == 0
