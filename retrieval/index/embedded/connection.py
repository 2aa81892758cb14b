"""The database for one or more threads: one writes at a time, each reads through a connection of its own."""

import queue
import sqlite3
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Any

from retrieval.index.embedded.database_file import connect
from retrieval.index.sqlite_files import storage_errors

Row = tuple[Any, ...]
_VARIABLES = 500
"""Keys in one IN (…): below SQLite's limit of variables in all its builds."""
_PATIENCE = 30
"""Seconds to wait for a connection that is in use, where no other can be opened."""


class Connection:
    """Statements and transactions on one file. Raises StorageError when the disk refuses."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._writing = threading.Lock()
        self._idle = queue.LifoQueue[sqlite3.Connection]()
        self._is_opened = self._is_closed = False
        with self._borrowed():  # tells at once what is wrong with it
            self._is_opened = True

    def close(self) -> None:
        """Close what is not in use; what is will be closed when it is given back."""
        self._is_closed = True
        self._close_when_closed()

    def _close_when_closed(self) -> None:
        with suppress(queue.Empty):
            while self._is_closed:
                self._idle.get_nowait().close()

    @contextmanager
    def _borrowed(self) -> Iterator[sqlite3.Connection]:
        """A connection that nobody else uses meanwhile."""
        if self._is_closed:
            raise sqlite3.ProgrammingError(f"{self.path} is closed")
        with storage_errors(self.path):
            database = self._any()
            try:
                yield database
            finally:
                self._idle.put(database)
                self._close_when_closed()

    def _any(self) -> sqlite3.Connection:
        """One that is idle, or another. When a rebuild has taken the folder away none can be opened any more, and
        those that are open go on reading, in turns."""
        with suppress(queue.Empty):
            return self._idle.get_nowait()
        try:
            return connect(self.path)
        except sqlite3.OperationalError:
            if self._is_opened and not self.path.exists():
                with suppress(queue.Empty):
                    return self._idle.get(timeout=_PATIENCE)
            raise

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """All that is written inside, or nothing."""
        with self._writing, self._borrowed() as database:
            database.execute("BEGIN IMMEDIATE")
            try:
                yield database
                database.execute("COMMIT")
            except BaseException:
                if database.in_transaction:
                    database.execute("ROLLBACK")
                raise

    def all(self, query: str, parameters: tuple[object, ...] = ()) -> list[Row]:
        """The rows that a statement gives."""
        with self._borrowed() as database:
            return _rows(database, query, parameters)

    def all_in(self, query: str, values: Sequence[object]) -> Iterator[Row]:
        """The rows for values however many, which the query takes as IN ({})."""
        return _all_in(self.all, query, values)

    @contextmanager
    def one_moment(self) -> Iterator[Callable[[str, Sequence[object]], Iterator[Row]]]:
        """`all_in` of the database as it is at one moment, whatever another process writes meanwhile."""
        with self._borrowed() as database:
            database.execute("BEGIN")
            try:
                yield partial(_all_in, partial(_rows, database))
            finally:
                if database.in_transaction:
                    database.execute("ROLLBACK")


def _rows(database: sqlite3.Connection, query: str, parameters: tuple[object, ...]) -> list[Row]:
    try:
        return database.execute(query, parameters).fetchall()
    except UnicodeEncodeError:  # half a surrogate pair: nothing that is stored goes by it
        return []


def _all_in(
    run: Callable[[str, tuple[object, ...]], list[Row]], query: str, values: Sequence[object]
) -> Iterator[Row]:
    for start in range(0, len(values), _VARIABLES):
        chunk = tuple(values[start : start + _VARIABLES])
        yield from run(query.format(", ".join("?" * len(chunk))), chunk)
