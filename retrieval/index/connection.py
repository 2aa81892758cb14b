"""One connection to the database, for one or more threads: calls are serialised, errors are Wenju's."""

import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from retrieval.index.database import connect, storage_errors

_VARIABLES = 500
"""Keys in one IN (…): below SQLite's limit of variables in all its builds."""


class Connection:
    """Statements and transactions on one file. Raises StorageError when the disk refuses."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = threading.RLock()
        with storage_errors(path):
            self._db = connect(path)

    def close(self) -> None:
        with self._lock:
            self._db.close()

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """All that is written inside, or nothing."""
        with self._lock, storage_errors(self.path):
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield self._db
            except BaseException:
                if self._db.in_transaction:
                    self._db.execute("ROLLBACK")
                raise
            self._db.execute("COMMIT")

    def all(self, query: str, parameters: tuple[object, ...] = ()) -> list[tuple[Any, ...]]:
        """The rows that a statement gives."""
        with self._lock, storage_errors(self.path):
            try:
                return self._db.execute(query, parameters).fetchall()
            except UnicodeEncodeError:  # half a surrogate pair: nothing that is stored goes by it
                return []

    def all_in(self, query: str, values: Sequence[object]) -> Iterator[tuple[Any, ...]]:
        """The rows for values however many, which the query takes as IN ({})."""
        for start in range(0, len(values), _VARIABLES):
            chunk = tuple(values[start : start + _VARIABLES])
            yield from self.all(query.format(", ".join("?" * len(chunk))), chunk)
