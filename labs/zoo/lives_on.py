"""Defect: its threads keep it alive. Stage 14, "threads keep your server alive".

Ctrl+C ends the main thread; the others wait in recv(), and Python waits for them. After
a second Ctrl+C comes a traceback.
"""

from __future__ import annotations

import threading

from labs.zoo.healthy import Client, Server, main


class LivesOn(Server):
    """Its threads are no daemons."""

    def start(self, client: Client) -> None:
        for body in (self.read, self.write):
            threading.Thread(target=body, args=[client]).start()


if __name__ == "__main__":
    main(LivesOn)
