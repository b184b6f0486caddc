"""Torture, group A: bytes that are no frames, or not yet."""

from conftest import Peer

from messages import Said, Say
from protocol import encode
from torture.scenario import scenario

TINY_PAUSE = 0.001  # seconds


@scenario(1, "bytes come one at a time: the line arrives whole")
def test_a_line_arrives_whole_though_its_bytes_come_one_at_a_time(
    shared_stage, unharmed
):
    with unharmed(shared_stage):
        ana, bob = Peer(shared_stage.port), Peer(shared_stage.port)
        ana.log_in("ana"), bob.log_in("bob")
        for byte in encode(Say("k1", "#lobby", "one at a time")):
            ana.send_bytes(bytes([byte]))
        assert bob.hear(Said)
    ana.close(), bob.close()
