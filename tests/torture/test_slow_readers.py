"""Torture, group D: people who do not read, or do not answer any more."""

import os
import signal
import socket
import struct
import threading
from contextlib import contextmanager, suppress

import pytest
from programs import Program

from messages import (
    LOBBY,
    Bye,
    Error,
    Hello,
    History,
    Joined,
    Left,
    Ok,
    Past,
    Quit,
    Said,
    Say,
    Users,
    Welcome,
)
from protocol import VERSION, encode
from torture.peers import Crowd, call, frozen
from torture.scenario import scenario

KILOLINE = "x" * 4_000  # the longest text
MIB = 1 << 20
SO_ATTACH_FILTER = 26  # Linux, asm-generic/socket.h
DROP_ALL = struct.pack("HBBI", 0x06, 0, 0, 0)  # BPF: return 0 bytes of each packet


@pytest.fixture(scope="module")
def roomy_stage(tmp_path_factory):
    """A server where one person may say as much as it takes to fill a socket."""
    server = Stage(tmp_path_factory.mktemp("roomy"), "--rate", "0")
    yield server
    assert server.is_alive, "\n".join(server.lines[-50:])
    end(server)
