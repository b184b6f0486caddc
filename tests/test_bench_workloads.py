"""Each workload in small, against each server that it is for."""

import math
import os
import socket
from contextlib import ExitStack
from pathlib import Path

import pytest

from bench.crowd import PATIENCE_S, Client, Crowd
from bench.load import Pipeline, Run, converse
from bench.servers import KINDS, LIMIT, MEMORY, NAIVE, OURS, Kind, Server, started
from bench.stream import Broken, Stream
from bench.visitor import Visitor
from bench.workloads import WORKLOADS, Scale, stalled
from messages import Ping, Pong, Said
from protocol import encode

SMALL = Scale(
    seconds=0.05, crowd=6, few=2, many=8, idle=7, block=2, missed=30, filling=1_500
)
LOSSY = Kind("lossy", "it loses one line", ("tests/lossy_mirror.py",), is_mirror=True)

RUNS = [
    (workload, kind)
    for workload in WORKLOADS
    for kind in workload.kinds
    if kind is not MEMORY and workload.measure is not stalled
]


@pytest.mark.parametrize(("workload", "kind"), RUNS, ids=lambda value: value.name)
def test_a_workload_has_its_figures_and_no_faults(workload, kind):
    with started(kind) as server, Crowd(server) as crowd:
        result = workload.measure(crowd, SMALL)
    assert result.figures
    assert not result.faults
    assert all(not value < 0 for value in result.figures.values())
    if "deliveries/s" in result.figures:
        assert result.figures["deliveries/s"] > 0


def test_every_workload_asks_a_question_of_our_server():
    for workload in WORKLOADS:
        assert OURS in workload.kinds
        assert workload.question


def test_one_who_sleeps_stops_the_textbook_server_and_not_ours():
    for kind, is_awake in [(NAIVE, False), (OURS, True)]:
        with started(kind) as server, Crowd(server) as crowd:
            result = stalled(crowd, SMALL)
        assert (result.figures["deliveries/s, long lines"] > 0) is is_awake
        assert not result.faults


def test_a_server_that_loses_a_line_is_found_out():
    with started(LOSSY) as server, Crowd(server) as crowd:
        crowd.enter(3)
        run = Pipeline(crowd, crowd.clients, senders=1, window=4).run(0.05, 0.2)
    assert run.faults.lost >= 3  # once for each of those who listen
    assert run.has_stopped
    assert run.rate == 0


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_all_that_is_said_is_heard_by_everybody(kind):
    with started(kind) as server, Crowd(server) as crowd:
        crowd.enter(5)
        run = Pipeline(crowd, crowd.clients, senders=2, window=8).run(
            0.0, least_lines=100
        )
    assert run.lines >= 100
    assert run.deliveries == 5 * run.lines
    assert not run.faults


def test_a_conversation_has_a_delay_for_everybody_and_one_for_the_last():
    with started(MEMORY) as server, Crowd(server) as crowd:
        crowd.enter(4)
        run = converse(crowd, crowd.clients, 0.05)
    assert len(run.last_delays) == run.lines >= 1
    assert len(run.delays) == run.deliveries == 4 * run.lines
    assert max(run.delays) <= max(run.last_delays)


def test_a_visitor_is_told_all_they_missed_each_time():
    with started(OURS) as server, Crowd(server) as crowd:
        crowd.enter(2)
        visitor = Visitor(crowd, missed=50)
        talk = Pipeline(crowd, crowd.clients, senders=1, window=8)
        talk.run(0.0, least_lines=50)
        for _ in range(3):
            visitor.look()
            visitor.stay()
    assert len(visitor.delays) == 3
    assert not visitor.faults()


def test_a_visitor_who_is_not_told_all_finds_out():
    with started(OURS) as server, Crowd(server) as crowd:
        crowd.enter(2)
        visitor = Visitor(crowd, missed=50)
        talk = Pipeline(crowd, crowd.clients, senders=1, window=8)
        talk.run(0.0, least_lines=50)
        visitor.look()
        visitor.leave()  # before anything has come
    assert visitor.faults().lost == 50


def test_a_server_that_hangs_up_breaks_the_measurement_off():
    with started(LIMIT) as server, Crowd(server) as crowd:
        crowd.enter(2)
        os.kill(server.pid, 9)
        with pytest.raises(Broken, match=r"hung up on guest|lost the server"):
            converse(crowd, crowd.clients, 5)


def test_who_waits_long_says_that_they_are_alive():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = Server(OURS, listener.getsockname()[1], pid=0)
        with Crowd(server) as crowd:
            client = Client(server, "ana")
            crowd.clients.append(client)
            crowd.attend(client)
            peer, _ = listener.accept()
            with peer:
                peer.settimeout(PATIENCE_S)
                peer.sendall(encode(Ping("7")))
                assert crowd.turn(PATIENCE_S)
                assert peer.recv(100) == encode(Pong(""))


def test_who_was_told_something_else_is_waited_for():
    """Here ana hears a line, and bob first a ping, and the line afterwards."""
    line = encode(Said(1, 0, "#lobby", "ana", "000000000 hi"))
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = Server(OURS, listener.getsockname()[1], pid=0)
        with Crowd(server) as crowd, ExitStack() as peers:
            ana, bob, stream = Client(server, "ana"), Client(server, "bob"), Stream()
            crowd.clients += [ana, bob]
            sockets = [peers.enter_context(listener.accept()[0]) for _ in "12"]
            for client in (ana, bob):
                crowd.attend(client)
                client.listen(stream)
            ana.said = 1
            ana.receiver.take(line)
            bob.receiver.take(encode(Ping("7")))
            sockets[1].sendall(line)
            assert bob.receiver.is_odd
            assert not crowd.judge([ana, bob], PATIENCE_S)


def test_a_server_that_does_not_start_says_why():
    kind = Kind("ours", "", ("server.py", "--port", "nonsense"))
    with pytest.raises(Broken, match=r"did not start: .*nonsense"), started(kind):
        pass


def test_nothing_is_left_of_a_server(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    pids = []

    def trip():
        with started(OURS) as server:
            assert list(tmp_path.iterdir())
            pids.append(server.pid)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        trip()
    assert not list(tmp_path.iterdir())
    with pytest.raises(ProcessLookupError):
        os.kill(pids[0], 0)


def test_a_run_without_time_or_deliveries_divides_nothing():
    run = Run()
    assert (run.busy, run.rate, run.cost) == (0, 0, 0)


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="Linux tells it")
def test_what_a_server_costs_is_measured():
    with started(OURS) as server, Crowd(server) as crowd:
        crowd.enter(3)
        talk = Pipeline(crowd, crowd.clients, senders=2, window=64)
        run = talk.run(0.0, least_lines=5_000)
    assert run.server_s > 0
    assert run.busy > 0
    assert not math.isnan(run.cost)
