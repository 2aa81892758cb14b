"""SQLite files and the disk below them, the index's or another's: errors in Wenju's words, looks that write nothing,
and copies that are made while others write and looked at before they are used."""

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from retrieval.errors import StorageError

_PROBLEMS = 20
"""What SQLite finds wrong is told up to this number."""
_PAGES = 2048
"""Copied between two reports of progress: 8 MB."""
_DAMAGED = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}


@contextmanager
def storage_errors(path: Path) -> Iterator[None]:
    """Foreign errors of the disk as StorageError with what to do next."""
    try:
        yield
    except sqlite3.ProgrammingError:  # a mistake of ours, not of the disk
        raise
    except sqlite3.DatabaseError as error:
        text = str(error)
        if "full" in text or "disk I/O" in text:
            hint = "Is the disk full? What was reported as indexed is kept; free some space and run it again."
        elif "readonly" in text or "unable to open" in text:
            hint = "Check the folder's permissions, or set another with WENJU_HOME."
        elif "locked" in text:
            hint = "Another process is writing; try again in a moment."
        elif "malformed" in text or "not a database" in text:
            hint = (
                "The database is damaged. It is left as it is: `wenju verify` tells what is still readable, "
                "`wenju restore FILE` puts a backup back."
            )
        else:
            hint = "`wenju doctor` tells more; if it stays, restore a copy, or move the index away and index again."
        raise StorageError(f"The index in {path} cannot be used: {text}. {hint}") from error
    except NotADirectoryError as error:
        raise StorageError(
            f"The index in {path} cannot be used: a file stands where a folder should. "
            "Move it away, or set another folder with WENJU_HOME."
        ) from error
    except OSError as error:
        raise StorageError(
            f"The index in {path} cannot be used: {error.strerror or error}. "
            "Check free space and permissions; what was reported as indexed is kept."
        ) from error


@contextmanager
def read_only(path: Path, *, however_damaged: bool = False) -> Iterator[sqlite3.Connection]:
    """A connection that writes nothing to the database. Raises sqlite3.Error."""
    address = path.absolute().as_uri()
    with closing(sqlite3.connect(f"{address}?mode=ro", timeout=30, isolation_level=None, uri=True)) as database:
        if however_damaged:  # else SQLite refuses the whole of a file that was cut short
            database.execute("PRAGMA writable_schema = ON")
        try:
            database.execute("PRAGMA schema_version")
        except sqlite3.OperationalError:
            if os.access(path.parent, os.W_OK) or path.with_name(f"{path.name}-wal").exists():
                raise
        else:
            yield database
            return
    # Where nothing can be laid beside it, SQLite reads only what it is told will not change.
    with closing(sqlite3.connect(f"{address}?immutable=1", isolation_level=None, uri=True)) as database:
        yield database


def problems_of(path: Path) -> list[str]:
    """What SQLite finds wrong with a database when it looks at all of it; nothing when all is well."""
    try:
        with read_only(path) as database:
            found = [str(row[0]) for row in database.execute(f"PRAGMA integrity_check({_PROBLEMS})")]
            strays = database.execute("PRAGMA foreign_key_check").fetchmany(_PROBLEMS)
    except sqlite3.Error as error:
        return [str(error)]
    lines = [line for message in found for line in message.splitlines()]
    lines = [line for line in lines if line != "ok" and not line.startswith("***")]
    return lines[:_PROBLEMS] + [f"row {row} of {table} belongs to nothing" for table, row, *_ in strays]


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


def sync_folder(folder: Path) -> None:
    """Have the names in the folder on the disk, where the system can."""
    if os.name == "posix":
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
