"""The cable between real sockets: what each mode does, in both directions.

A clock of the test's own makes the pauses, so that no timing decides: while it stands
still, what is not due cannot pass. `pieces` reads what each recv() brings.
"""

import contextlib
import os
import queue
import random
import signal
import socket
import threading

import pytest
from conftest import Peer
from programs import Program, Server
from tcp_rig import PATIENCE, read_exactly, read_rest, reset

from labs import events
from labs.cable import Cable, main
from labs.events import BACK, OUT
from labs.modes import Break, Cut, Delay, Dribble, Glue, Hold, Straight
from labs.wires import KEPT, READ
from messages import Said, Say


class Clock:
    """Stands still until the test says otherwise."""

    def __init__(self):
        self.seconds = 100.0

    def __call__(self):
        return self.seconds


class Laid:
    """A cable with a server's listener behind it, and what it reported."""

    def __init__(self, mode, seed=0):
        self.clock = Clock()
        self.news = queue.Queue()
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.listener.settimeout(PATIENCE)
        to = self.listener.getsockname()
        report, now = self.news.put, self.clock
        self.cable = Cable(to, mode, seed=seed, report=report, now=now)
        self.sockets = [self.listener]

    def call(self):
        """A client that is connected to the cable."""
        client = socket.create_connection(("127.0.0.1", self.cable.port), PATIENCE)
        self.sockets.append(client)
        return client

    def answer(self):
        """The server's end of the next call that comes through."""
        server, _ = self.listener.accept()
        server.settimeout(PATIENCE)
        self.sockets.append(server)
        return server

    def connect(self):
        return self.call(), self.answer()

    def hear(self, kind):
        """The next event of that kind."""
        while not isinstance(event := self.news.get(timeout=PATIENCE), kind):
            pass
        return event

    def send(self, sender, data):
        """Send, and wait until the cable has read it."""
        sender.sendall(data)
        while data:
            data = data[self.hear(events.Took).size :]

    def advance(self, seconds):
        self.clock.seconds += seconds
        self.cable.mode = self.cable.mode  # rings

    def close(self):
        self.cable.__exit__()
        for sock in self.sockets:
            sock.close()
        names = [thread.name for thread in threading.enumerate()]
        assert not [name for name in names if name.startswith(("cable", "wire"))]


@pytest.fixture
def lay():
    """Lay a cable: lay(Dribble())."""
    every = []

    def lay(mode, **options):
        laid = Laid(mode, **options)
        laid.cable.__enter__()
        every.append(laid)
        return laid

    yield lay
    for laid in every:
        laid.close()


def is_silent(sock):
    """Whether nothing can be read, and no end either."""
    sock.setblocking(False)
    try:
        sock.recv(1)
    except BlockingIOError:
        return True
    finally:
        sock.settimeout(PATIENCE)
    return False


def both_ways(client, server):
    return [(client, server, OUT), (server, client, BACK)]


# -- Passing -------------------------------------------------------------------------


def test_straight_passes_on_what_comes_both_ways(lay):
    laid = lay(Straight())
    client, server = laid.connect()
    for sender, receiver, direction in both_ways(client, server):
        sender.sendall(b"hello")
        assert receiver.recv(100) == b"hello"
        assert laid.hear(events.Passed) == events.Passed(1, direction, 5, 1, 1)
    assert laid.cable.bytes == 10


def test_dribble_delivers_one_byte_to_each_recv(lay):
    laid = lay(Dribble())
    for sender, receiver, direction in both_ways(*laid.connect()):
        sender.sendall(b"hello")
        for byte in b"hello":
            assert receiver.recv(100) == bytes([byte])
            laid.advance(0.001)
        passed = laid.hear(events.Passed)
        assert str(passed) == f"{direction}  5 bytes in 5 pieces"


def test_glue_joins_two_sends_into_one_recv(lay):
    laid = lay(Glue())
    for sender, receiver, direction in both_ways(*laid.connect()):
        laid.send(sender, b"hel")
        laid.send(sender, b"lo")
        laid.advance(0.3)
        assert receiver.recv(100) == b"hello"
        passed = laid.hear(events.Passed)
        assert str(passed) == f"{direction}  5 bytes from 2 reads in 1 piece"


def test_delay_keeps_order_and_pieces_and_lets_nothing_by_too_early(lay):
    laid = lay(Delay(500))
    for sender, receiver, _ in both_ways(*laid.connect()):
        for letter in (b"a", b"b", b"c"):
            laid.send(sender, letter)
            laid.advance(0.125)
        for letter in (b"a", b"b", b"c"):  # 0.375, 0.25, 0.125 s old
            assert is_silent(receiver)
            laid.advance(0.125)
            assert receiver.recv(100) == letter


def test_hold_passes_nothing_and_closes_nothing_until_it_lets_go(lay):
    laid = lay(Straight())
    client, server = laid.connect()
    laid.hear(events.Connected)
    laid.cable.mode = Hold()
    for sender, receiver, _ in both_ways(client, server):
        laid.send(sender, b"held ")
        laid.send(sender, b"back")  # the wire has looked at the first by now
        assert is_silent(receiver)
    client.shutdown(socket.SHUT_WR)
    laid.cable.mode = Straight()
    assert read_rest(server) == b"held back"
    assert read_exactly(client, 9) == b"held back"


def test_through_a_pulled_cable_nobody_can_call_a_server(lay):
    laid = lay(Hold())
    client = laid.call()
    laid.send(client, b"anybody ")
    laid.send(client, b"there?")
    laid.listener.setblocking(False)
    with pytest.raises(BlockingIOError):
        laid.listener.accept()
    laid.listener.settimeout(PATIENCE)
    laid.cable.mode = Straight()
    assert read_exactly(laid.answer(), 14) == b"anybody there?"


def test_what_waits_follows_the_new_mode(lay):
    laid = lay(Hold())
    client = laid.call()
    laid.send(client, b"abc")
    laid.cable.mode = Dribble()
    server = laid.answer()
    assert server.recv(100) == b"a"
    laid.cable.mode = Straight()
    assert server.recv(100) == b"bc"


def test_an_end_is_passed_on_and_the_other_direction_goes_on(lay):
    laid = lay(Straight())
    client, server = laid.connect()
    client.sendall(b"bye")
    client.shutdown(socket.SHUT_WR)
    assert read_rest(server) == b"bye"
    server.sendall(b"well, bye")
    server.close()
    assert read_rest(client) == b"well, bye"
    laid.hear(events.Closed)


def test_a_reset_is_passed_on_as_a_reset(lay):
    laid = lay(Straight())
    client, server = laid.connect()
    laid.hear(events.Connected)
    reset(client)
    with pytest.raises(ConnectionResetError):
        server.recv(1)
    assert laid.cable.cuts == 0


def test_a_wire_keeps_only_so_much_and_then_stops_the_sender(lay):
    laid = lay(Straight())
    said = random.Random(1).randbytes(4 * KEPT)
    for sender, receiver, _ in both_ways(*laid.connect()):
        laid.cable.mode = Hold()
        speaker = threading.Thread(target=sender.sendall, args=[said])
        speaker.start()
        kept = 0
        while kept < KEPT:
            kept += laid.hear(events.Took).size
        laid.cable.mode = Straight()
        assert read_exactly(receiver, len(said)) == said
        while not isinstance(event := laid.news.get(timeout=PATIENCE), events.Passed):
            kept += event.size
        assert kept < KEPT + READ
        speaker.join()


# -- Cutting -------------------------------------------------------------------------


@pytest.mark.parametrize("direction", [OUT, BACK])
def test_an_orderly_cut_falls_after_the_exact_byte(lay, direction):
    laid = lay(Break(7, is_reset=False))
    client, server = laid.connect()
    pairs = {d: (one, other) for one, other, d in both_ways(client, server)}
    sender, receiver = pairs[direction]
    laid.send(sender, b"hello")
    sender.sendall(b" world")
    assert read_rest(receiver) == b"hello w"
    assert laid.hear(events.WasCut) == events.WasCut(1, direction, 7, False, 4)
    assert sender.recv(1) == b""
    assert (laid.cable.connections, laid.cable.cuts, laid.cable.bytes) == (1, 1, 7)


def test_an_abrupt_cut_is_a_reset_for_both(lay):
    laid = lay(Break(3, is_reset=True))
    client, server = laid.connect()
    client.sendall(b"hello")
    for end in (client, server):
        with pytest.raises(ConnectionResetError):
            read_rest(end)
    assert str(laid.hear(events.WasCut)).endswith(
        "CUT after 3 bytes (RST), 2 bytes lost"
    )


def test_each_direction_counts_for_itself(lay):
    laid = lay(Break(7, is_reset=False))
    client, server = laid.connect()
    client.sendall(b"123456")
    assert read_exactly(server, 6)
    server.sendall(b"1234567")
    assert read_rest(client) == b"1234567"


def test_a_cut_typed_later_counts_from_then(lay):
    laid = lay(Straight())
    client, server = laid.connect()
    client.sendall(b"hello")
    assert read_exactly(server, 5)
    laid.cable.mode = Cut(2, 2)
    client.sendall(b"xyz")
    laid.hear(events.WasCut)
    laid.hear(events.Closed)
    assert laid.cable.bytes == 7


def test_a_bare_cut_breaks_everything_at_once_until_another_mode(lay):
    laid = lay(Straight())
    client, server = laid.connect()
    laid.hear(events.Connected)
    laid.cable.mode = Cut()
    laid.cable.mode = Straight()
    laid.hear(events.Closed)
    assert has_ended(client)
    laid.cable.mode = Cut()
    with contextlib.suppress(ConnectionResetError):  # broken before it was made
        assert has_ended(laid.call())
    laid.answer()
    laid.cable.mode = Straight()
    again, server = laid.connect()
    again.sendall(b"mended")
    assert read_exactly(server, 6) == b"mended"


def has_ended(sock):
    with contextlib.suppress(ConnectionResetError):
        return sock.recv(1) == b""
    return True


def drawn(seed):
    chance = random.Random(seed)
    return [Cut(1, 4_000).draw(chance) for _ in range(100)]


def test_a_seed_draws_the_same_cuts_again_of_both_kinds():
    cuts = drawn(7)
    assert cuts == drawn(7) != drawn(8)
    assert all(1 <= cut.after <= 4_000 for cut in cuts)
    assert {cut.is_reset for cut in cuts} == {True, False}


def test_connections_draw_in_the_order_in_which_they_come(lay):
    laid = lay(Cut(1, 50), seed=7)
    chance = random.Random(7)
    for _ in range(10):
        order = Cut(1, 50).draw(chance)
        client, _ = laid.connect()
        laid.hear(events.Connected)
        client.sendall(b"x" * 50)
        cut = laid.hear(events.WasCut)
        assert (cut.after, cut.is_reset) == (order.after, order.is_reset)


# -- Living on -----------------------------------------------------------------------


def test_a_dead_server_closes_the_client_at_once_and_the_cable_lives_on(lay):
    laid = lay(Straight())
    address = laid.listener.getsockname()
    laid.listener.close()
    assert laid.call().recv(1) == b""
    assert "is it running?" in str(laid.hear(events.Refused))
    laid.listener = socket.create_server(address)
    laid.sockets.append(laid.listener)
    laid.listener.settimeout(PATIENCE)
    client, server = laid.connect()
    client.sendall(b"back")
    assert read_exactly(server, 4) == b"back"


@pytest.mark.skipif(not os.path.isdir("/dev/fd"), reason="counts descriptors there")
def test_a_thousand_connections_leave_no_thread_and_no_descriptor_behind(lay):
    descriptors, threads = len(os.listdir("/dev/fd")), set(threading.enumerate())
    laid = lay(Straight())
    for number in range(1_000):
        client, server = laid.connect()
        if number % 3:
            client.close()
            assert server.recv(1) == b""
            server.close()
        else:
            reset(server)
            client.close()
        del laid.sockets[1:]
    laid.close()
    assert laid.cable.connections == 1_000
    assert set(threading.enumerate()) == threads
    assert len(os.listdir("/dev/fd")) == descriptors


@pytest.mark.parametrize("mode", [Straight(), Hold(), Dribble(), Delay(60_000)])
def test_a_cable_can_be_taken_away_in_the_middle(lay, mode):
    laid = lay(Straight())
    client, server = laid.connect()
    laid.hear(events.Connected)
    laid.cable.mode = mode
    laid.send(client, b"on its way")
    laid.send(server, b"too")
    laid.close()


def test_two_people_talk_through_a_dribbling_cable(server):
    with Cable(("127.0.0.1", server.port), Dribble()) as cable:
        ana, bob = Peer(cable.port), Peer(cable.port)
        ana.log_in("ana")
        bob.log_in("bob")
        ana.send(Say("k1", "#lobby", "one byte after the other: 漢字"))
        assert bob.hear(Said).text == "one byte after the other: 漢字"
        assert ana.hear(Said).id == "k1"
        ana.close()
        bob.close()


# -- The program ---------------------------------------------------------------------


@pytest.fixture
def program(tmp_path):
    """A cable in front of a real server: program.port is where one connects."""
    with Server(tmp_path, "--history", "memory") as server:
        options = "--listen", "127.0.0.1:0", "--to", server.address
        with Program("labs/cable.py", *options, "straight") as program:
            program.server = server
            line = program.expect("Cable from ")
            program.port = int(line.split()[2].rpartition(":")[2])
            program.expect("straight: ")
            yield program


def test_one_sees_what_passes_and_types_another_mode(program):
    ana = Peer(program.port)
    program.expect("[1] connected")
    ana.log_in("ana")
    program.type("dribble")
    program.expect("dribble: one byte at a time")
    ana.send(Say("k1", "#lobby", "hi"))
    program.expect("[1] client -> server  20 bytes in 20 pieces")
    ana.hear(Said)
    program.type("hold")
    program.expect("hold: ")
    ana.send(Say("k2", "#lobby", "ho"))
    program.expect("[1] client -> server  20 bytes held back")
    program.type("straight")
    program.expect("[1] client -> server  20 bytes in 1 piece")
    assert ana.hear(Said).text == "ho"
    program.type("cut")
    program.expect("[1] both ways  CUT (")
    ana.close()
    program.type("")
    program.type("quit")
    assert program.wait() == 0


def test_a_typing_mistake_is_a_sentence_and_changes_nothing(program):
    program.type("gleu")
    program.expect("there is no mode 'gleu': try straight, dribble")
    program.process.stdin.buffer.write(b"\xff\xfe\n")
    program.type("delay")
    program.expect("there is no mode '\ufffd\ufffd'")
    program.expect("a number is missing: write delay MS")
    program.type("help")
    program.expect("hold")
    program.type("quit")
    assert program.wait() == 0


@pytest.mark.skipif(os.name == "nt", reason="signals are not tested there")
@pytest.mark.parametrize("has_keyboard", [True, False])
def test_ctrl_c_ends_it_with_0_and_without_a_traceback(program, has_keyboard):
    if not has_keyboard:
        program.end_input()
    ana = Peer(program.port)
    ana.log_in("ana")
    program.process.send_signal(signal.SIGINT)
    assert program.wait() == 0
    assert "Traceback" not in "\n".join(program.lines)
    ana.close()


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["wobble"], "there is no mode 'wobble'"),
        (["delay"], "a number is missing: write delay MS"),
        (["delay", "soon"], "'soon' makes no sense here: write delay MS"),
        (["cut", "9..3"], "'9..3' makes no sense here: write cut [N|N..M]"),
        (["hold", "5"], "hold takes nothing behind it"),
        (["--to", "lab:0"], "'0' is not a port"),
        (["--listen", "lab:x"], "'x' is not a port"),
        (["--seed", "x"], "invalid int value"),
        (["--listen", "192.0.2.1:9999"], "192.0.2.1 is not an address"),
    ],
)
def test_a_mistake_on_the_command_line_is_a_sentence_and_exit_2(
    capsys, arguments, sentence
):
    try:
        code = main(arguments)
    except SystemExit as ended:
        code = ended.code
    assert code == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("cable: ")
    assert sentence in err
    assert err.count("\n") == 1


def test_a_taken_port_is_a_sentence_and_exit_2(capsys):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert main(["--listen", f"127.0.0.1:{port}"]) == 2
    assert f"port {port} is taken" in capsys.readouterr().err
