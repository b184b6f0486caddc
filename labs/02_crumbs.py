"""Lab 2, crumbs: how many recvs does one big send need?

Ana sends one mebibyte with a single sendall(). Bob calls recv() with room for all
of it. Then ana sends 300 smileys, four bytes each, and bob reads 1,023 bytes and
wants to print them.

Seen on Linux; macOS and Windows promise the same, but it was not tried there.
"""

from __future__ import annotations

import socket
import sys
from pathlib import Path
from threading import Thread

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))  # run as a file

from labs.lesson import Lab, Outcome, Stage, teach
from labs.loopback import connected, wait_for_bytes

MEBIBYTE = 1 << 20
SMILEYS = ("🙂" * 300).encode()


def send_much(ana: socket.socket) -> None:
    ana.sendall(bytes(MEBIBYTE))  # one call


def read_much(bob: socket.socket) -> list[int]:
    sizes: list[int] = []
    while sum(sizes) < MEBIBYTE:
        sizes.append(len(bob.recv(MEBIBYTE)))  # room for everything
    return sizes


def read_smileys(bob: socket.socket) -> str:
    return bob.recv(1023).decode()  # 255 smileys and three quarters


def count_crumbs(stage: Stage) -> int:
    with connected(receive_buffer=65_536) as (ana, bob):
        sender = Thread(target=send_much, args=[ana])
        sender.start()
        sizes = read_much(bob)
        sender.join()
    first = ", ".join(f"{size:,}" for size in sizes[:4])
    stage.show(f"  1 sendall of {MEBIBYTE:,} bytes: {len(sizes)} recvs: {first} ...")
    return len(sizes)


def cut_a_smiley(stage: Stage) -> str:
    with connected() as (ana, bob):
        ana.sendall(SMILEYS)
        wait_for_bytes(bob, len(SMILEYS))
        try:
            read_smileys(bob)
        except UnicodeDecodeError as error:
            stage.show(f"  recv(1023).decode() at byte {error.start}: {error.reason}")
            return error.reason
    return ""


def experiment(stage: Stage) -> Outcome:
    count, reason = count_crumbs(stage), cut_a_smiley(stage)
    return Outcome(
        count > 1 and reason == "unexpected end of data",
        f"{count} recvs for one send; the smiley at the cut: {reason or 'whole'}.",
    )


LAB = Lab(
    __file__,
    code=(send_much, read_much, read_smileys),
    answers=(
        "one: there is room; and 255 smileys are printed",
        "several; and 255 smileys are printed, the rest comes later",
        "several; and decode() raises an exception",
    ),
    right="c",
    experiment=experiment,
    why=(
        "A recv returns as soon as anything is there, and what is there depends on "
        "buffers, on packets and on who runs when.",
        "Nobody between ana and bob knows what a character is, so a cut may fall "
        "inside one.",
        "So collect bytes until a message is whole, and decode then, never before.",
    ),
    look="Run it again: which of the sizes stay the same?",
    change="Leave out receive_buffer: how few recvs do you get, and is it ever one?",
    build="Write recv_exactly(sock, size), which returns so many bytes or says that "
    "the stream ended early. What does it do with a recv that brings nothing?",
)

if __name__ == "__main__":
    sys.exit(teach(LAB))
