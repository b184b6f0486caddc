"""The demo's cast and stage on a real server, for tests: the fixture `stage`.

def test_...(stage, demo_server, join):
    wim = join("wim", demo_server)                somebody who is no part of the demo
    seen = stage.perform(stop_reading)
    assert wim.hear(Said).sender == "dee"
"""

from dataclasses import replace
from random import Random

import pytest

from demo.cast import Cast
from demo.program import LIMITS
from demo.stage import Stage


@pytest.fixture
def limits():
    """The demo's, but for the pings: a peer of the tests reads only when asked."""
    return replace(LIMITS, ping_after=60.0, silence=120.0)


@pytest.fixture
def demo_server(start_server, limits):
    """With these limits, and the pace of a real one."""
    return start_server(limits=limits, rate=10.0)


@pytest.fixture
def cast(demo_server):
    """Five bots who wait to be told what to do; start_prompter() if they shall talk."""
    cast = Cast(("127.0.0.1", demo_server.port), seed=1)
    cast.start()
    yield cast
    cast.stop()


@pytest.fixture
def stage(demo_server, cast, limits):
    stage = Stage(cast, limits, demo_server.chat.clients_lock, Random(1))
    stage.start()
    yield stage
    stage.stop()
