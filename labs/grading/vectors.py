"""The frames of docs/vectors.json, unfolded.

    "00 00 0f ab 73 61 (78 x 4000)"  -->  the bytes, as the recvs that bring them

The file is for every language; how its hex is written stands at its top.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

VECTORS = Path(__file__).resolve().parent.parent.parent / "docs" / "vectors.json"
RUN = re.compile(r"\(([0-9a-f ]+) x (\d+)\)")
LOSES_THE_STREAM = {"bad-frame", "frame-too-large", "incomplete"}


@dataclass(frozen=True, slots=True)
class Vector:
    """One row of the file: bytes, and what becomes of them."""

    name: str
    sender: str  # client or server: `topic` means two things
    pieces: tuple[bytes, ...]  # what each recv brings
    decoded: tuple[dict[str, Any], ...]  # verb and fields of each message
    error: str  # the code, or empty
    is_canonical: bool  # whether encoding gives the same bytes
    why: str

    @property
    def data(self) -> bytes:
        return b"".join(self.pieces)

    @property
    def keeps_the_stream(self) -> bool:
        """Whether the next frame is read as if nothing had happened."""
        return self.error not in LOSES_THE_STREAM


def load_vectors() -> list[Vector]:
    rows = json.loads(VECTORS.read_text(encoding="utf-8"))["frames"]
    return [_vector(row) for row in rows]


def _vector(row: dict[str, Any]) -> Vector:
    return Vector(
        name=row["name"],
        sender=row["from"],
        pieces=tuple(map(_bytes, row["hex"].split("/"))),
        decoded=tuple(map(_unfold, row.get("decoded", []))),
        error=row.get("error", ""),
        is_canonical=row.get("canonical", True),
        why=row["why"],
    )


def _bytes(written: str) -> bytes:
    return bytes.fromhex(RUN.sub(lambda run: run[1] * int(run[2]), written))


def _unfold(message: dict[str, Any]) -> dict[str, Any]:
    """Write out the long texts."""
    return {
        name: value["repeat"][0] * value["repeat"][1]
        if isinstance(value, dict)
        else value
        for name, value in message.items()
    }
