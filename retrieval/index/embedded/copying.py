"""Copies of a database: made while others write to it, and looked at before they are used."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from retrieval.errors import StorageError
from retrieval.index.embedded.database import connect, storage_errors
from retrieval.index.embedded.salvage import problems_of, read_only
from retrieval.index.embedded.schema import SCHEMA_VERSION

_PAGES = 2048
"""Copied between two reports of progress: 8 MB."""
_DAMAGED = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}


def copy_database(source: Path, target: Path, progress: Callable[[int, int], None]) -> None:
    """The database as of one moment, in one file; `progress` is told pages that are done, and all. Raises
    StorageError, also when the copy does not pass SQLite's check: a damaged one must not take another's place."""
    try:
        with read_only(source) as reading, closing(sqlite3.connect(target, isolation_level=None)) as copy:
            # Nobody else looks at the copy, and one that is not finished is thrown away.
            copy.execute("PRAGMA journal_mode = OFF")
            copy.execute("PRAGMA synchronous = OFF")
            reading.execute("BEGIN")
            reading.execute(
                "SELECT COUNT(*) FROM sqlite_schema"
            ).fetchone()  # holds the moment while pages are copied
            reading.backup(copy, pages=_PAGES, progress=lambda _, left, total: progress(total - left, total))
        with closing(sqlite3.connect(target, isolation_level=None)) as copy:
            copy.execute("PRAGMA journal_mode = DELETE")  # so that it needs no log beside it
    except sqlite3.Error as error:
        if (getattr(error, "sqlite_errorcode", 0) & 0xFF) in _DAMAGED:
            raise _damaged(source, str(error)) from error
        raise StorageError(
            f"{source} cannot be copied to {target.parent}: {error}. Check free space and permissions there."
        ) from error
    problems = problems_of(target)
    if problems:
        raise _damaged(source, problems[0])


def _damaged(source: Path, problem: str) -> StorageError:
    return StorageError(f"{source} is damaged ({problem}): no copy was made. `wenju verify` tells what is readable.")


def version_of(database: Path) -> int:
    """The version of its layout."""
    with storage_errors(database), read_only(database) as reading:
        return int(reading.execute("PRAGMA user_version").fetchone()[0])


def documents_in(database: Path) -> int | None:
    """How many documents the database of an index holds; None when it cannot be said."""
    try:
        with read_only(database) as reading:
            return int(reading.execute("SELECT COUNT(*) FROM documents").fetchone()[0])
    except sqlite3.Error:
        return None


def why_no_index(database: Path) -> str | None:
    """Why a copy from outside cannot be used as an index; None when it can. Older ones are brought to the present
    layout. Raises StorageError when the disk refuses."""
    problems = problems_of(database)
    if problems:
        return f"its database is damaged ({problems[0]})"
    version = version_of(database)
    if version > SCHEMA_VERSION:
        return f"it was made by a newer Wenju (format {version}, this one reads {SCHEMA_VERSION}); update Wenju first"
    with storage_errors(database), read_only(database) as reading:
        kinds = {kind: set(names.split(",")) for kind, names in reading.execute(_KINDS)}
    if version < 1 or not kinds.get("table", set()) >= {"meta", "documents", "passages", "vectors", "commits"}:
        return "its database is no index of Wenju"
    if kinds.keys() - {"table", "index"}:  # a trigger would run with the next document
        return "its database holds more than Wenju ever puts there"
    with storage_errors(database), closing(connect(database)) as migrated:
        migrated.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return None


_KINDS = "SELECT type, group_concat(name) FROM sqlite_schema GROUP BY type"
