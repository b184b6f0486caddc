"""The thread that finishes what full sockets did not take.

One thread serves every slow peer: it waits in one selector over only the sockets
that have something waiting, so it costs nothing while everybody reads. The selector
is made anew for each wait; that is a few microseconds per slow peer, and no stale
descriptor can ever be in it.

    outbox --watch--> { stalled } --selector--> outbox.flush() --> empty? forget it

Everything that waits anywhere waits in a stalled outbox. So this is also the place
to see how much it is for all peers together, with no counter that every send would
have to lock: if half the class stops reading at once, the fattest outboxes go first.
Between two looks, a quarter of a second at most, it can be more than the limit says;
each outbox's own limit holds at every moment.
"""

from __future__ import annotations

import selectors
import threading
from time import monotonic

from net.limits import Limits
from net.outbox import Outbox
from net.wakeup import BriefSelector, Wakeup
from sight.seat import stand, wait_in

TICK = 0.25  # seconds between looks at the deadlines, while somebody is stalled


class Flusher:
    """Watches stalled outboxes; run() is the body of the thread."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._wakeup = Wakeup()
        self._is_stopping = False
        self._lock = threading.Lock()
        # _lock must be held when using this:
        self._stalled: set[Outbox] = set()

    def start(self) -> None:
        """Start the thread; daemon, so that no stalled peer delays an exit."""
        threading.Thread(target=self.run, name="flusher", daemon=True).start()

    def watch(self, outbox: Outbox) -> None:
        with self._lock:
            self._stalled.add(outbox)
        self._wakeup.ring()

    def stop(self) -> None:
        self._is_stopping = True
        self._wakeup.ring()

    def run(self) -> None:
        while not self._is_stopping:
            self._wakeup.hush()
            with self._lock:
                stalled = list(self._stalled)
            for outbox in self._wait(stalled):
                if not outbox.flush():
                    self._forget(outbox)
            now = monotonic()
            for outbox in stalled:
                outbox.expire(now)
            self._relieve(stalled)
        self._wakeup.close()

    def _relieve(self, stalled: list[Outbox]) -> None:
        """Cut off the fattest peers until the rest is not too much."""
        waiting = sum(outbox.waiting_bytes for outbox in stalled)
        excess = waiting - self._limits.all_outboxes_bytes
        if excess <= 0:
            return
        # Told their weight once: it changes while we look.
        weights = {outbox: outbox.waiting_bytes for outbox in stalled}
        for outbox in sorted(stalled, key=weights.__getitem__, reverse=True):
            excess -= outbox.cut_off()
            if excess <= 0:
                return

    def _forget(self, outbox: Outbox) -> None:
        with self._lock:
            self._stalled.discard(outbox)
        # A push may have begun to wait between flush() and here, and its watch()
        # was undone: look again. Both orders end with the outbox being watched.
        if outbox.waiting_bytes:
            self.watch(outbox)

    def _wait(self, stalled: list[Outbox]) -> list[Outbox]:
        """Block until a stalled socket takes bytes, somebody new stalls, or a tick."""
        with BriefSelector() as selector:
            selector.register(self._wakeup, selectors.EVENT_READ)
            gone = [o for o in stalled if not self._register(selector, o)]
            wait_in("select")
            ready = selector.select(TICK if stalled else None)
        writable = {key.fileobj for key, _ in ready}
        ready_ones = gone + [outbox for outbox in stalled if outbox in writable]
        stand(f"sends on to {len(ready_ones)}")
        return ready_ones

    def _register(self, selector: selectors.BaseSelector, outbox: Outbox) -> bool:
        try:
            selector.register(outbox, selectors.EVENT_WRITE)
        except (ValueError, KeyError, OSError):
            return False  # closed meanwhile: flush() finds it empty
        return True
