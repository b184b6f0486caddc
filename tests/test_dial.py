"""Calling a server, and the sentence when it does not answer."""

import errno
import socket
import sys

import pytest
from tcp_rig import PATIENCE

from net.dial import DialError, dial, explain


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


def test_who_is_there_is_reached_and_the_socket_waits_for_ever():
    with (
        socket.create_server(("127.0.0.1", 0)) as listener,
        dial("127.0.0.1", listener.getsockname()[1]) as sock,
    ):
        assert sock.gettimeout() is None


def test_a_port_without_a_server_gets_a_sentence():
    port = free_port()
    with pytest.raises(DialError) as failure:
        dial("127.0.0.1", port, PATIENCE)
    assert str(failure.value) == f"no server at 127.0.0.1:{port}: is it running?"


def test_a_host_that_is_not_known_gets_a_sentence():
    with pytest.raises(
        DialError, match=r"unknown host 1\.2\.3\.4\.5: is the name spelled"
    ):
        dial("1.2.3.4.5", 1, PATIENCE)


@pytest.mark.parametrize("host", ["a..b", "x" * 100])
def test_what_cannot_be_a_host_gets_a_sentence(host):
    with pytest.raises(DialError, match=r"is not a host name$"):
        dial(host, 1, PATIENCE)


@pytest.mark.skipif(sys.platform != "linux", reason="needs Linux's full backlog")
def test_a_server_that_does_not_answer_gets_a_sentence():
    with socket.create_server(("127.0.0.1", 0), backlog=0) as listener:
        address = listener.getsockname()
        with (
            socket.create_connection(address),  # the one that the backlog holds
            pytest.raises(DialError, match=r"no answer from .* a firewall between"),
        ):
            dial(*address, patience=0.1)


@pytest.mark.parametrize(
    ("number", "part"),
    [
        (errno.ECONNREFUSED, "no server at pc7:80"),
        (10_061, "no server at pc7:80"),
        (errno.ENETUNREACH, "no way to pc7:80"),
        (errno.EHOSTUNREACH, "no way to pc7:80"),
        (10_065, "no way to pc7:80"),
        (errno.EACCES, "cannot connect to pc7:80: why"),
    ],
)
def test_every_failure_has_a_sentence(number, part):
    assert part in explain(OSError(number, "why"), "pc7:80")


def test_a_failure_without_a_number_has_a_sentence_too():
    assert explain(OSError("odd"), "pc7:80") == "cannot connect to pc7:80: odd"
