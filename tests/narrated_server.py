"""python server.py --watch with somebody who explains; test_watch_program.py runs it.

The caption is the keys that were pressed. 1 is used up, ! is a bug.
"""

import sys
from pathlib import Path

import lock_order

lock_order.watch_for_tests()
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from server import main  # noqa: E402  (its locks are made of what was replaced)
from watch import program  # noqa: E402

pressed = []


def on_key(key):
    pressed.append(key)
    if key == "!":
        raise ValueError("a bug")
    return key == "1"


def caption():
    return ("pressed:", *pressed[-3:]) if pressed else ()


if __name__ == "__main__":
    program.run_watched.__kwdefaults__.update(on_key=on_key, caption=caption)
    sys.exit(main(sys.argv[1:]))
