"""How many connections this process may hold."""

from __future__ import annotations

RESERVE = 64  # descriptors for the log, the listeners, the terminal, Python itself
WINDOWS_SOCKETS = 8_192  # no such limit there; a bound all the same (not tested)


def raise_limit() -> int:
    """Ask for as many descriptors as the system grants; return how many peers fit."""
    try:
        import resource
    except ImportError:
        return WINDOWS_SOCKETS
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = 65_536 if hard == resource.RLIM_INFINITY else hard
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
    except (ValueError, OSError):
        pass  # macOS grants less than its hard limit says; the soft one stands
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return max(1, soft - RESERVE)
