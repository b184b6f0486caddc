"""Torture, group D: people who do not read, or do not answer any more."""

import struct

import pytest

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
