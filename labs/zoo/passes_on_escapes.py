"""Defect: it passes on control characters. Stage 8, "passes on control characters".

ESC [2J in a text clears the screen of everybody whose client prints it as it came.
"""

from __future__ import annotations

from labs.zoo.healthy import Refused, Server, main


class PassesOnEscapes(Server):
    """It looks only at the length."""

    def check_text(self, text: str) -> None:
        if not 1 <= len(text) <= 4_000:
            raise Refused("bad-text", "a text has 1 to 4,000 characters")


if __name__ == "__main__":
    main(PassesOnEscapes)
