"""A part that the chat cannot live without dies, and takes the server along."""

import socket
from contextlib import suppress

import pytest
from conftest import PATIENCE, expected

from chat.guard import DIED, Guard
from messages import Bye, Ping, Pong, Say


class House:
    stops = 0

    def stop(self):
        self.stops += 1


def crash():
    raise ValueError("a bug")


def test_a_part_that_ends_by_itself_stops_nobody():
    house = House()
    guard = Guard(house.stop)
    guard.start("scribe", lambda: None).join(PATIENCE)
    assert (house.stops, guard.exit_code) == (0, 0)


def test_a_part_that_dies_is_logged_once_and_stops_the_server(caplog):
    house = House()
    guard = Guard(house.stop)
    guard.start("scribe", crash).join(PATIENCE)
    assert (house.stops, guard.exit_code) == (1, DIED)
    [record] = caplog.records
    assert record.getMessage() == "the scribe died; stopping"
    assert record.exc_info[0] is ValueError
    assert expected(caplog, "the scribe died") == 1


def test_a_part_has_a_thread_of_its_name_that_delays_no_end():
    thread = Guard(House().stop).start("clock", lambda: None)
    assert (thread.name, thread.daemon) == ("clock", True)


def break_scribe(server, ana):
    server.chat.scribe._handlers.clear()  # the next job finds nobody who does it
    ana.send(Say("k1", "", "hi"))


def break_flusher(server, _ana):
    flusher = server.chat.flusher

    def die(_stalled):
        flusher._wakeup.close()  # as the end of the program would
        crash()

    flusher._wait = die
    flusher._wakeup.ring()


def break_clock(server, _ana):
    server.chat.door.check_pulses = crash


def break_acceptor(server, _ana):
    server.chat.acceptor._accept_all = lambda _listener: crash()
    # Until nobody listens: it may still be at accepting, as it was, who came before.
    with suppress(ConnectionError):
        while True:
            socket.create_connection(("127.0.0.1", server.port)).close()


@pytest.mark.parametrize(
    ("name", "break_it"),
    [
        *(("scribe", break_scribe), ("flusher", break_flusher)),
        *(("clock", break_clock), ("acceptor", break_acceptor)),
    ],
)
def test_everybody_hears_a_bye_also_who_never_said_hello(
    server, join, connect, caplog, name, break_it
):
    ana, silent = join("ana"), connect()
    silent.send(Ping("1"))
    assert silent.next() == Pong("1")
    break_it(server, ana)
    assert ana.hear(Bye).code == "shutdown"
    assert silent.hear(Bye).code == "shutdown"
    server.thread.join(PATIENCE)
    assert server.exit_code == DIED
    assert expected(caplog, f"the {name} died; stopping") == 1
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", server.port))
