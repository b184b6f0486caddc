"""Defect: it shows a line when it is typed. Stage 7, "when it is typed".

And again when it comes back. Two people see two orders of the same lines, and nobody
sees which line was lost.
"""

from __future__ import annotations

from labs.zoo.healthy_client import Client, main


class ShowsAtOnce(Client):
    """It does not wait for the server's word."""

    def say(self, id: str, text: str) -> None:
        print(text, flush=True)
        super().say(id, text)


if __name__ == "__main__":
    main(ShowsAtOnce)
