"""python server.py, with its locks watched: what tests/programs.py starts."""

import sys
from pathlib import Path

import lock_order

lock_order.watch_for_tests()
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from server import main  # noqa: E402  (its locks are made of what was replaced)

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
