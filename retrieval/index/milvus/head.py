"""The collection that says which generation is in use, who writes, and who is about to.

The first two are one record each, and Milvus puts a record whole: to put it is to switch.
"""

import json
import re
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass

from retrieval.errors import IndexMismatchError
from retrieval.index.milvus.client import Milvus, MissingCollectionError
from retrieval.index.milvus.schema import OLDER, RECORDS, SCHEMA_VERSION, record

_CURRENT, _LEASE, _CLAIM = "current", "lease", "claim"


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

    def switch(self, generation: int, seconds: float) -> None:
        """Use this generation from now on; tried for so many seconds at most. The caller is the only writer."""
        now = self.current()
        self.put(Current(generation, now.generation if now else None, time.time()), seconds)

    def put(self, current: Current, seconds: float | None = None) -> None:
        self._milvus.put(self.name, [record(_CURRENT, "head", json.dumps(asdict(current)))], seconds)

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

    # -- who writes ----------------------------------------------------------------------------------------------

    def holder(self) -> str:
        """Who writes, and the last time that it showed itself; empty when nobody does."""
        return self._read(_LEASE) or ""

    def hold(self, holder: str, seconds: float | None = None) -> None:
        """Tried for so many seconds at most, where they are given."""
        self._milvus.put(self.name, [record(_LEASE, "head", holder)], seconds)

    def claims(self) -> Mapping[str, str]:
        """Who is about to take the lease, and at which attempt."""
        rows = self._milvus.rows_in(self.name, "kind", [_CLAIM], ["id", "data"])
        return {row["id"].removeprefix(_CLAIM): row["data"] for row in rows}

    def claim(self, owner: str, attempt: int) -> None:
        self._milvus.put(self.name, [record(f"{_CLAIM}{owner}", _CLAIM, str(attempt))])

    def unclaim(self, owner: str) -> None:
        self._milvus.delete_in(self.name, "id", [f"{_CLAIM}{owner}"])

    def _read(self, name: str) -> str | None:
        try:
            rows = self._milvus.rows_in(self.name, "id", [name], ["data"])
        except MissingCollectionError:
            return None
        return rows[0]["data"] if rows else None
