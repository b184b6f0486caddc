"""Defect: bad UTF-8 ends its reader. Stage 8, "not UTF-8 ends your reader".

decode() raises UnicodeDecodeError, nobody catches it, the thread is gone. A stranger
with netcat can do that.
"""

from __future__ import annotations

from labs.zoo.healthy import Server, main


class DiesOnFf(Server):
    """It decodes without a net."""

    def fields(self, payload: bytes) -> list[str]:
        return payload.decode().split("\0")


if __name__ == "__main__":
    main(DiesOnFf)
