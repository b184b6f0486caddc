"""Defect: it waits for the keyboard first. Stage 4, "waits for the keyboard".

One loop asks the user, sends, and reads the answer. While nobody types, nothing is
shown; what the others say waits in the system.
"""

from __future__ import annotations

import sys

from labs.zoo.healthy_client import Client, main


class WaitsForKeys(Client):
    """It has one thread for two things that wait."""

    def run(self, name: str) -> None:
        self.send("hello", "1", name)
        for number, line in enumerate(sys.stdin):
            self.say(f"k{number}", line.rstrip("\n"))
            while (fields := self.receive())[0] != "said":
                pass
            print(self.safe(": ".join(fields[4:6])), flush=True)


if __name__ == "__main__":
    main(WaitsForKeys)
