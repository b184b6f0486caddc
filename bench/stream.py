"""What an audience must hear, and whether each of them heard it: loss, doubles, order.

Five million deliveries a second cannot be decoded one by one in Python. They need not
be: everybody in a room is sent the same bytes. So the first who gets them has them
read, and all others are compared with what is known:

    first receiver   --bytes--> Stream: read, each line noted in a Ledger
    all others       --bytes--> the same? one comparison of memory

Who gets other bytes is not wrong yet, only different: from then on they have a stream
of their own, all of it read, and are judged by that. All is kept until the end of the
measurement, which is why a measurement is short.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from protocol import HEADER

DIGITS = 9  # of a line's number, at the beginning of its text


class Broken(Exception):
    """A measurement that cannot be finished; the text says why."""


@dataclass(frozen=True, slots=True)
class Faults:
    """Deliveries that went wrong. There is no number but 0 that is good."""

    lost: int = 0
    doubled: int = 0
    disordered: int = 0

    def __add__(self, other: Faults) -> Faults:
        return Faults(
            self.lost + other.lost,
            self.doubled + other.doubled,
            self.disordered + other.disordered,
        )

    def __bool__(self) -> bool:
        return self != Faults()

    def __str__(self) -> str:
        return f"{self.lost} lost, {self.doubled} doubled, {self.disordered} disordered"


class Ledger:
    """Which lines of each sender have come, in which order."""

    def __init__(self) -> None:
        self._next: dict[bytes, int] = {}
        self._missing: set[tuple[bytes, int]] = set()
        self._doubled = 0
        self._disordered = 0

    def note(self, sender: bytes, number: int) -> None:
        expected = self._next.get(sender, 0)
        if number >= expected:
            self._missing.update((sender, n) for n in range(expected, number))
            self._next[sender] = number + 1
        elif (sender, number) in self._missing:
            self._missing.remove((sender, number))
            self._disordered += 1
        else:
            self._doubled += 1

    def faults(self, sent: Mapping[bytes, int]) -> Faults:
        """What is wrong, once everything must have come; `sent` counts lines."""
        late = sum(count - self._next.get(who, 0) for who, count in sent.items())
        return Faults(len(self._missing) + late, self._doubled, self._disordered)


@dataclass(frozen=True, slots=True)
class Heard:
    """A line in a stream."""

    end: int  # bytes from the stream's start
    sender: bytes


class Stream:
    """Bytes from a server, from one agreed moment on, as lines."""

    def __init__(self, data: bytes = b"") -> None:
        self.data = bytearray()
        self.ledger = Ledger()
        self.lines: deque[Heard] = deque()  # not yet taken by complete()
        self._read_to = 0
        self.add(data)

    def add(self, data: bytes) -> None:
        """Read on. Raises Broken if the server complains."""
        self.data += data
        size = HEADER.size
        while len(self.data) - self._read_to >= size:
            (length,) = HEADER.unpack_from(self.data, self._read_to)
            end = self._read_to + size + length
            if end > len(self.data):
                return
            self._note(bytes(self.data[self._read_to + size : end]), end)
            self._read_to = end

    def complete(self, low: int) -> list[Heard]:
        """Take the lines that end before `low`: all have them who are so far."""
        found = []
        while self.lines and self.lines[0].end <= low:
            found.append(self.lines.popleft())
        return found

    def _note(self, payload: bytes, end: int) -> None:
        verb, *fields = payload.split(b"\0", 5)
        if verb in {b"error", b"bye"}:
            told = b" ".join(fields).decode(errors="replace")
            raise Broken(f"the server says {verb.decode()}: {told}")
        if verb == b"said":
            self._note_line(fields, end)

    def _note_line(self, fields: list[bytes], end: int) -> None:
        try:
            _, _, _, sender, text = fields
            number = int(text[:DIGITS])
        except ValueError:
            told = b" ".join(fields)[:80].decode(errors="replace")
            raise Broken(f"a line came that nobody has said: {told}") from None
        self.ledger.note(sender, number)
        self.lines.append(Heard(end, sender))


class Receiver:
    """One client's way through a stream."""

    def __init__(self, stream: Stream) -> None:
        self.stream = stream
        self.at = 0  # bytes heard
        self.is_odd = False  # it was told other bytes than the rest

    def take(self, data: bytes) -> None:
        known = self.stream.data
        if not known.startswith(data, self.at):
            rest = len(known) - self.at
            if len(data) > rest and known.endswith(data[:rest], self.at):
                self.stream.add(data[rest:])
            else:
                self.is_odd = True
                self.stream = Stream(bytes(known[: self.at]) + data)
        self.at += len(data)

    def faults(self, sent: Mapping[bytes, int]) -> Faults:
        if self.at == len(self.stream.data):
            return self.stream.ledger.faults(sent)
        return Stream(bytes(self.stream.data[: self.at])).ledger.faults(sent)


def judge(receivers: Iterable[Receiver], sent: Mapping[bytes, int]) -> Faults:
    """All that went wrong with anybody."""
    return sum((receiver.faults(sent) for receiver in receivers), Faults())
