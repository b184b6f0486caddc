"""A whole chat client in 30 lines: `python chat.py HOST PORT NAME`."""

import os, re, socket, struct, sys, threading, typing  # noqa: E401, I001

SHOWN = {"said": (3, 5), "told": (2, 5), "joined": (0, 2), "left": (1, 3)}
SHOWN |= {"error": (2, 3), "notice": (0, 1), "bye": (0, 2)}  # from which field to which


def send(*fields: str) -> None:
    payload = "\0".join(fields).encode()
    server.sendall(struct.pack("!I", len(payload)) + payload)


def listen(stream: typing.BinaryIO) -> None:
    while header := stream.read(4):  # of a stream read(4) brings four bytes, not fewer
        verb, *fields = stream.read(*struct.unpack("!I", header)).decode().split("\0")
        if verb == "ping":
            send("pong", *fields)
        elif verb in SHOWN:  # others are ignored: there will be more
            line = ": ".join(fields[slice(*SHOWN[verb])])
            print(re.sub("[\0-\x1f\x7f-\x9f]", "?", line), flush=True)
    os._exit(0)  # the server has gone, though the keyboard is still open


server = socket.create_connection((sys.argv[1], int(sys.argv[2])))
threading.Thread(target=listen, args=[server.makefile("rb")]).start()
send("hello", "1", sys.argv[3])
for number, line in enumerate(sys.stdin):
    send("say", f"k{number}", "#lobby", line.rstrip("\n"))
send("quit")
