"""Listening and accepting: every address, one port, and nothing that ends the loop."""

import errno
import os
import socket
import subprocess
import sys
import threading

import pytest
from tcp_rig import PATIENCE, reset

from net.listener import Acceptor, explain_listen, open_listeners, plain_host


@pytest.fixture
def listen():
    opened = []

    def listen(host="127.0.0.1", port=0):
        found = open_listeners(host, port)
        opened.extend(found)
        return found

    yield listen
    for listener in opened:
        listener.close()


def port_of(listener):
    return listener.getsockname()[1]


def call(port):
    return socket.create_connection(("127.0.0.1", port), PATIENCE)


# -- Listening -------------------------------------------------------------------


def test_any_free_port_is_the_same_for_both_families(listen):
    listeners = listen("")
    ports = {port_of(listener) for listener in listeners}
    assert len(ports) == 1
    assert ports != {0}
    for listener in listeners:
        host = "::1" if listener.family == socket.AF_INET6 else "127.0.0.1"
        socket.create_connection((host, *ports), PATIENCE).close()


def test_a_port_that_is_free_in_one_family_alone_is_not_chosen(listen, monkeypatch):
    if len(listen("")) == 1:
        pytest.skip("this machine has one address family")
    taken = iter([port_of(*listen()), port_of(*listen())])
    bind = socket.socket.bind

    def bind_unluckily(sock, address):
        """Twice the system's free IPv6 port is one that IPv4 has in use."""
        if sock.family == socket.AF_INET6 and (port := next(taken, 0)):
            address = (address[0], port, *address[2:])
        bind(sock, address)

    monkeypatch.setattr("net.listener.socket.socket.bind", bind_unluckily)
    assert len({port_of(listener) for listener in listen("")}) == 1
    assert next(taken, "all were tried") == "all were tried"


def test_a_port_that_is_taken_is_refused_with_a_sentence(listen):
    port = port_of(*listen())
    with pytest.raises(OSError, match=r"in use|Only one usage") as failure:
        open_listeners("127.0.0.1", port)
    sentence = explain_listen(failure.value, "127.0.0.1", port)
    assert sentence.startswith(f"port {port} is taken: is a server running already?")


def test_a_port_taken_on_one_address_leaves_no_listener_on_another(listen):
    port = port_of(*listen())
    with pytest.raises(OSError, match=r"in use|Only one usage"):
        open_listeners("", port)


def test_a_restart_takes_the_port_at_once(listen):
    (listener,) = listen()
    port = port_of(listener)
    peer = call(port)
    served, _ = listener.accept()
    served.close()  # who closes first keeps the port in TIME_WAIT
    peer.close()
    listener.close()
    assert port_of(*listen(port=port)) == port


def test_an_address_of_another_machine_is_refused_with_a_sentence():
    with pytest.raises(OSError, match="not an address of this machine") as failure:
        open_listeners("192.0.2.1", 0)  # for documentation: RFC 5737
    sentence = explain_listen(failure.value, "192.0.2.1", 12345)
    assert sentence == "192.0.2.1 is not an address of this machine; leave --host out"


@pytest.mark.parametrize(
    ("failure", "part"),
    [
        (OSError(errno.EADDRINUSE, "x"), "port 80 is taken"),
        (OSError(10_048, "x"), "port 80 is taken"),
        (OSError(errno.EACCES, "x"), "port 80 needs more rights"),
        (OSError(10_013, "x"), "port 80 needs more rights"),
        (socket.gaierror(8, "x"), "ana.local is not an address of this machine"),
        (OSError(errno.EMFILE, "too many"), "cannot listen on ana.local: too many"),
    ],
)
def test_every_failure_has_a_sentence(failure, part):
    assert part in explain_listen(failure, "ana.local", 80)


# -- Accepting -------------------------------------------------------------------


class Accepting:
    """An acceptor on a thread of its own; `next()` is what it yielded."""

    def __init__(self, listeners):
        self.complaints = []
        self.acceptor = Acceptor(listeners, self.complaints.append)
        self.accepted = []
        self.came = threading.Condition()
        self.thread = threading.Thread(target=self._run)
        self.thread.start()

    def _run(self):
        for accepted in self.acceptor.connections():
            with self.came:
                self.accepted.append(accepted)
                self.came.notify_all()

    def wait_for(self, address):
        """The socket of the peer that has this address."""
        with self.came:
            assert self.came.wait_for(lambda: self._find(address), PATIENCE)
            return self._find(address)

    def _find(self, address):
        return next((s for s, found in self.accepted if found == address), None)

    def stop(self):
        self.acceptor.stop()
        self.thread.join(PATIENCE)
        assert not self.thread.is_alive(), "stop() did not wake it"
        for sock, _ in self.accepted:
            sock.close()


@pytest.fixture
def accepting(listen):
    accepting = Accepting(listen())
    yield accepting
    accepting.stop()


def test_who_connects_is_yielded_with_the_address(accepting):
    with call(accepting.acceptor.port) as peer:
        accepting.wait_for(peer.getsockname()).sendall(b"hello")
        assert peer.recv(5) == b"hello"


def test_an_ipv4_peer_over_ipv6_is_the_same_person():
    assert plain_host("::ffff:10.0.0.7") == "10.0.0.7"
    assert plain_host("10.0.0.7") == "10.0.0.7"
    assert plain_host("2001:db8::7") == "2001:db8::7"


def test_who_is_gone_before_it_was_accepted_harms_nobody(listen):
    (listener,) = listen()
    for _ in range(20):  # nobody accepts yet
        reset(call(port_of(listener)))
    accepting = Accepting([listener])
    with call(accepting.acceptor.port) as peer:
        accepting.wait_for(peer.getsockname())
    accepting.stop()
    assert not accepting.complaints


def test_stop_wakes_it_and_closes_the_port(listen, monkeypatch):
    monkeypatch.setattr("net.listener.WAIT", 60.0)
    accepting = Accepting(listen())
    port = accepting.acceptor.port
    accepting.stop()
    with pytest.raises(ConnectionRefusedError):
        call(port)


def test_a_stop_before_the_start_is_not_forgotten(listen):
    acceptor = Acceptor(listen(), print)
    acceptor.stop()
    assert list(acceptor.connections()) == []


def test_a_spare_descriptor_that_was_lost_is_taken_back(accepting):
    acceptor = accepting.acceptor
    os.close(acceptor._spare)
    acceptor._spare = None  # as when another thread was faster
    with call(acceptor.port) as peer:
        accepting.wait_for(peer.getsockname())
        with call(acceptor.port) as after:
            accepting.wait_for(after.getsockname())
    assert acceptor._spare is not None


# In a process of its own, for it gives itself 40 descriptors. It says on stdout what
# happens, and who connects is the test.
STARVED = """
import resource, sys, threading, time
from net import listener

if "no spare" in sys.argv:
    listener._open_spare = lambda: None
listeners = listener.open_listeners("127.0.0.1", 0)
acceptor = listener.Acceptor(listeners, lambda text: say("complaint", text))
held = []

def say(*words):
    print(*words, flush=True)

def listen_to_the_test():
    for line in sys.stdin:
        if line == "free\\n":
            while held:
                held.pop().close()
        say("done", time.process_time())
    acceptor.stop()

threading.Thread(target=listen_to_the_test, daemon=True).start()
resource.setrlimit(resource.RLIMIT_NOFILE, (40, 40))
say("port", acceptor.port)
for sock, _ in acceptor.connections():
    sock.sendall(b"!")
    held.append(sock)
say("stopped")
"""


class Starved:
    def __init__(self, *arguments):
        self.peers = []
        self.process = subprocess.Popen(
            [sys.executable, "-c", STARVED, *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.port = int(self.hear("port"))

    def hear(self, word):
        for line in self.process.stdout:
            if line.startswith(word):
                return line.removeprefix(word).strip()
        raise AssertionError(f"it ended before it said {word!r}")

    def tell(self, order):
        """Have it done; return how many seconds of computing it has used so far."""
        self.process.stdin.write(order + "\n")
        self.process.stdin.flush()
        return float(self.hear("done"))

    def is_served(self, patience=PATIENCE):
        """Whether a new peer is served (and held), and not turned away."""
        assert len(self.peers) < 40
        self.peers.append(call(self.port))
        self.peers[-1].settimeout(patience)
        try:
            return self.peers[-1].recv(1) == b"!"
        except (ConnectionResetError, TimeoutError):
            return False

    def close(self):
        for peer in self.peers:
            peer.close()
        self.process.kill()
        with self.process:  # closes the pipes, and waits
            pass


@pytest.fixture
def starve():
    pytest.importorskip("resource")
    started = []

    def starve(*arguments):
        started.append(Starved(*arguments))
        return started[-1]

    yield starve
    for starved in started:
        starved.close()


def test_out_of_descriptors_it_turns_peers_away_and_recovers(starve):
    starved = starve()
    while starved.is_served():
        pass
    assert [starved.is_served() for _ in range(3)] == [False] * 3
    assert "Too many open files; trying on" in starved.hear("complaint")
    starved.tell("free")
    assert starved.is_served()
    starved.process.stdin.close()
    starved.hear("stopped")
    assert starved.process.wait(PATIENCE) == 0


def test_without_even_a_spare_descriptor_it_waits_and_does_not_spin(starve):
    starved = starve("no spare")
    before = starved.tell("nothing")
    while starved.is_served(patience=1.0):
        pass
    assert starved.tell("free") - before < 0.5, "it spun"
    starved.peers[-1].settimeout(PATIENCE)
    assert starved.peers[-1].recv(1) == b"!", "who waited is served in the end"
