"""What both sides say: are you there?"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Ping:
    """Are you there? Answered by a pong with the same token."""

    token: str = ""


@dataclass(frozen=True, slots=True)
class Pong:
    """I am here."""

    token: str = ""
