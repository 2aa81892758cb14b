"""The lease of the only writer, which ends by itself.

Milvus compares nothing before it puts a row. So who takes the lease first claims it in a row of its own, and then
looks whether anybody else does: of two that claim at once at least the later sees the other, however long their calls
take. And whoever holds it changes what is seen only while, by its own clock, nobody can have taken it yet, and looks
afterwards whether somebody has.
"""

import random
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager

from retrieval.errors import BusyError, StorageError
from retrieval.index.milvus.head import Head

LEASE_SECONDS = 15.0
"""A writer that has not shown itself for so long is gone. Who waits measures that with its own clock, so that clocks
need not agree."""
_SURE_SECONDS = 10.0
"""For so long after it showed itself a writer changes what is seen. What it asked for by then has the rest of
LEASE_SECONDS to arrive."""
_LOOK = 0.1


@contextmanager
def held(head: Head, wait_seconds: float) -> Iterator["Lease"]:
    """Be the only writer, for as long as this process lives. Raises BusyError when another stays it for longer than
    that."""
    lease = Lease(head)
    lease.take(wait_seconds)
    showing = threading.Thread(target=lease.show, name="lease", daemon=True)
    showing.start()
    try:
        yield lease
    finally:
        lease.end()
        showing.join()  # or it might show once more what was given back
        lease.give_back()


class Lease:
    """Held by one writer, who shows itself every few seconds."""

    def __init__(self, head: Head) -> None:
        self._head = head
        self._owner = uuid.uuid4().hex
        self._is_over, self._renewing = threading.Event(), threading.Lock()
        self._shown = float("-inf")
        """When it began to show itself the last time that this succeeded."""
        self._beat = self._attempt = 0
        self._seen: dict[tuple[str, str], float] = {}
        """Claims of others, and since when they are there."""

    def take(self, wait_seconds: float) -> None:
        end = time.monotonic() + wait_seconds
        seen, since = self._head.holder(), time.monotonic()
        while True:
            now = self._head.holder()
            if now != seen:
                seen, since = now, time.monotonic()
            is_free = not now or time.monotonic() - since > LEASE_SECONDS
            if is_free and self._claimed(now):
                return
            if not is_free and time.monotonic() > end:
                raise self._busy(wait_seconds)
            if time.monotonic() > end + 2 * LEASE_SECONDS:  # claims of who was killed are gone by then
                raise self._busy(wait_seconds)
            time.sleep(_LOOK * random.uniform(0.5, 1))

    def check(self) -> None:
        """Raise BusyError when another took it, for this process stood still too long. Before each change that is
        seen, and after."""
        if not (self._is_ours() if self._sure() > 0 else self._renewed()):
            raise self._lost()

    def left(self) -> float:
        """For how many seconds this process may still change what is seen. Raises BusyError when none are left."""
        if (left := self._sure()) <= 0:
            raise self._lost()
        return left

    def show(self) -> None:
        """Until its end."""
        while not self._is_over.wait(LEASE_SECONDS / 5):
            try:
                self._renewed()
            except StorageError:
                continue  # the server is away; it will be looked for again, and `check` tells who was too late

    def end(self) -> None:
        self._is_over.set()

    def give_back(self) -> None:
        if self._is_ours():
            self._head.hold("", max(self._sure(), _LOOK))

    def _sure(self) -> float:
        return self._shown + _SURE_SECONDS - time.monotonic()

    def _is_ours(self) -> bool:
        return self._head.holder().startswith(self._owner)

    def _renewed(self) -> bool:
        """Whether it is still held; where others may be about to take it, it is claimed anew."""
        with self._renewing:
            now = self._head.holder()
            if not now.startswith(self._owner):
                return False
            if (left := self._sure()) <= 0:
                return self._claimed(now)
            self._hold(left)
            return True

    def _hold(self, seconds: float) -> None:
        self._beat += 1
        began = time.monotonic()
        self._head.hold(f"{self._owner} {self._beat}", seconds)
        self._shown = began

    def _claimed(self, holder: str) -> bool:
        """Take it from this holder, unless somebody else does at the same time or has done so."""
        self._attempt += 1
        try:
            self._head.claim(self._owner, self._attempt)
            while others := self._others():
                if min(others) < self._owner:
                    return False
                time.sleep(_LOOK)  # they withdraw, or have it in a moment
            began = time.monotonic()
            if self._head.holder() != holder:
                return False
            self._hold(began + _SURE_SECONDS - time.monotonic())
            return self._owner in self._head.claims()  # else it stood still, and its claim was taken for a dead one's
        finally:
            self._head.unclaim(self._owner)

    def _others(self) -> list[str]:
        """Who else claims it. Claims that stay as they are for too long are taken away: those processes are gone."""
        now, claims = time.monotonic(), {*self._head.claims().items()}
        claims = {claim for claim in claims if claim[0] != self._owner}
        self._seen = {claim: self._seen.get(claim, now) for claim in claims}
        for owner, attempt in claims:
            if now - self._seen[owner, attempt] > LEASE_SECONDS:
                self._head.unclaim(owner)
        return sorted(owner for owner, _ in claims)

    def _busy(self, waited: float) -> BusyError:
        return BusyError(
            f"Another process is indexing into {self._head.name} (waited {waited:g} s). "
            "Try again when it is done, or raise index.wait_seconds."
        )

    def _lost(self) -> BusyError:
        return BusyError(
            f"Another process writes into {self._head.name} now: this one stood still for too long. What it "
            "reported as indexed is kept; run it again."
        )
