"""`python server.py --watch`: the chat runs in a thread, the main thread draws it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

OnKey = Callable[[str], bool]  # gets each key first; True: used up
CaptionOf = Callable[[], tuple[str, ...]]  # up to 6 rows above the keys


class Watched(Protocol):
    """What a dashboard needs of a server."""

    def run(self) -> int: ...


def no_key(_key: str) -> bool:
    return False


def no_caption() -> tuple[str, ...]:
    return ()


def run_watched(
    server: Watched,
    journal: object,  # chat.journal.Journal: lends us the terminal
    *,
    on_key: OnKey = no_key,
    caption: CaptionOf = no_caption,
) -> int:
    """Run the server and show it until it stops; its exit code."""
    del journal, on_key, caption
    return server.run()
