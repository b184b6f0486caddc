"""The errors that a person may cause and may mend.

    Refusal       the request was understood and cannot be done: answered `error`
    StorageError  the log could not be written: also answered `error`, and logged
    FileError     one of the operator's files is no good: told to the operator alone

What breaks the wire itself is a ProtocolError (protocol.py). Any other exception is
a bug of ours: the reader logs it once and answers `error internal`.
"""

from __future__ import annotations


class Refusal(Exception):
    """`code` is for programs (docs/PROTOCOL.md lists them), `text` for people."""

    def __init__(self, code: str, text: str, retry: int | None = None) -> None:
        super().__init__(text)
        self.code = code
        self.text = text
        self.retry = retry  # seconds after which it may go better


class StorageError(Exception):
    """The log could not be written; nothing of the batch was."""


class FileError(Exception):
    """--motd FILE or --bans FILE cannot be used; the text is a sentence."""
