"""Defect: it serves one client after the other. Stage 4, "one client after the other".

accept() comes round again only when the client before has left: the system takes the
calls meanwhile, so that newcomers are connected, and wait.
"""

from __future__ import annotations

import threading

from labs.zoo.healthy import Client, Server, main


class OneAfterTheOther(Server):
    """Its main thread reads."""

    def start(self, client: Client) -> None:
        threading.Thread(target=self.write, args=[client], daemon=True).start()
        self.read(client)


if __name__ == "__main__":
    main(OneAfterTheOther)
