"""server.py with something changed: only tests start it, in a process of its own.

    launch.py '{"limits": {"frame": 0.5}, "descriptors": 100}' --port 0 ...

What may be changed (all optional):

    limits        other values for net.limits.Limits
    constants     {"chat.register.GRACE": 1.0}, other values for any constant
    descriptors   RLIMIT_NOFILE, how many descriptors the process gets
    file_bytes    RLIMIT_FSIZE, how long a file may become: a full disk
    before        "torture.faults:no_threads", a function that is called first

Options for this in server.py itself would be options for everybody.
"""

import json
import signal
import sys
from functools import partial
from importlib import import_module
from pathlib import Path

TESTS = Path(__file__).resolve().parent.parent


def main(change, *arguments):
    sys.path[:0] = [str(TESTS.parent), str(TESTS)]
    import lock_order

    lock_order.watch_for_tests()
    import server
    from net.limits import Limits

    change = json.loads(change)
    limit_resources(change)
    server.Limits = partial(Limits, **change.get("limits", {}))
    for constant, value in change.get("constants", {}).items():
        module, _, name = constant.rpartition(".")
        assert hasattr(import_module(module), name), f"there is no {constant}"
        setattr(import_module(module), name, value)
    if "before" in change:
        module, _, name = change["before"].partition(":")
        getattr(import_module(module), name)()
    return server.main(list(arguments))


def limit_resources(change):
    if "descriptors" in change:
        import resource

        most = change["descriptors"]
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    if "file_bytes" in change:
        import resource

        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)  # write() fails with EFBIG then
        most = change["file_bytes"]
        resource.setrlimit(resource.RLIMIT_FSIZE, (most, resource.RLIM_INFINITY))


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
