"""The dashboard as one line per second, where there is no screen."""

import os
import re
import signal
from dataclasses import replace

import pytest
from conftest import Peer
from programs import Server
from test_picture import AT_REST, LESSON

from messages import Said, Say
from watch.plain import summary
from watch.snapshot import Standing


def test_who_is_here_what_they_do_and_who_is_slow():
    assert summary(LESSON) == (
        "14 here, 1,204 lines, 29 threads: 3 recv, 1 queue, 1 select, 1 timer, "
        "1 accept, 1 HOLDS clients_lock, 1 WAITS clients_lock; "
        "outboxes 213 KB; slow: bob"
    )


def test_where_nobody_is_slow_nobody_is_named():
    assert summary(AT_REST).endswith("; outboxes 0 B")


def test_of_many_slow_ones_some_are_named():
    slow = tuple(Standing(f"p{n}", "recv", 1.0, 0, 0, 1_000_000) for n in range(9))
    told = summary(replace(LESSON, standings=slow))
    assert told.endswith("outboxes 9.0 MB; slow: p0, p1, p2, p3, p4 and 4 more")


@pytest.mark.skipif(os.name == "nt", reason="signals are not tested there")
def test_in_a_pipe_it_tells_a_line_per_second_and_the_console_stays(tmp_path):
    with Server(tmp_path, "--watch", "--history", "memory") as server:
        ana = Peer(server.port)
        ana.log_in("ana")
        ana.send(Say("k1", "#lobby", "hi"))
        ana.hear(Said)
        told = server.expect("1 here, 1 line, ")
        assert re.search(r"\d+ threads: .*1 recv", told)
        server.type("/who")
        server.expect("ana   127.0.0.1")
        server.process.send_signal(signal.SIGTERM)
        assert server.wait() == 0
        assert server.lines[0].startswith("Chat server started on 127.0.0.1:")
        assert server.lines[1].startswith("Waiting for connections")
        assert server.lines[-1] == "Server stopped"
        ana.close()
