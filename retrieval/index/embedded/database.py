"""Opening the database, and its errors in Wenju's words."""

import os
import sqlite3
import uuid
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from retrieval.embedding.base import ModelIdentity
from retrieval.errors import StorageError
from retrieval.index.embedded.migrations import migrate
from retrieval.index.embedded.schema import SCHEMA, SCHEMA_VERSION


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


def connect(path: Path) -> sqlite3.Connection:
    """A connection that threads may share, if they take turns. Where the folder cannot be written it reads what is
    there: SQLite would refuse, for it wants to lay its log beside the database."""
    database = _connect(path, "mode=rw")  # and never make an empty one in the place of one that is gone
    try:
        database.execute("PRAGMA journal_mode = WAL")
    except sqlite3.DatabaseError:
        database.close()
        if os.access(path.parent, os.W_OK) or path.with_name(f"{path.name}-wal").exists():
            raise
        return _connect(path, "immutable=1")
    database.execute("PRAGMA synchronous = FULL")
    database.execute("PRAGMA foreign_keys = ON")
    migrate(database)
    return database


def _connect(path: Path, how: str) -> sqlite3.Connection:
    address = f"{path.absolute().as_uri()}?{how}"
    return sqlite3.connect(address, timeout=30, isolation_level=None, check_same_thread=False, uri=True)


def create_database(path: Path, model: ModelIdentity, recipe: str) -> None:
    """Lay out an empty database; it appears under its name when it is whole, unless another process was first."""
    values = {"uuid": uuid.uuid4().hex, "recipe": recipe, "model": model.name}
    values |= {"dimension": str(model.dimension), "fingerprint": model.fingerprint}
    temporary = path.with_name(f"{path.name}.{values['uuid'][:8]}")
    try:
        with closing(sqlite3.connect(temporary, isolation_level=None)) as database:
            database.executescript(SCHEMA)
            database.executemany("INSERT INTO meta VALUES (?, ?)", values.items())
            database.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
        try:
            path.hardlink_to(temporary)
        except FileExistsError:
            return
        except OSError:  # a file system without hard links
            if not path.exists():
                temporary.replace(path)
    except (OSError, sqlite3.DatabaseError):
        if not path.exists():  # else another process was first, and has cleared this one away as left behind
            raise
    finally:
        temporary.unlink(missing_ok=True)
        temporary.with_name(f"{temporary.name}-journal").unlink(missing_ok=True)
