"""Kinds of field: what an annotation in a message means on the wire.

For a type checker they are what they stand for; READERS in protocol.py holds the rule
of each, by its name.
"""

from __future__ import annotations

Id = str  # the client's own name for a request: up to 64 of [A-Za-z0-9_-], or empty
Room = str  # a room's name, or empty: at most 31 characters, the # among them
Text = str  # what somebody said: 1-4,000 characters, no control but newline and tab
Secret = str  # 32 hex digits, or empty; never logged
Number = int  # ASCII decimal digits
Maybe = int | None  # a number, or empty
Words = tuple[str, ...]  # all the fields that are left
