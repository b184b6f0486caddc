"""Defect: it writes its lengths the wrong way round. Stage 2, "big endian".

struct.pack("I") and a C program that sends an int as it lies in memory do this on
almost every machine; nobody notices until two programs of different kinds meet.
"""

from __future__ import annotations

import struct

from labs.zoo.healthy import Server, main


class LittleEndian(Server):
    """Its `!` is missing."""

    def frame(self, *fields: object) -> bytes:
        payload = "\0".join(map(str, fields)).encode()
        return struct.pack("<I", len(payload)) + payload


if __name__ == "__main__":
    main(LittleEndian)
