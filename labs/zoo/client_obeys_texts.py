"""Defect: it prints what others write as it is. Stage 13, "what others write".

ESC [2J clears the screen, ESC ]0; renames the window, a carriage return writes over the
name of who spoke.
"""

from __future__ import annotations

from labs.zoo.healthy_client import Client, main


class ObeysTexts(Client):
    """It trusts texts."""

    def safe(self, line: str) -> str:
        return line


if __name__ == "__main__":
    main(ObeysTexts)
