"""Defect: it counts characters where bytes count. Stage 8, "where bytes count".

len(text) is right for English. With the first é the length is too small by one, and
the other side reads the next frame in the middle of this one.
"""

from __future__ import annotations

import struct

from labs.zoo.healthy import Server, main


class CountsCharacters(Server):
    """Its length is that of the text."""

    def frame(self, *fields: object) -> bytes:
        text = "\0".join(map(str, fields))
        return struct.pack("!I", len(text)) + text.encode()


if __name__ == "__main__":
    main(CountsCharacters)
