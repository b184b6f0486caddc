"""Lab 9, three goodbyes: what does the server see when a client goes?

One client closes its socket. The second is killed in the middle of everything. The
third loses its cable (labs/cable.py holds everything back) and goes. Each time the
server asks recv(), and for the third, which is silent, it sends a ping as well.

Seen on Linux; on Windows a killed client is said to end with a reset (not tried).
"""

from __future__ import annotations

import socket
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))  # run as a file

from labs.cable import Cable
from labs.lesson import Lab, Outcome, Stage, teach
from labs.loopback import HERE, PATIENCE, connected
from labs.modes import Hold

CLIENT = "import socket, sys; socket.create_connection(('127.0.0.1', {port})).recv(1)"
PATIENT = 0.5  # seconds, in which the cable lets nothing through, however long


def what_recv_brings(client: socket.socket) -> str:
    try:
        data = client.recv(1024)
    except TimeoutError:
        return "nothing"
    except ConnectionResetError:
        return "reset"
    return repr(data)


def is_alive(client: socket.socket) -> bool:
    client.sendall(b"ping")  # no error: the kernel takes it
    return what_recv_brings(client) == "b'pong'"


def see_close() -> str:
    with connected() as (server, client):
        client.close()
        return what_recv_brings(server)


def see_kill() -> str:
    with socket.create_server(HERE) as listener:
        listener.settimeout(PATIENCE)
        program = CLIENT.format(port=listener.getsockname()[1])
        with subprocess.Popen([sys.executable, "-c", program]) as client:
            try:
                server, _ = listener.accept()
            finally:
                client.kill()
        with server:
            server.settimeout(PATIENCE)
            return what_recv_brings(server)


def see_pulled_cable() -> tuple[str, bool]:
    """What recv brings, and whether the client answers a ping."""
    with (
        socket.create_server(HERE) as listener,
        Cable(listener.getsockname()) as cable,
        socket.create_connection((HERE[0], cable.port), PATIENCE) as client,
    ):
        listener.settimeout(PATIENCE)
        server, _ = listener.accept()
        cable.mode = Hold()
        client.close()
        with server:
            server.settimeout(PATIENT)
            return what_recv_brings(server), is_alive(server)


def experiment(stage: Stage) -> Outcome:
    closed, killed = see_close(), see_kill()
    stage.show(f"  close         recv: {closed}")
    stage.show(f"  kill          recv: {killed}")
    pulled, answers = see_pulled_cable()
    stage.show(f"  pulled cable  recv: {pulled}, for as long as one waits")
    stage.show(f"  ... and then  send: no error; pong: {'yes' if answers else 'never'}")
    return Outcome(
        closed == "b''"
        and killed in {"b''", "reset"}
        and pulled == "nothing"
        and not answers,
        f"close: {closed}; kill: {killed}; pulled cable: {pulled}, until a ping stays "
        "unanswered.",
    )


LAB = Lab(
    __file__,
    code=(what_recv_brings, is_alive),
    answers=(
        "close b'', kill nothing, pulled cable an exception",
        "close b'', kill b'' or a reset, pulled cable nothing at all",
        "three times b'': recv knows that the client is gone",
    ),
    right="b",
    experiment=experiment,
    why=(
        "A killed program does not say goodbye, but its kernel does: it closes every "
        "socket, and the other side hears of it.",
        "A pulled cable carries no goodbye, so to the server the client is just quiet.",
        "Only a question that needs an answer, a heartbeat, can tell quiet from gone.",
    ),
    look="Find ping and the 45 seconds in docs/PROTOCOL.md: who asks, who answers?",
    change="Let the killed client leave 10 bytes unread: what does recv bring then?",
    build="A heartbeat for a client of your own: when do you ask, when do you give up?",
)

if __name__ == "__main__":
    sys.exit(teach(LAB))
