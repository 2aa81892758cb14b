"""The file of the database: how it is made, brought to the present layout, and opened."""

import os
import sqlite3
import uuid
from contextlib import closing
from pathlib import Path

from retrieval.embedding.base import ModelIdentity
from retrieval.index.embedded.migrations import migrate
from retrieval.index.embedded.schema import SCHEMA, SCHEMA_VERSION
from retrieval.index.sqlite_files import storage_errors


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
    return database


def upgrade(path: Path) -> None:
    """Bring a database of an earlier version to the present layout. Whoever opens an index does it once, before
    connections are made; where the folder cannot be written nothing is done."""
    with storage_errors(path), closing(connect(path)) as database:
        if database.execute("PRAGMA journal_mode").fetchone() == ("wal",):
            migrate(database)


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
            database.executescript(f"BEGIN; {SCHEMA}")  # else each table waits for the disk
            database.executemany("INSERT INTO meta VALUES (?, ?)", values.items())
            database.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
            database.execute("COMMIT")
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
