"""Two connected ends for the labs."""

import contextlib
import socket
import threading

import pytest

from labs.loopback import SMALL, connected, read_all, wait_for_bytes


def test_what_the_sender_sends_the_receiver_gets():
    with connected() as (sender, receiver):
        sender.sendall(b"hi")
        sender.shutdown(socket.SHUT_WR)
        assert read_all(receiver) == b"hi"


def test_waiting_for_bytes_takes_none_of_them():
    with connected() as (sender, receiver):
        sender.sendall(b"he")
        later = threading.Thread(target=sender.sendall, args=[b"llo"])
        later.start()
        wait_for_bytes(receiver, 5)
        later.join()
        assert receiver.recv(1024) == b"hello"


def test_waiting_for_bytes_that_never_come_ends(monkeypatch):
    monkeypatch.setattr("labs.loopback.PATIENCE", 0.01)
    with connected() as (sender, receiver):
        sender.sendall(b"he")
        with pytest.raises(TimeoutError):
            wait_for_bytes(receiver, 5)


def test_small_buffers_are_soon_full():
    with connected(send_buffer=SMALL, receive_buffer=SMALL) as (sender, _):
        sender.settimeout(0)
        assert sender.send(bytes(1 << 20)) < 1 << 17


@pytest.mark.parametrize("end", [0, 1])
def test_who_still_waits_at_the_end_is_woken(end):
    def wait():
        is_waiting.set()
        with contextlib.suppress(OSError):  # it came too late: closed already
            ends[end].recv(1)

    is_waiting = threading.Event()
    with connected() as ends:
        ends[end].settimeout(None)
        waiter = threading.Thread(target=wait)
        waiter.start()
        is_waiting.wait()
    waiter.join(5)
    assert not waiter.is_alive()
