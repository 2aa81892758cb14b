"""The collection that says which generation is in use, and who writes.

Both are one record each, and Milvus puts a record whole: to put it is to switch.
"""

import json
import re
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass

from retrieval.errors import BusyError, IndexMismatchError, StorageError
from retrieval.index.milvus.client import Milvus, MissingCollectionError
from retrieval.index.milvus.schema import OLDER, RECORDS, SCHEMA_VERSION, record

_CURRENT, _LEASE = "current", "lease"
LEASE_SECONDS = 15.0
"""A writer that has not shown itself for so long is gone. Who waits measures that with its own clock, so that clocks
need not agree."""
_SETTLE = 0.05
"""Seconds after which a writer looks whether another took the lease in the same moment."""
_LOOK = 0.1


@dataclass(frozen=True, slots=True)
class Current:
    """The generation in use, the one before, and the time of the switch in seconds since 1970, by the writer's
    clock."""

    generation: int
    previous: int | None
    switched: float
    schema: int = SCHEMA_VERSION


class Head:
    """Of the index with this name, which begins the names of its collections."""

    def __init__(self, milvus: Milvus, name: str) -> None:
        self._milvus, self.name = milvus, name

    def current(self) -> Current | None:
        """None when there is no index. Raises IndexMismatchError when a later version of Wenju laid it out."""
        data = self._read(_CURRENT)
        if data is None:
            return None
        values = json.loads(data)
        if values.get("schema") not in (*OLDER, SCHEMA_VERSION):
            raise IndexMismatchError(
                f"The collections of {self.name} have format {values.get('schema')}; this Wenju reads format "
                f"{SCHEMA_VERSION}. Use the Wenju that wrote them, or set another index.milvus_prefix and index "
                "again."
            )
        return Current(**values)

    def switch(self, generation: int) -> None:
        """Use this generation from now on. The caller is the only writer."""
        now = self.current()
        then = Current(generation, now.generation if now else None, time.time())
        self._milvus.put(self.name, [record(_CURRENT, "head", json.dumps(asdict(then)))])

    def make(self) -> None:
        """Make the collection where there is none."""
        if self.name not in self._milvus.collections():
            self._milvus.make(self.name, RECORDS)

    def generations(self) -> dict[int, list[str]]:
        """The collections of all generations that there are, finished or not."""
        form = re.compile(rf"{re.escape(self.name)}_(\d+)_\w+", re.ASCII)
        found: dict[int, list[str]] = {}
        for name in self._milvus.collections():
            if match := form.fullmatch(name):
                found.setdefault(int(match[1]), []).append(name)
        return found

    @contextmanager
    def lease(self, wait_seconds: float) -> Iterator["Lease"]:
        """Be the only writer, for as long as this process lives. Raises BusyError when another stays it for longer
        than that."""
        lease = Lease(self)
        lease.take(wait_seconds)
        showing = threading.Thread(target=lease.show, name="lease", daemon=True)
        showing.start()
        try:
            yield lease
        finally:
            lease.end()
            showing.join()  # or it might show once more what was given back
            lease.give_back()

    def _read(self, name: str) -> str | None:
        try:
            rows = self._milvus.rows_in(self.name, "id", [name], ["data"])
        except MissingCollectionError:
            return None
        return rows[0]["data"] if rows else None

    def holder(self) -> str:
        """Who writes, and the last time that it showed itself; empty when nobody does."""
        return self._read(_LEASE) or ""

    def hold(self, holder: str) -> None:
        self._milvus.put(self.name, [record(_LEASE, "head", holder)])


class Lease:
    """Held by one writer, who shows itself every few seconds."""

    def __init__(self, head: Head) -> None:
        self._head = head
        self._owner = uuid.uuid4().hex
        self._is_over = threading.Event()

    def take(self, wait_seconds: float) -> None:
        end = time.monotonic() + wait_seconds
        seen, since = self._head.holder(), time.monotonic()
        while True:
            now = self._head.holder()
            if now != seen:
                seen, since = now, time.monotonic()
            if not now or time.monotonic() - since > LEASE_SECONDS:
                self._head.hold(f"{self._owner} 0")
                time.sleep(_SETTLE)
                if self._is_ours():
                    return
            elif time.monotonic() > end:
                raise BusyError(
                    f"Another process is indexing into {self._head.name} (waited {wait_seconds:g} s). "
                    "Try again when it is done, or raise index.wait_seconds."
                )
            time.sleep(_LOOK)

    def check(self) -> None:
        """Raise BusyError when another took it, for this process stood still too long. Before each change that is
        seen."""
        if not self._is_ours():
            raise BusyError(
                f"Another process writes into {self._head.name} now: this one stood still for too long. What it "
                "reported as indexed is kept; run it again."
            )

    def show(self) -> None:
        """Until its end."""
        beat = 0
        while not self._is_over.wait(LEASE_SECONDS / 5):
            beat += 1
            try:
                if self._is_ours():
                    self._head.hold(f"{self._owner} {beat}")
            except StorageError:
                continue  # the server is away; it will be looked for again, and `check` tells who was too late

    def end(self) -> None:
        self._is_over.set()

    def give_back(self) -> None:
        if self._is_ours():
            self._head.hold("")

    def _is_ours(self) -> bool:
        return self._head.holder().startswith(self._owner)
