"""The demo's cast and stage on a real server, for tests: the fixture `stage`.

def test_...(stage, demo_server, join):
    wim = join("wim", demo_server)                somebody who is no part of the demo
    seen = stage.perform(stop_reading)
    assert wim.hear(Said).sender == "dee"
"""

from random import Random

import pytest

from demo.cast import Cast
from demo.program import LIMITS
from demo.stage import Stage


@pytest.fixture
def demo_server(start_server):
    """With the demo's limits, and the pace of a real one."""
    return start_server(limits=LIMITS, rate=10.0)


@pytest.fixture
def cast(demo_server):
    """Five bots who wait to be told what to do; start_prompter() if they shall talk."""
    cast = Cast(("127.0.0.1", demo_server.port), seed=1)
    cast.start()
    yield cast
    cast.stop()


@pytest.fixture
def stage(demo_server, cast):
    stage = Stage(cast, LIMITS, demo_server.chat.clients_lock, Random(1))
    stage.start()
    yield stage
    stage.stop()
